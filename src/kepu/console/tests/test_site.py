"""本站设置: parts of the site are turned off and on by name, with a reason that stays."""

import pytest

from kepu.audit.models import Kept
from kepu.campaigns.models import SiteSwitch
from kepu.console.tests.conftest import enter
from kepu.people.rules import Role
from kepu.people.tests import land

pytestmark = pytest.mark.django_db
PAGE, TURN = "/admin/site/", "/admin/site/turn/"


@pytest.fixture
def operator(db, client):
    """Whoever looks after the site, signed in as `client`."""
    land.settle()
    return enter(client, 90, Role.OPERATOR, "")


def text(response):
    return response.content.decode()


def test_a_part_is_turned_off_and_on_again_and_both_are_kept(client, operator):
    page = text(client.get(PAGE))
    assert page.count("关闭</summary>") == 4
    assert "还没有动过开关" in page
    assert client.post(TURN, {"switch": "mall", "off": "1", "why": "盘点库存"}).headers["Location"] == PAGE
    page = text(client.get(PAGE))
    assert "盘点库存" in page
    assert "周审" in page
    assert page.count("重新打开</summary>") == 1
    client.post(TURN, {"switch": "mall", "off": "0", "why": "盘点完了"})
    page = text(client.get(PAGE))
    assert page.index("盘点完了") < page.index("盘点库存")
    assert [(each.is_off, each.turned_by) for each in SiteSwitch.objects.order_by("pk")] == [
        (True, operator),
        (False, operator),
    ]
    assert list(Kept.objects.filter(act="turn_switch").values_list("subject", flat=True)) == ["积分商城"] * 2
    assert "打开或关闭一项功能" in text(client.get("/admin/audit/"))


def test_nothing_is_turned_without_a_reason_nor_twice(client, operator):
    answer = client.post(TURN, {"switch": "clubs", "off": "1", "why": " "})
    assert answer.status_code == 422
    assert "error-message" in text(answer)
    for _twice in range(2):
        client.post(TURN, {"switch": "clubs", "off": "1", "why": "整顿"})
    assert SiteSwitch.objects.count() == 1
    assert Kept.objects.filter(act="turn_switch").count() == 1
    assert client.post(TURN, {"switch": "people", "off": "1", "why": "整顿"}).status_code == 404


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.COUNTY_OFFICER])
def test_only_those_who_look_after_the_whole_site_turn_anything(client, db, role):
    land.settle()
    enter(client, 91, role, "430623")
    assert PAGE not in text(client.get("/admin/"))
    for page in (PAGE, "/admin/points/"):
        assert client.get(page).status_code == 404
    assert client.post(TURN, {"switch": "mall", "off": "1", "why": "试试"}).status_code == 404
    assert not SiteSwitch.objects.exists()


def test_it_costs_five_questions(client, operator, django_assert_max_num_queries):
    for why in ("一", "二", "三"):
        client.post(TURN, {"switch": "mall", "off": "1" if why != "二" else "0", "why": why})
    client.get(PAGE)
    with django_assert_max_num_queries(14):  # nine of them are the back office's own: session, gate, menu
        client.get(PAGE)

"""Complaints reach the officers of the sender's county, who say when they are dealt with."""

import pytest
from django.test import Client

from kepu.console.tests.conftest import enter
from kepu.kit import clock
from kepu.people.models import Complaint
from kepu.people.rules import Role
from kepu.people.tests import land
from kepu.people.tests.land import COUNTY, OTHER_COUNTY, TOWN, newcomer
from kepu.people.writes.complaints import send_complaint

pytestmark = pytest.mark.django_db
LIST = "/admin/complaints/"


@pytest.fixture
def officer(db: None, client: Client) -> int:
    """The county's officer, signed in as `client`."""
    land.settle()
    return enter(client, 90, Role.COUNTY_OFFICER, COUNTY)


def sent(words: str, account: int | None = None) -> int:
    """A complaint's number."""
    network = f"network {Complaint.objects.count()}"
    number = send_complaint(
        words, "13800001234", path="/a/3/", account=account, network_mark=network, now=clock.now()
    )
    assert isinstance(number, int)
    return number


def text(response):
    return response.content.decode()


def test_the_newest_is_read_first_and_settled_once(client, officer):
    numbers = [sent(f"第{place}条 <b>") for place in range(30)]
    page = text(client.get(LIST))
    assert page.count("&lt;b&gt;") == 25
    assert page.index("第29条") < page.index("第28条")
    assert "第4条" not in page
    assert "第4条" in text(client.get(LIST + "?start=25"))
    assert "13800001234" in page
    assert "/a/3/" in page
    assert "有 30 条等待处理" in page
    for _ in range(2):
        assert client.post(f"{LIST}{numbers[-1]}/settle/").headers["Location"] == LIST
    assert "第29条" not in text(client.get(LIST))
    everything = text(client.get(LIST + "?all=1"))
    assert "第29条" in everything
    assert "周审" in everything
    kept = Complaint.objects.get(pk=numbers[-1])
    assert (kept.settled_by_id, kept.settled_at is not None) == (officer, True)


@pytest.mark.parametrize(
    ("role", "division", "hears"),
    [
        (Role.OPERATOR, "", True),
        (Role.CITY_OFFICER, "4306", True),
        (Role.COUNTY_OFFICER, COUNTY, True),
        (Role.COUNTY_OFFICER, OTHER_COUNTY, False),
        (Role.TOWN_CLERK, TOWN, False),
        (Role.EDITOR, "", False),
    ],
)
def test_only_the_officers_of_the_county_hear_it(client, db, role, division, hears):
    land.settle()
    number = sent("数字不对", newcomer(1))
    enter(client, 91, role, division)
    assert ("数字不对" in text(client.get(LIST))) is hears
    assert (LIST in text(client.get("/admin/"))) is (hears or role is Role.COUNTY_OFFICER)
    assert client.post(f"{LIST}{number}/settle/").status_code == (302 if hears else 404)
    assert (Complaint.objects.get().settled_at is not None) is hears


def test_no_number_is_settled_that_is_not_there(client, officer):
    for number in ("0", "999", "1" * 15, "1" * 30):
        assert client.post(f"{LIST}{number}/settle/").status_code == 404
    assert client.get(f"{LIST}1/settle/").status_code in (404, 405)


def test_the_list_costs_the_same_however_long_it_is(client, officer, django_assert_max_num_queries):
    sent("一")
    client.get(LIST)
    with django_assert_max_num_queries(12):
        client.get(LIST)
    for place in range(30):
        sent(f"第{place}条")
    with django_assert_max_num_queries(12):
        client.get(LIST)

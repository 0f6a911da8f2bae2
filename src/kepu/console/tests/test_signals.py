"""Officers look at likes that seem arranged, see on what a signal rests, and decide."""

from datetime import timedelta

import pytest
from django.test import Client

from kepu.audit.models import Kept
from kepu.campaigns.rules import Kind
from kepu.console.tests.conftest import enter
from kepu.integrity import tasks
from kepu.integrity.models import Signal
from kepu.integrity.reads import seen_of
from kepu.integrity.tests.liking import MORNING, each_other
from kepu.kit import clock
from kepu.ledger.models import Entry
from kepu.people import writes as people
from kepu.people.rules import Role
from kepu.people.rules.second_factor import STAFF_COOKIE
from kepu.people.writes.closing import close_account
from kepu.people.writes.staff_sessions import open_staff_session
from kepu.standings.tests import town

LIST = "/admin/signals/"
COUNTY = "430623"


@pytest.fixture
def two(transactional_db: None) -> tuple[int, int]:
    """Two people who liked each other thirty times each."""
    town.build()
    one, other = town.enrol(2)
    each_other(one, other, 30)
    tasks.catch_up()
    return one, other


@pytest.fixture
def officer(two: tuple[int, int], client: Client) -> int:
    """The county's officer, signed in as `client`."""
    return enter(client, 90, Role.COUNTY_OFFICER, COUNTY)


def text(response):
    return response.content.decode()


def decided(client, becomes="not_counted", why="互相刷赞", seen=None, number=None):
    """The answer to a decision."""
    number = number or Signal.objects.get().pk
    seen = seen_of(number) if seen is None else seen
    return client.post(f"{LIST}{number}/decide/", {"becomes": becomes, "why": why, "seen": seen})


def test_a_signal_says_between_whom_how_often_when_and_where_it_stands_in_the_ledger(client, officer, two):
    page = text(client.get(LIST))
    assert "有 1 条等待查看" in page
    assert "7 天之内，两个人互相点赞，每人给对方至少 10 次" in page
    assert "共 60 次点赞" in page
    signal = Signal.objects.get()
    page = text(client.get(f"{LIST}{signal.pk}/"))
    assert "王一明" in page
    assert "同福村" in page
    assert "湖南省岳阳市华容县插旗镇" in page
    liked = list(Entry.objects.filter(kind=Kind.LIKED).order_by("at_ms", "book", "seq"))
    assert all(f"第 {each.seq} 条" in page for each in liked[:50])
    assert f"第 {liked[-1].seq} 条" not in page
    assert f"第 {liked[-1].seq} 条" in text(client.get(f"{LIST}{signal.pk}/?start=50"))


def test_what_does_not_count_is_taken_back_kept_in_the_audit_and_gone_from_the_list(client, officer, two):
    answer = decided(client)
    assert (answer.status_code, answer.headers["Location"]) == (302, LIST)
    assert Entry.objects.filter(kind=Kind.ADJUSTMENT, author=officer, note="不算数的点赞").count() == 120
    kept = Kept.objects.get(act="decide_signal")
    assert (kept.account, kept.division, kept.after["reason"]) == (officer, "430623110", "互相刷赞")
    page = text(client.get(LIST))
    assert "没有等您查看的线索" in page
    assert "互相刷赞" in text(client.get(LIST + "?decided=1"))
    page = text(client.get(f"{LIST}{Signal.objects.get().pk}/"))
    assert "已收回" in page
    assert "decide/" not in page


def test_harmless_changes_nothing_in_the_ledger(client, officer, two):
    assert decided(client, "harmless", "同一个舞蹈队").status_code == 302
    assert not Entry.objects.filter(kind=Kind.ADJUSTMENT).exists()
    each_other(*two, 12, MORNING + timedelta(hours=2))
    tasks.catch_up()
    page = text(client.get(f"{LIST}{Signal.objects.get(state='open').pk}/"))
    assert "同一个舞蹈队" in page, "what was decided before is there"


@pytest.mark.parametrize(
    ("form", "status", "says"),
    [
        ({"why": ""}, 422, "请写明"),
        ({"why": "  \x00 "}, 422, "请写明"),
        ({"why": "长" * 201}, 422, "理由请写在 200 字以内"),
        ({"becomes": ""}, 422, "请在两种结果里选一种"),
        ({"becomes": "open"}, 422, "请在两种结果里选一种"),
        ({"seen": "60"}, 409, "又有了新的点赞"),
        ({"seen": "9" * 30}, 409, "又有了新的点赞"),
        ({"seen": "x"}, 409, "又有了新的点赞"),
    ],
)
def test_a_decision_that_is_not_whole_says_what_to_do(client, officer, form, status, says):
    answer = decided(client, **form)
    assert answer.status_code == status
    assert says in text(answer)
    assert Signal.objects.get().state == "open"
    assert not Kept.objects.filter(act="decide_signal").exists()


def test_the_second_officer_is_told_what_the_first_decided(client, officer, two):
    number = Signal.objects.get().pk
    assert decided(client, "harmless", "同一个舞蹈队").status_code == 302
    other = Client()
    enter(other, 91, Role.COUNTY_OFFICER, COUNTY, "吴审")
    answer = decided(other, number=number)
    assert answer.status_code == 409
    assert "同事已经处理了这一条" in text(answer)
    assert "同一个舞蹈队" in text(answer)


def test_nobody_decides_on_themself(client, two):
    one, _other = two
    now = clock.now()
    assert people.grant_scope(one, Role.COUNTY_OFFICER, COUNTY, now) is None
    town.sign_in(client, one)
    client.cookies[STAFF_COOKIE] = open_staff_session(one, "", "", now)
    page = text(client.get(f"{LIST}{Signal.objects.get().pk}/"))
    assert "请由同事处理" in page
    assert "decide/" not in page
    assert decided(client).status_code == 409
    assert Signal.objects.get().state == "open"


@pytest.mark.parametrize(
    ("role", "division", "sees"),
    [
        (Role.OPERATOR, "", True),
        (Role.CITY_OFFICER, "4306", True),
        (Role.COUNTY_OFFICER, "430602", False),
        (Role.TOWN_CLERK, "430623110", False),
    ],
)
def test_only_who_holds_both_sees_it(client, two, role, division, sees):
    enter(client, 91, role, division)
    number = Signal.objects.get().pk
    assert ("王一明" in text(client.get(LIST))) is sees
    assert client.get(f"{LIST}{number}/").status_code == (200 if sees else 404)
    assert decided(client).status_code == (302 if sees else 404)


def test_a_closed_account_is_still_named(client, officer, two):
    assert close_account(two[0], MORNING) is None
    page = text(client.get(f"{LIST}{Signal.objects.get().pk}/"))
    assert "已注销的账号" in page


def test_pages_cost_the_same_however_much_there_is(client, officer, two, django_assert_max_num_queries):
    number = Signal.objects.get().pk
    Signal.objects.bulk_create(
        Signal(kind=1, low=two[0], high=10_000 + each, division="430623110") for each in range(60)
    )
    client.get(LIST)
    with django_assert_max_num_queries(14):
        client.get(LIST)
    with django_assert_max_num_queries(21):
        client.get(f"{LIST}{number}/")
    assert client.get(LIST + "?start=" + "9" * 40).status_code == 200
    assert client.get(f"{LIST}{'9' * 15}/").status_code == 404

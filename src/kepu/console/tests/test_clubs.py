"""Clubs that are asked for are opened or refused by the staff of their division; open ones are closed."""

import pytest
from django.test import Client

from kepu.audit.models import Kept
from kepu.campaigns.models import SiteSwitch
from kepu.clubs import writes
from kepu.clubs.models import Club, Membership
from kepu.clubs.reads import refusal_text
from kepu.clubs.rules import Joining, Posting, Refusal, Refused, Rule, Showing
from kepu.clubs.tests import scene
from kepu.console.tests.conftest import enter
from kepu.kit import clock
from kepu.people import writes as people
from kepu.people.models import Notice
from kepu.people.rules import Role
from kepu.people.rules.second_factor import STAFF_COOKIE
from kepu.people.writes.staff_sessions import open_staff_session
from kepu.standings.tests import town

LIST = "/admin/clubs/"
TOWN, OTHER_TOWN, COUNTY, OTHER_COUNTY = "430623110", "430602001", "430623", "430602"
DECIDED = refusal_text(Refused(Refusal.NOT_WAITING))
STRICT = Rule(Posting.MANAGERS, Showing.APPROVED, Joining.ASKED)


@pytest.fixture
def founder(db: None) -> int:
    """Somebody certified in the town."""
    scene.build()
    return town.enrol(1)[0]


@pytest.fixture
def asked(founder: int) -> int:
    """A club of the town that waits to be opened."""
    made = writes.found_club(founder, scene.draft_of("广场舞科普社", STRICT, TOWN), clock.now())
    assert isinstance(made, int), made
    return made


@pytest.fixture
def clerk(asked: int, client: Client) -> int:
    """The town's clerk, signed in as `client`."""
    return enter(client, 90, Role.TOWN_CLERK, TOWN)


def text(response):
    return response.content.decode()


def test_it_says_who_founds_it_where_and_by_which_rule(client, clerk, asked):
    page = text(client.get(LIST))
    assert "有 1 个社团等待批准" in page
    for part in ("广场舞科普社", "王一明", "同福村", "插旗镇", "只有管理员能发动态"):
        assert part in page or part in text(client.get(f"{LIST}{asked}/")), part


def test_it_is_opened_once_the_founder_is_told_and_the_second_clerk_too(client, clerk, asked, founder):
    answer = client.post(f"{LIST}{asked}/open/")
    assert answer.headers["Location"] == LIST
    assert Club.objects.get().state == "open"
    kept = Kept.objects.get(act="open_club")
    assert (kept.account, kept.division, kept.subject) == (clerk, TOWN, "广场舞科普社（王一明）")
    assert Notice.objects.get(account=founder).kind == "club_opened"
    assert "没有等待批准的社团" in text(client.get(LIST))
    other = Client()
    enter(other, 91, Role.COUNTY_OFFICER, COUNTY, "吴审")
    answer = other.post(f"{LIST}{asked}/refuse/", {"reason": "名称不合适"})
    assert answer.status_code == 409
    assert DECIDED in text(answer)
    assert Club.objects.get().state == "open"


def test_it_is_refused_with_a_reason_only(client, clerk, asked, founder):
    answer = client.post(f"{LIST}{asked}/refuse/", {"reason": " "})
    assert answer.status_code == 422
    assert "请写明原因" in text(answer)
    assert not Kept.objects.filter(act="refuse_club").exists()
    assert client.post(f"{LIST}{asked}/refuse/", {"reason": "名称\n与村委会重名"}).status_code == 302
    assert Club.objects.get().reason == "名称 与村委会重名"
    assert Kept.objects.get(act="refuse_club").after == {"reason": "名称 与村委会重名"}
    assert "名称 与村委会重名" in str(Notice.objects.get(account=founder).words)
    assert "名称 与村委会重名" in text(client.get(LIST + "?state=refused"))


def test_an_open_club_is_closed_with_a_reason(client, clerk, asked):
    client.post(f"{LIST}{asked}/open/")
    assert client.post(f"{LIST}{asked}/close/", {"reason": ""}).status_code == 422
    assert client.post(f"{LIST}{asked}/close/", {"reason": "长期无人管理"}).status_code == 302
    assert Club.objects.get().state == "closed"
    assert Kept.objects.get(act="close_club").after == {"reason": "长期无人管理"}
    assert client.post(f"{LIST}{asked}/close/", {"reason": "长期无人管理"}).status_code == 409


@pytest.mark.parametrize("act", ["open", "refuse", "close"])
def test_nobody_decides_on_their_own_club(client, asked, founder, act):
    now = clock.now()
    assert people.grant_scope(founder, Role.TOWN_CLERK, TOWN, now) is None
    town.sign_in(client, founder)
    client.cookies[STAFF_COOKIE] = open_staff_session(founder, "", "", now)
    if act == "close":
        Club.objects.update(state="open")
    page = text(client.get(f"{LIST}{asked}/"))
    assert "请由同事处理" in page
    assert f"{asked}/{act}/" not in page
    assert client.post(f"{LIST}{asked}/{act}/", {"reason": "自己的社团"}).status_code == 409
    assert Club.objects.get().state == ("open" if act == "close" else "asked")


def test_a_manager_who_did_not_found_it_closes_it_neither(client, asked):
    Club.objects.update(state="open")
    clerk = enter(client, 90, Role.TOWN_CLERK, TOWN)
    Membership.objects.create(club_id=asked, account=clerk, role="manager", state="in", asked_at=clock.now())
    assert client.post(f"{LIST}{asked}/close/", {"reason": "不想要了"}).status_code == 409


@pytest.mark.parametrize(
    ("role", "division", "sees"),
    [
        (Role.OPERATOR, "", True),
        (Role.COUNTY_OFFICER, COUNTY, True),
        (Role.COUNTY_OFFICER, OTHER_COUNTY, False),
        (Role.TOWN_CLERK, OTHER_TOWN, False),
    ],
)
def test_only_the_staff_of_its_division_see_it(client, asked, role, division, sees):
    enter(client, 91, role, division)
    assert ("广场舞科普社" in text(client.get(LIST))) is sees
    assert client.get(f"{LIST}{asked}/").status_code == (200 if sees else 404)
    assert client.post(f"{LIST}{asked}/open/").status_code == (302 if sees else 404)


def test_while_the_site_does_without_clubs_what_waits_is_still_decided(client, clerk, asked):
    assert "本站现在不开社团" not in text(client.get(LIST))
    SiteSwitch.objects.create(
        switch="clubs", is_off=True, why="整顿", turned_at=clock.now(), turned_by=1, turned_name="某"
    )
    for path in ("", "posts/", "comments/"):
        assert "本站现在不开社团" in text(client.get(f"{LIST}{path}"))
    assert client.post(f"{LIST}{asked}/refuse/", {"reason": "社团暂停"}).status_code == 302


def test_odd_questions_get_a_page(client, clerk, asked):
    for query in ("?state=x", "?start=" + "9" * 40, "?words=" + "长" * 400, "?start=-1"):
        assert client.get(LIST + query).status_code == 200
    assert client.get(f"{LIST}{'9' * 15}/").status_code == 404


def test_the_list_costs_the_same_however_long_it_is(client, clerk, asked, django_assert_max_num_queries):
    row = Club.objects.get()
    for number in range(60):
        Club.objects.create(
            name=f"社{number}",
            text="文",
            division=TOWN,
            founder=5_000 + number,
            state="asked",
            asked_at=row.asked_at,
        )
    client.get(LIST)
    with django_assert_max_num_queries(18):
        page = text(client.get(LIST))
    assert page.count("queue-acts") == 25
    with django_assert_max_num_queries(20):
        client.get(f"{LIST}{asked}/")

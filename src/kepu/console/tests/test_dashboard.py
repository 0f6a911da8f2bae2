"""The dashboard: who needs help first, in words; inside one's scopes only; few queries whatever the size."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client

from kepu.campaigns.rules import Policy
from kepu.console import waiting as lines
from kepu.console.tests.conftest import enter
from kepu.console.waiting import Waiting, waiting_for, waits
from kepu.kit import clock
from kepu.people.models import Communicator, Unit
from kepu.people.rules import Role
from kepu.people.writes.complaints import send_complaint
from kepu.standings import writes as standings
from kepu.standings.tests import town

pytestmark = pytest.mark.django_db
HOME = "/admin/"
TODAY = date(2021, 6, 1)
MORNING = clock.start_of(TODAY) + timedelta(hours=9)
COUNTY, TOWN = "430623", "430623110"


def two_villages():
    """The founding sheet with tasks for two of its villages alone."""
    head, tail = town.SAMPLE.split("[tasks.total]")
    _units, rounds = tail.split("[[rounds]]", 1)
    tasks = "[tasks.total]\nbackbones = 4\nregistrations = 90\nvolume = 8800\n"
    for name, code in (("同福村", town.TONGFU), ("注北村", town.ZHUBEI)):
        tasks += f'[[tasks.units]]\nunit = "{name}"\ndivision = "{code}"\n'
        tasks += "backbones = 2\nregistrations = 45\nvolume = 4400\n"
    return f"{head}{tasks}[[rounds]]{rounds}"


@pytest.fixture
def at_work(monkeypatch):
    """Two villages in June: 同福村 keeps its pace, 注北村 does not; the county's other town has none."""
    published = town.build(two_villages())
    monkeypatch.setattr("kepu.kit.clock.now", lambda: MORNING)
    good = town.enrol(45, town.TONGFU, backbones=2)
    poor = town.enrol(45, town.ZHUBEI, backbones=2)
    for day in range(1, 15):
        town.share(good[0], 30, TODAY - timedelta(days=day))
        town.share(poor[0], 3, TODAY - timedelta(days=day))
    town.share(good[0], 5, TODAY)
    while standings.follow():
        pass
    return published


def text(answer):
    assert answer.status_code == 200
    return answer.content.decode()


def number_of(page, name):
    """(today, to date) of a number on the page."""
    row = page[page.index(f'<th scope="row">{name}') :]
    return tuple(re.findall(r"<td>([^<]*)</td>", row)[:2])


def test_an_officer_reads_first_which_village_needs_help_and_what_a_day(client, at_work):
    enter(client, 90, Role.COUNTY_OFFICER, COUNTY)
    page = text(client.get(HOME))
    worst = page[page.index("board-help") : page.index("board-outlooks")]
    assert "注北村" in worst
    assert "分享次数：按现在的速度到期差 3,809，每天需要 24（现在每天 3）" in worst
    assert "同福村" not in worst
    assert "注北村：分享次数：按现在的速度到期差 3,809" in page[page.index("board-tasks") :]
    assert "截至" in page
    assert "传播量按：分享次数" in page


def test_today_and_the_campaign_to_date(client, at_work):
    enter(client, 90, Role.COUNTY_OFFICER, COUNTY)
    page = text(client.get(HOME))
    assert number_of(page, "分享") == ("5", "467")
    assert number_of(page, "新认证") == ("0", "90")
    assert number_of(page, "活跃人数") == ("1", "2")
    assert number_of(page, "申请认证") == ("0", "90")
    assert number_of(page, "阅读率") == ("—", "—")


def test_it_drills_down_from_the_county_to_the_masked_people_of_a_village(client, at_work):
    enter(client, 90, Role.COUNTY_OFFICER, COUNTY)
    page = text(client.get(HOME))
    assert f'href="?division={TOWN}"' in page
    page = text(client.get(f"{HOME}?division={TOWN}"))
    poor = Unit.objects.get(division=town.ZHUBEI)
    assert f'href="?unit={poor.pk}"' in page
    assert page.index("注北村") < page.index("同福村")
    page = text(client.get(f"{HOME}?unit={poor.pk}"))
    assert "分享次数：按现在的速度到期差 3,809" in page
    assert "王*明" in page
    assert "王一明" not in page
    assert page.count("王*明") == 25
    assert text(client.get(f"{HOME}?unit={poor.pk}&start=25")).count("王*明") == 20
    assert text(client.get(f"{HOME}?division={town.ZHUBEI}")).count("王*明") == 25


@pytest.mark.parametrize(
    ("role", "division", "sees", "outside"),
    [
        (Role.COUNTY_OFFICER, COUNTY, "华容县", ("430602", "4306", "43", town.ELSEWHERE)),
        (Role.TOWN_CLERK, TOWN, "插旗镇", (COUNTY, "430602001", "430623101")),
        (Role.UNIT_CLERK, town.ZHUBEI, "注北村", (TOWN, COUNTY, town.TONGFU)),
        (Role.AUDITOR, COUNTY, "华容县", ("430602",)),
        (Role.CITY_OFFICER, "4306", "岳阳市", ("4307", "43")),
    ],
)
def test_each_level_sees_its_own_place_and_nothing_outside(client, at_work, role, division, sees, outside):
    enter(client, 90, role, division)
    page = text(client.get(HOME))
    assert re.search(rf"<h1[^>]*>.*?{sees}", page, re.DOTALL)
    for code in (*outside, "abc", "4", division + "999"):
        assert client.get(HOME, {"division": code}).status_code == 404, code
    elsewhere = Unit.objects.get(division=town.ELSEWHERE)
    inside = elsewhere.division.startswith(division)
    assert client.get(HOME, {"unit": elsewhere.pk}).status_code == (200 if inside else 404)
    for unit in ("0", "x", "99999999999", "-1"):
        assert client.get(HOME, {"unit": unit}).status_code == 404


def test_an_operator_sees_the_sites_own_county_and_every_place(client, at_work):
    enter(client, 90, Role.OPERATOR, "")
    assert "华容县" in text(client.get(HOME))
    assert "岳阳楼区" in text(client.get(HOME, {"division": "430602"}))
    assert "湖南省" in text(client.get(HOME, {"division": "43"}))


def test_several_scopes_have_a_switch(client, at_work):
    from kepu.people import writes as people

    clerk = enter(client, 90, Role.TOWN_CLERK, TOWN)
    assert people.grant_scope(clerk, Role.TOWN_CLERK, "430602001", clock.now()) is None
    page = text(client.get(HOME, {"division": TOWN}))
    assert "?division=430602001" in page
    assert f'href="?division={TOWN}" aria-current="true"' in page


@pytest.mark.parametrize("role", [Role.EDITOR, Role.REVIEWER_1])
def test_whoever_looks_at_no_figures_has_a_home_with_what_waits(client, at_work, role):
    enter(client, 90, role, "")
    page = text(client.get(HOME))
    assert ("我的草稿" if role is Role.EDITOR else "等我处理") in page
    assert "注北村" not in page
    assert "Wagtail" not in re.sub(r"<[^>]*>", "", page[page.index("<main") :])


def test_a_voluntary_campaign_has_no_table_of_tasks_and_says_why(client, monkeypatch):
    published = town.build()
    moved = town.moved(published, policy=Policy.VOLUNTARY)
    monkeypatch.setattr("kepu.campaigns.reads.published", lambda: (moved,))
    monkeypatch.setattr("kepu.kit.clock.now", lambda: MORNING)
    enter(client, 90, Role.COUNTY_OFFICER, COUNTY)
    for address in (HOME, f"{HOME}?division={TOWN}"):
        page = text(client.get(address))
        assert "国办函〔2026〕12号" in page
        assert "board-tasks" not in page
        assert "完不成" not in page
        assert "插旗镇" in page


def test_what_waits_comes_from_every_area(client, at_work, monkeypatch):
    monkeypatch.setattr(lines, "_ASKS", [])
    waits(2)(lambda _request: Waiting("待办乙", 3, "/admin/b/", pressing=1))
    waits(1)(lambda _request: Waiting("待办甲", 0, "/admin/a/"))
    waits(3)(lambda _request: None)
    enter(client, 90, Role.COUNTY_OFFICER, COUNTY)
    page = text(client.get(HOME))
    assert page.index("待办乙") < page.index("待办甲")
    assert 'href="/admin/b/"' in page
    assert [line.count for line in waiting_for(None)] == [3, 0]


def test_complaints_show_to_those_who_hear_them(client, at_work):
    send_complaint("数字不对", "", path="/", account=None, network_mark="n", now=clock.now())
    enter(client, 90, Role.COUNTY_OFFICER, COUNTY)
    assert "数字不对" in text(client.get(HOME))
    other = Client()
    enter(other, 91, Role.TOWN_CLERK, TOWN)
    assert "数字不对" not in text(other.get(HOME))


def test_every_chart_has_its_table_and_is_not_told_by_colour_alone(client, at_work):
    enter(client, 90, Role.COUNTY_OFFICER, COUNTY)
    page = text(client.get(f"{HOME}?division={TOWN}"))
    assert page.count("看表格") == 2
    tile = page[page.index("board-map") :]
    assert "✕ 完不成" in tile
    assert "style=" not in page[page.index('class="board"') :]


@pytest.mark.parametrize("address", ["", f"?division={TOWN}", f"?division={town.ZHUBEI}", "?division=4306"])
def test_the_dashboard_costs_the_same_however_many_there_are(
    client, at_work, django_assert_max_num_queries, address
):
    enter(client, 90, Role.CITY_OFFICER, "4306")
    client.get(HOME + address)
    with django_assert_max_num_queries(17):
        client.get(HOME + address)
    if address.endswith(town.ZHUBEI):
        unit = Unit.objects.get(division=town.ZHUBEI)
        with django_assert_max_num_queries(20):
            client.get(HOME, {"unit": unit.pk})


def test_the_campaign_that_is_over_says_so_and_forgets_today(client, at_work, monkeypatch):
    monkeypatch.setattr("kepu.kit.clock.now", lambda: clock.start_of(date(2022, 1, 5)))
    enter(client, 90, Role.COUNTY_OFFICER, COUNTY)
    page = text(client.get(HOME))
    assert "已结束" in page
    assert "单位没完成任务" in page
    assert number_of(page, "分享") == ("—", "467")
    assert Communicator.objects.count() == 90

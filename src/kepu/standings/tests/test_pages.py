"""Boards and unit progress as people see them."""

import json
import re
from datetime import date

import pytest

from kepu.kit import clock
from kepu.people.models import Unit
from kepu.people.writes import set_hides_name
from kepu.standings import writes
from kepu.standings.tests import town
from kepu.standings.tests.town import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def published():
    return town.build()


def text(answer):
    assert answer.status_code == 200
    return answer.content.decode()


def ranks(page):
    return [
        int(rank) for rank in re.findall(r'<span class="rank rank-\d+"><span[^>]*>[^<]*</span>(\d+)<', page)
    ]


def test_a_stranger_sees_the_campaigns_town_with_masked_names(client, published):
    (person,) = town.enrol(1)
    town.share(person, 3)
    writes.follow()
    page = text(client.get("/boards/?window=all"))
    assert "插旗镇" in page
    assert "王*明" in page
    assert "王一明" not in page
    assert "按分享次数排名" in page
    assert "截至 2021年3月5日 09:00" in page
    assert 'class="pinned"' not in page


def test_only_my_own_name_is_whole_and_my_place_is_pinned(client, published):
    first, me = town.enrol(2)
    town.share(first, 5)
    town.share(me, 3)
    writes.follow()
    sign_in(client, me)
    page = text(client.get("/boards/?window=all"))
    assert "王二明" in page
    assert "王一明" not in page
    assert 'class="pinned"' in page
    assert '再有 <span class="number">3</span> 次进一名' in page
    assert "item mine" in page


@pytest.mark.parametrize(
    ("scope", "heading", "people"),
    [("unit", "同福村", 1), ("town", "插旗镇", 2), ("county", "华容县", 2), ("city", "岳阳市", 3)],
)
def test_scopes(client, published, scope, heading, people):
    (me,), (neighbour,), (far,) = town.enrol(1), town.enrol(1, town.ZHUBEI), town.enrol(1, town.ELSEWHERE)
    for person in (me, neighbour, far):
        town.share(person, 1)
    writes.follow()
    sign_in(client, me)
    page = text(client.get(f"/boards/?window=all&scope={scope}"))
    assert f"<h1>{heading}</h1>" in page
    assert len(ranks(page)) == people


def test_someone_of_another_county_sees_their_own_divisions(client, published):
    (far,) = town.enrol(1, town.ELSEWHERE)
    sign_in(client, far)
    assert "<h1>岳阳楼街道</h1>" in text(client.get("/boards/"))


def test_the_board_of_another_unit(client, published):
    (me,), (neighbour,) = town.enrol(1), town.enrol(1, town.ZHUBEI)
    town.share(neighbour, 1)
    writes.follow()
    sign_in(client, me)
    unit = Unit.objects.get(division=town.ZHUBEI).pk
    page = text(client.get(f"/boards/?window=all&scope=unit&unit={unit}"))
    assert "<h1>注北村</h1>" in page
    assert ranks(page) == [1]
    assert "您还没有上榜" not in page


def test_the_list_goes_on_by_htmx_and_without(client, published):
    for place, person in enumerate(town.enrol(25)):
        town.credit(person, 100 - place)
    writes.follow()
    first = text(client.get("/boards/?window=all"))
    assert ranks(first) == list(range(1, 21))
    more = re.search(r'hx-get="([^"]+)"', first).group(1).replace("&amp;", "&")
    part = client.get(f"/boards/{more}", headers={"HX-Request": "true"})
    assert "HX-Request" in part["Vary"]
    assert ranks(text(part)) == [21, 22, 23, 24, 25]
    assert "<html" not in text(part)
    assert "hx-get" not in text(part)
    whole = text(client.get(f"/boards/{more}"))
    assert ranks(whole) == [21, 22, 23, 24, 25]
    assert "<html" in whole


@pytest.mark.parametrize(
    "query",
    [
        "campaign=none",
        "scope=galaxy&window='",
        "start=-1",
        "start=99999999999999999999",
        "scope=unit&unit=99999999",
        "scope=unit&unit=%3Cb%3E",
        "window=2021-13",
    ],
)
def test_a_strange_wish_gets_a_plain_board(client, published, query):
    (me,) = town.enrol(1)
    town.share(me, 1)
    writes.follow()
    assert "<h1>插旗镇</h1>" in text(client.get(f"/boards/?{query}"))
    sign_in(client, me)
    own = "同福村" if "scope=unit" in query else "插旗镇"
    assert f"<h1>{own}</h1>" in text(client.get(f"/boards/?{query}"))


def test_days_and_months_to_choose_from(client, published):
    (person,) = town.enrol(1)
    town.share(person, 1, date(2021, 3, 5))
    town.share(person, 1, date(2021, 8, 1))
    writes.follow()
    page = text(client.get("/boards/"))
    chips = re.findall(r'<a class="chip"[^>]*>([^<]+)</a>', page)
    assert chips == ["全程", "2021年年中评选", "2021年全年评选", "2021年8月1日", "2021年8月", "2021年3月"]


def test_pages_before_any_campaign(client):
    assert "还没有活动" in text(client.get("/boards/"))
    assert "还没有活动" in text(client.get("/units/"))


def test_units_with_bars(client, published):
    me, *_ = town.enrol(9, town.TONGFU, backbones=3)
    town.credit(me, 4500)
    writes.follow()
    sign_in(client, me)
    page = text(client.get("/units/"))
    assert page.index("全部单位合计") < page.index("机关、站所") < page.index("同福村")
    assert '<span class="number">4,500</span> <span class="note">/ <span class="number">4,400</span>' in page
    assert "39,600" in page
    assert "本单位</span>" in page


def test_pages_cost_a_fixed_number_of_queries(client, published, django_assert_max_num_queries):
    people = town.enrol(40)
    for place, person in enumerate(people):
        town.credit(person, 900 - place)
    writes.follow()
    with django_assert_max_num_queries(11):
        client.get("/boards/?window=annual")
    sign_in(client, people[35])
    with django_assert_max_num_queries(24):
        client.get("/boards/?window=annual&scope=county")
    with django_assert_max_num_queries(13):
        client.get("/units/")


def test_today_without_an_act_teaches_what_to_do(client, published, monkeypatch):
    monkeypatch.setattr("kepu.kit.clock.now", lambda: clock.start_of(date(2021, 3, 6)))
    (person,) = town.enrol(1)
    town.share(person, 1, date(2021, 3, 5))
    writes.follow()
    page = text(client.get("/boards/"))
    chips = re.findall(r'<a class="chip"[^>]*>([^<]+)</a>', page)
    assert chips[:5] == ["2021年年中评选", "2021年全年评选", "本月", "今天", "全程"]
    today = text(client.get("/boards/?window=2021-03-06"))
    assert "今天还没有人上榜" in today
    assert "分享一篇文章，您就排在最前面" in today


@pytest.mark.parametrize(
    ("rule", "places", "word"), [("shared", [1, 2, 2, 4], "并列"), ("earlier", [1, 2, 3, 4], "次数相同")]
)
def test_ties_are_said_to_be_ties(client, rule, places, word):
    town.build(town.SAMPLE.replace('tie_rule = "earlier"', f'tie_rule = "{rule}"'))
    for person, volume in zip(town.enrol(4), (9, 5, 5, 2), strict=True):
        town.credit(person, volume)
    writes.follow()
    page = text(client.get("/boards/?window=all"))
    assert ranks(page) == places
    assert page.count(f'<span class="badge">{word}</span>') == 2


def test_a_tie_across_two_pages_is_said_on_both(client, monkeypatch):
    monkeypatch.setattr("kepu.standings.pages.PLACES", 2)
    town.build(town.SAMPLE.replace('tie_rule = "earlier"', 'tie_rule = "shared"'))
    for person, volume in zip(town.enrol(4), (9, 5, 5, 2), strict=True):
        town.credit(person, volume)
    writes.follow()
    for start, places in ((0, [1, 2]), (2, [2, 4])):
        page = text(client.get(f"/boards/?window=all&start={start}"))
        assert ranks(page) == places
        assert page.count("并列") == 1


@pytest.mark.parametrize("allowed", [True, False])
def test_whoever_wishes_stands_without_a_name_where_the_sheet_allows_it(client, allowed):
    town.build(town.SAMPLE.replace("boards_may_hide = true", f"boards_may_hide = {str(allowed).lower()}"))
    shy, other = town.enrol(2)
    set_hides_name(shy, True, clock.now())
    for person, volume in ((shy, 9), (other, 5)):
        town.credit(person, volume)
    writes.follow()
    for address in ("/boards/?window=all", "/v1/boards/chaqi-2021?window=all"):
        answer = client.get(address)
        page = json.dumps(answer.json(), ensure_ascii=False) if "/v1/" in address else text(answer)
        assert ("一位科普员" in page) is allowed, address
        assert page.count("王*明") == (1 if allowed else 2), address
        assert page.count("同福村") == (1 if allowed else 2), address
    sign_in(client, shy)
    page = text(client.get("/boards/?window=all"))
    assert "王一明" in page  # one's own line is whole
    assert "一位科普员" not in page

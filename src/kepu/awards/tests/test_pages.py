"""An evaluated round and the explanation, as people see them."""

import re
from datetime import date

import pytest

from kepu.awards import reads, writes
from kepu.kit import clock
from kepu.people.writes import set_hides_name
from kepu.standings.tests import town
from kepu.standings.tests.town import sign_in

pytestmark = pytest.mark.django_db
NOW = clock.start_of(date(2021, 12, 1))
ROUND = "/rounds/chaqi-2021/annual/"


@pytest.fixture
def people():
    """Twelve of the county with the basic task, one without."""
    town.build()
    persons = town.enrol(13)
    for place, person in enumerate(persons):
        town.credit(person, 3000 - 10 * place if place < 12 else 2100, date(2021, 8, 2))
    return persons


def text(answer):
    assert answer.status_code == 200
    return answer.content.decode()


def test_before_an_evaluation_the_page_states_the_conditions(client, people):
    page = text(client.get(ROUND))
    assert "还没有评选" in page
    assert "2,200" in page
    assert "第 1 至 10 名" in page


def test_the_list_has_masked_names_tiers_and_the_budget(client, people):
    stored = writes.evaluate_round("chaqi-2021", "annual", "测试", NOW)
    page = text(client.get(ROUND))
    assert "王一明" not in page
    assert page.count("王*明") == 12
    assert '<span class="number">5,600</span><small>元</small>' in page
    assert page.index("每人 <span") < page.index("第 11 至 30 名")
    assert stored.sha256[:16] in page
    assert "why/" not in page
    city = text(client.get(f"{ROUND}?scope=4306"))
    assert "市科协奖励" in city


def test_my_own_line_is_whole_and_leads_to_why(client, people):
    writes.evaluate_round("chaqi-2021", "annual", "测试", NOW)
    sign_in(client, people[1])
    page = text(client.get(ROUND))
    assert "王二明" in page
    assert 'href="why/"' in page
    assert page.count("item mine") == 1


def test_a_long_list_goes_on(client, people, monkeypatch):
    monkeypatch.setattr("kepu.awards.pages.rounds.LINES", 5)
    writes.evaluate_round("chaqi-2021", "annual", "测试", NOW)
    page = text(client.get(ROUND))
    more = re.search(r'hx-get="([^"]+)"', page).group(1).replace("&amp;", "&")
    part = client.get(f"{ROUND}{more}", headers={"HX-Request": "true"})
    assert "HX-Request" in part["Vary"]
    assert re.findall(r"rank rank-(\d+)", text(part)) == ["6", "7", "8", "9", "10"]


def test_a_page_evaluates_nothing(client, people, monkeypatch):
    writes.evaluate_round("chaqi-2021", "annual", "测试", NOW)
    monkeypatch.setattr(reads, "evaluate_round", lambda *_: 1 / 0)
    text(client.get(ROUND))
    sign_in(client, people[0])
    text(client.get(f"{ROUND}why/"))


def test_why_says_what_was_missing(client, people):
    writes.evaluate_round("chaqi-2021", "annual", "测试", NOW)
    sign_in(client, people[12])
    page = text(client.get(f"{ROUND}why/"))
    for words in (
        "没有完成基本任务",
        '离基本任务还差 <span class="number">100</span> 次',
        '第 <span class="number">13</span> 名',
        "2021年8月2日",
    ):
        assert words in page
    # thirteenth, so in the ranks of the tiers to 30 and 100: the basic task is what they still miss
    missing = re.findall(r'<td class="amount"><span class="number">([\d,]+)</span></td></tr>', page)
    assert missing[:4] == ["100", "811", "100", "100"]  # the city's tier, then the county's three
    sign_in(client, people[0])
    assert "华容县优秀科普员" in text(client.get(f"{ROUND}why/"))


def test_why_is_mine_alone(client, people):
    writes.evaluate_round("chaqi-2021", "annual", "测试", NOW)
    answer = client.get(f"{ROUND}why/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/")


def test_why_before_an_evaluation(client, people):
    sign_in(client, people[0])
    assert "还没有评选" in text(client.get(f"{ROUND}why/"))


@pytest.mark.parametrize(
    "path", ["/rounds/none/annual/", "/rounds/chaqi-2021/none/", "/rounds/none/annual/why/"]
)
def test_an_unknown_round_is_not_found(client, people, path):
    sign_in(client, people[0])
    assert client.get(path).status_code == 404


def test_pages_cost_a_fixed_number_of_queries(client, people, django_assert_max_num_queries):
    writes.evaluate_round("chaqi-2021", "annual", "测试", NOW)
    sign_in(client, people[12])
    with django_assert_max_num_queries(8):  # one for the tabs: which parts are switched off
        client.get(ROUND)
    with django_assert_max_num_queries(17):  # here too
        client.get(f"{ROUND}why/")


def test_whoever_wishes_stands_on_a_list_without_a_name(client, people):
    writes.evaluate_round("chaqi-2021", "annual", "测试", NOW)
    set_hides_name(people[2], True, NOW)
    page = text(client.get(ROUND))
    assert page.count("一位科普员") == 1
    assert page.count("王*明") == 11
    sign_in(client, people[2])
    assert "一位科普员" not in text(client.get(ROUND))


def test_numbers_on_a_list_are_drawn_as_bars_of_the_best(client, people):
    writes.evaluate_round("chaqi-2021", "annual", "测试", NOW)
    page = text(client.get(ROUND))
    assert re.findall(r'class="fill" width="(\d+)"', page)[:3] == ["100", "99", "99"]

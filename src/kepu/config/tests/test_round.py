"""`kepu round`: the list and the explanation, for people and for programs."""

import json
from datetime import date

import pytest
from click.testing import CliRunner

from kepu.awards.models import Evaluation
from kepu.config.command.round import _table, command
from kepu.config.round_life import _how_to_look
from kepu.standings.tests import town

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    """Two of the county, one with the basic task and one without."""
    town.build()
    first, second = town.enrol(2)
    town.credit(first, 3000, date(2021, 8, 2))
    town.credit(second, 2100, date(2021, 8, 2), second=1)
    return first, second


def run(*words):
    return CliRunner().invoke(command, [str(word) for word in words])


def test_the_list_as_json_is_the_same_bytes_again(people):
    said, again = (run("evaluate", "chaqi-2021", "annual", "--json") for _ in range(2))
    assert said.exit_code == 0
    assert said.stdout_bytes == again.stdout_bytes
    assert Evaluation.objects.count() == 1
    _city, county = json.loads(said.stdout)["scopes"]
    assert [winner["communicator"] for winner in county["winners"]] == [people[0]]


def test_the_list_for_people(people):
    said = run("evaluate", "chaqi-2021", "annual")
    assert said.exit_code == 0
    for words in ("【华容县】1 人，合计 500 元", "华容县优秀科普员", "3,000", "差基本任务 100"):
        assert words in said.stdout


def test_a_round_nobody_has_won_yet_says_so_and_counts_who_came_near(people):
    midyear = run("evaluate", "chaqi-2021", "midyear").stdout
    assert "到现在还没有人得奖" in midyear
    assert "名次线下" not in midyear
    annual = run("evaluate", "chaqi-2021", "annual").stdout
    assert "未入选：在名次内而条件不够的 1 人" in annual


def test_why_shows_the_entries_of_the_round_alone(people):
    town.credit(people[0], 7, date(2021, 3, 5), second=2)
    annual = run("why", "chaqi-2021", "annual", people[0]).stdout
    midyear = run("why", "chaqi-2021", "midyear", people[0]).stdout
    newest = annual[annual.index("本轮最近 10 条记录") :]
    assert "2021-08-02" in newest
    assert "2021-08-02" not in midyear[midyear.index("本轮最近") :]
    assert "2021-03-05" in midyear[midyear.index("本轮最近") :]


def test_why_for_people_and_as_json(people):
    said = run("why", "chaqi-2021", "annual", people[1])
    assert said.exit_code == 0
    for words in (
        "传播量 2,100；基本任务 2,200，还差 100",
        "第 2 名　未入选：没有完成基本任务",
        "2021-08-02",
    ):
        assert words in said.stdout
    written = json.loads(run("why", "chaqi-2021", "annual", people[1], "--json").stdout)
    assert (written["communicator"], written["basic_task_gap"]) == (people[1], 100)
    # second of two, so in the ranks of every tier: what is missing to each is the basic task
    assert [tier["volume_missing"] for tier in written["scopes"][1]["tiers"]] == [100, 100, 100]


def test_why_names_the_entries_as_reverse_asks_for_them(people):
    (first,) = town.share(people[0], 1)
    (second,) = town.share(people[0], 1, day=date(2021, 8, 3))
    newest = run("why", "chaqi-2021", "annual", people[0]).stdout
    assert newest.index(f"{second.book}-{second.seq}") < newest.index(f"{first.book}-{first.seq}")
    of_day = run("why", "chaqi-2021", "annual", people[0], "--day", "2021-08-03").stdout
    assert f"{second.book}-{second.seq} " in of_day
    assert f"{first.book}-{first.seq} " not in of_day
    assert "2021-08-03" in of_day
    assert "2021-08-04 的记录" in run("why", "chaqi-2021", "annual", people[0], "--day", "2021-08-04").stdout


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("evaluate", "none", "annual"), "没有活动“none”"),
        (("evaluate", "chaqi-2021", "none"), "没有轮次“none”"),
        (("why", "chaqi-2021", "annual", 10**9), "没有编号为 1000000000 的人"),
        (("why", "chaqi-2021", "annual", "x"), "x"),
    ],
)
def test_what_cannot_be_done_says_so(people, words, complaint):
    said = run(*words)
    assert said.exit_code != 0
    assert complaint in said.output
    assert not said.stdout


def test_columns_line_up_with_chinese_in_them():
    assert _table(("姓名", "量"), [("王小明", 5), ("欧阳娜", 1200)]) == [
        "姓名       量",
        "王小明      5",
        "欧阳娜  1,200",
    ]


def test_a_round_that_is_not_there_is_answered_with_those_that_are(people):
    said = run("status", "chaqi-2021", "half")
    assert said.exit_code == 1
    assert "没有活动“chaqi-2021”的轮次“half”" in said.output
    assert "midyear（" in said.output
    assert "annual（" in said.output
    assert "已公布的活动：chaqi-2021" in run("status", "chaqi", "annual").output


def test_the_rehearsal_says_who_can_look_at_it_and_how():
    report = {"officers": [["13700001001", "吴评审"]], "winner": ["13900000068", "汪平"]}
    said = _how_to_look(report)
    for words in ("13700001001", "13900000068", "/sign-in/", "/outbox/", "/admin/", "KEPU_DEVELOPMENT=1"):
        assert words in said

"""Reading a notice: the samples with precision and recall per field, and single claims in few lines."""

from functools import cache
from typing import Any

import pytest

from kepu.campaigns.notices import as_plain, read_notice
from kepu.campaigns.notices.places import Gazetteer, gazetteer
from kepu.campaigns.notices.plain import leaves
from kepu.campaigns.notices.suggesting import campaign_name
from kepu.campaigns.tests.notices.samples import Sample, samples
from kepu.campaigns.tests.notices.scoring import FIELDS, Score, compare, table
from kepu.documents.reading_papers import read_paper
from kepu.regions import facts

SAMPLES = samples()


@cache
def places() -> Gazetteer:
    return gazetteer(facts.rows_to_town())


def plain_of(content: bytes) -> dict[str, Any]:
    passages = read_paper(content)
    assert isinstance(passages, tuple), passages
    return as_plain(read_notice(passages, places()))


def read(text: str) -> dict[str, Any]:
    return plain_of(text.encode())


def test_every_field_of_every_sample_is_read_and_nothing_else() -> None:
    """Floors of 1 on the samples; run with -s to see the table (make notices)."""
    scores: dict[str, Score] = {}
    for sample in SAMPLES:
        compare(sample.name, plain_of(sample.content), sample.expected, scores)
    print(f"\n{len(SAMPLES)} samples\n{table(scores)}")
    amiss = [line for score in scores.values() for line in (*score.wrong, *score.missed)]
    assert amiss == []
    assert {name: (scores[name].precision(), scores[name].recall()) for name in FIELDS} == dict.fromkeys(
        FIELDS, (1.0, 1.0)
    )


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda each: each.name)
def test_a_value_without_its_passage_is_an_error(sample: Sample) -> None:
    plain = plain_of(sample.content)
    bare = set(leaves(plain)) - set(plain["passages"])
    assert bare == set()
    assert all(each["text"] and each["place"] for each in plain["passages"].values())


def test_the_keys_are_those_promised() -> None:
    plain = plain_of(SAMPLES[0].content)
    assert list(plain) == [
        "title", "doc_number", "issuer", "issued_on", "basis_doc", "division", "deadline", "rounds",
        "award_tiers", "daily_caps", "tasks", "sanctions", "questions", "passages",
    ]  # fmt: skip
    assert set(plain["rounds"][0]) == {"name", "window", "scope", "condition", "reward"}
    assert set(plain["tasks"]) == {"columns", "rows", "totals_stated", "totals_computed", "adds_up"}


def test_what_is_no_notice_yields_nothing_and_asks() -> None:
    plain = read("Dear all,\nplease find the agenda for Monday below.\n1. Opening 2. Coffee\nBest, Sam")
    assert not leaves(plain)
    assert any("请确认文件没有选错" in each for each in plain["questions"])


TIERS = {
    "奖励：全县第1至10名500元，第11至30名300元。": [(1, 10, 500), (11, 30, 300)],
    "奖励：全县前10名每人五百元；第11名至第30名每人三百元。": [(1, 10, 500), (11, 30, 300)],
    "全县一等奖1名，奖金1万元；二等奖2名，奖金5000元；三等奖3名，奖金0.2万元。": [
        (1, 1, 10000),
        (2, 3, 5000),
        (4, 6, 2000),
    ],
    "全县1-10名、11-30名、31-100名分别补贴500元、300元、200元。": [
        (1, 10, 500),
        (11, 30, 300),
        (31, 100, 200),
    ],
    "全县排名：110名补贴500元，1130名补贴300元，31100名补贴200元。": [
        (1, 10, 500),
        (11, 30, 300),
        (31, 100, 200),
    ],
    "全县评选110名科普员，每人补贴500元。": [],
    "全县前100名给予补贴，共计25000元。": [],
    "500元：第1—10名；300元：第11—30名（全县）": [(1, 10, 500), (11, 30, 300)],
    "全县前3名分别奖励1000、800、500元。": [(1, 1, 1000), (2, 2, 800), (3, 3, 500)],
    "全县前3名分别奖励1000元、800元。": [],
    "全县第一名奖800元，第二、三名各奖500元。": [(1, 1, 800), (2, 3, 500)],
    "全县第1、5名各奖500元。": [],
    "全县排名第一至第十的，各奖伍佰元。": [(1, 10, 500)],
    "第一至第三季度每人奖励500元。": [],
    "全县：\n1-5名\n600元\n6-20\n400元": [(1, 5, 600), (6, 20, 400)],
    "全县：\n1-5名\n600元\n7-20\n400元": [(1, 5, 600)],
    "全县第1一1O名，每人5OO元。": [(1, 10, 500)],
}


@pytest.mark.parametrize("text", TIERS)
def test_tiers(text: str) -> None:
    tiers = read(f"关于科普传播活动的通知\n{text}")["award_tiers"]
    assert [(each["rank_from"], each["rank_to"], each["amount"]) for each in tiers] == TIERS[text]


CAPS = {
    "每人每天最多分享300次。": [("分享", 300)],
    "每天每人限300条（分享）。": [("分享", 300)],
    "每日转发三百次封顶。": [("转发", 300)],
    "每人每天分享不少于10次。": [],
    "分享一篇得1分，每天最多得20分。": [("分享积分", 20)],
    "每天分享最多50次，阅读最多100篇。": [("分享", 50), ("阅读", 100)],
    "一篇文章每人每天重复分享只计1次。": [],
    "每人日限答题2次。": [("答题", 2)],
    "分享每篇2分，单日积分最高20分。": [("积分", 20)],
    "原通知“每人每天分享上限200次”调整为“每人每天分享上限300次”。": [("分享", 300)],
    "住宿费每人每天不超过260元。": [],
    "每名骨干信息员日传播量最多计200次。": [("传播", 200)],
}


@pytest.mark.parametrize("text", CAPS)
def test_daily_caps(text: str) -> None:
    caps = read(f"关于科普传播活动的通知\n{text}")["daily_caps"]
    assert [(each["what"], each["per_day"]) for each in caps] == CAPS[text]


DEADLINES = {
    "活动截止时间：2021年11月30日。": "2021-11-30",
    "活动于二〇二一年十一月三十日结束。": "2021-11-30",
    "活动时间：2021.3.1—2021.11.30": "2021-11-30",
    "请于2021年7月1日前将名单报送镇科协。": None,
    "活动截止2021年11月30日。活动截止到2021年12月31日。": None,
    "截止时间由2021年10月31日延长至2021年11月30日。": "2021-11-30",
    "活动时间：2021年11月1日至次年3月31日。": "2022-03-31",
    "活动时间：2021年3月1日2021年11月30日。": "2021-11-30",
    "完成时限：2021年11月20日24时前。": "2021-11-20",
    "统计期为每年1月1日至12月15日。": None,
    "2021年6月底前完成全年任务的50%。": None,
    "活动时间：2021年7月中旬至9月下旬。": None,
}


@pytest.mark.parametrize("text", DEADLINES)
def test_deadline(text: str) -> None:
    plain = read(f"关于科普传播活动的通知\n{text}")
    assert plain["deadline"] == DEADLINES[text]
    asked = [each for each in plain["questions"] if each.startswith("deadline")]
    is_torn = "日2021年" in text  # read, and asked about
    assert bool(asked) == (plain["deadline"] is None or is_torn)


NUMBERS = {
    "插政办发[2021]12号": "插政办发〔2021〕12号",
    "插政办发（２０２１）１２号": "插政办发〔2021〕12号",
    "（插政办发【2021】12 号）": "插政办发〔2021〕12号",
    "插 政 办 发 〔 2021 〕 12 号": "插政办发〔2021〕12号",
    "插政办发202112号": "插政办发〔2021〕12号",
    "插政办发〔2021〕十二号": "插政办发〔2021〕12号",
    "插政办发〔2O21〕l2号": "插政办发〔2021〕12号",
    "插政办发〔2021〕号": None,
    "根据插政办发〔2021〕12号文件要求，现通知如下。": None,
}


@pytest.mark.parametrize("text", NUMBERS)
def test_document_number(text: str) -> None:
    assert read(f"关于科普传播活动的通知\n{text}\n各村：")["doc_number"] == NUMBERS[text]


PLACES = {
    "华容县科学技术协会": "430623",
    "华容县插旗镇人民政府": "430623110",
    "湖南省科学技术协会": "43",
    "北京市朝阳区科学技术协会": "110105",
    "辽宁省朝阳市科学技术协会": "2113",
    "城关镇人民政府": None,
    "朝阳区科学技术协会": None,
    "县科协": None,
}


@pytest.mark.parametrize("issuer", PLACES)
def test_namesakes_are_a_question(issuer: str) -> None:
    plain = read(f"关于科普传播活动的通知\n各单位：\n活动即日开始。\n{issuer}\n2021年6月1日")
    assert plain["division"] == PLACES[issuer]
    asked = [each for each in plain["questions"] if each.startswith("division")]
    assert bool(asked) == (plain["division"] is None)


def test_a_namesake_is_told_by_the_county_the_text_names() -> None:
    text = (
        "关于科普传播活动的通知\n各村：\n根据平利县科协的部署，活动即日开始。\n城关镇人民政府\n2021年6月1日"
    )
    assert read(text)["division"] == "610926100"


def test_a_town_whose_county_the_text_does_not_name_is_a_question() -> None:
    text = (
        "关于科普传播活动的通知\n各村：\n根据平利县科协的部署，活动即日开始。\n插旗镇人民政府\n2021年6月1日"
    )
    assert read(text)["division"] is None


def test_totals_that_do_not_add_up_are_told_with_both_figures() -> None:
    rows = "单位\t注册任务\n东村\t10\n西村\t20\n合计\t40"
    plain = read(f"关于下达科普任务的通知\n{rows}\n")
    assert plain["tasks"]["adds_up"] is False
    assert (plain["tasks"]["totals_stated"], plain["tasks"]["totals_computed"]) == ([40], [30])
    assert any("40" in each and "30" in each for each in plain["questions"])


def test_a_table_of_figures_without_headings_is_a_question() -> None:
    plain = read("关于下达科普任务的通知\n各村：\n东村\t10\t200\n西村\t20\t300\n")
    assert plain["tasks"] is None
    assert [each for each in plain["questions"] if each.startswith("tasks")] == [
        "tasks: “东村 10 200”开头的表看不出表头，没有读作任务，请核对。"
    ]


def test_columns_that_share_a_heading_and_differ_are_not_told_apart() -> None:
    rows = "单位\t任务\t任务\n东村\t10\t200\n西村\t20\t300"
    assert read(f"关于下达科普任务的通知\n{rows}\n")["tasks"] is None


NAMES = {
    "插旗镇人民政府办公室关于开展2026年科普传播活动的通知": "2026年科普传播活动",
    "关于举办“科普进万家”竞赛的通知": "“科普进万家”竞赛",
    "关于做好2021年科普信息传播工作的通知": "关于做好2021年科普信息传播工作的通知",
    "关于印发《科普活动方案》的通知": "关于印发《科普活动方案》的通知",
}


@pytest.mark.parametrize("title", NAMES)
def test_the_campaign_is_called_what_the_notice_holds(title: str) -> None:
    assert campaign_name(title) == NAMES[title]

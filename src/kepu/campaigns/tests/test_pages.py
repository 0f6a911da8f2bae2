"""The rules in plain Chinese, and the file they come from."""

import hashlib
import re
from datetime import UTC, datetime

import pytest

from kepu.campaigns import reads, writes
from kepu.campaigns.rules import Measure, TieRule
from kepu.campaigns.tests.samples import REFINED, VOLUNTARY, reference_text
from kepu.regions import writes as regions

NOW = datetime(2021, 6, 21, 1, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def chaqi():
    regions.load_divisions(only_within=("430623110",))
    return writes.publish_sheet(reference_text(), "王秀英", "李建国", NOW)


def text_of(response):
    assert response.status_code == 200
    return response.content.decode()


def test_the_page_says_all_that_the_sheet_says(client, chaqi, django_assert_num_queries):
    with django_assert_num_queries(3):  # one of them: which parts are switched off
        page = text_of(client.get("/campaigns/chaqi-2021/"))
    for said in (
        "插旗镇2021年科普信息传播活动",
        "插政办发〔2021〕12号",
        "2021年1月1日至2021年11月30日，首尾两天都算",
        "湖南省岳阳市华容县插旗镇",
        "分享次数：按了多少次分享，不代表有人读过。",
        "照通知办，有任务，有排名",
        "向阳街社区",
        "39,600",
        "第 31 至 100 名",
        "华容县优秀科普员",
        "没有写明金额",
        "25,000",
        "2,200",
        "1,400",
        "2021年7月31日",
        "传播量相同的，先达到的排在前面。",
        "不同级别的奖励，一个人可以都得。",
        "至少公示 5 个工作日",
        "评选轮次 · 基本任务",
        "2200÷11×7＝1400",
        "李建国 已看过以下各条，并署名同意。",
        "国办函〔2026〕12号",
        "第 1 版，2021年6月21日由 王秀英 公布",
        chaqi.sha256,
    ):
        assert said in page, said
    assert "style=" not in page.split("<main")[1]
    assert "onclick" not in page


def test_a_voluntary_campaigns_page_has_no_tasks_and_no_conflicts(client):
    writes.publish_sheet(VOLUNTARY, "王秀英", None, NOW)
    page = text_of(client.get("/campaigns/reading-2026/"))
    assert "自愿参加，不派任务，不批评谁" in page
    assert "同一篇每天 5 次" in page
    assert "停留 15 秒以上" in page
    assert "各单位的任务" not in page
    assert "与现行规定冲突的地方" not in page


def test_what_a_sheet_says_cannot_become_markup(client):
    text = VOLUNTARY.replace("华容县科普阅读活动", "<script>alert(1)</script>")
    writes.publish_sheet(text, "<b>", None, NOW)
    page = text_of(client.get("/campaigns/reading-2026/"))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_file_is_given_as_published(client, chaqi, django_assert_num_queries):
    with django_assert_num_queries(1):
        response = client.get("/campaigns/chaqi-2021/sheet.toml")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert hashlib.sha256(response.content).hexdigest() == chaqi.sha256


@pytest.mark.parametrize("address", ["/campaigns/none/", "/campaigns/none/sheet.toml"])
def test_an_unknown_campaign_is_not_found(client, address):
    assert client.get(address).status_code == 404


def test_only_reading_is_allowed(client, chaqi):
    assert client.post("/campaigns/chaqi-2021/").status_code == 405


def test_every_measure_and_rule_for_ties_has_its_few_words():
    """They stand above numbers and under boards and lists; each room takes them from here."""
    volumes = [reads.volume_words(measure) for measure in Measure]
    assert volumes == ["分享次数", "链接打开次数", "有效阅读人次", "导入的传播量"]
    assert [reads.tie_words(rule) for rule in TieRule] == [
        "次数相同的，名次相同",
        "次数相同的，先达到的排前",
    ]


def test_an_older_version_is_shown_as_it_was(client, chaqi):
    text = reference_text().replace("[earnings.check_in]\npoints = 1", "[earnings.check_in]\npoints = 2")
    assert writes.publish_sheet(text, "王秀英", "李建国", NOW).sheet.version == 2
    page = text_of(client.get("/campaigns/chaqi-2021/?version=1"))
    assert "这是第 1 版规则当时的样子" in page
    assert 'href="/campaigns/chaqi-2021/sheet.toml?version=1"' in page
    assert "当时的样子" not in text_of(client.get("/campaigns/chaqi-2021/"))
    file = client.get("/campaigns/chaqi-2021/sheet.toml?version=1")
    assert hashlib.sha256(file.content).hexdigest() == chaqi.sha256
    assert client.get("/campaigns/chaqi-2021/?version=3").status_code == 404


def test_the_page_says_how_points_are_counted(client):
    assert not isinstance(writes.publish_sheet(REFINED, "王秀英", "李建国", NOW), list)
    page = re.sub("<[^>]+>", "", text_of(client.get("/campaigns/points-2026/")))
    for said in (
        "连续 3 天起，每天多 1 分",
        "连续 7 天起，每天多 3 分",
        "同一篇每天 5 次",
        "同一篇一共 20 次",
        "2026年科普日",
        "2026年9月12日至2026年9月20日，首尾两天都算 · 分享的文章有人读了、答题全对一次",
        "3 倍",
        "今日必读当天的积分按 2 倍算。",
        "每人每天一共最多 60 分。",
    ):
        assert said in page, said

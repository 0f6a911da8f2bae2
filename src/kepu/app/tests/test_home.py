"""The first page: what the day asks, what to read, and the guide for whoever is new."""

import re
from datetime import UTC, datetime, timedelta

from kepu.app.rules import once
from kepu.app.tests.conftest import as_account, withdraw
from kepu.campaigns.rules import Kind
from kepu.content.models import Announcement, ArticlePage, Designation
from kepu.kit import clock
from kepu.ledger import writes as ledger
from kepu.ledger.rules import Act, Channel


def plain(response) -> str:
    """The page without the spans around its numbers."""
    assert response.status_code == 200
    return re.sub(r"</?span[^>]*>", "", response.content.decode())


def browse(person, article, at):
    act = Act(person, once(article, at), Kind.BROWSE, article, Channel.PAGE, clock.milliseconds(at))
    ledger.record(act)


def test_a_newcomer_is_guided_until_they_put_it_away(site, reader):
    page = plain(reader.get("/"))
    for words in ("这是什么", "怎么分享", "怎样才算数"):
        assert words in page
    assert reader.post("/guide/").url == "/"
    assert "怎样才算数" not in plain(reader.get("/"))
    assert reader.get("/guide/").status_code == 405


def test_the_guide_and_the_day_stand_on_the_first_page_only(site, wang):
    assert "怎样才算数" not in plain(wang.get("/?start=5"))
    assert "本月进度" not in plain(wang.get("/?start=5"))


def test_the_task_of_the_day(site, wang, noon):
    # certified today: 1,400 over the 41 days to 31 July, ten of them in June
    assert "还差 342 次达到本月进度" in plain(wang.get("/"))
    assert "今天再有 35 次就跟上了" in plain(wang.get("/"))
    acts = [
        Act(site.wang, once("day", n), Kind.SHARE, site.article, Channel.PAGE, clock.milliseconds(noon[0]))
        for n in range(35)
    ]
    ledger.commit_batch(acts)
    page = plain(wang.get("/"))
    assert "还差 307 次达到本月进度" in page
    assert "今天的份已完成" in page


def test_a_basic_task_out_of_reach_is_said_and_not_asked_for(site, noon, django_assert_max_num_queries):
    # nothing yet of 2,200: on 23 November eight days of 300 are enough, on the 24th seven are not
    noon[0] = datetime(2021, 11, 23, 4, 0, tzinfo=UTC)
    page = plain(as_account(site.wang, noon[0]).get("/"))
    assert "还差 2,200 次达到本月进度" in page
    assert "今天再有 275 次就跟上了" in page
    noon[0] += timedelta(days=1)
    wang = as_account(site.wang, noon[0])
    wang.get("/")  # notes the day's sign-in
    with django_assert_max_num_queries(15):
        page = plain(wang.get("/"))
    assert "这次来不及完成基本任务" in page
    assert "每天最多计 300 次，剩下的天数不够。您做的照样计入。" in page
    assert "本月进度" not in page
    mine = plain(wang.get("/me/"))
    assert "这次来不及完成基本任务" in mine
    assert "再过几天" not in mine


def test_the_goal_of_a_day_is_one_that_can_be_reached(site, noon):
    # on 30 July the year's task is asked for: two days are too few for the 1,400 of the half year
    noon[0] = datetime(2021, 7, 30, 4, 0, tzinfo=UTC)
    page = plain(as_account(site.wang, noon[0]).get("/"))
    assert "2021年全年评选" in page
    assert "来不及" not in page


def test_whoever_cannot_count_is_given_no_task(site, newcomer, reader):
    assert "本月进度" not in plain(newcomer.get("/"))
    assert "本月进度" not in plain(reader.get("/"))


def test_check_ins_in_a_row_go_over_midnight_in_shanghai(site, noon):
    noon[0] = datetime(2021, 6, 20, 15, 59, 0, tzinfo=UTC)
    wang = as_account(site.wang, noon[0])
    wang.post("/check-in/")
    assert "连续 1 天" in plain(wang.get("/"))
    noon[0] = datetime(2021, 6, 20, 16, 1, 0, tzinfo=UTC)  # two minutes later it is the 21st
    page = plain(wang.get("/"))
    assert "连续 1 天" in page
    assert "今天签到就能接着算" in page
    wang.post("/check-in/")
    page = plain(wang.get("/"))
    assert "连续 2 天" in page
    assert "今天签到就能接着算" not in page
    noon[0] += timedelta(days=2)
    assert "连续" not in plain(wang.get("/"))


def test_one_reads_on_where_one_was(site, wang, noon, django_assert_max_num_queries):
    assert "接着看" not in plain(wang.get("/"))
    browse(site.wang, site.other, noon[0])
    with django_assert_max_num_queries(15):
        page = plain(wang.get("/"))
    title = ArticlePage.objects.get(pk=site.other).title
    assert title in page[page.index("接着看") : page.index("新文章")]
    withdraw(site.other)
    assert "接着看" not in plain(wang.get("/"))


def test_what_is_designated_and_announced_stands_above(site, reader, noon, django_assert_max_num_queries):
    day = clock.day_of(noon[0])
    Designation.objects.create(article_id=site.other, first_day=day, last_day=day)
    Announcement.objects.create(
        text="周六上午在文化站讲血压",
        link="/discover/",
        shown_from=noon[0],
        shown_until=noon[0] + timedelta(days=1),
    )
    with django_assert_max_num_queries(5):  # one of them for the tabs: which parts are switched off
        page = plain(reader.get("/"))
    title = ArticlePage.objects.get(pk=site.other).title
    assert title in page[page.index("今天请看") : page.index("新文章")]
    assert page.index("周六上午在文化站讲血压") < page.index("今天请看")
    noon[0] += timedelta(days=1)
    page = plain(reader.get("/"))
    assert "今天请看" not in page
    assert "周六上午" not in page

"""A person's own pages: what was counted, why, and what is missing."""

import re

import pytest

from kepu.app import writes
from kepu.app.rules import once
from kepu.campaigns.rules import Kind
from kepu.ledger import reads as ledger
from kepu.ledger import writes as ledger_writes
from kepu.ledger.rules import Channel, Receipt
from kepu.people.models import Account, Certification
from kepu.standings import writes as standings


def shares(site, count, now):
    for place in range(count):
        answer = writes.record_share(
            site.wang, site.article, channel=Channel.PAGE, event_id=once("test", place), parent=None, now=now
        )
        assert isinstance(answer, Receipt)


def test_a_visitor_is_invited(db, reader, django_assert_num_queries):
    with django_assert_num_queries(0):
        html = reader.get("/me/").content.decode()
    assert 'href="/sign-in/"' in html
    assert 'href="/sign-up/"' in html


def test_my_page_shows_points_and_what_is_missing(site, wang, noon, django_assert_max_num_queries):
    shares(site, 30, noon[0])
    wang.get("/me/")
    with django_assert_max_num_queries(11):
        html = wang.get("/me/").content.decode()
    assert "王秀英" in html
    assert "插旗村" in html
    assert "2021年年中评选" in html
    assert re.search(r"离基本任务还差 <span class=\"number\">1,370</span> 次", html)
    assert re.search(r"离基本任务还差 <span class=\"number\">2,170</span> 次", html)
    assert re.search(r'item-end"><span class="number">31</span>', html)
    assert "退出登录" in html


def test_my_page_shows_my_place_in_the_county(site, wang, noon, django_assert_max_num_queries):
    shares(site, 30, noon[0])
    writes.record_share(
        site.li, site.article, channel=Channel.PAGE, event_id=once("li"), parent=None, now=noon[0]
    )
    while standings.follow(1000):
        pass
    wang.get("/me/")
    with django_assert_max_num_queries(18):
        html = wang.get("/me/").content.decode()
    assert re.search(r"全县第 <span class=\"number\">1</span> 名", html)
    assert "全县第一" in html


def test_my_points_name_source_rule_and_day(site, wang, noon, django_assert_max_num_queries):
    shares(site, 25, noon[0])
    wang.post("/check-in/")
    with django_assert_max_num_queries(4):
        html = wang.get("/me/points/").content.decode()
    assert html.count('class="item"') == 20
    assert "签到" in html
    assert "规则 1 第 1 版" in html
    assert "6月21日 12:00" in html
    assert "+1" in html
    assert "再看一些" in html


def test_older_lines_follow_without_a_gap_on_other_days(site, wang, noon):
    for day in range(1, 31):
        shares_at = noon[0].replace(day=day)
        ledger_writes.record_daily(site.wang, Kind.CHECK_IN, shares_at)
    first = wang.get("/me/points/").content.decode()
    more = re.search(r'hx-get="([^"]+)"', first).group(1)
    rest = wang.get(more, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in rest
    assert (first + rest).count('class="item"') == 30
    assert len(set(re.findall(r"6月\d+日", first + rest))) == 30


def test_a_check_in_counts_once_a_day(site, wang, noon):
    assert wang.post("/check-in/", {"next": "/me/"}).url == "/me/"
    assert "签到成功，今天得 1 分。" in wang.get("/").content.decode()
    wang.post("/check-in/")
    html = wang.get("/").content.decode()
    assert "今天已经签过到了" in html
    assert "今天已签到" in html
    assert ledger.balance(site.wang) == 2  # with the day's sign-in
    noon[0] = noon[0].replace(day=22)
    wang.post("/check-in/")
    assert ledger.balance(site.wang) == 3


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:x"])
def test_after_a_check_in_one_stays_on_this_site(site, wang, elsewhere):
    assert wang.post("/check-in/", {"next": elsewhere}).url == "/"


def test_the_days_sign_in_is_noted_once(site, wang, noon):
    for _ in range(3):
        wang.get("/")
    wang.cookies["kepu_day"] = ""
    wang.get("/me/")
    assert [each.kind for each in ledger.statement(site.wang, 0, 10)] == [Kind.SIGN_IN]


def test_my_links_lead_to_each_share(site, wang, noon, django_assert_max_num_queries):
    assert "还没有链接" in wang.get("/me/links/").content.decode()
    shares(site, 3, noon[0])
    with django_assert_max_num_queries(3):
        html = wang.get("/me/links/").content.decode()
    links = re.findall(r'href="(/me/links/[^"]+/)"', html)
    assert len(links) == 3
    assert wang.get(links[0]).status_code == 200


def test_pages_of_mine_ask_for_a_session(site, reader):
    for address in ("/me/points/", "/me/links/"):
        assert reader.get(address).url.startswith("/sign-in/?next=/me/")
    assert reader.post("/check-in/").url.startswith("/sign-in/")
    assert reader.get("/check-in/").status_code == 405


def test_a_newcomer_is_told_the_next_step_everywhere(site, newcomer):
    assert 'href="/me/certification/"' in newcomer.get("/me/").content.decode()
    assert "去认证" in newcomer.get("/me/").content.decode()
    assert "要计入，请先实名认证。" in newcomer.get(f"/a/{site.article}/").content.decode()
    home = newcomer.get("/").content.decode()
    assert "成为科普员" in home
    assert "签到" not in home
    assert newcomer.get("/me/points/").status_code == 200


def test_a_newcomers_share_is_kept_and_says_why_it_does_not_count(site, newcomer):
    response = newcomer.post(f"/a/{site.article}/share/", {"channel": "copy_link"})
    assert "您还没有通过实名认证" in newcomer.get(response.url).content.decode()
    assert "未计入：未认证" in newcomer.get("/me/points/").content.decode()


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("submitted", "认证正在审核"),
        ("returned", "单位写到村"),
        ("revoked", "认证已被撤销"),
    ],
)
def test_my_page_says_where_the_certification_stands(site, newcomer, state, words):
    known = Certification.objects.get(account=site.wang)
    Certification.objects.create(
        account=Account.objects.get(phone_index="newcomer"),
        name="张三丰",
        town=known.town,
        unit=known.unit,
        applicant_type=known.applicant_type,
        association=known.association,
        state=state,
        submitted_at=known.submitted_at,
        review_due_at=known.review_due_at,
        reason="单位写到村",
    )
    assert words in newcomer.get("/me/").content.decode()

"""A person's own pages: what was counted, why, and what is missing."""

import re
from datetime import UTC, datetime

import pytest

from kepu.app import writes
from kepu.app.rules import once
from kepu.app.tests.conftest import as_account
from kepu.awards import writes as awards
from kepu.campaigns.rules import Kind
from kepu.kit import clock
from kepu.ledger import reads as ledger
from kepu.ledger import writes as ledger_writes
from kepu.ledger.rules import Act, Channel, Receipt
from kepu.people import writes as people
from kepu.people.models import Account, Certification
from kepu.people.rules import NoticeKind, Session
from kepu.standings import writes as standings


def session(person: int) -> Session:
    return Session(person, Account.objects.get(pk=person).session_version, 0)


def shares(site, count, now):
    for place in range(count):
        answer = writes.record_share(
            session(site.wang),
            site.article,
            channel=Channel.PAGE,
            event_id=once("test", place),
            parent=None,
            now=now,
        )
        assert isinstance(answer, Receipt)


def test_a_visitor_is_invited(db, reader, django_assert_num_queries):
    with django_assert_num_queries(1):  # for the tabs: which parts are switched off
        html = reader.get("/me/").content.decode()
    assert 'href="/sign-in/"' in html
    assert 'href="/sign-up/"' in html


def test_my_page_shows_points_and_what_is_missing(site, wang, noon, django_assert_max_num_queries):
    shares(site, 30, noon[0])
    wang.get("/me/")
    with django_assert_max_num_queries(16):
        html = wang.get("/me/").content.decode()
    assert "王秀英" in html
    assert "插旗村" in html
    assert "2021年年中评选" in html
    assert re.search(r"离基本任务还差 <span class=\"number\">1,370</span> 次", html)
    assert re.search(r"离基本任务还差 <span class=\"number\">2,170</span> 次", html)
    assert re.search(r"stat-value\">31<", html)
    assert "退出登录" in html


def test_my_page_shows_my_place_in_the_county(site, wang, noon, django_assert_max_num_queries):
    shares(site, 30, noon[0])
    writes.record_share(
        session(site.li), site.article, channel=Channel.PAGE, event_id=once("li"), parent=None, now=noon[0]
    )
    while standings.follow(1000):
        pass
    wang.get("/me/")
    with django_assert_max_num_queries(23):
        html = wang.get("/me/").content.decode()
    assert re.search(r"全县第 <span class=\"number\">1</span> 名", html)
    assert "前面没有人了" in html


def played(site, noon, a_day):
    """Shares on each of the days from 11 to 20 June, then it is the 21st."""
    at_noon = noon[0]
    for day in range(11, 21):
        noon[0] = at_noon.replace(day=day)
        answers = ledger_writes.commit_batch(
            [
                Act(site.wang, once("played", day, n), Kind.SHARE, site.article, Channel.PAGE, at_ms)
                for n, at_ms in enumerate([clock.milliseconds(noon[0])] * a_day)
            ]
        )
        assert all(answer.volume == 1 for answer in answers)
    noon[0] = at_noon


def test_my_page_says_where_my_pace_leads(site, wang, noon):
    assert "约" not in wang.get("/me/").content.decode()
    played(site, noon, 4)
    html = re.sub(r"</?span[^>]*>", "", wang.get("/me/").content.decode())
    # 40 there, 41 days of 4 to come (today too) until 31 July; 1,400 asked for
    assert "按现在的速度，到7月31日约 200 次，还差 1,200 次。" in html
    assert "从今天起每天 34 次，就能完成。" in html


def test_a_pace_that_is_enough_says_so(site, wang, noon):
    played(site, noon, 40)
    html = re.sub(r"</?span[^>]*>", "", wang.get("/me/").content.decode())
    assert "按现在的速度，到7月31日约 2,040 次，能完成。" in html


def test_of_an_evaluated_round_my_page_leads_to_why_and_my_awards_say_proposed(
    site, wang, noon, django_assert_max_num_queries
):
    assert "还没有获奖" in wang.get("/me/certificates/").content.decode()
    assert "/why/" not in wang.get("/me/").content.decode()
    played(site, noon, 300)
    noon[0] = datetime(2021, 12, 1, 4, 0, tzinfo=UTC)
    awards.evaluate_round("chaqi-2021", "annual", "测试", noon[0])
    wang = as_account(site.wang, noon[0])
    page = wang.get("/me/").content.decode()
    assert "2021年全年评选" in page  # the campaign is over: its last one is shown
    assert 'href="/rounds/chaqi-2021/annual/why/"' in page
    with django_assert_max_num_queries(6):
        html = wang.get("/me/certificates/").content.decode()
    assert "以公示为准" in html
    assert "拟获奖" in html
    assert "华容县优秀科普员" in html
    assert '<span class="number">500</span> 元' in html
    assert "附荣誉证书" in html


def test_my_page_leads_to_everything_of_mine(site, wang):
    html = wang.get("/me/").content.decode()
    for place in (
        "points",
        "links",
        "chain",
        "saved",
        "certificates",
        "messages",
        "settings",
        "certification",
    ):
        assert f'href="/me/{place}/"' in html
    assert 'href="/complaints/"' in html


def test_my_points_name_source_rule_and_day(site, wang, noon, django_assert_max_num_queries):
    shares(site, 25, noon[0])
    wang.post("/check-in/")
    with django_assert_max_num_queries(10):
        html = wang.get("/me/points/").content.decode()
    assert html.count('class="item"') == 20
    assert "签到" in html
    assert html.count("插旗镇2021年科普信息传播活动 · 规则第 1 版") == 1  # over all its lines
    assert "6月21日 12:00" in html
    assert "+1" in html
    assert "再看一些" in html
    newest = ledger.statement(site.wang, None, 1)[0]
    assert f"凭证号 {newest.book}-{newest.seq}" in html


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
    assert [each.kind for each in ledger.statement(site.wang, None, 10)] == [Kind.SIGN_IN]


def test_my_links_lead_to_each_share(site, wang, noon, django_assert_max_num_queries):
    assert "还没有链接" in wang.get("/me/links/").content.decode()
    shares(site, 3, noon[0])
    with django_assert_max_num_queries(5):  # one of them for the tabs: which parts are switched off
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
    assert (
        '这次分享不会计入。 <a href="/me/certification/">先去认证'
        in newcomer.get(f"/a/{site.article}/").content.decode()
    )
    home = newcomer.get("/").content.decode()
    assert "成为科普员" in home
    assert "签到" not in home
    assert newcomer.get("/me/points/").status_code == 200


def test_a_newcomers_share_is_kept_and_says_why_it_does_not_count(site, newcomer):
    response = newcomer.post(f"/a/{site.article}/share/", {"channel": "copy_link"})
    assert "您还没有通过实名认证" in newcomer.get(response.url).content.decode()
    assert "未计入：未认证" in newcomer.get("/me/points/").content.decode()


def applied(site, state):
    """The newcomer's application as it stands in a state."""
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


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("submitted", "认证正在审核"),
        ("returned", "单位写到村"),
        ("revoked", "认证已被撤销"),
    ],
)
def test_my_page_says_where_the_certification_stands(site, newcomer, state, words):
    applied(site, state)
    assert words in newcomer.get("/me/").content.decode()


@pytest.mark.parametrize(
    ("state", "words"),
    [("submitted", "认证审核中"), ("returned", "认证被退回，去修改"), ("revoked", None)],
)
def test_home_offers_nothing_to_whoever_applied_already(
    site, newcomer, state, words, django_assert_max_num_queries
):
    assert "成为科普员" in newcomer.get("/").content.decode()
    applied(site, state)
    with django_assert_max_num_queries(14):  # one for what is new in clubs, one for what expires soon
        html = newcomer.get("/").content.decode()
    assert "成为科普员" not in html
    leads = re.findall(r'<a class="button[^"]*" href="/me/certification/">.*?</svg>([^<]+)</a>', html)
    assert leads == ([words] if words else [])


def test_staff_are_not_asked_to_become_communicators(site, newcomer):
    Account.objects.filter(phone_index="newcomer").update(is_staff=True)
    assert "成为科普员" not in newcomer.get("/").content.decode()
    assert "去认证" not in newcomer.get("/me/").content.decode()


def shown_rounds(client):
    return re.findall(r'<h2 id="round-\d+">([^<]+)</h2>', client.get("/me/").content.decode())


def test_my_page_shows_the_open_round_first_and_of_those_over_only_mine(site, wang, noon):
    assert shown_rounds(wang) == ["2021年年中评选", "2021年全年评选"]  # both open: the one that ends first
    noon[0] = datetime(2021, 8, 2, 4, 0, tzinfo=UTC)
    assert shown_rounds(as_account(site.wang, noon[0])) == ["2021年全年评选"]
    noon[0] = datetime(2021, 6, 21, 4, 0, tzinfo=UTC)
    shares(site, 3, noon[0])
    noon[0] = datetime(2021, 8, 2, 4, 0, tzinfo=UTC)
    assert shown_rounds(as_account(site.wang, noon[0])) == ["2021年全年评选", "2021年年中评选"]
    assert shown_rounds(as_account(site.li, noon[0])) == ["2021年全年评选"]
    noon[0] = datetime(2021, 12, 2, 4, 0, tzinfo=UTC)  # all over: the last one on top, nothing of others'
    assert shown_rounds(as_account(site.wang, noon[0])) == ["2021年全年评选", "2021年年中评选"]
    assert shown_rounds(as_account(site.li, noon[0])) == []


def test_a_check_in_before_certification_leaves_the_days_one_free(site, newcomer):
    response = newcomer.post("/check-in/", {"next": "/"}, follow=True)
    assert response.redirect_chain == [("/me/certification/", 302)]
    assert "请先实名认证，再签到。" in response.content.decode()
    account = Account.objects.get(phone_index="newcomer")
    assert [each.kind for each in ledger.statement(account.pk, None, 10)] == []


def test_what_is_unread_stands_on_my_page_and_as_a_dot_on_the_tab(site, wang, noon):
    assert 'class="dot"' not in wang.get("/").content.decode()
    people.notify(site.wang, NoticeKind.APPROVED, {}, "/me/certification/", noon[0])
    for address in ("/", "/boards/", "/me/"):
        assert 'class="dot"' in wang.get(address).content.decode(), address
    assert re.search(r'badge bad">1<span', wang.get("/me/").content.decode())

"""我的积分: what is there by year, what expires when, each line's rule, and how far the next level is."""

from datetime import date, timedelta

import pytest

from kepu.app.statement import rule_words
from kepu.app.tests.conftest import NOON, as_account
from kepu.campaigns import reads as campaigns
from kepu.campaigns import writes as campaign_writes
from kepu.campaigns.rules import Kind
from kepu.clubs import writes as clubs
from kepu.clubs.tests import scene
from kepu.kit import clock
from kepu.ledger import reads as ledger
from kepu.ledger import writes as ledger_writes
from kepu.ledger.rules import Act, Channel, own_event
from kepu.mall import writes as mall
from kepu.mall.rules import By
from kepu.mall.tests import shop
from kepu.points import writes as points
from kepu.points.models import QuizResult, Telling
from kepu.points.rules import Expiry, Level, TopicBadge
from kepu.points.tests.conftest import sheet_text


def text_of(response):
    return response.content.decode()


def give(person, amount, at=NOON):
    act = Act(
        person,
        own_event(b"given", str(at).encode()),
        Kind.ADJUSTMENT,
        0,
        Channel.STAFF,
        clock.milliseconds(at),
        points=amount,
        note="补记",
        campaign=0,
        day=0,
    )
    return ledger_writes.record(act)


@pytest.fixture
def expiring(site):
    """Points stay two years; 王秀英 was told that hers of 2021 go at the end of 2023."""
    assert points.declare_expiry(Expiry(2, 12, 31, date(2021, 8, 1)), "按年清零", 1, NOON) is None
    give(site.wang, 120)
    points.tell_of_expiry(clock.start_of(date(2023, 12, 1)))
    assert Telling.objects.count() == 1
    return site


def test_what_expires_soon_stands_above(expiring, noon):
    noon[0] = clock.start_of(date(2023, 12, 5))
    wang = as_account(expiring.wang, noon[0])
    for page in ("/me/points/", "/me/", "/"):
        html = text_of(wang.get(page))
        assert '<span class="number">120</span> 分将在 2023年12月31日到期' in html
    html = text_of(wang.get("/me/points/"))
    assert "各年还剩的积分" in html
    assert "2021年" in html
    assert "将在2023年12月31日到期" in text_of(wang.get("/me/messages/"))
    assert "到期" not in text_of(as_account(expiring.li, noon[0]).get("/"))


def test_without_a_rule_points_do_not_expire(site, wang):
    give(site.wang, 120)
    html = text_of(wang.get("/me/points/"))
    assert "不过期" in html
    assert "到期" not in html.replace("花掉的、到期的", "")


def test_a_debt_is_said_plainly(site, wang):
    give(site.wang, 30)
    ledger_writes.spend(site.wang, own_event(b"spent"), 25, 0, "", NOON)
    entry = next(each for each in ledger.statement(site.wang, None, 5) if each.kind == Kind.ADJUSTMENT)
    ledger_writes.reverse_entry(entry.book, entry.seq, site.li, "记错了", NOON)
    html = text_of(wang.get("/me/points/"))
    assert "还要补上" in html
    assert '<span class="number">25</span> 分已经花掉' in html
    assert "以后得的分先补这里" in html


def test_each_line_names_the_rule_by_which_it_was_judged(site, wang):
    wang.post("/check-in/")
    campaign_writes.publish_sheet(
        sheet_text().replace("[earnings.check_in]\npoints = 1", "[earnings.check_in]\npoints = 3"),
        by="张三",
        signed_off_by="李四",
        now=NOON + timedelta(hours=1),
    )
    html = text_of(wang.get("/me/points/"))
    assert "规则：每次 1 分，每天最多算 1 次" in html
    assert 'href="/campaigns/chaqi-2021/?version=1#points"' in html
    assert "每次 3 分" not in html


def test_a_rule_in_plain_words(site):
    text = sheet_text().replace("[earnings.share]", "[earnings.share]\nper_article_day_max = 3")
    campaign_writes.publish_sheet(text, by="张三", signed_off_by="李四", now=NOON)
    sheet = campaigns.published()[0].sheet
    assert rule_words(sheet, Kind.SHARE) == "每次 1 分，每天最多算 300 次；同一篇文章每天最多算 3 次"
    assert rule_words(sheet, Kind.SPEND) == ""


def test_the_last_months_are_drawn(site, wang):
    wang.post("/check-in/")
    html = text_of(wang.get("/me/points/"))
    assert "最近六个月" in html
    assert "6月" in html


def test_it_costs_the_same_however_much_there_is(expiring, wang, django_assert_max_num_queries):
    wang.get("/me/points/")
    with django_assert_max_num_queries(10):
        wang.get("/me/points/")
    with django_assert_max_num_queries(9):
        wang.get("/me/level/")


def test_each_spend_leads_to_its_order_and_each_post_to_itself(site, wang, li, django_assert_max_num_queries):
    shop.earn(site.wang, 600)
    kept, given_back = shop.bought(site.wang, shop.badge()), shop.bought(site.wang, shop.voucher())
    assert mall.cancel_order(given_back.id, By.BUYER, site.wang, "", shop.NOON) is None
    mall.settle_orders(shop.NOON)
    club = scene.open_one(site.wang)
    scene.join(club, site.li)
    mine, theirs = scene.post(club, site.wang), scene.post(club, site.li)
    clubs.like_post(theirs, site.wang, scene.NOON)
    clubs.catch_up(scene.NOON)
    wang.get("/me/points/")
    with django_assert_max_num_queries(14):
        html = text_of(wang.get("/me/points/"))
    assert html.count(f'href="/mall/orders/{kept.id}/"') == 1
    assert html.count(f'href="/mall/orders/{given_back.id}/"') == 2
    assert html.count(f'href="/clubs/posts/{mine}/"') == 1
    assert html.count(f'href="/clubs/posts/{theirs}/"') == 1


def test_how_far_to_the_next_level(site, wang):
    give(site.wang, 120)
    html = text_of(wang.get("/me/level/"))
    assert "科普学员" in html
    assert '再得 <span class="number">380</span> 分，就是科普能手' in html
    assert "离科普能手还差" in text_of(wang.get("/me/"))
    points.declare_levels([Level("新手", 0), Level("老把式", 100)], 1, NOON)
    html = text_of(wang.get("/me/level/"))
    assert "老把式" in html
    assert "已经是最高一级" in html
    assert "老把式" in text_of(wang.get("/me/"))


def passed(person, count, topic="farming"):
    QuizResult.objects.bulk_create(
        QuizResult(person=person, article=number, topic=topic, passed_at=NOON, is_booked=True)
        for number in range(1, count + 1)
    )


def test_a_badge_once_reached_stays(site, wang):
    points.declare_badges([TopicBadge(0, "farming", "种田能手", 3)], 1, NOON)
    passed(site.wang, 2)
    html = text_of(wang.get("/me/level/"))
    assert "种田能手" in html
    assert "再答对 1 篇" in html
    QuizResult.objects.all().delete()
    passed(site.wang, 3)
    assert "已获得" in text_of(wang.get("/me/level/"))
    points.declare_badges([TopicBadge(1, "farming", "种田高手", 5)], 1, NOON)
    html = text_of(wang.get("/me/level/"))
    assert "种田高手" in html
    assert "已获得" in html
    points.declare_badges([], 1, NOON)
    assert "已获得" in text_of(wang.get("/me/level/"))


def test_a_newcomer_learns_how_to_begin(newcomer):
    html = text_of(newcomer.get("/me/level/"))
    assert "科普新人" in html
    assert "还没有主题徽章" in html


def test_closing_the_account_leaves_nothing_of_this(site, expiring):
    passed(site.wang, 2)
    passed(site.li, 2)
    points.forget(site.wang)
    assert not Telling.objects.exists()
    assert set(QuizResult.objects.values_list("person", flat=True)) == {site.li}

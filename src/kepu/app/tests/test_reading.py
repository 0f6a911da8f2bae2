"""Finding and reading articles, signed in or not, with and without a script."""

import re
from datetime import timedelta

from django.test import Client

from kepu.app.tests.conftest import PHONE, withdraw
from kepu.content import reads as content
from kepu.content.models import ArticlePage


def text_of(response) -> str:
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_home_lists_articles_topics_and_the_search(site, reader, django_assert_max_num_queries):
    with django_assert_max_num_queries(5):  # one for the tabs: which parts are switched off
        html = text_of(reader.get("/"))
    for card in content.articles(size=20).rows:
        assert card.title in html
        assert f'href="/a/{card.id}/"' in html
    for topic in content.topics():
        assert f"/discover/?topic={topic.slug}" in html
    assert 'action="/discover/"' in html
    assert "登录或注册" in html
    assert "签到" not in html


def test_home_greets_a_communicator_with_the_day(site, wang, django_assert_max_num_queries):
    wang.get("/")
    with django_assert_max_num_queries(14):  # one for what is new in clubs, one for what expires soon
        html = text_of(wang.get("/"))
    assert "王秀英，中午好" in html
    assert re.search(r"今天已分享 0 次，还可以记 <span class=\"number\">300</span> 次", html)
    assert "签到" in html
    assert "插旗镇2021年科普信息传播活动" in html
    assert "11月30日" in html


def test_an_article_says_when_it_was_published_and_since_revised(site, reader, noon):
    assert "更新" not in text_of(reader.get(f"/a/{site.article}/"))
    ArticlePage.objects.filter(pk=site.article).update(
        first_published_at=noon[0] - timedelta(days=180), last_published_at=noon[0] - timedelta(days=1)
    )
    html = text_of(reader.get(f"/a/{site.article}/"))
    assert "<span>2020年12月23日</span><span>2021年6月20日更新</span>" in html
    assert "6月20日更新</span>" in text_of(reader.get("/"))
    ArticlePage.objects.filter(pk=site.article).update(last_published_at=noon[0] - timedelta(days=180))
    html = text_of(reader.get("/"))
    assert ">2020年12月23日</span></span>" in html
    assert "更新" not in html


def test_more_rows_come_alone_for_htmx_and_as_a_page_without_it(site, reader):
    part = reader.get("/?start=0", headers={"HX-Request": "true"})
    assert "<html" not in text_of(part)
    assert "HX-Request" in part["Vary"]
    assert "<html" in text_of(reader.get("/?start=0"))


def test_discover_searches_two_character_words(site, reader, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):  # one for the tabs: which parts are switched off
        html = text_of(reader.get("/discover/", {"q": "血压"}))
    assert "高血压" in html
    assert 'value="血压"' in html


def test_discover_by_topic_marks_the_topic(site, reader):
    topic = content.topics()[0]
    html = text_of(reader.get("/discover/", {"topic": topic.slug}))
    assert re.search(rf'topic={topic.slug}" aria-current="true"', html)
    assert html.count('class="article-card"') == topic.articles


def test_a_search_without_a_find_says_what_to_do(site, reader):
    for query in ("没有这样的词组xyz", "；；；", "' OR 1=1 --"):
        assert "没有找到" in text_of(reader.get("/discover/", {"q": query}))
    html = text_of(reader.get("/discover/", {"q": "<script>alert(1)</script>"}))
    assert "<script>alert" not in html
    assert "&lt;script&gt;" in html


def test_typing_suggests_titles_and_topics_for_htmx(site, reader, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        html = text_of(reader.get("/suggest/", {"q": "血压"}, headers={"HX-Request": "true"}))
    assert "<html" not in html
    card = content.articles(query="血压").rows[0]
    assert f'href="/a/{card.id}/"' in html
    assert html.count("<li>") <= 6
    html = text_of(reader.get("/suggest/", {"q": "健康"}, headers={"HX-Request": "true"}))
    assert 'href="/discover/?topic=health"' in html
    assert "&lt;b&gt;" not in text_of(reader.get("/suggest/?q=<b>", headers={"HX-Request": "true"}))


def test_without_a_script_a_suggestion_is_a_search(site, reader):
    answer = reader.get("/suggest/", {"q": "血压&start=3"})
    assert answer.url == "/discover/?q=%E8%A1%80%E5%8E%8B%26start%3D3"
    assert "HX-Request" in answer["Vary"]


def test_discover_leads_to_what_was_saved(site, reader):
    assert 'href="/me/saved/"' in text_of(reader.get("/discover/"))


def test_odd_addresses_are_harmless(site, reader):
    for address in (
        "/?start=abc",
        "/?start=-5",
        "/?start=99999999999999",
        "/discover/?topic=nothing&start=7",
    ):
        assert reader.get(address).status_code == 200


def test_an_article_shows_its_whole(site, reader, django_assert_max_num_queries):
    shown = content.article(site.article)
    with django_assert_max_num_queries(3):  # one for the tabs: which parts are switched off
        html = text_of(reader.get(f"/a/{site.article}/"))
    assert shown.title in html
    assert shown.summary in html
    assert str(shown.body[0].html)[:60] in html
    for quiz in shown.quizzes:
        assert quiz.question in html
        assert quiz.explanation not in html
    for one in shown.references:
        assert one.title in html
    assert "登录或注册" in html
    assert "data-share" not in html


def test_an_article_offers_a_communicator_the_share_sheet(site, wang, django_assert_max_num_queries):
    with django_assert_max_num_queries(7):
        html = text_of(wang.get(f"/a/{site.article}/"))
    assert f'action="/a/{site.article}/share/"' in html
    assert re.search(r"今天还可以记 <span class=\"number\">300</span> 次", html)
    assert 'value="copy_link"' in html


def test_an_unknown_article_is_not_found_and_a_withdrawn_one_says_that_it_is_gone(site, reader):
    assert reader.get("/a/999999/").status_code == 404
    withdraw(site.article)
    gone = reader.get(f"/a/{site.article}/")
    assert gone.status_code == 410
    assert "不再显示" in gone.content.decode()


def test_a_forged_via_is_dropped(site, wang):
    assert 'name="via" value=""' in text_of(wang.get(f"/a/{site.article}/?via=forged"))


def test_only_asking_is_possible(site, reader):
    for address in ("/", "/discover/", f"/a/{site.article}/"):
        assert reader.post(address).status_code == 405
        assert Client(headers={"User-Agent": PHONE}).head(address).status_code == 200

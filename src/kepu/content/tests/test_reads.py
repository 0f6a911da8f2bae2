"""What the rest of the house gets to know about articles, and at what cost."""

from itertools import pairwise

import pytest
from django.core.files.base import ContentFile
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from PIL import Image as Drawing
from wagtail.images.models import Image

from kepu.content import covers, reads, writes
from kepu.content.rules import Picture, Reference, Suggestion, Text, Video
from kepu.content.tests.test_words import TITLES
from kepu.content.tests.written import AT, article
from kepu.kit.tests.depth import cases

pytestmark = pytest.mark.django_db


def uploaded(title: str = "照片") -> Image:
    """A stored picture of 1600 × 1200."""
    file = ContentFile(b"", name="photo.png")
    Drawing.new("RGB", (1600, 1200), "#2F7D5B").save(file, "PNG")
    return Image.objects.create(title=title, file=file)


@pytest.fixture
def media(settings, tmp_path):
    """A folder of its own for uploaded files."""
    settings.MEDIA_ROOT = tmp_path


def test_an_article_whole(django_assert_num_queries):
    body = [
        {"type": "text", "value": "<p>先<script>x</script>跑</p>"},
        {"type": "video", "value": {"url": "https://v.cn/1", "title": "演练"}},
        {
            "type": "quiz",
            "value": {"question": "问？", "options": ["甲", "乙"], "right": "B", "explanation": "因为"},
        },
    ]
    page = article("地震来了", topic="disaster", body=body, drawn_cover="earthquake")
    with django_assert_num_queries(1):
        found = reads.article(page.pk)
    assert (found.id, found.title, found.author, found.source) == (page.pk, "地震来了", "编辑", "原创")
    assert (found.topic_slug, found.topic_name) == ("disaster", "防灾避险")
    assert found.published_at == AT
    assert found.cover_url.endswith("content/covers/earthquake.svg")
    assert found.body == (Text("<p>先跑</p>"), Video("https://v.cn/1", "演练"))
    assert [(quiz.options, quiz.right) for quiz in found.quizzes] == [(("甲", "乙"), 1)]
    assert found.references == (Reference("指南", "卫生院", "", ""),)
    assert found.minutes == 1


@pytest.mark.parametrize(
    ("stored", "names"),
    [
        ("", ()),
        ("李医生（县人民医院）", ("李医生（县人民医院）",)),
        ("李医生、王站长， 张老师,", ("李医生", "王站长", "张老师")),
    ],
)
def test_reviewers_are_named_when_they_are_known(stored, names):
    assert reads.article(article("地震来了", reviewers=stored).pk).reviewers == names


@pytest.mark.parametrize("unknown", [0, -1, 999_999_999, 2**70])
def test_an_unknown_article_is_none(unknown, django_assert_max_num_queries):
    with django_assert_max_num_queries(1):
        assert reads.article(unknown) is None


def test_uploaded_pictures_cost_one_query_more(media, django_assert_num_queries):
    photo, other = uploaded(), uploaded()
    body = [
        {"type": "picture", "value": {"image": picture.pk, "alt": "稻田", "caption": ""}}
        for picture in (photo, other)
    ]
    page = article("水稻", body=body, cover=photo)
    with django_assert_num_queries(2):
        found = reads.article(page.pk)
    assert [type(block) for block in found.body] == [Picture, Picture]
    assert (found.body[0].width, found.body[0].height, found.body[0].alt) == (960, 720, "稻田")
    assert "640x360" in found.cover_url
    with django_assert_num_queries(2):
        assert reads.articles().rows[0].cover_url == found.cover_url
    photo.delete()
    assert [block.url for block in reads.article(page.pk).body] == [found.body[1].url]
    assert reads.article(page.pk).cover_url.endswith(".svg")


def test_a_list_is_newest_first_and_comes_in_pages(django_assert_num_queries):
    pages = [article(f"文章{age}", age=age) for age in range(5)]
    same_moment = [article("同刻甲", age=2), article("同刻乙", age=2)]
    with django_assert_num_queries(1):
        first = reads.articles(size=4)
    wanted = [pages[0], pages[1], *reversed(same_moment), pages[2], pages[3], pages[4]]
    rest = reads.articles(start=first.next_start, size=4)
    assert [card.id for card in [*first.rows, *rest.rows]] == [page.pk for page in wanted]
    assert rest.next_start is None


def test_a_topic_narrows_the_list():
    article("甲", topic="health")
    farming = article("乙", topic="farming")
    assert [card.id for card in reads.articles(topic="farming").rows] == [farming.pk]
    assert reads.articles(topic="farming", query="甲").rows == []
    assert reads.articles(topic="no-such").rows == []


def test_a_match_in_the_title_comes_before_one_in_the_summary_before_one_in_the_body(
    django_assert_num_queries,
):
    in_body = article("题目一", body=[{"type": "text", "value": "<p>地震</p>" * 5}])
    in_summary = article("题目二", summary="说说地震", age=1)
    in_title = article("说说地震", age=2)
    article("题目三")
    with django_assert_num_queries(1):
        found = reads.articles(query="地震")
    assert [card.id for card in found.rows] == [in_title.pk, in_summary.pk, in_body.pk]


@pytest.mark.parametrize(
    "query", ["'; DROP TABLE content_topic;--", "<script>", "%_%", "\x00地\x00", "🙂🙂", "啊" * 5000]
)
def test_no_query_does_harm(query):
    article("地震来了")
    reads.articles(query=query)
    assert reads.articles(query="地震").rows


@pytest.mark.parametrize("query", ["！？", "——", " \u3000 ，"])
def test_a_query_of_marks_alone_finds_nothing_or_is_none(query):
    article("地震来了")
    assert len(reads.articles(query=query).rows) == 0


TYPED = {
    "地震": "地震来了",
    "高血压": "高血压没感觉",
    "电信诈骗": "一听“转账”",
    "煤气": "烤火取暖",
    "狗咬": "被狗咬",
    "候鸟": "洞庭湖",
    "黄曲霉毒素": "花生玉米",
    "中风怎么认": "记住“120”",
    "老年人怎么预防摔倒": "老人防跌倒",
}


def test_the_sample_articles_are_found_by_what_people_type_and_by_any_piece_of_a_title():
    writes.load_sample_articles(AT)
    firsts = {query: reads.articles(query=query).rows[0].title for query in TYPED}
    assert {query: title[: len(TYPED[query])] for query, title in firsts.items()} == TYPED
    for card in reads.articles(size=20).rows:
        for left, right in pairwise(card.title):
            if left.isalnum() or right.isalnum():
                found = reads.articles(query=left + right, size=100).rows
                assert card.id in {one.id for one in found}, (left + right, card.title)


class AnyTitle(TestCase):
    """The database agrees with `words`: hypothesis makes titles, the index finds their pieces."""

    @settings(max_examples=cases(15), deadline=None)
    @given(TITLES.filter(lambda title: any(char.isalnum() for char in title)), st.data())
    def test_any_two_characters_of_a_title_find_it(self, title, data):
        page = article(title, slug="any")
        place = data.draw(st.integers(0, len(title) - 2))
        piece = title[place : place + 2]
        found = {card.id for card in reads.articles(query=piece).rows}
        assert (page.pk in found) is any(char.isalnum() for char in piece)


def test_suggestions_are_topics_then_articles_and_six_at_most(django_assert_num_queries):
    pages = [article(f"健康第{place}问", topic="food", age=place) for place in range(8)]
    article("健康的草稿", live=False)
    with django_assert_num_queries(2):
        found = reads.suggestions(" 健康 ")
    assert found[0] == Suggestion("健康生活", topic="health")
    assert [one.article for one in found[1:]] == [page.pk for page in pages[:5]]
    assert [one.name for one in reads.suggestions("第7问")] == ["健康第7问"]
    assert reads.suggestions("没有这样的") == []
    with django_assert_num_queries(0):
        for nothing in ("", "  ", "？！"):
            assert reads.suggestions(nothing) == []


def test_topics_count_what_is_published(django_assert_num_queries):
    article("甲", topic="health")
    article("乙", topic="health", live=False)
    article("丙", topic="food")
    with django_assert_num_queries(1):
        counted = {topic.slug: topic.articles for topic in reads.topics()}
    assert counted == {"health": 1, "farming": 0, "disaster": 0, "food": 1, "digital": 0, "nature": 0}


def test_titles_and_published_ids(django_assert_num_queries):
    live, drawn_back = article("甲"), article("乙", live=False)
    with django_assert_num_queries(1):
        assert reads.published_ids() == frozenset({live.pk})
    with django_assert_num_queries(1):
        assert reads.titles([live.pk, drawn_back.pk, 0]) == {live.pk: "甲", drawn_back.pk: "乙"}
    with django_assert_num_queries(0):
        assert reads.titles([]) == {}


def test_related_articles_are_of_the_same_topic_first(django_assert_num_queries):
    here = article("这里", topic="food")
    same = article("同类", topic="food", age=9)
    new, old = article("新的"), article("旧的", age=3)
    article("撤下的", topic="food", live=False)
    with django_assert_num_queries(1):
        found = reads.related(here.pk, 2)
    assert [card.id for card in found] == [same.pk, new.pk]
    assert [card.id for card in reads.related(here.pk)] == [same.pk, new.pk, old.pk]
    assert reads.related(999_999) == reads.related(2**70) == []


@pytest.mark.parametrize(
    "address", ["/static/content/covers/falls.svg", "/static/content/covers/falls.0123456789ab.svg"]
)
def test_the_file_of_a_drawn_cover_is_found_by_its_address(address):
    assert covers.file_of(address).name == "falls.svg"
    assert covers.file_of(address).is_file()
    assert covers.file_of("/static/content/covers/../../x.svg").name == "open-book.svg"

"""An editor's pages in the back office: in Chinese, with the checks that keep articles sound."""

import re
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.test import Client
from wagtail.models import Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from kepu.content import blocks, models, reads, writes
from kepu.content.rules import Reference
from kepu.content.tests.written import AT, QUIZ, article, scoped

pytestmark = pytest.mark.django_db
OURS = "kepu.people.sessions.session_middleware"
DJANGOS = "django.contrib.auth.middleware.AuthenticationMiddleware"
# What a person reads of a page: no scripts, styles, tags.
UNSEEN = re.compile(r"<(script|style|template|svg)\b.*?</\1>|<[^>]+>", re.DOTALL)


@pytest.fixture
def editor(settings) -> Client:
    """A browser signed in to the back office."""
    settings.MIDDLEWARE = [DJANGOS if name == OURS else name for name in settings.MIDDLEWARE]
    settings.KEPU_DEVELOPMENT = True  # walks in without a second factor
    settings.AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
    account = get_user_model().objects.create(
        phone_index="editor",
        display_name="编辑",
        book=430623,
        is_staff=True,
        is_superuser=True,
        created_at=AT,
    )
    scoped(account, "Editors")
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(account)
    return client


def seen(client: Client, address: str) -> str:
    """The words of a page that opens."""
    response = client.get(address)
    assert response.status_code == 200, (address, response.status_code)
    return UNSEEN.sub(" ", response.content.decode())


def test_the_list_of_articles(editor):
    page = article("地震来了")
    index = models.ArticleIndex.objects.get()
    words = seen(editor, f"/admin/pages/{index.pk}/")
    assert "地震来了" in words
    assert "文章" in words
    assert f'href="/a/{page.pk}/"' in editor.get(f"/admin/pages/{index.pk}/").content.decode()


def test_the_form_of_an_article_is_in_chinese(editor):
    page = article("地震来了")
    words = seen(editor, f"/admin/pages/{page.pk}/edit/")
    for label in ("摘要", "主题", "作者", "来源", "插画封面", "上传的封面", "正文", "参考资料"):
        assert label in words, label
    for foreign in ("Article summary", "Topic", "Drawn cover", "Publish", "Where it belongs", "Save draft"):
        assert foreign not in words, foreign


def send(client: Client, **changes: object) -> Any:
    """The answer to a filled-in form for a new article, asked to be published and to be reviewed."""
    writes.prepare_content()
    sent = {
        "title": "春季防火：烧田埂要小心",
        "summary": "清明前后风大草干，烧田埂容易引着山林。",
        "topic": models.Topic.objects.get(slug="disaster").pk,
        "author": "村干部",
        "source": "原创",
        "drawn_cover": "open-book",
        "cover": "",
        "body": streamfield([("text", rich_text("<h2>为什么</h2><p>风大。<b>别点火</b></p>"))]),
        "references": streamfield(
            [("reference", {"title": "森林防火条例", "publisher": "国务院", "year": "2008", "url": ""})]
        ),
        "comments": inline_formset([]),
        "action-publish": "1",
        "action-submit": "1",
    }
    index = models.ArticleIndex.objects.get()
    return client.post(f"/admin/pages/add/content/articlepage/{index.pk}/", nested_form_data(sent | changes))


def test_the_form_for_a_new_article_opens(editor):
    writes.prepare_content()
    index = models.ArticleIndex.objects.get()
    assert "摘要" in seen(editor, f"/admin/pages/add/content/articlepage/{index.pk}/")


def test_what_an_editor_sends_stays_a_draft_whatever_the_form_asks_for(editor):
    assert send(editor, **{"action-submit": ""}).status_code == 302
    page = models.ArticlePage.objects.get(title="春季防火：烧田埂要小心")
    assert (page.live, page.topic.name) == (False, "防灾避险")
    page.get_latest_revision().publish(skip_permission_checks=True)
    found = reads.article(page.pk)
    assert found.references == (Reference("森林防火条例", "国务院", "2008", ""),)
    assert found.body[0].html.startswith("<h2>为什么</h2><p>风大。<strong>别点火</strong></p>")


@pytest.mark.parametrize(
    "lacking",
    [
        {"references": streamfield([])},
        {"body": streamfield([])},
        {"summary": ""},
        {"summary": "长" * 121},
        {"topic": ""},
        {"author": ""},
        {"drawn_cover": "no-such-drawing"},
    ],
    ids=lambda lacking: next(iter(lacking)),
)
def test_what_lacks_something_is_not_sent_to_review(editor, lacking):
    response = send(editor, **lacking)
    assert list(response.context["form"].errors) == list(lacking)
    assert not models.ArticlePage.objects.exists()


def test_the_options_of_each_question_are_lettered_from_a():
    page = article("地震来了", body=[blocks.stored_quiz(QUIZ), blocks.stored_quiz(QUIZ)])
    shown = render_to_string("content/_quizzes.html", {"article": reads.article(page.pk)})
    assert re.findall(r"([A-D]) · ", shown) == ["A", "B", "A"] * 2


@pytest.mark.parametrize("word", ["地震", "震来", "来了", "地震来了"])
def test_the_back_office_finds_an_article_by_a_piece_of_its_title(editor, word):
    page = article("大地震来了怎么办")
    article("山洪")
    index = models.ArticleIndex.objects.get()
    response = editor.get(f"/admin/pages/{index.pk}/", {"q": word})
    assert f"/admin/pages/{page.pk}/edit/" in response.content.decode()
    assert "山洪" not in UNSEEN.sub(" ", response.content.decode())


def test_topics_have_a_page_of_their_own(editor):
    writes.prepare_content()
    words = seen(editor, "/admin/snippets/content/topic/")
    assert "健康生活" in words
    assert "主题" in words
    seen(editor, "/admin/snippets/content/topic/add/")


def test_a_draft_is_previewed_with_the_parts_of_its_public_page(editor):
    page = article("地震来了")
    page.title = "还没发的题目"
    page.save_revision()
    words = seen(editor, f"/admin/pages/{page.pk}/view_draft/")
    assert "还没发的题目" in words
    assert "参考资料" in words
    assert QUIZ.question in words


def test_an_article_knows_its_public_address(settings):
    settings.WAGTAILADMIN_BASE_URL = "https://kepu.example"
    page = article("地震来了")
    assert (page.url, page.full_url) == (f"/a/{page.pk}/", f"https://kepu.example/a/{page.pk}/")
    assert Page.objects.get(pk=page.pk).specific.get_url_parts()[2] == f"/a/{page.pk}/"
    assert page.serve(None)["Location"] == f"/a/{page.pk}/"
    index = models.ArticleIndex.objects.get()
    assert (index.url, index.serve(None)["Location"]) == ("/", "/")


def test_there_is_one_list_and_nothing_else_hangs_in_the_tree():
    writes.prepare_content()
    index = models.ArticleIndex.objects.get()
    assert models.ArticleIndex.allowed_subpage_models() == [models.ArticlePage]
    assert models.ArticlePage.allowed_subpage_models() == []
    assert not models.ArticleIndex.can_create_at(index.get_parent())


QUIZZES = [
    ({}, True),
    ({"options": ["甲"]}, False),
    ({"options": ["甲", "甲"]}, False),
    ({"options": list("甲乙丙丁戊")}, False),
    ({"right": "C"}, False),
    ({"right": "E"}, False),
    ({"explanation": ""}, False),
    ({"question": ""}, False),
]


@pytest.mark.parametrize(("change", "sound"), QUIZZES)
def test_only_fair_questions_are_kept(change, sound):
    block = blocks.QuizBlock()
    value = block.to_python({**blocks.stored_quiz(QUIZ)["value"], **change})
    assert accepted(block, value) is sound


def test_only_https_videos_are_linked():
    block = blocks.VideoBlock()
    assert accepted(block, block.to_python({"url": "https://v.cn/1", "title": "演练"}))
    assert not accepted(block, block.to_python({"url": "http://v.cn/1", "title": "演练"}))


def test_a_picture_needs_words_for_people_who_cannot_see_it():
    assert blocks.PictureBlock().child_blocks["alt"].required


def accepted(block: blocks.blocks.Block, value: object) -> bool:
    """Whether the editor's form takes this value."""
    try:
        block.clean(value)
    except ValidationError:
        return False
    return True

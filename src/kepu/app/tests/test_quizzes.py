"""The questions under an article: answered with and without a script, once, and told plainly."""

import re
from datetime import timedelta

import pytest

from kepu.app.rules import link_of
from kepu.app.tests.conftest import NOON
from kepu.campaigns import writes as campaigns
from kepu.campaigns.rules import Kind
from kepu.content import reads as content
from kepu.ledger import reads as ledger
from kepu.ledger.links import link_token
from kepu.ledger.models import Book
from kepu.points.models import QuizResult
from kepu.points.rules import PAUSE
from kepu.points.tests.conftest import sheet_text


@pytest.fixture
def rewarded(site):
    """Quizzes earn points."""
    published = campaigns.publish_sheet(sheet_text(), by="张三", signed_off_by="李四", now=NOON)
    assert not isinstance(published, list), published
    return site


def answers(site, *, right=True):
    quizzes = content.article(site.article).quizzes
    chosen = [each.right for each in quizzes]
    if not right:
        chosen[0] = (chosen[0] + 1) % len(quizzes[0].options)
    return {f"answer-{number}": str(choice) for number, choice in enumerate(chosen)}


def address(site):
    return f"/a/{site.article}/quiz/"


def text_of(response):
    return response.content.decode()


def quiz_entries(person):
    return [each for each in ledger.statement(person, None, 50) if each.kind == Kind.QUIZ]


def test_the_article_asks_and_says_what_it_earns(rewarded, wang, reader):
    html = text_of(wang.get(f"/a/{rewarded.article}/"))
    assert f'action="{address(rewarded)}"' in html
    assert "全对得 5 分，只计一次" in html
    quizzes = content.article(rewarded.article).quizzes
    assert html.count('type="radio"') == sum(len(each.options) for each in quizzes)
    assert "分，只计一次" not in text_of(reader.get(f"/a/{rewarded.article}/"))


def test_all_right_earns_once(rewarded, wang, django_assert_max_num_queries):
    wang.get("/me/")
    with django_assert_max_num_queries(28):
        html = text_of(wang.post(address(rewarded), answers(rewarded)))
    assert "全部答对！得 5 分。" in html
    assert "已全部答对" in html
    again = text_of(wang.post(address(rewarded), answers(rewarded, right=False)))
    assert "已全部答对" in again
    assert "交卷" not in again
    assert [each.points for each in quiz_entries(rewarded.wang)] == [5]
    assert "已全部答对" in text_of(wang.get(f"/a/{rewarded.article}/"))


def test_a_wrong_answer_says_how_many_never_which_and_pauses(rewarded, wang, noon):
    html = text_of(wang.post(address(rewarded), answers(rewarded, right=False)))
    quizzes = content.article(rewarded.article).quizzes
    assert f"{len(quizzes)} 题答对 {len(quizzes) - 1} 题" in html
    assert all(each.explanation in html for each in quizzes)
    assert "6月21日 12:10 以后可以重答" in html
    assert "交卷" not in html
    assert quiz_entries(rewarded.wang) == []
    noon[0] += PAUSE + timedelta(seconds=1)
    assert "全部答对" in text_of(wang.post(address(rewarded), answers(rewarded)))


def test_within_the_pause_nothing_is_marked_or_explained(rewarded, wang):
    wang.post(address(rewarded), answers(rewarded, right=False))
    for again in (wang.post(address(rewarded), answers(rewarded)), wang.get(address(rewarded))):
        html = text_of(again)
        assert "12:10" in html
        assert "题答对" not in html
        assert content.article(rewarded.article).quizzes[0].explanation not in html
    assert quiz_entries(rewarded.wang) == []


def test_each_wrong_question_looks_like_each_right_one(rewarded, wang, li):
    """But for the letter one chose oneself, a page tells nothing of a question."""
    quizzes = content.article(rewarded.article).quizzes
    pages = []
    for browser, wrong in ((wang, 0), (li, len(quizzes) - 1)):
        chosen = [(each.right + (number == wrong)) % len(each.options) for number, each in enumerate(quizzes)]
        stated = {f"answer-{number}": str(choice) for number, choice in enumerate(chosen)}
        html = text_of(browser.post(address(rewarded), stated, headers={"HX-Request": "true"}))
        pages.append(re.sub(r"您选了 .*?</p>", "", html))
    assert len(quizzes) > 1
    assert pages[0] == pages[1]


@pytest.mark.parametrize("stated", [{}, {"answer-0": "99"}, {"answer-0": "<b>"}, {"answer-1": "0"}])
def test_what_is_missing_is_told_and_the_rest_stays_chosen(rewarded, wang, stated):
    html = text_of(wang.post(address(rewarded), stated))
    assert re.search(r"第 [\d、]+ 题还没有选", html)
    assert html.count(" checked") == (1 if stated == {"answer-1": "0"} else 0)
    assert not QuizResult.objects.exists()


def test_htmx_gets_the_questions_alone(rewarded, wang):
    response = wang.post(address(rewarded), answers(rewarded), headers={"HX-Request": "true"})
    assert "<html" not in text_of(response)
    assert 'id="quiz"' in text_of(response)
    assert "HX-Request" in response["Vary"]


def test_a_visitor_compares_and_is_told_the_same_whatever_they_answer(rewarded, reader):
    pages = [
        re.sub(
            r" checked|name=.csrf.*?>",
            "",
            text_of(reader.post(address(rewarded), answers(rewarded, right=right))),
        )
        for right in (True, False)
    ]
    assert pages[0] == pages[1]
    assert content.article(rewarded.article).quizzes[0].explanation in pages[0]
    assert "对照下面的解释" in pages[0]
    assert f'href="/sign-in/?next=/a/{rewarded.article}/quiz/"' in pages[0]
    assert not QuizResult.objects.exists()


def test_before_the_certification_it_waits(rewarded, newcomer):
    html = text_of(newcomer.post(address(rewarded), answers(rewarded)))
    assert "做完实名认证就会记上" in html
    assert 'href="/me/certification/"' in html
    assert QuizResult.objects.get().is_held


def test_a_full_day_is_told(rewarded, wang):
    for page in content.articles(size=4).rows:
        shown = content.article(page.id)
        stated = {f"answer-{number}": str(each.right) for number, each in enumerate(shown.quizzes)}
        html = text_of(wang.post(f"/a/{page.id}/quiz/", stated))
    assert "今天答题计分的次数已满" in html
    assert sorted(each.points for each in quiz_entries(rewarded.wang)) == [0, 5, 5, 5]


def test_a_page_of_its_own_without_a_script(rewarded, wang, reader):
    assert "交卷" in text_of(wang.get(address(rewarded)))
    assert "交卷" in text_of(reader.get(address(rewarded)))
    assert wang.get("/a/999999/quiz/").status_code == 404
    assert wang.put(address(rewarded)).status_code == 405


def test_what_is_refused_is_told_as_something_that_comes_by_itself(rewarded, wang):
    Book.objects.update(code=430624)  # no book of the county is open
    assert "稍后会自动再记" in text_of(wang.post(address(rewarded), answers(rewarded)))


def test_a_shared_page_asks_and_says_nothing_of_what_is_right(rewarded, wang, reader, settings):
    wang.post(f"/a/{rewarded.article}/share/", {"channel": "copy_link"})
    share = ledger.shares_of(rewarded.wang, 1)[0]
    token = link_token(settings.KEPU_KEYS.link, link_of(share))
    quizzes = content.article(rewarded.article).quizzes
    for shown in (
        wang.get(f"/s/{token}/"),
        reader.get(f"/s/{token}/"),
        reader.get(f"/a/{rewarded.article}/shared/"),
    ):
        html = text_of(shown)
        assert "/quiz/" not in html
        assert f'href="/a/{rewarded.article}/#quiz"' in html
        assert "正确" not in html
        for each in quizzes:
            assert each.question in html
            assert each.explanation not in html
            assert all(f"{option}</li>" in html for option in each.options)

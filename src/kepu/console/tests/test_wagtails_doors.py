"""Wagtail's own addresses answer an empty or nonsensical form clearly, and change nothing by it."""

from typing import Any

import pytest
from django.test import Client
from django.utils.regex_helper import normalize
from wagtail.models import Page

from kepu.console.tests.conftest import enter
from kepu.console.tests.test_matrix import _value, every_route
from kepu.content import reads as articles
from kepu.content import writes as content
from kepu.kit import clock
from kepu.people.rules import Role
from kepu.people.tests import land

NOWHERE = 99_999
FORMS: tuple[dict[str, str], ...] = (
    {},
    {"id": "abc", "q": "\x00", "p": "x", "next": "//evil.example", "new_title": "x", "new_slug": "\x00"},
)


@pytest.fixture
def editor(db: None, client: Client) -> Client:
    """Somebody who may do with articles all that staff may."""
    land.settle()
    content.load_sample_articles(clock.now())
    enter(client, 70, Role.OPERATOR, "")
    client.raise_request_exception = False
    return client


@pytest.fixture
def pages(editor: Client) -> tuple[int, int]:
    """A published article and what it hangs under."""
    article = min(articles.published_ids())
    parent = Page.objects.get(pk=article).get_parent()
    assert parent is not None
    return article, parent.pk


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_no_form_however_empty_breaks_an_address_of_wagtails(editor: Client, pages: tuple[int, int]) -> None:
    broken, asked = set(), set()
    before = Page.objects.count()
    for name, pattern in every_route():
        if not pattern.startswith("admin/") or name.startswith("console_"):
            continue
        template, parameters = normalize(pattern)[0]
        for page in (*pages, NOWHERE):
            world = {"article": page, "parent": pages[1]}
            path = "/" + template % {each: _value(world, each, None, "") for each in parameters}
            if path in asked:
                continue
            asked.add(path)
            broken |= {(name, path) for form in FORMS if editor.post(path, form).status_code >= 500}
    assert not broken
    assert len(asked) > 150
    assert Page.objects.count() >= before - 1, (
        "an empty form confirms at most the one deletion it was sent to"
    )


def test_an_empty_copy_or_article_is_told_that_the_form_is_not_complete(
    editor: Client, pages: tuple[int, int]
) -> None:
    article, parent = pages
    for path in (f"{article}/copy/", f"{article}/edit/", f"add/content/articlepage/{parent}/"):
        answer = editor.post(f"/admin/pages/{path}")
        assert (answer.status_code, "表单不完整" in text(answer)) == (400, True), path
        assert f'href="/admin/pages/{path}"' in text(answer)


def test_a_link_without_an_address_is_asked_for_one(editor: Client) -> None:
    for form in ({}, {"external-link-chooser-url": ""}):
        answer = editor.post("/admin/choose-external-link/", form)
        assert (answer.status_code, answer.json()["step"]) == (200, "external_link")
        assert "error-message" in answer.json()["html"]

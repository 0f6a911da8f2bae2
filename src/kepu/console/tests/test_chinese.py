"""No English word is left on any page of the back office, ours or Wagtail's, for whatever role."""

import json
import re
from html import unescape
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import Resolver404, resolve

from kepu.console.tests.conftest import enter
from kepu.content.models import Announcement, Designation
from kepu.content.tests.written import AT, article
from kepu.people.rules import Role
from kepu.people.tests import land
from kepu.people.tests.land import COUNTY, TOWN
from tools.messages import WAGTAILS, wagtails_troubles

pytestmark = pytest.mark.django_db
PAGES_MAX = 80
# Names of formats, keys and the like, which are the same in Chinese.
KEPT = {
    "xlsx", "xls", "csv", "ods", "rss", "atom", "url", "svg", "mb", "kb", "utf", "gbk", "pdf", "html", "http",
    "https", "jpg", "jpeg", "png", "webp", "gif", "avif", "ctrl", "alt", "shift", "esc", "enter", "tab", "h1",
    "h2", "h3", "h4", "h5", "h6", "id", "ip", "sms", "api", "app", "wechat", "windows", "edge", "totp",
    "docx", "word", "excel",
}  # fmt: skip
LATIN = re.compile(r"[A-Za-z]{2,}")
SHOWN = ("aria-label", "title", "placeholder", "alt", "data-w-tooltip-content-value", "label")
UNSEEN = {"script", "style", "template", "code", "kbd"}


class Words(HTMLParser):
    """What a person reads or hears of a page, and where its links lead."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.links: list[str] = []
        self._unseen = 0
        self._hidden: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._unseen += tag in UNSEEN
        if "hidden" in given or tag in self._hidden:
            self._hidden.append(tag)
        self.texts += [given[name] or "" for name in SHOWN if name in given and tag not in ("input", "html")]
        if tag == "a":
            self.links.append(given.get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in UNSEEN
        if self._hidden and self._hidden[-1] == tag:
            self._hidden.pop()

    def handle_data(self, data: str) -> None:
        if not self._unseen and not self._hidden:
            self.texts.append(data)


def english(page: str) -> list[str]:
    """The texts with a Latin word that is not KEPT."""
    menu = re.search(r'id="wagtail-sidebar-props"[^>]*>(.*?)</script>', page, re.DOTALL)
    labels = re.findall(r'"label": "((?:[^"\\]|\\.)*)"', unescape(menu.group(1))) if menu else []
    texts = [json.loads(f'"{label}"') for label in labels] + Words(page).texts
    return [
        " ".join(text.split())
        for text in texts
        if any(
            word.lower() not in KEPT
            for word in LATIN.findall(re.sub(r"https?://\S+|/[\w/.-]+|\S+\.(?:jpe?g|png|svg)", "", text))
        )
    ]


ROLES = [
    (Role.OPERATOR, ""),
    (Role.COUNTY_OFFICER, COUNTY),
    (Role.TOWN_CLERK, TOWN),
    (Role.UNIT_CLERK, "430623110001"),
    (Role.EDITOR, ""),
    (Role.REVIEWER_2, ""),
    (Role.AUDITOR, COUNTY),
]


def started() -> list[str]:
    """Addresses to begin at: the list, an article in every state, choosers, snippets with rows."""
    live, draft = article("已发的文章"), article("草稿", live=False)
    draft.save_revision()
    Designation.objects.create(article=live, first_day=AT.date(), last_day=AT.date())
    Announcement.objects.create(text="通知", shown_from=AT, shown_until=AT.replace(year=2030))
    index = live.get_parent().pk
    return [
        "/admin/",
        f"/admin/pages/{index}/",
        f"/admin/pages/add/content/articlepage/{index}/",
        *(
            f"/admin/pages/{page.pk}/{each}/"
            for page in (live, draft)
            for each in ("edit", "history", "delete")
        ),
        *(
            f"/admin/pages/{page.pk}/{each}/"
            for page in (live, draft)
            for each in ("copy", "usage", "workflow_history")
        ),
        f"/admin/pages/{draft.pk}/view_draft/",
        "/admin/images/",
        "/admin/images/add/",
        "/admin/images/chooser/",
        "/admin/choose-page/",
        "/admin/choose-external-link/",
    ]


def walked(client: Client, begin: list[str]) -> dict[str, list[str]]:
    """The English of each page that opens: every view once, following links inside the back office."""
    todo, seen, found = list(begin), set(), {}
    starts = set(begin)
    while todo and len(found) < PAGES_MAX:
        path = todo.pop(0)
        try:
            name = resolve(path).view_name
        except Resolver404:
            continue
        key = path if path in starts else name
        if key in seen or any(
            skipped in path for skipped in ("logout", "/file/", "jsi18n", "sprite", "/account/")
        ):
            continue
        seen.add(key)
        answer = client.get(path)
        if answer.status_code != 200 or answer.streaming:
            continue
        kind, page = answer.headers["Content-Type"], answer.content.decode()
        if "json" in kind:
            page = json.loads(page).get("html", "")
        found[path] = english(page)
        links = [urlsplit(link).path for link in [*Words(page).links, *re.findall(r'"url": "([^"]+)"', page)]]
        todo += [link for link in links if link.startswith("/admin/")]
    return found


@pytest.mark.parametrize(("role", "division"), ROLES, ids=[role.value for role, _ in ROLES])
def test_no_english_is_left(client: Client, role: Role, division: str) -> None:
    land.settle()
    enter(client, 90, role, division)
    found = walked(client, started())
    assert found
    assert {path: words for path, words in found.items() if words} == {}


def test_wagtails_scripts_get_the_words_they_lack(client: Client) -> None:
    land.settle()
    enter(client, 90, Role.EDITOR, "")
    assert json.dumps("网络出错。") in client.get("/admin/jsi18n/").content.decode()


def test_the_words_for_wagtail_are_compiled_and_keep_their_parts() -> None:
    assert wagtails_troubles() == []
    assert all(path.exists() for path in WAGTAILS)

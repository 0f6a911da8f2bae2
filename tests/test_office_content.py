"""An article goes through three reviewers to publication, and their names are printed with it.

With $KEPU_SCREENS=1 the screenshots replace those in docs/screens.
"""

import json

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsing import Shots, signed_in
from tests.live import LiveSite

pytestmark = pytest.mark.journey
DESK, PHONE = {"width": 1280, "height": 800}, {"width": 360, "height": 740}
STAFF = """
import json
from django.conf import settings
from kepu.content import models, writes as content
from kepu.kit import clock
from kepu.people import writes
from kepu.people.models import Account
from kepu.people.rules import Role, Session, session_token
from kepu.people.writes.staff_sessions import open_staff_session
now = clock.now()
content.prepare_content()
names = ("文编辑", "李一审", "王二审", "张三审")
roles = (Role.EDITOR, Role.REVIEWER_1, Role.REVIEWER_2, Role.REVIEWER_3)
tokens, accounts = [], []
for place, (name, role) in enumerate(zip(names, roles)):
    account = writes.open_staff_account(f"1380000006{place}", name, None, 430623, now)
    writes.grant_scope(account, role, "", now)
    version = Account.objects.get(pk=account).session_version
    token = session_token(settings.KEPU_KEYS.session, Session(account, version, int(now.timestamp())))
    tokens.append([token, open_staff_session(account, "127.0.0.0/24", "Windows · Edge", now)])
    accounts.append(account)
page = models.ArticlePage(
    title="秋冬用火要当心",
    topic=models.Topic.objects.get(slug="disaster"), live=False, owner_id=accounts[0],
    summary="天干物燥，烧田埂容易引着山林。", author="文编辑", source="原创",
    body=[{"type": "text", "value": "<h2>为什么</h2><p>风大草干，火星能飞几十米。</p>"}],
    references=[{"type": "reference", "value": {"title": "森林防火条例", "publisher": "国务院"}}],
)
models.ArticleIndex.objects.get().add_child(instance=page)
page.save_revision(user=page.owner)
print(json.dumps([page.pk, tokens]))
"""


def desk(browser: Browser, site: LiveSite, tokens: list[str]) -> Page:
    """A window of the back office for whoever owns these tokens."""
    context = browser.new_context(viewport=DESK, locale="zh-CN")
    signed_in(context, site, tokens[0])
    context.add_cookies([{"name": "kepu_staff", "value": tokens[1], "url": f"{site.url}/admin/"}])
    return context.new_page()


def test_an_article_goes_through_three_reviewers(browser: Browser, site: LiveSite, shoot: Shots) -> None:
    article, tokens = json.loads(site.python(STAFF))
    writer = desk(browser, site, tokens[0])
    writer.goto(f"{site.url}/admin/pages/{article}/edit/")
    shoot.take(writer, "office-article-edit")
    writer.locator("footer [data-w-dropdown-target=toggle]").click()
    writer.get_by_role("button", name="提交给三审").click()
    writer.wait_for_load_state("load")
    for step, mine in enumerate(tokens[1:], start=1):
        page = desk(browser, site, mine)
        page.goto(f"{site.url}/admin/articles/reviews/")
        shoot.take(page, f"office-reviews-{step}")
        page.get_by_role("link", name="秋冬用火要当心").click()
        expect(page.get_by_text("火星能飞几十米")).to_be_visible()
        shoot.take(page, f"office-review-{step}", full=True)
        page.get_by_role("button", name="通过").click()
        expect(page.get_by_text("没有等您审的文章")).to_be_visible()
    reader = browser.new_context(viewport=PHONE, locale="zh-CN").new_page()
    reader.goto(f"{site.url}/a/{article}/")
    expect(reader.get_by_text("李一审、王二审、张三审")).to_be_visible()
    shoot.take(reader, "article-reviewed")
    for path in ("days", "feeds", f"{article}/statistics", f"{article}/withdraw"):
        writer.goto(f"{site.url}/admin/articles/{path}/")
        shoot.take(writer, "office-article-" + path.rpartition("/")[2])

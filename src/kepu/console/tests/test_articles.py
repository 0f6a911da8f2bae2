"""Reviewing, withdrawing and importing articles in the back office; who may do which."""

import re
from datetime import date

import pytest
from django.test import Client

from kepu.audit.models import Kept
from kepu.console.tasks import articles as tasks
from kepu.console.tests.conftest import enter
from kepu.content import models, reads
from kepu.content.rules import REVIEW_GROUPS, WRITING_GROUP
from kepu.content.tests.test_importing import RSS, serve
from kepu.content.tests.written import article
from kepu.content.writes import feeds as feed_writes
from kepu.jobs.models import JobRow
from kepu.jobs.writes import run_next
from kepu.kit import clock
from kepu.people.models import Notice
from kepu.people.rules import Role
from kepu.people.tests import land
from kepu.people.tests.land import COUNTY
from kepu.people.writes.staff import CONTENT_GROUPS
from kepu.standings import tasks as standings
from kepu.standings.tests import town

pytestmark = pytest.mark.django_db


def browser(number: int, role: Role, division: str = "") -> tuple[Client, int]:
    """Somebody with one role, signed in, and their account."""
    client = Client()
    return client, enter(client, number, role, division, name="审稿" + "一二三四五六七八九"[number % 9])


@pytest.fixture
def settled(db: None) -> None:
    land.settle()


def sent(owner: int) -> models.ArticlePage:
    """An article that its writer sent to review."""
    page = article("地震来了", live=False, owner_id=owner, first_published_at=None)
    user = page.owner
    page.save_revision(user=user)
    page.get_workflow().start(page, user)
    return page


def test_both_rooms_call_the_groups_by_the_same_names() -> None:
    assert set(CONTENT_GROUPS.values()) == {WRITING_GROUP, *REVIEW_GROUPS.values()}


def test_an_article_goes_through_three_reviewers(settled, django_assert_max_num_queries) -> None:
    _writer, owner = browser(70, Role.EDITOR)
    page = sent(owner)
    names = []
    for step, role in enumerate((Role.REVIEWER_1, Role.REVIEWER_2, Role.REVIEWER_3), start=1):
        client, account = browser(70 + step, role)
        with django_assert_max_num_queries(20):
            assert "地震来了" in client.get("/admin/articles/reviews/").content.decode()
        state = page.current_workflow_state.current_task_state.pk
        with django_assert_max_num_queries(40):
            shown = client.get(f"/admin/articles/reviews/{state}/").content.decode()
        assert "正文" in shown
        assert (
            client.post(f"/admin/articles/reviews/{state}/decide/", {"action": "reject"}).status_code == 400
        )
        answer = client.post(f"/admin/articles/reviews/{state}/decide/", {"action": "approve"})
        assert answer.status_code == 302
        names.append(models.ArticlePage._meta.get_field("owner").related_model.objects.get(pk=account))
    assert reads.article(page.pk).reviewers == tuple(each.display_name for each in names)


def test_a_writer_finds_drafts_what_waits_and_what_came_back(settled, django_assert_max_num_queries) -> None:
    writer, owner = browser(70, Role.EDITOR)
    page = sent(owner)

    def shelves() -> dict[str, str]:
        with django_assert_max_num_queries(20):
            shown = writer.get("/admin/articles/mine/").content.decode()
        assert writer.get("/admin/").content.decode().count("地震来了") == 1
        parts = re.findall(r'<section class="article-shelf"><h2>(\S+) .*?</section>', shown, re.DOTALL)
        bodies = re.findall(r'<section class="article-shelf">.*?</section>', shown, re.DOTALL)
        return {name: body for name, body in zip(parts, bodies, strict=True) if "地震来了" in body}

    assert list(shelves()) == ["审核中"]
    assert "一审" in shelves()["审核中"]
    reviewer, _account = browser(71, Role.REVIEWER_1)
    state = page.current_workflow_state.current_task_state.pk
    said = {"action": "reject", "comment": "数字请核对"}
    assert reviewer.post(f"/admin/articles/reviews/{state}/decide/", said).status_code == 302
    assert "数字请核对" in shelves()["退回给我的"]
    page.current_workflow_state.cancel()
    assert list(shelves()) == ["我的草稿"]
    assert "地震来了" not in browser(75, Role.EDITOR)[0].get("/admin/articles/mine/").content.decode()
    assert reviewer.get("/admin/articles/mine/").status_code == 404
    under = writer.get("/admin/articles/write/").headers["Location"]
    assert under.startswith("/admin/pages/add/content/articlepage/")


def test_a_reviewer_sees_only_the_own_step(settled) -> None:
    _writer, owner = browser(70, Role.EDITOR)
    page = sent(owner)
    second, _account = browser(72, Role.REVIEWER_2)
    state = page.current_workflow_state.current_task_state.pk
    assert "地震来了" not in second.get("/admin/articles/reviews/").content.decode()
    assert second.get(f"/admin/articles/reviews/{state}/").status_code == 404
    second.post(f"/admin/articles/reviews/{state}/decide/", {"action": "approve"})
    assert page.current_workflow_state.current_task_state.pk == state


PAGES = ("reviews/", "days/", "feeds/", "{page}/statistics/", "{page}/withdraw/", "{page}/emergency/")
ROLES = [
    (Role.OPERATOR, "", "111111"),
    (Role.EDITOR, "", "011110"),
    (Role.REVIEWER_1, "", "100100"),
    (Role.COUNTY_OFFICER, COUNTY, "000000"),
    (Role.AUDITOR, "", "000000"),
]


@pytest.mark.parametrize(("role", "division", "opens"), ROLES, ids=[role.value for role, _, _ in ROLES])
def test_which_pages_of_articles_open_for_whom(settled, role, division, opens) -> None:
    client, _account = browser(74, role, division)
    page = article("地震来了")
    found = [client.get(f"/admin/articles/{path.format(page=page.pk)}").status_code for path in PAGES]
    assert found == [200 if open_ == "1" else 404 for open_ in opens]


@pytest.fixture
def shared() -> tuple[int, int]:
    """An article and somebody who shared it."""
    town.build()
    (person,) = town.enrol(1)
    page = article("地震来了", pk=7)
    town.share(person, 2, date(2021, 3, 5))
    standings.catch_up()
    return page.pk, person


def test_whoever_shared_a_withdrawn_article_is_told_once(shared, client: Client) -> None:
    page, person = shared
    editor, account = browser(70, Role.EDITOR)
    assert editor.post(f"/admin/articles/{page}/withdraw/", {"reason": " "}).status_code == 400
    assert editor.post(f"/admin/articles/{page}/withdraw/", {"reason": "数字有误"}).status_code == 302
    assert [(each.act, each.account) for each in Kept.objects.filter(account=account)][-1:] == [
        ("withdraw_article", account)
    ]
    assert not Kept.objects.filter(act="wagtail.unpublish").exists(), "told once"
    for _ in range(2):
        tasks.each_minute(clock.now())
        while run_next({"tell_sharers": tasks.tell_sharers}, clock.now):
            pass
    (notice,) = Notice.objects.filter(account=person)
    assert notice.words == {"title": "地震来了", "words": "数字有误"}
    assert JobRow.objects.get(kind="tell_sharers").words["said"] == "已告知 1 人。"
    JobRow.objects.update(state="waiting")
    run_next({"tell_sharers": tasks.tell_sharers}, clock.now)
    assert Notice.objects.filter(account=person).count() == 1
    gone = client.get(f"/a/{page}/")
    assert (gone.status_code, "数字有误" in gone.content.decode()) == (410, True)


@pytest.mark.parametrize(
    ("ended", "asked_again"), [("failed", True), ("cancelled", False), ("running", False), ("done", False)]
)
def test_telling_that_failed_is_asked_for_again_and_no_other(shared, ended: str, asked_again: bool) -> None:
    page, _person = shared
    editor, _account = browser(70, Role.EDITOR)
    editor.post(f"/admin/articles/{page}/withdraw/", {"reason": "数字有误"})
    tasks.each_minute(clock.now())
    JobRow.objects.update(state=ended)
    tasks.each_minute(clock.now())
    assert JobRow.objects.filter(kind="tell_sharers").count() == 1 + asked_again


def test_the_statistics_of_an_article(shared, django_assert_max_num_queries) -> None:
    page, _person = shared
    editor, _account = browser(70, Role.EDITOR)
    with django_assert_max_num_queries(20):
        words = editor.get(f"/admin/articles/{page}/statistics/").content.decode()
    assert "<dt>分享</dt><dd>2</dd>" in words
    assert editor.get("/admin/articles/999999/statistics/").status_code == 404


def test_the_emergency_way_is_the_operators_and_kept(settled) -> None:
    operator, account = browser(70, Role.OPERATOR)
    page = article("地震来了", live=False)
    path = f"/admin/articles/{page.pk}/emergency/"
    assert operator.post(path, {"reason": ""}).status_code == 400
    assert reads.article(page.pk) is None
    assert operator.post(path, {"reason": "地震了"}).status_code == 302
    assert reads.article(page.pk).reviewers == ()
    kept = Kept.objects.get(act="publish_past_review")
    assert (kept.account, kept.after) == (account, {"reason": "地震了"})
    assert not Kept.objects.filter(act="wagtail.publish").exists(), "told once"


def test_the_days_show_what_is_set(settled) -> None:
    editor, _account = browser(70, Role.EDITOR)
    page = article("地震来了")
    models.Designation.objects.create(article=page, first_day=date(2026, 3, 2), last_day=date(2026, 3, 3))
    words = editor.get("/admin/articles/days/?from=2026-03-04").content.decode()
    assert words.count("地震来了") == 2
    assert editor.get("/admin/articles/days/?from=x").status_code == 200


def test_a_feed_is_added_fetched_as_long_work_and_taken_off(settled, monkeypatch) -> None:
    editor, account = browser(70, Role.EDITOR)
    article("地震来了")
    topic = models.Topic.objects.first().pk
    given = {"name": "科普中国", "address": "https://kepu.example/feed", "topic": topic}
    assert editor.post("/admin/articles/feeds/add/", given | {"name": ""}).status_code == 400
    assert editor.post("/admin/articles/feeds/add/", given).status_code == 302
    feed = models.Feed.objects.get().pk
    monkeypatch.setattr(feed_writes.import_feed, "__defaults__", (serve(RSS),))
    assert "/admin/jobs/" in editor.post(f"/admin/articles/feeds/{feed}/fetch/")["Location"]
    run_next({"fetch_feed": tasks.fetch_feed}, clock.now)
    assert JobRow.objects.get().words["said"] == "新增草稿 1 篇，以前已导入 0 篇。"
    assert models.ArticlePage.objects.get(title="雷雨天怎么躲").owner_id == account
    assert "新增草稿 1 篇" in editor.get("/admin/articles/feeds/").content.decode()
    (kept,) = Kept.objects.filter(act="fetch_feed")
    assert (kept.account, kept.subject) == (account, "科普中国 https://kepu.example/feed")
    assert editor.post(f"/admin/articles/feeds/{feed}/remove/").status_code == 302
    assert editor.post(f"/admin/articles/feeds/{feed}/remove/").status_code == 404


def test_a_link_into_the_own_network_is_said_not_to_be_fetched(settled) -> None:
    editor, _account = browser(70, Role.EDITOR)
    article("地震来了")
    topic = models.Topic.objects.first().pk
    wrong = {"link": "file:///etc/passwd", "topic": topic}
    assert editor.post("/admin/articles/feeds/link/", wrong).status_code == 400
    inside = {"link": "http://127.0.0.1/", "topic": topic}
    assert editor.post("/admin/articles/feeds/link/", inside).status_code == 302
    run_next({"fetch_link": tasks.fetch_link}, clock.now)
    assert "内部网络" in JobRow.objects.get().words["said"]
    assert [(each.act, each.subject) for each in Kept.objects.filter(act__startswith="fetch")] == [
        ("fetch_link", "http://127.0.0.1/")
    ]

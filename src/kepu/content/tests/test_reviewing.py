"""Three different people, none of them the writer, approve the very version that readers see."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import PageLogEntry, TaskState

from kepu.audit.models import Kept
from kepu.content import models, reads, writes
from kepu.content.reads import reviewing as reviews
from kepu.content.rules import ReviewTrouble, is_reviewed, review_trouble
from kepu.content.tests.written import AT, article, scoped
from kepu.content.writes.reviewing import (
    decide_review,
    publish_due,
    publish_without_review,
    withdraw_article,
)
from kepu.people.models import Merge

pytestmark = pytest.mark.django_db
OURS = "kepu.people.sessions.session_middleware"
DJANGOS = "django.contrib.auth.middleware.AuthenticationMiddleware"

# writers, who approved before, the accounts of who asks → trouble
DECISIONS = [
    ({1}, [], {2}, None),
    ({1}, [2], {3}, None),
    ({1}, [2, 3], {4}, None),
    ({1}, [], {1}, ReviewTrouble.WROTE_IT),
    ({1, 5}, [2], {5}, ReviewTrouble.WROTE_IT),
    ({1}, [2], {2}, ReviewTrouble.DECIDED_BEFORE),
    ({1}, [2, 3], {2}, ReviewTrouble.DECIDED_BEFORE),
    (set(), [], {1}, None),
    # 7 was merged with one who wrote, or approved
    ({1}, [], {7, 1}, ReviewTrouble.WROTE_IT),
    ({1}, [2], {7, 2}, ReviewTrouble.DECIDED_BEFORE),
]
# step → the accounts of who approved it, whether it is reviewed; 1 wrote it
REVIEWS = [
    ({1: {2}, 2: {3}, 3: {4}}, True),
    ({1: {2}, 2: {3}}, False),
    ({1: {2}, 2: {3}, 3: {2}}, False),
    ({1: {2}, 2: {3}, 3: {1}}, False),
    ({1: {2}, 2: {3}, 4: {5}}, False),
    ({1: {2, 4}, 2: {3}, 3: {4, 2}}, False),
    ({1: {2}, 2: {3}, 3: {4, 1}}, False),
    ({}, False),
]


@pytest.mark.parametrize(("writers", "approved_by", "person", "trouble"), DECISIONS)
def test_who_may_decide(writers, approved_by, person, trouble):
    assert review_trouble(person, writers, approved_by) is trouble


@pytest.mark.parametrize(("approvals", "reviewed"), REVIEWS)
def test_what_is_reviewed(approvals, reviewed):
    assert is_reviewed(approvals, {1}) is reviewed


def person(name: str, *groups: str, **fields: Any) -> Any:
    """An account of staff in these groups."""
    account = get_user_model().objects.create(
        phone_index=name, display_name=name, book=430623, is_staff=True, created_at=AT, **fields
    )
    account.groups.set([Group.objects.get_or_create(name=group)[0] for group in groups])
    account.user_permissions.add(Permission.objects.get(codename="access_admin"))
    scoped(account, *groups)
    return account


@pytest.fixture
def writer() -> Any:
    return person("编辑甲", "Editors")


@pytest.fixture
def three() -> list[Any]:
    return [person(f"审{step}", f"Reviewers {step}") for step in (1, 2, 3)]


def sent(writer: Any, title: str = "地震来了", **fields: Any) -> Any:
    """An article that its writer sent to review."""
    page = article(title, live=False, owner=writer, **{"first_published_at": None} | fields)
    page.save_revision(user=writer)
    page.get_workflow().start(page, writer)
    return page


def decide(page: Any, account: Any, action: str = "approve", comment: str = "") -> object:
    """What comes of deciding at the step where the article waits."""
    state = page.current_workflow_state.current_task_state
    return decide_review(state.pk, account.pk, action, comment)


def browser(settings: Any, account: Any) -> Client:
    """A browser of this member of staff."""
    settings.MIDDLEWARE = [DJANGOS if name == OURS else name for name in settings.MIDDLEWARE]
    settings.AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
    settings.KEPU_DEVELOPMENT = True
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(account)
    return client


def test_the_third_approval_publishes_and_the_three_names_are_printed(writer, three):
    page = sent(writer)
    for account in three:
        assert reads.article(page.pk) is None
        assert decide(page, account) is None
    assert reads.article(page.pk).reviewers == ("审1", "审2", "审3")
    kept = Kept.objects.filter(act="wagtail.workflow.approve").order_by("pk")
    assert list(kept.values_list("name", flat=True)) == ["审1", "审2", "审3"]
    assert kept.last() == Kept.objects.latest("pk"), (
        "the last approval is the publication: one act, one record"
    )
    assert page.revisions.count() == 1
    assert PageLogEntry.objects.filter(page=page.pk, action="wagtail.publish").count() == 1


def test_one_person_with_all_three_roles_decides_once(writer):
    page, all_round = sent(writer), person("全能", *(f"Reviewers {step}" for step in (1, 2, 3)))
    assert decide(page, all_round) is None
    assert decide(page, all_round) is ReviewTrouble.DECIDED_BEFORE
    assert page.current_workflow_state.current_task_state.task.specific.get_actions(page, all_round) == []


def test_the_writer_does_not_review_nor_who_mended_a_word(writer, three):
    writer.groups.add(Group.objects.get(name="Reviewers 1"))
    page = article("地震来了", live=False, owner=writer)
    page.save_revision(user=three[1])
    page.save_revision(user=writer)
    page.get_workflow().start(page, writer)
    assert decide(page, writer) is ReviewTrouble.WROTE_IT
    assert decide(page, three[0]) is None
    assert decide(page, three[1]) is ReviewTrouble.WROTE_IT


def test_a_step_is_for_its_own_group_alone_and_being_a_superuser_is_no_way_in(writer, three):
    page = sent(writer)
    assert decide(page, three[2]) == "not_waiting"
    assert decide(page, person("超级", is_superuser=True)) == "not_waiting"


def test_after_a_return_every_step_is_asked_anew_about_the_new_version(writer, three):
    page = sent(writer)
    decide(page, three[0])
    assert decide(page, three[1], "reject") == "reason_missing"
    assert decide(page, three[1], "reject", "出处不对") is None
    page = models.ArticlePage.objects.get(pk=page.pk)
    page.title = "改过的题目"
    page.save_revision(user=writer)
    page.current_workflow_state.resume(writer)
    assert decide(page, three[1]) is None
    assert decide(page, three[0]) is None
    assert decide(page, three[2]) is None
    found = reads.article(page.pk)
    assert (found.title, found.reviewers) == ("改过的题目", ("审1", "审2", "审3"))


def test_a_decision_about_what_was_decided_meanwhile_changes_nothing(writer, three):
    page = sent(writer)
    state = page.current_workflow_state.current_task_state.pk
    assert decide_review(state, three[0].pk, "approve", "") is None
    assert decide_review(state, three[0].pk, "reject", "不好") == "not_waiting"


def test_approvals_written_past_the_task_do_not_publish(writer, three):
    page = sent(writer)
    for _ in range(2):
        page.current_workflow_state.current_task_state.approve(user=three[0])
    last = page.current_workflow_state.current_task_state
    with pytest.raises(PermissionDenied):
        last.approve(user=three[0])
    assert reads.article(page.pk) is None


def test_merged_accounts_are_one_pair_of_eyes(writer, three):
    page = sent(writer)
    assert decide(page, three[0]) is None
    merge = Merge.objects.create(
        kept=three[1], closed=three[0], before={}, merged_by=writer, merged_at=timezone.now()
    )
    assert decide(page, three[1]) is ReviewTrouble.DECIDED_BEFORE
    (row,) = reviews.waiting(three[1].pk, 0, 5).rows
    assert reviews.review(row.state, three[1].pk).trouble is ReviewTrouble.DECIDED_BEFORE
    merge.undone_at = timezone.now()
    merge.save()
    assert decide(page, three[1]) is None


def test_nobody_edits_what_is_being_reviewed(writer, three):
    page = sent(writer)
    for account in (writer, *three):
        assert page.get_lock().for_user(account)


@pytest.mark.parametrize("superuser", [False, True], ids=["editor", "superuser"])
def test_no_address_of_wagtails_publishes_or_withdraws(settings, writer, superuser):
    draft, live = article("草稿", live=False, owner=writer), article("已发", owner=writer)
    for page in (draft, live):
        page.save_revision(user=writer)
    writer.is_superuser = superuser
    writer.save()
    client, index = browser(settings, writer), models.ArticleIndex.objects.get()
    api = f"/admin/api/main/pages/{draft.pk}/action/"
    for path, fields in (
        (f"/admin/bulk/wagtailcore/page/publish/?id={draft.pk}", {"include_descendants": ""}),
        (f"/admin/bulk/wagtailcore/page/unpublish/?id={live.pk}", {"include_descendants": ""}),
        (f"/admin/pages/{live.pk}/unpublish/", {}),
        (f"/admin/pages/{live.pk}/delete/", {}),
        (f"/admin/bulk/wagtailcore/page/delete/?id={live.pk}", {}),
        (f"{api}publish/", {}),
        (f"{api}create_alias/", {}),
        (f"/admin/api/main/pages/{live.pk}/action/unpublish/", {}),
        (f"/admin/api/main/pages/{live.pk}/action/delete/", {}),
        (f"/admin/api/main/pages/{live.pk}/action/copy/", {"slug": "again"}),
        (
            f"/admin/pages/{live.pk}/copy/",
            {
                "new_title": "又一篇",
                "new_slug": "again-2",
                "new_parent_page": index.pk,
                "publish_copies": "on",
                "copy_subpages": "",
            },
        ),
    ):
        client.post(path, fields)
    assert set(models.ArticlePage.objects.filter(live=True).values_list("title", flat=True)) == {"已发"}


def test_a_reviewer_decides_at_wagtails_own_address_under_the_same_rule(settings, writer, three):
    page = sent(writer)
    state = page.current_workflow_state.current_task_state
    path = reverse("wagtailadmin_pages:workflow_action", args=(page.pk, "approve", state.pk))
    assert browser(settings, three[1]).post(path, {"comment": ""}).status_code in (302, 403)
    assert TaskState.objects.get(pk=state.pk).status == "in_progress"
    assert browser(settings, three[0]).post(path, {"comment": ""}).status_code == 302
    assert TaskState.objects.get(pk=state.pk).status == "approved"


def test_the_writer_may_take_back_what_is_being_reviewed(settings, writer):
    page = sent(writer)
    client = browser(settings, writer)
    sent_back = {"action-cancel-workflow": "1", "title": page.title}
    sent_back |= {f"{name}-count": "0" for name in ("body", "references")}
    sent_back |= {f"comments-{name}_FORMS": "0" for name in ("TOTAL", "INITIAL")}
    client.post(f"/admin/pages/{page.pk}/edit/", sent_back)
    assert models.ArticlePage.objects.get(pk=page.pk).current_workflow_state is None


def test_what_is_approved_for_a_later_day_waits_for_it(writer, three):
    now = timezone.now()
    page = sent(writer, go_live_at=now + timedelta(days=1), expire_at=now + timedelta(days=3))
    for account in three:
        decide(page, account)
    assert reads.article(page.pk) is None
    assert publish_due(now) == 0
    page.revisions.update(approved_go_live_at=now - timedelta(minutes=1))
    content = models.ArticlePage.objects.get(pk=page.pk).get_latest_revision().content
    content["go_live_at"] = (now - timedelta(minutes=1)).isoformat()
    page.revisions.update(content=content)
    assert publish_due(now) == 1
    assert reads.article(page.pk).reviewers == ("审1", "审2", "审3")
    models.ArticlePage.objects.filter(pk=page.pk).update(expire_at=now)
    assert publish_due(now) == 1
    assert reads.article(page.pk) is None
    assert reviews.absence(page.pk).reason == ""


def test_the_emergency_way_names_no_reviewers_and_ends_the_review(writer, three):
    page = sent(writer)
    decide(page, three[0])
    assert publish_without_review(page.pk, writer.pk) is None
    assert reads.article(page.pk).reviewers == ()
    assert models.ArticlePage.objects.get(pk=page.pk).current_workflow_state is None
    assert publish_without_review(page.pk + 999, writer.pk) == "unknown"


def test_a_withdrawn_article_says_why_and_those_who_shared_it_are_to_be_told(writer):
    page = article("已发", owner=writer)
    assert withdraw_article(page.pk, "  ", writer.pk, AT) == "reason_missing"
    assert withdraw_article(page.pk, "数字有误", writer.pk, AT) is None
    assert withdraw_article(page.pk, "数字有误", writer.pk, AT) == "not_published"
    assert reads.article(page.pk) is None
    assert reviews.absence(page.pk).reason == "数字有误"
    (told,) = reviews.turns_to_tell()
    assert (told.article, told.turn, told.words, told.by) == (page.pk, "withdrawn", "数字有误", writer.pk)


def test_a_draft_and_an_unknown_article_are_not_absent():
    page = article("草稿", live=False, first_published_at=None)
    assert reviews.absence(page.pk) is None
    assert reviews.absence(2**70) is None


def test_a_correction_is_told_once_and_printed(writer, three):
    page = article("已发", owner=writer, last_published_at=AT)
    for title in ("已更正", "又改一字"):
        page = models.ArticlePage.objects.get(pk=page.pk)
        page.title, page.correction = title, "死亡率写错一位"
        page.save_revision(user=writer)
        page.get_workflow().start(page, writer)
        for account in three:
            assert decide(page, account) is None
    found = reads.article(page.pk)
    assert (found.title, found.correction) == ("又改一字", "死亡率写错一位")
    assert found.corrected_at is not None
    assert [told.turn for told in reviews.turns_to_tell()] == ["corrected"]


def test_a_first_publication_corrects_nothing(writer, three):
    page = sent(writer, correction="不应出现")
    for account in three:
        decide(page, account)
    assert (reads.article(page.pk).correction, reviews.turns_to_tell()) == ("", [])


def test_what_waits_for_whom(writer, three, django_assert_num_queries):
    page = sent(writer)
    writer.groups.add(Group.objects.get(name="Reviewers 1"))
    with django_assert_num_queries(1):
        (row,) = reviews.waiting(three[0].pk, 0, 25).rows
    assert (row.article, row.title, row.step, row.sent_by) == (page.pk, "地震来了", 1, "编辑甲")
    assert reviews.waiting(three[1].pk, 0, 25).rows == []
    assert reviews.waiting_count(three[0].pk) == 1
    assert reviews.review(row.state, three[0].pk).trouble is None
    assert reviews.review(row.state, writer.pk).trouble is ReviewTrouble.WROTE_IT
    assert reviews.review(row.state, three[1].pk) is None
    decide(page, three[0], "reject", "出处不对")
    assert reviews.waiting(three[0].pk, 0, 25).rows == []
    assert reviews.steps_of(three[2].pk) == (3,)


def test_no_group_holds_wagtails_leave_to_publish():
    writes.prepare_content()
    writes.prepare_content()
    assert not Group.objects.filter(page_permissions__permission__codename="publish_page").exists()
    assert [task.step for task in models.ReviewTask.objects.order_by("step")] == [1, 2, 3]


def test_a_version_that_cannot_be_published_holds_up_neither_the_others_nor_the_worker(writer):
    gone = models.Topic.objects.create(name="撤掉的", slug="gone")
    bad, good = article("甲", live=False, owner=writer), article("乙", live=False, owner=writer)
    for page in (bad, good):
        if page is bad:
            page.topic = gone
        page.save_revision(approved_go_live_at=AT)
    gone.delete()  # only a version names it, which the database does not know
    assert publish_due(AT + timedelta(minutes=1)) == 1
    assert [reads.article(page.pk) is not None for page in (bad, good)] == [False, True]

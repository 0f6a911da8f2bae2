"""The review of articles, and what becomes of them once they are published."""

from datetime import datetime
from typing import Any

import structlog
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied
from django.db import transaction
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.log_actions import LogContext
from wagtail.models import GroupPagePermission, Revision, TaskState, Workflow, WorkflowPage, WorkflowTask

from kepu.content import models
from kepu.content.rules import (
    REASON_CHARS_MAX,
    REVIEW_GROUPS,
    REVIEW_STEPS,
    WRITING_GROUP,
    ReviewTrouble,
    Turn,
)

log = structlog.get_logger("kepu.content")
WORKFLOW = "三审"
STEPS = {1: "一审", 2: "二审", 3: "三审"}
DUE_AT_ONCE = 100


@transaction.atomic
def prepare_review(index: Any) -> None:
    """Whatever hangs under `index` passes the three steps, each decided by its group. Idempotent.

    Editors write; no group holds Wagtail's own leave to publish.
    """
    workflow, _made = Workflow.objects.get_or_create(name=WORKFLOW)
    WorkflowPage.objects.exclude(workflow=workflow).delete()
    Workflow.objects.exclude(pk=workflow.pk).update(active=False)
    WorkflowPage.objects.update_or_create(page=index, defaults={"workflow": workflow})
    for step in REVIEW_STEPS:
        task, _made = models.ReviewTask.objects.get_or_create(step=step, defaults={"name": STEPS[step]})
        task.groups.set([Group.objects.get_or_create(name=REVIEW_GROUPS[step])[0]])
        WorkflowTask.objects.update_or_create(workflow=workflow, task=task, defaults={"sort_order": step})
    GroupPagePermission.objects.filter(permission__codename="publish_page").delete()
    writing, _made = Group.objects.get_or_create(name=WRITING_GROUP)
    for permission in Permission.objects.filter(
        content_type__app_label="wagtailcore", codename__in=("add_page", "change_page")
    ):
        GroupPagePermission.objects.get_or_create(group=writing, page=index, permission=permission)


@transaction.atomic
def decide_review(state: int, account: int, action: str, comment: str) -> ReviewTrouble | str | None:
    """The step is decided ("approve", "reject"; a rejection with its reasons).

    None when done; else a ReviewTrouble, "not_waiting" (decided or changed meanwhile, or not this person's
    step) or "reason_missing". The third approval publishes.
    """
    assert action in models.reviewing.ACTIONS
    comment = comment.strip()[:REASON_CHARS_MAX]
    row = TaskState.objects.filter(pk=state, status=TaskState.STATUS_IN_PROGRESS).first()
    if row is None:
        return "not_waiting"
    if action == "reject" and not comment:
        return "reason_missing"
    task, user = row.task.specific, get_user_model().objects.get(pk=account)
    trouble: ReviewTrouble | None = task.trouble(row.workflow_state.content_object, account)
    if trouble is not None:
        return trouble
    try:
        task.on_action(row, user, action, comment=comment)
    except PermissionDenied:
        return "not_waiting"
    return None


@transaction.atomic
def withdraw_article(article: int, reason: str, account: int, now: datetime) -> str | None:
    """The published article is not shown any more, for this reason, and those who shared it are to be told.

    In Wagtail's own history it is nobody's act: the caller keeps whose it is, once. None when done;
    "reason_missing", or "not_published" where there is nothing to withdraw. A day set for a newer version is
    dropped too.
    """
    reason = reason.strip()[:REASON_CHARS_MAX]
    if not reason:
        return "reason_missing"
    page = models.ArticlePage.objects.select_for_update(of=("self",)).filter(id=article, live=True).first()
    if page is None:
        return "not_published"
    with LogContext():
        UnpublishPageAction(page).execute(skip_permission_checks=True)
    models.ArticleTurn.objects.create(
        article_id=article, turn=Turn.WITHDRAWN, words=reason, at=now, by=account
    )
    return None


@transaction.atomic
def publish_without_review(article: int, account: int) -> str | None:
    """The newest version is published past the review, naming no reviewers; its review ends.

    None when done, "unknown" where there is no such article. The operator's way for an emergency: the caller
    keeps it in the audit in the same transaction.
    """
    page = models.ArticlePage.objects.select_for_update(of=("self",)).filter(id=article).first()
    if page is None:
        return "unknown"
    user = get_user_model().objects.filter(pk=account).first()
    revision = page.get_latest_revision() or page.save_revision(user=user)
    revision.content["reviewers"] = ""
    Revision.objects.filter(pk=revision.pk).update(content=revision.content)
    with LogContext():
        revision.publish(skip_permission_checks=True)
    return None


def publish_due(now: datetime) -> int:
    """Versions whose day has come are published, articles whose time is over are taken down; how many.

    At most DUE_AT_ONCE of each, each in a transaction of its own; what fails is logged and does not hold up
    the others. Two queries when nothing is due.
    """
    over = models.ArticlePage.objects.filter(live=True, expire_at__lte=now).order_by("expire_at")
    done = 0
    for page in list(over[:DUE_AT_ONCE]):
        done += _each(page.pk, lambda page=page: page.unpublish(set_expired=True))
    due = Revision.objects.filter(approved_go_live_at__lte=now).order_by("approved_go_live_at")
    for revision in list(due[:DUE_AT_ONCE]):
        done += _each(revision.object_id, lambda revision=revision: revision.publish())
    return done


def mark_told(turn: int, now: datetime) -> None:
    """Those who shared the article are being told of this turn. One query."""
    models.ArticleTurn.objects.filter(pk=turn).update(told_at=now)


def _each(article: object, act: Any) -> bool:
    try:
        with transaction.atomic():
            act()
    except Exception:  # whatever one version is made of, boards and long work go on in this worker
        log.exception("due_failed", article=article)
        return False
    return True

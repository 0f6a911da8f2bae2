"""Questions about articles under review, and about published ones that are not shown any more."""

from dataclasses import dataclass
from datetime import datetime

from wagtail.models import TaskState

from kepu.content import models, values
from kepu.content.models.reviewing import approved, hands_of, writers
from kepu.content.rules import Absence, Article, ReviewTrouble, Told, Turn, review_trouble
from kepu.kit.paging import Page, page_of

TOLD_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Waiting:
    """An article that waits at a step; `trouble` says why this person may not decide about it."""

    state: int
    article: int
    title: str
    step: int
    since: datetime
    sent_by: str


@dataclass(frozen=True, slots=True)
class StepTaken:
    """A step that was decided: by whom, when, and what was said."""

    step: int
    name: str
    at: datetime
    is_approval: bool
    comment: str


@dataclass(frozen=True, slots=True)
class Review:
    """One article under review, as its reviewer sees it."""

    waiting: Waiting
    shown: Article
    taken: tuple[StepTaken, ...]
    trouble: ReviewTrouble | None
    goes_live_at: datetime | None


def steps_of(account: int) -> tuple[int, ...]:
    """The steps of the review at which this account decides. One query."""
    tasks = models.ReviewTask.objects.filter(groups__user=account).order_by("step")
    return tuple(tasks.values_list("step", flat=True).distinct())


def waiting(account: int, start: int, size: int) -> Page[Waiting]:
    """What waits at this account's steps, the longest first. One query."""
    rows = _waiting(account).order_by("started_at", "pk")[start : start + size + 1]
    return page_of([_waits(row) for row in rows], start, size)


def waiting_count(account: int) -> int:
    """How many articles wait at this account's steps. One query."""
    return int(_waiting(account).count())


def review(state: int, account: int) -> Review | None:
    """One article that waits at a step of this account's, or None. About ten queries."""
    row = _waiting(account).filter(pk=state).first()
    if row is None:
        return None
    page = row.revision.as_object()
    stored = models.ArticlePage.objects.select_related("latest_revision").get(pk=page.pk)
    page.reviewers = ""
    approved_by = list(approved(row.workflow_state).values_list("finished_by", flat=True))
    taken = (
        TaskState.objects.filter(workflow_state=row.workflow_state, finished_at__isnull=False)
        .select_related("finished_by", "task__reviewtask")
        .order_by("finished_at")
    )
    return Review(
        waiting=_waits(row),
        shown=values.draft_of(page),
        taken=tuple(_taken(each) for each in taken),
        trouble=review_trouble(hands_of(account), writers(stored), approved_by),
        goes_live_at=page.go_live_at,
    )


def absence(id: int) -> Absence | None:  # noqa: A002 the contract's name
    """Why an article that was published is not shown any more; None when it is, or never was. Two queries."""
    page = models.ArticlePage.objects.filter(id=id, live=False, first_published_at__isnull=False).first()
    if page is None:
        return None
    turn = models.ArticleTurn.objects.filter(article=page, turn=Turn.WITHDRAWN).order_by("-pk").first()
    if page.expired or turn is None:
        return Absence(page.title, "", page.expire_at or page.last_published_at or page.first_published_at)
    return Absence(page.title, turn.words, turn.at)


def turns_to_tell() -> list[Told]:
    """Turns that nobody was told of yet, oldest first, at most TOLD_AT_ONCE. One query."""
    rows = models.ArticleTurn.objects.filter(told_at=None).select_related("article").order_by("pk")
    return [_told(row) for row in rows[:TOLD_AT_ONCE]]


def turn(number: int) -> Told | None:
    """One turn by its number. One query."""
    row = models.ArticleTurn.objects.select_related("article").filter(pk=number).first()
    return None if row is None else _told(row)


def _told(row: models.ArticleTurn) -> Told:
    return Told(row.pk, row.article_id, row.article.title, Turn(row.turn), row.words, row.by)


def _waiting(account: int):  # type: ignore[no-untyped-def]  # a QuerySet of Wagtail's untyped tables
    return (
        TaskState.objects.filter(status=TaskState.STATUS_IN_PROGRESS, task__reviewtask__groups__user=account)
        .select_related("task__reviewtask", "revision", "workflow_state__requested_by")
        .distinct()
    )


def _waits(row: TaskState) -> Waiting:
    sender = row.workflow_state.requested_by
    return Waiting(
        row.pk,
        int(row.revision.object_id),
        row.revision.object_str,
        row.task.reviewtask.step,
        row.started_at,
        str(sender.display_name) if sender else "",
    )


def _taken(row: TaskState) -> StepTaken:
    return StepTaken(
        row.task.reviewtask.step,
        str(row.finished_by.display_name) if row.finished_by else "",
        row.finished_at,
        row.status == TaskState.STATUS_APPROVED,
        row.comment,
    )

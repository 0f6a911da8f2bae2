"""Questions of whoever writes: what I wrote that is not published as it stands, and where it is."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from wagtail.models import TaskState, WorkflowState

from kepu.content.models import ArticleIndex, ArticlePage


class Stand(StrEnum):
    """Where an unpublished version is: with its writer, under review, or back with what must be changed."""

    RETURNED = "returned"
    DRAFT = "draft"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Written:
    """One article of mine; `step` (1 to 3) while it waits, `comment` what was said when it came back."""

    article: int
    title: str
    changed_at: datetime | None
    stand: Stand
    step: int
    comment: str


def written_by(account: int, limit: int) -> list[Written]:
    """What the account began and is not published as it stands, the last changed first. Three queries."""
    pages = list(
        ArticlePage.objects.filter(owner=account, has_unpublished_changes=True)
        .order_by("-latest_revision_created_at", "-pk")
        .values_list("pk", "draft_title", "title", "latest_revision_created_at")[:limit]
    )
    keys = [str(key) for key, *_rest in pages]
    open_ = (WorkflowState.STATUS_IN_PROGRESS, WorkflowState.STATUS_NEEDS_CHANGES)
    states = WorkflowState.objects.filter(object_id__in=keys, status__in=open_).order_by("pk")
    states = states.filter(base_content_type__app_label="wagtailcore", base_content_type__model="page")
    found = {
        state.object_id: state for state in states.select_related("current_task_state__task__reviewtask")
    }
    said = _said([state.pk for state in found.values() if state.status == WorkflowState.STATUS_NEEDS_CHANGES])
    return [_written(page, found.get(str(page[0])), said) for page in pages]


def article_list() -> int | None:
    """The page under which articles hang; None on a site that was not set up. One query."""
    number: int | None = ArticleIndex.objects.values_list("pk", flat=True).first()
    return number


def _said(states: list[int]) -> dict[int, str]:
    if not states:
        return {}
    rejected = TaskState.objects.filter(workflow_state__in=states, status=TaskState.STATUS_REJECTED)
    return dict(rejected.order_by("pk").values_list("workflow_state", "comment"))


def _written(
    page: tuple[int, str, str, datetime | None], state: WorkflowState | None, said: dict[int, str]
) -> Written:
    number, draft_title, title, changed_at = page
    if state is None:
        return Written(number, draft_title or title, changed_at, Stand.DRAFT, 0, "")
    if state.status == WorkflowState.STATUS_NEEDS_CHANGES:
        comment = said.get(state.pk, "")
        return Written(number, draft_title or title, changed_at, Stand.RETURNED, 0, comment)
    step = state.current_task_state.task.reviewtask.step if state.current_task_state else 0
    return Written(number, draft_title or title, changed_at, Stand.WAITING, step, "")

"""三审: the three steps an article passes before it is published, as tasks of Wagtail's workflow."""

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import QuerySet
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from wagtail.models import AbstractGroupApprovalTask, TaskState, WorkflowState

from kepu.content import rules

ACTIONS = frozenset({"approve", "reject"})


class ReviewTask(AbstractGroupApprovalTask):
    """One step. Whoever decides wrote no version of the article and decided at no other step.

    The rule holds here, so that it holds at every address: our page, Wagtail's own, its lists.
    """

    step = models.PositiveSmallIntegerField(unique=True)

    class Meta:
        verbose_name = _("step of the review")
        verbose_name_plural = _("steps of the review")

    def trouble(self, page: Any, account: int) -> rules.ReviewTrouble | None:
        """Why this account may not decide about this article at this step, or None.

        Whoever holds merged accounts is one person. Three queries, more where there are any.
        """
        state = page.current_workflow_state
        approved_by = [] if state is None else list(approvals(state).values())
        return rules.review_trouble(hands_of(account), writers(page), approved_by)

    def start(self, workflow_state: WorkflowState, user: Any = None) -> TaskState:
        """The version waits at this step, with every picture as readers will see it."""
        state: TaskState = super().start(workflow_state, user=user)
        state.revision.as_object().make_sizes()
        return state

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, Any, bool]]:
        """What this person may do at this step: both or nothing."""
        if not self._user_in_groups(user) or self.trouble(obj, user.pk) is not None:
            return []
        return [("reject", _("Return with reasons"), True), ("approve", _("Approve"), False)]

    @transaction.atomic
    def on_action(self, task_state: TaskState, user: Any, action_name: str, **kwargs: Any) -> None:
        """The step is decided and logged; PermissionDenied for whoever may not, or comes too late."""
        WorkflowState.objects.select_for_update().get(pk=task_state.workflow_state_id)
        state = TaskState.objects.get(pk=task_state.pk)
        actions = {
            name for name, _label, _asks in self.get_actions(state.workflow_state.content_object, user)
        }
        if state.status != TaskState.STATUS_IN_PROGRESS or action_name not in actions:
            raise PermissionDenied
        super().on_action(state, user, action_name, **kwargs)

    def locked_for_user(self, obj: Any, user: Any) -> bool:
        """Nobody changes what is being reviewed; its writer may take it back first."""
        return True

    def user_can_access_editor(self, obj: Any, user: Any) -> bool:
        """Whoever decides at this step may look."""
        return bool(self._user_in_groups(user))

    def user_can_lock(self, obj: Any, user: Any) -> bool:
        """Nobody: the review locks by itself."""
        return False

    def get_task_states_user_can_moderate(self, user: Any, **_kwargs: Any) -> QuerySet[TaskState]:
        """What waits at this step, for its group; being a superuser is no way in."""
        waiting = self.task_states.filter(status=TaskState.STATUS_IN_PROGRESS)
        found: QuerySet[TaskState] = waiting if self._user_in_groups(user) else waiting.none()
        return found


def hands_of(account: int) -> frozenset[int]:
    """The account and those merged with it: one person's. One query, more where there are any."""
    return frozenset(import_string(settings.KEPU_HANDS_OF)(account))


def writers(page: Any) -> set[int]:
    """Every account that wrote a version of the page. One query."""
    found = set(page.revisions.exclude(user=None).values_list("user_id", flat=True).distinct())
    return found | ({page.owner_id} if page.owner_id else set())


def approvals(state: WorkflowState) -> dict[int, int]:
    """Who approved the version under review, by step. One query."""
    rows = approved(state).values_list("task__reviewtask__step", "finished_by")
    return {step: person for step, person in rows if step and person}


def approved(state: WorkflowState) -> QuerySet[TaskState]:
    """The steps that the newest version has passed in this review, in order."""
    page = state.content_object
    rows = state.task_states.filter(status=TaskState.STATUS_APPROVED, revision=page.latest_revision_id)
    found: QuerySet[TaskState] = rows.order_by("task__reviewtask__step")
    return found

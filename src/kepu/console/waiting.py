"""What waits for a member of staff: each area says its own line, the home page shows them.

An area adds a line with `@waits` over a function in its own file under `console/hooks` (which is read at
the start): it is given the request and answers with a `Waiting`, or None where the person has nothing to do
with it. One query each at most: the home page has few to spare.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import Promise

from kepu.console.scope import me, scopes_of
from kepu.jobs import reads as jobs
from kepu.jobs.rules import ENDED, JobState
from kepu.kit import clock
from kepu.people.reads.complaints import ComplaintRow, newest_waiting
from kepu.people.reads.waiting import PeopleWaiting, people_waiting


@dataclass(frozen=True, slots=True)
class Waiting:
    """One line: what it is, how many, where to go; `pressing` of them are past their time."""

    words: str | Promise
    count: int
    to: str
    pressing: int = 0


COMPLAINTS_SHOWN = 5
Ask = Callable[[HttpRequest], Waiting | None]
_ASKS: list[tuple[int, Ask]] = []


def waits(order: int) -> Callable[[Ask], Ask]:
    """The function's line stands on the home page, at its place in the order of the menu (110, 120, …)."""

    def kept(ask: Ask) -> Ask:
        _ASKS.append((order, ask))
        return ask

    return kept


def waiting_for(request: HttpRequest) -> list[Waiting]:
    """The lines of whoever asks: what presses first, then what there is, then what is empty."""
    found = [ask(request) for _order, ask in sorted(_ASKS, key=lambda each: each[0])]
    lines = [line for line in found if line is not None]
    return sorted(lines, key=lambda line: (not line.pressing, not line.count))


def newest_complaints(request: HttpRequest) -> tuple[int, list[ComplaintRow]]:
    """How many complaints wait for whoever asks, and the newest of them; read once a request, one query."""
    kept: tuple[int, list[ComplaintRow]] | None = getattr(request, "_kepu_complaints", None)
    if kept is None:
        kept = newest_waiting(scopes_of(request), COMPLAINTS_SHOWN)
        request._kepu_complaints = kept  # type: ignore[attr-defined]
    return kept


def of_people(request: HttpRequest) -> PeopleWaiting:
    """What of people waits for whoever asks; read once a request, one query."""
    kept: PeopleWaiting | None = getattr(request, "_kepu_waiting", None)
    if kept is None:
        kept = people_waiting(scopes_of(request), me(request), clock.now())
        request._kepu_waiting = kept  # type: ignore[attr-defined]
    return kept


def stopped_count(works: Collection[int]) -> int:
    """How many of these works do not go on: failed, stopped, or forgotten. One query."""
    states = jobs.states(works)
    return sum(states.get(work, JobState.FAILED) in ENDED for work in works)

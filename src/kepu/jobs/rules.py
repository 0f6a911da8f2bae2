"""What long work is and what may become of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

# A worker that has not said anything for so long is gone, and its job is taken up again.
SILENCE_MAX = timedelta(seconds=90)
TRIES_MAX = 3
JOBS_WAITING_MAX = 20
JOB_LIFE = timedelta(days=30)
# Of files with people's addresses in them, whatever becomes of their job.
BRIEF_LIFE = timedelta(days=7)


class JobState(StrEnum):
    """Where a job stands; the last three are its end."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


ENDED = frozenset({JobState.DONE, JobState.FAILED, JobState.CANCELLED})


class Cancelled(Exception):  # noqa: N818 - not an error: somebody asked for it
    """Raised inside a job by `Report` when its owner asked to stop; what is not committed is not done."""


# (done so far, in all) → the page's progress bar; raises Cancelled when the owner asked to stop.
Report = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a job came to: words for its owner (a sentence's named parts) and a file in the jobs' folder."""

    words: Mapping[str, Any] = field(default_factory=dict)
    file: str = ""
    file_name: str = ""


# One kind of long work. It must be safe to run again from the start: a worker may die at any point.
Work = Callable[["Job", Report], Outcome]


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of long work. `wants` is what its page asked for; `total` is 0 while nobody knows."""

    number: int
    kind: str
    title: str
    wants: Mapping[str, Any]
    asked_by: int
    asked_at: datetime
    state: JobState
    done: int
    total: int
    words: Mapping[str, Any]
    file: str
    file_name: str
    ended_at: datetime | None
    is_stopping: bool

    @property
    def share(self) -> int:
        """Per cent done, 0 while nobody knows how much there is."""
        return 100 if self.state is JobState.DONE else self.done * 100 // self.total if self.total else 0


def is_abandoned(state: JobState, heard_at: datetime | None, now: datetime) -> bool:
    """Whether a running job's worker has been silent for too long."""
    return state is JobState.RUNNING and (heard_at is None or now - heard_at > SILENCE_MAX)

"""Asking for long work, doing it, stopping it, forgetting it."""

import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

import structlog
from django.db import OperationalError, connection, transaction
from django.db.models import Q, QuerySet

from kepu.jobs.models import JobRow
from kepu.jobs.reads import folder, job_of
from kepu.jobs.rules import (
    BRIEF_LIFE,
    ENDED,
    JOB_LIFE,
    JOBS_WAITING_MAX,
    SILENCE_MAX,
    TRIES_MAX,
    Cancelled,
    JobState,
    Outcome,
    Report,
    Work,
)

log = structlog.get_logger("kepu.jobs")
SWEEP_MAX = 500
BRIEF = "brief-"


@transaction.atomic
def ask_job(kind: str, title: str, wants: Mapping[str, Any], by: int, now: datetime) -> int | None:
    """The work waits for the worker: its number; None when this person has JOBS_WAITING_MAX under way."""
    under_way = JobRow.objects.filter(asked_by=by).exclude(state__in=ENDED)
    if under_way.count() >= JOBS_WAITING_MAX:
        return None
    row = JobRow.objects.create(kind=kind, title=title[:120], wants=dict(wants), asked_by=by, asked_at=now)
    return row.pk


def stop_job(number: int, by: int, now: datetime) -> bool:
    """One's own job is cancelled: at once when nobody began it, else at the next word of its worker."""
    mine = JobRow.objects.filter(pk=number, asked_by=by)
    waiting = mine.filter(state=JobState.WAITING)
    if waiting.update(state=JobState.CANCELLED, ended_at=now, is_stopping=True):
        return True
    return bool(mine.filter(state=JobState.RUNNING).update(is_stopping=True))


@transaction.atomic
def take_back_jobs(asked_by: int) -> None:
    """What this person asked for stops, and no file of it can be saved any more: they may not see it now.

    The files themselves go when their time is over. Two queries.
    """
    mine = JobRow.objects.filter(asked_by=asked_by)
    mine.exclude(state__in=ENDED).update(is_stopping=True)
    mine.exclude(file="").update(file="", file_name="")


def keep_upload(content: bytes, suffix: str = "") -> str:
    """The bytes lie in the jobs' folder under the name that is returned, until the job is forgotten."""
    name = secrets.token_hex(16) + suffix
    (folder() / name).write_bytes(content)
    return name


def new_file(suffix: str, is_brief: bool = False) -> str:
    """A name in the jobs' folder that nothing bears yet; what is brief goes after BRIEF_LIFE."""
    return (BRIEF if is_brief else "") + secrets.token_hex(16) + suffix


def run_next(works: Mapping[str, Work], clock: Callable[[], datetime]) -> bool:
    """The oldest job that waits, or whose worker fell silent, is done; False when there is none.

    Never inside a transaction. What a job raises ends it as failed and is logged, not shown; only where the
    database was busy or away is it left to fall silent, and taken up again. A worker that was given up
    changes nothing of a job that another has taken up since.
    """
    row = _taken(clock())
    if row is None:
        return False
    work = works.get(row.kind)
    try:
        outcome = work(job_of(row), _report(row, clock)) if work is not None else None
    except Cancelled:
        _end(row, JobState.CANCELLED, Outcome(), clock())
    except OperationalError:
        log.exception("job_put_off", job=row.pk, kind=row.kind)
    except Exception:
        log.exception("job_failed", job=row.pk, kind=row.kind)
        _end(row, JobState.FAILED, Outcome(), clock())
    else:
        state = JobState.FAILED if outcome is None else JobState.DONE
        _end(row, state, outcome or Outcome(), clock())
    return True


def forget_jobs(now: datetime) -> int:
    """Jobs that ended JOB_LIFE ago are gone (how many), and with them files as old; brief ones go before."""
    old = JobRow.objects.filter(ended_at__lt=now - JOB_LIFE).order_by("pk")[:SWEEP_MAX]
    gone = JobRow.objects.filter(pk__in=[row.pk for row in old]).delete()[0]
    for path in folder().iterdir():
        life = BRIEF_LIFE if path.name.startswith(BRIEF) else JOB_LIFE
        with suppress(FileNotFoundError):  # a job beside us just renamed or deleted it
            if path.stat().st_mtime < (now - life).timestamp():
                path.unlink()
                JobRow.objects.filter(file=path.name).update(file="", file_name="")
    return gone


@transaction.atomic
def _taken(now: datetime) -> JobRow | None:
    """The next job, now running for us; one given up by too many workers has failed."""
    silent = Q(state=JobState.RUNNING) & (Q(heard_at=None) | Q(heard_at__lt=now - SILENCE_MAX))
    ready = JobRow.objects.filter(Q(state=JobState.WAITING) | silent).order_by("pk")
    if connection.features.has_select_for_update_skip_locked:
        ready = ready.select_for_update(skip_locked=True)
    row = ready.first()
    if row is None:
        return None
    if row.is_stopping or row.tries >= TRIES_MAX:
        row.state = JobState.CANCELLED if row.is_stopping else JobState.FAILED
        row.ended_at = now
        row.save(update_fields=["state", "ended_at"])
        return None
    row.state, row.heard_at, row.tries, row.done = JobState.RUNNING.value, now, row.tries + 1, 0
    row.save(update_fields=["state", "heard_at", "tries", "done"])
    return row


def _report(row: JobRow, clock: Callable[[], datetime]) -> Report:
    def report(done: int, total: int) -> None:
        going_on = _still_ours(row).filter(is_stopping=False)
        if not going_on.update(done=done, total=total, heard_at=clock()):
            raise Cancelled

    return report


def _end(row: JobRow, state: JobState, outcome: Outcome, now: datetime) -> None:
    _still_ours(row).update(
        state=state,
        ended_at=now,
        words=dict(outcome.words),
        file=outcome.file,
        file_name=outcome.file_name,
    )
    # Stopped at the last moment: whoever may not see it any more does not get its file either.
    JobRow.objects.filter(pk=row.pk, is_stopping=True).exclude(file="").update(file="", file_name="")


def _still_ours(row: JobRow) -> QuerySet[JobRow]:
    """The job as this worker took it; empty once another has taken it up."""
    return JobRow.objects.filter(pk=row.pk, state=JobState.RUNNING, tries=row.tries)

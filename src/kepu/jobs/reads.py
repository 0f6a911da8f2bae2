"""Questions about long work."""

from collections.abc import Collection
from pathlib import Path

from django.conf import settings

from kepu.jobs.models import JobRow
from kepu.jobs.rules import Job, JobState


def job(number: int, asked_by: int) -> Job | None:
    """One's own job, None when it is another's or gone. One query."""
    row = JobRow.objects.filter(pk=number, asked_by=asked_by).first()
    return None if row is None else job_of(row)


def jobs_of(asked_by: int, limit: int = 20) -> list[Job]:
    """One's own jobs, newest first. One query."""
    return [job_of(row) for row in JobRow.objects.filter(asked_by=asked_by).order_by("-pk")[:limit]]


def states_of(kind: str, want: str, value: int) -> list[JobState]:
    """Where the jobs of a kind stand whose `want` has this value, oldest first, at most 100. One query."""
    found = JobRow.objects.filter(kind=kind, **{f"wants__{want}": value}).order_by("pk")
    return [JobState(state) for state in found.values_list("state", flat=True)[:100]]


def states(numbers: Collection[int]) -> dict[int, JobState]:
    """Where these jobs stand, whoever asked for them; one that is gone has no line. One query."""
    found = JobRow.objects.filter(pk__in=numbers).values_list("pk", "state")
    return {number: JobState(state) for number, state in found}


def folder() -> Path:
    """Where jobs keep what they read and write, made when not there. Nothing in it is served by itself."""
    place: Path = settings.HOME / "jobs"
    place.mkdir(mode=0o700, exist_ok=True)
    return place


def job_of(row: JobRow) -> Job:
    """The value of a row."""
    return Job(
        row.pk,
        row.kind,
        row.title,
        row.wants,
        row.asked_by,
        row.asked_at,
        JobState(row.state),
        row.done,
        row.total,
        row.words,
        row.file,
        row.file_name,
        row.ended_at,
        row.is_stopping,
    )

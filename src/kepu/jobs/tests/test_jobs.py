"""Long work is done once, seen moving, stopped when asked, taken up again when its worker died."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError

from kepu.jobs import reads, writes
from kepu.jobs.models import JobRow
from kepu.jobs.rules import (
    BRIEF_LIFE,
    JOB_LIFE,
    JOBS_WAITING_MAX,
    SILENCE_MAX,
    TRIES_MAX,
    Job,
    JobState,
    Outcome,
    Report,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2021, 7, 1, tzinfo=UTC)
ME, OTHER = 7, 8


def clock() -> datetime:
    return NOW


def asked(kind: str = "count", **wants: int) -> int:
    number = writes.ask_job(kind, "数一数", wants, ME, NOW)
    assert number is not None
    return number


def count(job: Job, report: Report) -> Outcome:
    for done in range(job.wants["to"]):
        report(done, job.wants["to"])
    return Outcome({"counted": job.wants["to"]}, "file", "结果.xlsx")


def state(number: int) -> JobState:
    found = reads.job(number, ME)
    assert found is not None
    return found.state


def test_a_job_is_done_once_and_tells_what_it_came_to():
    number = asked(to=3)
    assert [writes.run_next({"count": count}, clock) for _ in range(2)] == [True, False]
    job = reads.job(number, ME)
    assert job is not None
    assert (job.state, job.words, job.file_name, job.share) == (
        JobState.DONE,
        {"counted": 3},
        "结果.xlsx",
        100,
    )


def test_nobody_sees_or_stops_the_job_of_another():
    number = asked(to=1)
    assert reads.job(number, OTHER) is None
    assert not writes.stop_job(number, OTHER, NOW)
    assert state(number) is JobState.WAITING


def test_a_waiting_job_stops_at_once():
    number = asked(to=1)
    assert writes.stop_job(number, ME, NOW)
    assert not writes.run_next({"count": count}, clock)
    assert state(number) is JobState.CANCELLED


def test_a_running_job_stops_at_its_next_report():
    number, seen = asked(to=1), []

    def work(job: Job, report: Report) -> Outcome:
        report(0, 2)
        writes.stop_job(job.number, ME, NOW)
        seen.append("before")
        report(1, 2)
        seen.append("after")
        return Outcome()

    writes.run_next({"count": work}, clock)
    assert (state(number), seen) == (JobState.CANCELLED, ["before"])


@pytest.mark.parametrize("works", [{}, {"count": lambda job, report: 1 / 0}])
def test_a_job_nobody_can_do_fails_and_the_next_is_done(works: dict[str, Callable[..., Outcome]]):
    first, second = asked(to=1), asked("other", to=1)
    while writes.run_next({**works, "other": count}, clock):
        pass
    assert (state(first), state(second)) == (JobState.FAILED, JobState.DONE)


@pytest.mark.parametrize(
    ("silent", "taken_up"), [(SILENCE_MAX, False), (SILENCE_MAX + timedelta(seconds=1), True)]
)
def test_a_job_whose_worker_died_is_taken_up_again(silent: timedelta, taken_up: bool):
    number = asked(to=2)
    JobRow.objects.filter(pk=number).update(state=JobState.RUNNING, heard_at=NOW, tries=1, done=1)
    assert writes.run_next({"count": count}, lambda: NOW + silent) is taken_up
    assert (state(number) is JobState.DONE) is taken_up


def test_a_job_that_kills_its_workers_is_given_up():
    number = asked(to=2)
    JobRow.objects.filter(pk=number).update(state=JobState.RUNNING, heard_at=None, tries=TRIES_MAX)
    assert not writes.run_next({"count": count}, clock)
    assert state(number) is JobState.FAILED


def test_a_worker_given_up_changes_nothing_of_what_another_took_up():
    number, later = asked(to=2), NOW + SILENCE_MAX + timedelta(seconds=1)

    def slow(job: Job, report: Report) -> Outcome:
        assert writes.run_next({"count": count}, lambda: later)
        return Outcome({"counted": -1})

    assert writes.run_next({"count": slow}, clock)
    job = reads.job(number, ME)
    assert job is not None
    assert (job.state, job.words) == (JobState.DONE, {"counted": 2})


def test_a_job_the_database_had_no_time_for_is_taken_up_again():
    number, later = asked(to=2), NOW + SILENCE_MAX + timedelta(seconds=1)

    def busy(job: Job, report: Report) -> Outcome:
        raise OperationalError("database is locked")

    assert writes.run_next({"count": busy}, clock)
    assert state(number) is JobState.RUNNING
    assert writes.run_next({"count": count}, lambda: later)
    assert state(number) is JobState.DONE
    assert reads.states_of("count", "to", 2) == [JobState.DONE]
    assert reads.states_of("count", "to", 3) == []


def test_one_person_has_only_so_much_under_way():
    for _ in range(JOBS_WAITING_MAX):
        asked(to=1)
    assert writes.ask_job("count", "一件", {}, ME, NOW) is None
    assert writes.ask_job("count", "一件", {}, OTHER, NOW) is not None


def test_old_jobs_are_forgotten():
    number = asked(to=1)
    writes.run_next({"count": count}, clock)
    assert writes.forget_jobs(NOW + JOB_LIFE) == 0
    assert writes.forget_jobs(NOW + JOB_LIFE + timedelta(seconds=1)) == 1
    assert reads.job(number, ME) is None


def test_a_file_with_addresses_goes_before_its_job():
    names = [writes.new_file(".xlsx", is_brief) for is_brief in (True, False)]
    numbers = []
    for name in names:
        (reads.folder() / name).write_bytes(b"x")
        os.utime(reads.folder() / name, (NOW.timestamp(), NOW.timestamp()))
        numbers.append(asked())
        assert writes.run_next({"count": lambda *_, name=name: Outcome(file=name)}, clock)
    writes.forget_jobs(NOW + BRIEF_LIFE)
    assert [file_of(number) for number in numbers] == names
    writes.forget_jobs(NOW + BRIEF_LIFE + timedelta(seconds=1))
    assert [file_of(number) for number in numbers] == ["", names[1]]
    assert [(reads.folder() / name).exists() for name in names] == [False, True]


def file_of(number: int) -> str:
    found = reads.job(number, ME)
    assert found is not None
    return found.file


def test_a_list_of_jobs_is_one_query_and_bounded(django_assert_num_queries):
    for _ in range(3):
        asked(to=1)
    with django_assert_num_queries(1):
        assert len(reads.jobs_of(ME, limit=2)) == 2


def test_a_job_stopped_while_it_ended_gives_no_file():
    number = asked()

    def work(job: Job, _report: Report) -> Outcome:
        writes.take_back_jobs(ME)
        return Outcome(file="x", file_name="名册.xlsx")

    assert writes.run_next({"count": work}, clock)
    found = reads.job(number, ME)
    assert found is not None
    assert (found.file, found.file_name) == ("", "")


def test_a_file_that_goes_while_old_ones_are_looked_for_disturbs_nobody(monkeypatch):
    gone = reads.folder() / writes.new_file(".xlsx")
    monkeypatch.setattr(type(gone), "iterdir", lambda _folder: iter([gone]))
    assert writes.forget_jobs(NOW) == 0

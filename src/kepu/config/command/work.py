"""`kepu work`: what follows the ledger, apart from the server."""

import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from threading import Event, Thread

import click
import structlog
from django.conf import settings
from django.db import connection

from kepu.clubs import tasks as clubs
from kepu.config.keeping.marks import beat
from kepu.console.tasks import WORKS
from kepu.console.tasks.articles import each_minute
from kepu.figures.writes import forget_drafts
from kepu.integrity import tasks as integrity
from kepu.jobs.writes import forget_jobs, run_next
from kepu.kit import clock
from kepu.kit.apart import by_itself
from kepu.mall.tasks import each_minute as keep_mall
from kepu.people.writes.forgetting import forget_old
from kepu.people.writes.moves import apply_moves
from kepu.people.writes.renaming import apply_names
from kepu.points.tasks import each_minute as keep_points
from kepu.standings import tasks as standings

TROUBLE_SECONDS = 5
FORGET_SECONDS = 3600
MINUTE_SECONDS = 60
JOB_WAIT_SECONDS = 1
BEAT_SECONDS = 15

log = structlog.get_logger("kepu.work")
Steps = Mapping[str, Callable[[datetime], object]]


class Every:
    """Something done at the first asking and then at most once in so many seconds."""

    def __init__(self, seconds: float, act: Callable[[], object]) -> None:
        self._seconds = seconds
        self._act = act
        self._due = 0.0

    def when_due(self) -> None:
        """It is done if its time has come."""
        if time.monotonic() >= self._due:
            self._due = time.monotonic() + self._seconds
            self._act()


@click.command()
@click.option("--once", is_flag=True, help="Catch up with the ledger and stop.")
@click.option("--beside", type=int, help="Stop when this process, which started the worker, is gone.")
def command(once: bool, beside: int | None) -> None:
    """Follow the ledger: boards and unit progress; do what was arranged for a day that has come;
    do long work; delete what was kept long enough.

    E.g.: kepu work --once
    """
    if once:
        if not _once():
            sys.exit(1)
        return
    forgetting = Every(FORGET_SECONDS, _forget)
    minutely = Every(MINUTE_SECONDS, _minute)
    beating = Every(BEAT_SECONDS, partial(beat, settings.HOME))
    stop = Event()
    Thread(target=_do_long_work, args=(stop,), daemon=True).start()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, lambda *_: stop.set())

    def wait(seconds: float) -> bool:
        beating.when_due()
        forgetting.when_due()
        minutely.when_due()
        return stop.wait(seconds) or beside not in (None, os.getppid())

    while not _kept_up(wait):
        if wait(TROUBLE_SECONDS):
            return


def _kept_up(wait: Callable[[float], bool]) -> bool:
    """Boards follow the ledger until they are told to stop; False when that failed, which is logged."""
    _leave_broken_connection()
    try:
        standings.keep_up(wait)
    except Exception:
        log.exception("follow_failed")
        return False
    return True


def _do_long_work(stop: Event) -> None:
    """One job after another, beside the following. A job that is cut off is taken up again."""
    while not stop.is_set():
        try:
            while not stop.is_set() and run_next(WORKS, clock.now):
                pass
            stop.wait(JOB_WAIT_SECONDS)
        except Exception:
            log.exception("long_work_failed")
            connection.close()
            stop.wait(TROUBLE_SECONDS)


def _once() -> bool:
    """Everything there is to do is done once; False when any of it failed, which is logged."""
    followed = [
        by_itself(f"{what}_failed", act) is not None
        for what, act in (("follow", standings.catch_up), ("signals", integrity.catch_up))
    ]
    done = [*followed, _forget(), _minute()]
    return all([*done, by_itself("long_work_failed", _all_long_work) is not None])


def _all_long_work() -> int:
    done = 0
    while run_next(WORKS, clock.now):
        done += 1
    return done


def _minute() -> bool:
    """What was arranged for a day that has come, and what crashes cut off; False when any step failed."""
    return _each(MINUTELY)


def _forget() -> bool:
    """What was kept long enough is gone; False when any step failed."""
    return _each(HOURLY)


def _each(steps: Steps) -> bool:
    """Every step is done, each by itself: one that raises is logged by its name, and the next goes on."""
    done = True
    for name, act in steps.items():
        _leave_broken_connection()
        done &= by_itself("step_failed", partial(_told, act), step=name) is True
    return done


def _leave_broken_connection() -> None:
    """What asks the database next does so on a connection that works."""
    if connection.errors_occurred and not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()


def _told(act: Callable[[datetime], object]) -> bool:
    act(clock.now())
    return True


MINUTELY: Steps = {
    "articles": each_minute,
    "moves": apply_moves,
    "names": apply_names,
    "points": keep_points,
    "mall": lambda _now: keep_mall(),
    "signals": integrity.each_minute,
    "clubs": clubs.each_minute,
}
HOURLY: Steps = {
    "people": forget_old,
    "drafts": forget_drafts,
    "jobs": forget_jobs,
    "clubs": clubs.hourly,
}

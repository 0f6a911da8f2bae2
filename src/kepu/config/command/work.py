"""`kepu work`: what follows the ledger, apart from the server."""

import os
import signal
import time
from collections.abc import Callable
from threading import Event, Thread

import click
import structlog
from django.db import DatabaseError, connection

from kepu.clubs import tasks as clubs
from kepu.console.tasks import WORKS
from kepu.console.tasks.articles import each_minute
from kepu.figures.writes import forget_drafts
from kepu.integrity import tasks as integrity
from kepu.jobs.writes import forget_jobs, run_next
from kepu.kit import clock
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

log = structlog.get_logger("kepu.work")


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
        standings.catch_up()
        integrity.catch_up()
        _forget()
        _minute()
        while run_next(WORKS, clock.now):
            pass
        return
    forgetting = Every(FORGET_SECONDS, _forget)
    minutely = Every(MINUTE_SECONDS, _minute)
    stop = Event()
    Thread(target=_do_long_work, args=(stop,), daemon=True).start()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, lambda *_: stop.set())

    def wait(seconds: float) -> bool:
        forgetting.when_due()
        minutely.when_due()
        return stop.wait(seconds) or beside not in (None, os.getppid())

    while not stop.is_set():
        try:
            standings.keep_up(wait)
            return
        except DatabaseError:
            log.exception("follow_failed")
            stop.wait(TROUBLE_SECONDS)


def _do_long_work(stop: Event) -> None:
    """One job after another, beside the following. A job that is cut off is taken up again."""
    while not stop.is_set():
        try:
            while not stop.is_set() and run_next(WORKS, clock.now):
                pass
            stop.wait(JOB_WAIT_SECONDS)
        except DatabaseError:
            log.exception("long_work_failed")
            connection.close()
            stop.wait(TROUBLE_SECONDS)


def _minute() -> None:
    """What was arranged for a day that has come: articles, moves between units, names of units."""
    now = clock.now()
    each_minute(now)
    apply_moves(now)
    apply_names(now)
    keep_points(now)
    keep_mall()
    integrity.each_minute(now)
    clubs.each_minute(now)


def _forget() -> None:
    now = clock.now()
    forget_old(now)
    forget_drafts(now)
    forget_jobs(now)
    clubs.hourly(now)

"""`kepu work`: what follows the ledger, apart from the server."""

import os
import signal
from threading import Event

import click
import structlog
from django.db import DatabaseError

from kepu.standings import tasks as standings

TROUBLE_SECONDS = 5

log = structlog.get_logger("kepu.work")


@click.command()
@click.option("--once", is_flag=True, help="Catch up with the ledger and stop.")
@click.option("--beside", type=int, help="Stop when this process, which started the worker, is gone.")
def command(once: bool, beside: int | None) -> None:
    """Follow the ledger: boards and unit progress, e.g.: kepu work --once"""
    if once:
        standings.catch_up()
        return
    stop = Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, lambda *_: stop.set())

    def wait(seconds: float) -> bool:
        return stop.wait(seconds) or beside not in (None, os.getppid())

    while not stop.is_set():
        try:
            standings.keep_up(wait)
            return
        except DatabaseError:
            log.exception("follow_failed")
            stop.wait(TROUBLE_SECONDS)

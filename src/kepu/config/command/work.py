"""`kepu work`: what follows the ledger, apart from the server."""

import signal
import time
from threading import Event

import click
import structlog
from django.db import DatabaseError

from kepu.standings import writes as standings

BATCH = 5000
IDLE_SECONDS = 0.5
TROUBLE_SECONDS = 5

log = structlog.get_logger("kepu.work")


@click.command()
@click.option("--once", is_flag=True, help="Catch up with the ledger and stop.")
def command(once: bool) -> None:
    """Follow the ledger: boards and unit progress, e.g.: kepu work --once"""
    stop = Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, lambda *_: stop.set())
    while not stop.is_set():
        try:
            followed = standings.follow(BATCH)
        except DatabaseError:
            log.exception("follow_failed")
            time.sleep(TROUBLE_SECONDS)
            continue
        if not followed:
            if once:
                return
            stop.wait(IDLE_SECONDS)

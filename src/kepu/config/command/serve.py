"""`kepu serve`: the site on one port, with the worker beside it."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from threading import Event, Thread

import click
import structlog
from django.conf import settings
from granian import Granian
from granian.constants import Interfaces

import kepu

# A worker that ended is started again after a pause that doubles; one that ran for a while begins anew.
PAUSE_SECONDS_MIN, PAUSE_SECONDS_MAX = 1.0, 60.0
RAN_WELL_SECONDS = 300
LOOK_SECONDS = 0.5
START_SECONDS_MAX = 20
END_SECONDS = 10

NO_TEXTS = "注意：没有设置 KEPU_SMS_GATEWAY_URL，短信发不出去，没有人能注册或用验证码登录。"

log = structlog.get_logger("kepu.serve")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option("--workers", default=1, show_default=True, help="Server processes (more than one: PostgreSQL).")
@click.option("--alone", is_flag=True, help="Do not start the worker (it runs elsewhere: kepu work).")
def command(host: str, port: int, workers: int, alone: bool) -> None:
    """Serve the site, e.g.: kepu serve --host 0.0.0.0 --port 8000"""
    if workers > 1 and not settings.DATABASE_URL:
        raise click.UsageError("SQLite is written by one process; use PostgreSQL for more workers.")
    if _is_taken(host, port):
        raise click.ClickException(f"{host}:{port} 已有程序在用。请先停掉它，或换一个端口：--port 8001")
    if not settings.KEPU_SMS_GATEWAY_URL and not settings.KEPU_DEVELOPMENT:
        click.echo(NO_TEXTS, err=True)
    collect_static()
    click.echo(f"网站 http://{host}:{port}/　后台 http://{host}:{port}/admin/　停下按 Ctrl+C")
    beside = [sys.executable, "-m", "kepu", "work", "--beside", str(os.getpid())]
    stop, keeper = Event(), None
    if not alone:
        keeper = Thread(target=_worker_beside, args=(host, port, beside, stop), daemon=True)
        keeper.start()
    try:
        Granian(
            "kepu.config.asgi:application",
            address=host,
            port=port,
            workers=workers,
            interface=Interfaces.ASGI,
            backlog=2048,
            respawn_failed_workers=True,
            log_access=False,
        ).serve()
    finally:
        stop.set()
        if keeper is not None:
            keeper.join(END_SECONDS + 2)


def _worker_beside(host: str, port: int, words: Sequence[str], stop: Event) -> None:
    """The worker starts once the site answers: before that it would only hold the first page up."""
    for _wait in range(int(START_SECONDS_MAX / LOOK_SECONDS)):
        if _is_taken(host, port) or stop.wait(LOOK_SECONDS):
            break
    keep_worker(words, stop)


def keep_worker(
    words: Sequence[str], stop: Event, pause: float = PAUSE_SECONDS_MIN, longest: float = PAUSE_SECONDS_MAX
) -> None:
    """The worker runs until `stop` is set, and is ended then. Whenever it ends by itself it is started again.

    `words`: its command. After the first end it waits `pause` seconds, then twice as long each time, at most
    `longest`.
    """
    first = pause
    while not stop.is_set():
        began = time.monotonic()
        worker = subprocess.Popen(words)  # noqa: S603 - our own command
        while worker.poll() is None:
            if stop.wait(LOOK_SECONDS):
                _end(worker)
                return
        if time.monotonic() - began >= RAN_WELL_SECONDS:
            pause = first
        log.error("worker_ended", status=worker.returncode, again_in_seconds=pause)
        stop.wait(pause)
        pause = min(2 * pause, longest)


def _end(worker: subprocess.Popen[bytes]) -> None:
    worker.terminate()
    try:
        worker.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        worker.kill()


def _is_taken(host: str, port: int) -> bool:
    """Whether somebody answers there: the server shares ports, so a second one would go unnoticed."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1" if host == "0.0.0.0" else host, port)) == 0  # noqa: S104


def collect_static() -> None:
    """Static files are gathered and compressed, once per installed version."""
    mark = settings.HOME / "static.version"
    if mark.exists() and mark.read_text() == static_edition():
        return
    words = ("manage", "collectstatic", "--no-input", "--clear", "--verbosity=0")
    subprocess.run([sys.executable, "-m", "kepu", *words], check=True)  # noqa: S603 - our own command
    mark.write_text(static_edition())


def static_edition() -> str:
    """Which static files belong to this version: what `static.version` says once they are collected."""
    return f"{kepu.__version__} {max(_changed_at(), 0)}"


def _changed_at() -> int:
    """When the newest static file of our own changed (seconds); an editable install changes in place."""
    files = settings.PACKAGE.glob("*/static/**/*")
    return max((int(file.stat().st_mtime) for file in files), default=0)

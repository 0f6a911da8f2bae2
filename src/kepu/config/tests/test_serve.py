"""The worker beside the server: started again when it ends, ended with the server."""

import sys
import time
from threading import Event, Thread

from kepu.config.command import serve


def kept(script: str, path, stop: Event) -> Thread:
    """The keeper of a worker that runs this script with the path of a file."""
    keeper = Thread(
        target=serve.keep_worker, args=([sys.executable, "-c", script, str(path)], stop, 0.01, 0.05)
    )
    keeper.start()
    return keeper


def wait_for(path, lines: int) -> list[str]:
    for _try in range(400):
        written = path.read_text().split() if path.exists() else []
        if len(written) >= lines:
            return written
        time.sleep(0.05)
    raise AssertionError(f"{path} has no {lines} lines")


WRITE = "import os, sys, time; open(sys.argv[1], 'a').write(f'{os.getpid()}\\n');"


def test_a_worker_that_ends_is_started_again(tmp_path, monkeypatch):
    monkeypatch.setattr(serve, "LOOK_SECONDS", 0.02)
    stop, path = Event(), tmp_path / "started"
    keeper = kept(WRITE + "sys.exit(3)", path, stop)
    assert len(set(wait_for(path, 3))) >= 3
    stop.set()
    keeper.join(10)
    assert not keeper.is_alive()


def test_a_worker_ends_with_the_server(tmp_path, monkeypatch):
    monkeypatch.setattr(serve, "LOOK_SECONDS", 0.02)
    stop, path = Event(), tmp_path / "started"
    keeper = kept(WRITE + "time.sleep(600)", path, stop)
    assert len(wait_for(path, 1)) == 1
    stop.set()
    keeper.join(10)
    assert not keeper.is_alive()
    assert len(path.read_text().split()) == 1

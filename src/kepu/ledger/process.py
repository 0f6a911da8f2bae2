"""The ledger's process: takes whatever stands in line, commits it together, answers when it is durable."""

import os
import select
import signal
import socket
from collections.abc import Callable, Sequence
from pathlib import Path
from queue import SimpleQueue
from threading import Thread

import structlog
from django.db import OperationalError, connection, connections

from kepu.ledger import sqlite_log, wire
from kepu.ledger.rules import Act, Receipt, Refusal

Commit = Callable[[Sequence[Act]], list[Receipt | Refusal]]
Sync = Callable[[], None]
BATCH_MAX = 1024
TAKEN_BYTES = 1 << 18
NAME = "kepu-ledger"  # as `ps` and `top` show it

log = structlog.get_logger("kepu.ledger")


def begin(commit: Commit) -> socket.socket:
    """The ledger runs in a process of its own; the answer is the way to it, and it ends when that is closed.

    To be called before the process has threads.
    """
    ours, theirs = socket.socketpair()
    connections.close_all()
    if os.fork():
        theirs.close()
        return ours
    try:
        ours.close()
        Path("/proc/self/comm").write_text(NAME)
        for sent in (signal.SIGINT, signal.SIGTERM):  # it ends with the process that it serves
            signal.signal(sent, signal.SIG_IGN)
        serve(theirs, commit, sqlite_log.taken_over() if connection.vendor == "sqlite" else _committed)
    except BaseException:
        log.exception("ledger_ended")
    os._exit(0)


def serve(line: socket.socket, commit: Commit, sync: Sync) -> None:
    """Commit what comes, and answer, until the other side closes the line.

    There is no timer: whatever arrived while one batch was committed is the next batch. `sync` makes all that
    was committed durable; the next batch does not wait for that, its answers do.
    """
    done = SimpleQueue[list[wire.Answer] | None]()
    answering = Thread(target=_answer, args=(line, done, sync), daemon=True)
    answering.start()
    frames, acts = wire.Frames(), list[Act]()
    while data := _taken(line):
        for frame in frames.whole(data):
            acts += wire.read_acts(frame)
        if len(acts) < BATCH_MAX and select.select([line], [], [], 0)[0]:
            continue
        for start in range(0, len(acts), BATCH_MAX):
            done.put(commit_safely(acts[start : start + BATCH_MAX], commit))
        acts.clear()
    done.put(None)
    answering.join()


def _taken(line: socket.socket) -> bytes:
    """What came, once something came; nothing when the other side is gone."""
    try:
        return line.recv(TAKEN_BYTES)
    except ConnectionResetError:  # killed while an answer was on its way
        return b""


def commit_safely(acts: Sequence[Act], commit: Commit) -> list[wire.Answer]:
    """Commit together; when that fails, one by one, so that one bad act does not sink a batch.

    Each act is tried anew once, which also heals a connection that was cut. A database that fails then
    fails for the rest as well: they are told at once instead of each waiting for it.
    """
    try:
        return list(commit(acts))
    except Exception:
        log.exception("batch_failed", acts=len(acts))
    answers: list[wire.Answer] = []
    for act in acts:
        try:
            answers += commit([act])
        except OperationalError:
            log.exception("database_failed", acts=len(acts) - len(answers))
            break
        except Exception:
            log.exception("act_failed")
            answers.append(None)
    return answers + [None] * (len(acts) - len(answers))


def _answer(line: socket.socket, done: "SimpleQueue[list[wire.Answer] | None]", sync: Sync) -> None:
    """Say what was committed once it is durable. Where that cannot be had the line is closed: nobody knows
    what a disk holds that failed once, and whoever waits is told that nothing is certain.
    """
    try:
        is_over = False
        while not is_over:
            answers = [done.get(), *(done.get() for _ in range(done.qsize()))]
            is_over = answers[-1] is None
            sync()
            line.sendall(b"".join(wire.answers_frame(each) for each in answers if each is not None))
    except BrokenPipeError:
        pass  # the other side is gone: what was sent stays recorded, and its phone will ask again
    except Exception:
        log.exception("not_durable")
        line.shutdown(socket.SHUT_RDWR)


def _committed() -> None:
    """PostgreSQL's commit is durable by itself."""

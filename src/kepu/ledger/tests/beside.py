"""The other side of a committer's line, in a thread instead of a process, which tests can look into."""

import socket
from threading import Thread

from kepu.ledger import process


def ledger(commit: process.Commit, sync: process.Sync = lambda: None) -> socket.socket:
    """The way to a ledger that commits by `commit`; it ends when this is closed."""
    ours, theirs = socket.socketpair()

    def run() -> None:
        with theirs:
            process.serve(theirs, commit, sync)

    Thread(target=run, daemon=True).start()
    return ours

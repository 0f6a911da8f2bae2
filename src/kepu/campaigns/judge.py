"""`python -m kepu.campaigns.judge`: judges the acts of a part of the people by other rules than they had.

It takes frames (four bytes of length, then a body) from its standard input. The first body is what
`Replaying` begins with, pickled; then come marshalled lists of acts, before those of a book the numbers
of its acts that were taken back, as a tuple. At the end of the input it writes what came of it, pickled.
"""

import gc
import marshal
import pickle
import sys
from collections.abc import Collection, Iterator
from typing import BinaryIO

from kepu.campaigns.rules import Replaying, begin_book, replay, replayed


def main(asked: BinaryIO, answer: BinaryIO) -> None:
    """Judge what is asked and say what came of it."""
    gc.disable()  # it makes no cycles, and looking for them takes a tenth of the time
    bodies = _bodies(asked)
    state = Replaying(*pickle.loads(next(bodies)))  # noqa: S301 - from the process that started this one
    taken_back: Collection[int] = ()
    for body in bodies:
        piece = marshal.loads(body)  # noqa: S302 - from the process that started this one
        if isinstance(piece, tuple):
            begin_book(state)
            taken_back = frozenset(piece)
        else:
            replay(piece, state, taken_back)
    pickle.dump(replayed(state), answer)


def _bodies(asked: BinaryIO) -> Iterator[bytes]:
    while head := asked.read(4):
        yield asked.read(int.from_bytes(head, "big"))


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout.buffer)

"""Acts judged by processes side by side, each those of its part of the people: nobody hangs on another."""

import marshal
import pickle
import subprocess
import sys
from collections.abc import Collection, Sequence
from typing import Any

from kepu.campaigns.rules import Kind, PastRow, Replayed

# What waits for a child: some lists of acts, so that while one is busy the others are told of theirs.
WAITING_BYTES = 1 << 20


class JudgeLostError(Exception):
    """A process that judged acts ended before its time; nothing came of the trial."""


class Judges:
    """Child processes (at least one) that judge acts as `replay` does; to be used in a `with`.

    `begin`: what `Replaying` begins with, in order. A child that cannot keep up holds its asker back, so no
    acts pile up between them.
    """

    def __init__(self, begin: tuple[Any, ...], count: int) -> None:
        command = [sys.executable, "-m", "kepu.campaigns.judge"]
        self._children = [
            subprocess.Popen(  # noqa: S603 our own
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, pipesize=WAITING_BYTES
            )
            for _ in range(count)
        ]
        body = pickle.dumps(begin)
        for child in self._children:
            self._tell(child, body)

    def __enter__(self) -> "Judges":
        return self

    def __exit__(self, *_trouble: object) -> None:
        for child in self._children:
            child.kill()
            with child:  # its pipes are closed and its end awaited
                pass

    def begin_book(self, taken_back: Collection[int]) -> None:
        """The acts of another book follow, of which those with these numbers were taken back."""
        body = marshal.dumps(tuple(taken_back))
        for child in self._children:
            self._tell(child, body)

    def replay(self, rows: Sequence[PastRow]) -> None:
        """These acts come next."""
        count = len(self._children)
        for number, child in enumerate(self._children):
            own = [row for row in rows if row[1] % count == number]  # row[1]: whose act it is
            self._tell(child, marshal.dumps(own))

    def replayed(self) -> Replayed:
        """What came of the acts; no more can be given. Raises JudgeLostError where a child is gone."""
        for child in self._children:
            assert child.stdin is not None
            child.stdin.close()
        return _together([self._answer(child) for child in self._children])

    def _tell(self, child: "subprocess.Popen[bytes]", body: bytes) -> None:
        assert child.stdin is not None
        try:
            child.stdin.write(len(body).to_bytes(4, "big") + body)
            child.stdin.flush()
        except BrokenPipeError as trouble:
            raise JudgeLostError from trouble

    def _answer(self, child: "subprocess.Popen[bytes]") -> Replayed:
        assert child.stdout is not None
        answer = child.stdout.read()
        if child.wait():
            raise JudgeLostError
        replayed: Replayed = pickle.loads(answer)  # noqa: S301 - of a child of ours
        return replayed


def _together(parts: Sequence[Replayed]) -> Replayed:
    """The sums of all; no person is in two."""
    kinds: dict[Kind, list[int]] = {}
    for part in parts:
        for kind, (before, after) in part.kinds.items():
            both = kinds.setdefault(kind, [0, 0])
            both[0] += before
            both[1] += after
    people = {person: change for part in parts for person, change in part.people.items()}
    return Replayed(sum(part.acts for part in parts), people, kinds)

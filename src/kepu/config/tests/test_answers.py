"""An answer is kept whole and free of its thread, within bounds, and nobody takes forever to read it."""

import asyncio
from typing import Any

import pytest

from kepu.config import answers
from kepu.config.answers import FREE, PIECE, Answers


def start(status: int = 200, *headers: tuple[bytes, bytes]) -> dict[str, Any]:
    return {"type": "http.response.start", "status": status, "headers": list(headers)}


def piece(size: int) -> dict[str, Any]:
    return {"type": "http.response.body", "body": b"x" * size, "more_body": True}


async def taken(kept: Answers, *sizes: int, status: int = 200) -> tuple[bool, list[Any]]:
    """Whether an answer of these pieces was kept, and what was sent of it."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async with kept.kept() as answer:
        for message in (start(status), *map(piece, sizes)):
            await answer.take(message)
        if answer.is_whole:
            await answer.deliver(send)
        return answer.is_whole, sent


@pytest.mark.parametrize("sizes", [(), (1,), (PIECE,), (PIECE + 1,), (FREE, 5 * PIECE, 7)])
def test_an_answer_is_sent_as_it_was_given_with_its_length(tmp_path, sizes):
    is_whole, (first, *bodies) = asyncio.run(taken(Answers(tmp_path), *sizes))
    assert is_whole
    assert first["headers"] == [(b"content-length", str(sum(sizes)).encode())]
    assert b"".join(each["body"] for each in bodies) == b"x" * sum(sizes)
    assert [each.get("more_body", False) for each in bodies] == [True] * (len(bodies) - 1) + [False]
    assert all(len(each["body"]) <= PIECE for each in bodies)
    assert list(tmp_path.iterdir()) == []


def test_an_answer_that_never_has_a_body_is_given_no_length(tmp_path):
    assert asyncio.run(taken(Answers(tmp_path), status=304))[1][0]["headers"] == []


def test_an_answer_without_an_end_is_not_kept(tmp_path):
    assert asyncio.run(taken(Answers(tmp_path, answer_max=10), 6, 6)) == (False, [])


def test_an_answer_too_large_for_ever_is_told_from_one_too_many(tmp_path):
    async def refused(kept: Answers) -> tuple[bool, bool]:
        async with kept.kept() as answer:
            await answer.take(start())
            for _ in range(3):
                await answer.take(piece(FREE))
            return answer.is_whole, answer.is_too_large

    assert asyncio.run(refused(Answers(tmp_path, answer_max=2 * FREE))) == (False, True)
    assert asyncio.run(refused(Answers(tmp_path, held_max=FREE))) == (False, False)
    assert asyncio.run(refused(Answers(tmp_path))) == (True, False)


def test_many_large_answers_fill_the_pot_and_small_ones_always_pass(tmp_path):
    async def scene() -> list[bool]:
        kept = Answers(tmp_path, held_max=10)
        async with kept.kept() as held:
            await held.take(start())
            await held.take(piece(FREE + 8))
            while_held = [(await taken(kept, size))[0] for size in (FREE + 3, FREE)]
        return [*while_held, (await taken(kept, FREE + 3))[0]]

    assert asyncio.run(scene()) == [False, True, True]


def test_a_reader_who_takes_nothing_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr(answers, "PIECE_SECONDS", 0.05)

    async def stuck(message: Any) -> None:
        if message["type"] == "http.response.body":
            await asyncio.sleep(10)

    async def scene() -> None:
        async with Answers(tmp_path).kept() as answer:
            await answer.take(start())
            await answer.take(piece(2 * PIECE))
            await answer.deliver(stuck)

    with pytest.raises(TimeoutError):
        asyncio.run(asyncio.wait_for(scene(), 5))

"""Sealed streams: what went in comes out, with the passphrase and whole; nothing else opens."""

import io
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kepu.config.keeping import sealing
from kepu.config.keeping.sealing import DAMAGED, MAGIC, WRONG, Sealer, Unsealer
from kepu.config.keeping.telling import Trouble

PASSPHRASE = "一句够长的备份口令"


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    """Small pieces, and a key that costs little."""
    monkeypatch.setattr(sealing, "PIECE", 16)
    monkeypatch.setattr(sealing, "_COST", 2)


def sealed(*pieces: bytes) -> bytes:
    file = io.BytesIO()
    sealer = Sealer(file, PASSPHRASE)
    for piece in pieces:
        assert sealer.write(piece) == len(piece)
    sealer.finish()
    return file.getvalue()


def opened(content: bytes, passphrase: str = PASSPHRASE) -> bytes:
    file = io.BufferedReader(io.BytesIO(content))
    assert file.read(len(MAGIC)) == MAGIC
    return io.BufferedReader(Unsealer(file, passphrase)).read()


@given(st.lists(st.binary(max_size=50), max_size=8))
def test_what_goes_in_comes_out_however_it_is_cut(pieces):
    assert opened(sealed(*pieces)) == b"".join(pieces)


@pytest.mark.parametrize("size", [0, 1, 15, 16, 17, 32, 33])
def test_no_part_of_it_opens_as_a_whole(size):
    content = sealed(b"x" * size)
    for end in range(len(MAGIC) + 16, len(content)):
        with pytest.raises(Trouble) as refused:
            opened(content[:end])
        assert refused.value.message in (DAMAGED, WRONG)
    with pytest.raises(Trouble):
        opened(content + b"x")


def test_no_bit_of_it_can_change():
    content = sealed(bytes(range(40)))
    for place in range(len(MAGIC), len(content)):
        with pytest.raises(Trouble):
            opened(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])


def test_pieces_do_not_change_places():
    content = sealed(b"a" * 16, b"b" * 16, b"c")
    head, piece = len(MAGIC) + 16, 32
    first, second = content[head : head + piece], content[head + piece : head + 2 * piece]
    with pytest.raises(Trouble):
        opened(content[:head] + second + first + content[head + 2 * piece :])


def test_another_passphrase_is_told_and_equal_streams_differ():
    content = sealed(b"x" * 100)
    with pytest.raises(Trouble) as refused:
        opened(content, "另一句口令也很长")
    assert refused.value.message == WRONG
    assert sealed(b"x" * 100) != content


def test_a_large_stream_takes_little_memory(monkeypatch, tmp_path):
    monkeypatch.setattr(sealing, "PIECE", 1_048_576)
    path, block, blocks = tmp_path / "large", bytes(65_536), 1_024
    tracemalloc.start()
    with path.open("wb") as file:
        sealer = Sealer(file, PASSPHRASE)
        for _ in range(blocks):
            sealer.write(block)
        sealer.finish()
    with path.open("rb") as raw:
        raw.read(len(MAGIC))
        plain = io.BufferedReader(Unsealer(raw, PASSPHRASE), 65_536)
        assert sum(len(plain.read(65_536)) for _ in range(blocks + 1)) == len(block) * blocks
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 * 1_048_576

"""How acts reach the ledger's process and answers come back: frames of MessagePack, each with its length."""

from collections.abc import Iterator, Sequence

import msgspec

from kepu.ledger.rules import Act, Receipt, Refusal

Answer = Receipt | Refusal | None  # None: not recorded
_LENGTH = 4


class Frames:
    """Cuts what came into frames; the rest waits for more."""

    def __init__(self) -> None:
        self._rest = b""

    def whole(self, data: bytes) -> Iterator[bytes]:
        """The frames that are whole now, without their lengths."""
        data, start = self._rest + data, 0
        while len(data) - start >= _LENGTH:
            end = start + _LENGTH + int.from_bytes(data[start : start + _LENGTH], "big")
            if end > len(data):
                break
            yield data[start + _LENGTH : end]
            start = end
        self._rest = data[start:]


def acts_frame(acts: Sequence[Act]) -> bytes:
    """Acts on their way to the ledger."""
    return _framed(_encode(acts))


def answers_frame(answers: Sequence[Answer]) -> bytes:
    """Answers on their way back, in the order of the acts."""
    return _framed(_encode(answers))


def _framed(content: bytes) -> bytes:
    return len(content).to_bytes(_LENGTH, "big") + content


_encode = msgspec.msgpack.Encoder().encode
read_acts = msgspec.msgpack.Decoder(list[Act]).decode
read_answers = msgspec.msgpack.Decoder(list[Answer]).decode

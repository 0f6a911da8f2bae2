"""Small whole numbers in few bytes, for tokens that travel in links."""

from functools import lru_cache


def pack(numbers: list[int]) -> bytes:
    """Each number (≥ 0) in 7-bit groups, lowest first, the top bit meaning 'more follows'."""
    return b"".join([_packed(number) for number in numbers])


def unpack(raw: bytes) -> list[int] | None:
    """The numbers in `raw`, or None when it ends in the middle of one or one exceeds 64 bits."""
    numbers, value, shift = [], 0, 0
    for byte in raw:
        value |= (byte & 0x7F) << shift
        shift += 7
        if shift > 70:
            return None
        if byte < 0x80:
            numbers.append(value)
            value, shift = 0, 0
    return None if shift else numbers


@lru_cache(65_536)
def _packed(number: int) -> bytes:
    """Remembered: people, articles and books come again and again."""
    assert number >= 0
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)

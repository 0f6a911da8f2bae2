"""What a division code says by itself: its level, its ancestors, the range its subtree fills."""

from enum import IntEnum


class Level(IntEnum):
    """Levels of the tree by number of digits in the code (GB/T 2260; towns and villages by 统计局)."""

    PROVINCE = 2
    CITY = 4
    COUNTY = 6
    TOWN = 9
    VILLAGE = 12


def is_code(text: str) -> bool:
    """Whether `text` has the form of a division code (its existence is a question for `reads`)."""
    return text.isascii() and text.isdigit() and len(text) in _LENGTHS


def level_of(code: str) -> Level:
    """The level of a well-formed code."""
    return Level(len(code))


def ancestors_of(code: str) -> list[str]:
    """Codes from the province down to the parent; empty for a province."""
    return [code[:length] for length in _LENGTHS if length < len(code)]


def parent_of(code: str) -> str | None:
    """The code one level up, or None for a province."""
    above = ancestors_of(code)
    return above[-1] if above else None


def is_within(code: str, division: str) -> bool:
    """Whether `code` is `division` or lies below it; every code lies within the whole country ("")."""
    return code.startswith(division)


def range_of(division: str) -> tuple[str, str]:
    """Bounds (low, high) so that low ≤ code < high holds exactly for the codes within `division`."""
    assert division
    return division, division + ":"  # ':' is the character after '9'


_LENGTHS = tuple(int(level) for level in Level)

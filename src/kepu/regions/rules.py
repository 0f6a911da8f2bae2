"""What a division code says by itself: its level, its ancestors, the range its subtree fills."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum


class Level(IntEnum):
    """Levels of the tree by number of digits in the code (GB/T 2260; towns and villages by 统计局)."""

    PROVINCE = 2
    CITY = 4
    COUNTY = 6
    TOWN = 9
    VILLAGE = 12


@dataclass(frozen=True, slots=True)
class DivisionName:
    """One division as others see it."""

    code: str
    name: str


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


def child_level(code: str) -> Level | None:
    """The level below `code` (the whole country, "", has provinces); None below a village."""
    below = [level for level in Level if level > len(code)]
    return below[0] if below else None


def is_within(code: str, division: str) -> bool:
    """Whether `code` is `division` or lies below it; every code lies within the whole country ("")."""
    return code.startswith(division)


def range_of(division: str) -> tuple[str, str]:
    """Bounds (low, high) so that low ≤ code < high holds exactly for the codes within `division`.

    Both bounds are digits only, so the order is the same under every collation of a database. The
    whole country ("") is a range too.
    """
    following = str(int(division or "9") + 1)
    if len(following) > len(division):
        return division, _AFTER_ALL
    return division, following.zfill(len(division))


def joined_name(code: str, names: Mapping[str, str]) -> str:
    """The name as people write it in full: 湖南省岳阳市华容县插旗镇.

    `names` holds those of the code and its ancestors; a missing one leaves a gap. Levels that only
    fill the scheme (北京市·市辖区·东城区) and counties that repeat their city (东莞市·东莞市) are left out.
    """
    parts: list[str] = []
    for step in [*ancestors_of(code), code]:
        name = names.get(step, "")
        filler = name in FILLERS and step != code
        if not filler and parts[-1:] != [name]:
            parts.append(name)
    return "".join(parts)


# City-level entries of municipalities and of counties directly under a province (统计用区划代码).
FILLERS = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})

_LENGTHS = tuple(int(level) for level in Level)
_AFTER_ALL = "9" * (Level.VILLAGE + 1)

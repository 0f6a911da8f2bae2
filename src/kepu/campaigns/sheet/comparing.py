"""What changed from one version of a sheet to another: field by field, and line by line. Pure."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kepu.campaigns.sheet.schema import SHEET

# What tells a row of a list from its neighbours, by the list's name; rows with the same are counted.
_KEYS = {
    "rounds": ("id",),
    "units": ("division",),
    "tiers": ("scope", "rank_from"),
    "declared": ("field",),
    "weights": ("title",),
    "streaks": ("days",),
}
# What a row is called, where it says so.
_NAMES = {"rounds": "title", "units": "unit", "weights": "title"}
LINES_AROUND = 2


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that changed: None where it did not stand.

    `steps` leads to it from the outside in: (field, "" or the name of the row) each.
    """

    steps: tuple[tuple[str, str], ...]
    before: object
    after: object


Flat = dict[tuple[str, ...], tuple[tuple[tuple[str, str], ...], object]]


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """The fields of two sheets that differ, in the order of the form; a row is known by its name or code.

    A row or word that merely moved among its like is no difference. Both are as `plain_table.table_of` gives
    them.
    """
    old, new = _flat(before, (), ()), _flat(after, (), ())
    out = []
    for key in sorted({*old, *new}, key=_order(list(new), list(old))):
        steps, _ = new.get(key) or old[key]
        was, is_ = (side[key][1] if key in side else None for side in (old, new))
        if was != is_ or type(was) is not type(is_):
            out.append(Difference(steps, was, is_))
    return out


def text_differences(before: str, after: str) -> list[tuple[str, str]]:
    """The lines that differ, with a few around them: (mark, line); a mark is "+", "-", " ", "…" for a gap."""
    found = difflib.unified_diff(before.split("\n"), after.split("\n"), n=LINES_AROUND, lineterm="")
    lines = list(found)[2:]
    return [("…", "") if line.startswith("@@") else (line[0], line[1:]) for line in lines]


def _order(new: list[tuple[str, ...]], old: list[tuple[str, ...]]) -> Any:
    """Sections as in the form; inside one what stands now as it stands, then what is gone."""
    sections = {name: number for number, name in enumerate(SHEET)}
    places = {key: number for number, key in enumerate([*new, *(key for key in old if key not in set(new))])}
    return lambda key: (sections.get(key[0], len(sections)), places[key])


def _flat(value: object, key: tuple[str, ...], steps: tuple[tuple[str, str], ...]) -> Flat:
    out: Flat = {}
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if isinstance(inner, list) and all(isinstance(row, dict) for row in inner):
                out |= _rows(name, inner, (*key, name), steps)
            else:
                out |= _flat(inner, (*key, name), (*steps, (name, "")))
        return out
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        value = sorted(value)
    return {key: (steps, value)}


def _rows(
    name: str, rows: list[dict[str, Any]], key: tuple[str, ...], steps: tuple[tuple[str, str], ...]
) -> Flat:
    out: Flat = {}
    seen: dict[str, int] = {}
    for number, row in enumerate(rows, 1):
        own = " ".join(str(row.get(field, "")) for field in _KEYS.get(name, ())) or str(number)
        seen[own] = seen.get(own, 0) + 1
        called = str(row.get(_NAMES.get(name, ""), "") or own)
        out |= _flat(row, (*key, own, str(seen[own])), (*steps, (name, called)))
    return out

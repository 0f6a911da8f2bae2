"""Rows of a task grid and the units they mean: matched by name inside the place, else chosen by a person."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kepu.console.sheet_boxes import TARGETS
from kepu.people import reads as people
from kepu.people.rules import unit_kind, unit_name
from kepu.regions import reads as regions
from kepu.regions.rules import Level, is_code, level_of

Row = dict[str, Any]
_LEVELS = {
    Level.PROVINCE: (Level.CITY, Level.COUNTY),
    Level.CITY: (Level.COUNTY, Level.TOWN),
    Level.COUNTY: (Level.TOWN, Level.VILLAGE),
    Level.TOWN: (Level.TOWN, Level.VILLAGE),
    Level.VILLAGE: (Level.VILLAGE,),
}
_COMMITTEE = re.compile(r"(?:(?:村民|居民)?委员会|村委会|居民居委会|居委会|居委|人民政府|办事处)$")
_KIND = re.compile(r"(?<=.)(?:社区|村|嘎查)$")


@dataclass(frozen=True, slots=True)
class TaskUnit:
    """Something a task can be given to; `above`: the name of what it lies in, "" where that is not listed."""

    division: str
    name: str
    above: str = ""


def units_of(place: str) -> list[TaskUnit]:
    """The divisions of the two levels that tasks of a place are given to, and the open units, by code.

    A town: itself, its villages by their everyday names, its departments; a county: its towns and villages.
    None for what is no code. Three queries.
    """
    if not is_code(place):
        return []
    rows = [row for level in _LEVELS[level_of(place)] for row in regions.within(place, level)]
    names = {row.code: row.name for row in rows}
    found = [TaskUnit(code, _everyday(code, name), _above(code, names)) for code, name in names.items()]
    found += [
        TaskUnit(unit.division, unit.name, _above(unit.division, names))
        for unit in people.units_within(place)
        if unit.division not in names or level_of(unit.division) is not Level.VILLAGE
    ]
    return sorted(found, key=lambda each: each.division)


def codes_named(name: str, units: Sequence[TaskUnit]) -> list[str]:
    """The codes of the units a name means: those of just this name, else those alike but for 村 or 居委会.

    A name may begin with that of the town (插旗镇同福村).
    """
    for key in (_plain, _bare):
        said = key(name)
        found = {
            unit.division
            for unit in units
            if said and said in (key(unit.name), _plain(unit.above) + key(unit.name))
        }
        if found:
            return sorted(found)
    return []


def settled(rows: Sequence[Row], units: Sequence[TaskUnit]) -> list[Row]:
    """The rows, those without a code with the one their name means where it means one alone.

    A village's row bears its everyday name, as publication asks. A row without figures goes where another
    with figures has its code.
    """
    names = {unit.division: unit.name for unit in units if len(unit.division) == Level.VILLAGE}
    taken = {row.get("division") for row in rows if _has_figures(row)}
    out = []
    for row in map(dict, rows):
        codes = [] if row.get("division") else codes_named(str(row.get("unit", "")), units)
        if len(codes) == 1 and codes[0] not in taken:
            row["division"] = codes[0]
            taken.add(codes[0])
        if row.get("division") in names:
            row["unit"] = names[row["division"]]
        out.append(row)
    filled = {row["division"] for row in out if _has_figures(row) and row.get("division")}
    return [row for row in out if _has_figures(row) or row.get("division") not in filled]


def choices_for(name: str, code: str, units: Sequence[TaskUnit]) -> tuple[tuple[str, str], ...]:
    """(code, words) to choose a row's unit from: those its name may mean, else all; what stands there too."""
    codes = set(codes_named(name, units)) if not code else set()
    words: dict[str, str] = {}
    for unit in units:
        if len(codes) < 2 or unit.division in codes:
            above = "" if unit.above == unit.name else unit.above
            said = f"{above} {unit.name}".strip()
            words[unit.division] = said  # of a town and its departments: these
    if code and code not in words:
        words = {code: code, **words}
    return tuple(words.items())


def _everyday(code: str, name: str) -> str:
    return unit_name(name, unit_kind(code)) if level_of(code) is Level.VILLAGE else name


def _above(code: str, names: dict[str, str]) -> str:
    return next((names[code[:length]] for length in (9, 6, 4) if code[:length] in names), "")


def _has_figures(row: Row) -> bool:
    return any(name in row for name in TARGETS)


def _plain(name: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", name))


def _bare(name: str) -> str:
    return _KIND.sub("", _COMMITTEE.sub("", _plain(name)))

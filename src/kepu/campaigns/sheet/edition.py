"""A sheet's edition for another year, made by rewriting the lines that name days."""

import re
import tomllib
from datetime import date
from typing import Any

from kepu.campaigns.sheet.lines import Path, lines_of
from kepu.campaigns.sheet.parse import plain

_LINE = re.compile(r"""(\s*[\w-]+\s*=\s*)("(?:[^"\\]|\\.)*"|'[^']*'|[^#\s]+)(.*)""", re.DOTALL)
_DAYS = ("opens_on", "closes_on", "judged_on")


def edition_of(text: str, year: int) -> str:
    """The text of the sheet's edition for `year`, with its comments; it says itself that it is one.

    The campaign runs from 1 January to 31 December; a round that began or ended with the campaign still
    does, other days (those of weights too) keep month and day. The name becomes chaqi-<year>, titles name the
    year. `text` must be a sheet without troubles that gives each rewritten field a line of its own.
    """
    text = plain(text)
    raw, lines, rows = tomllib.loads(text), lines_of(text), text.split("\n")
    for path, value in _changes(raw, year).items():
        number = lines[path] - 1
        found = _LINE.fullmatch(rows[number])
        assert found is not None, f"line {number + 1} holds more than one field"
        rows[number] = found.group(1) + value + found.group(3)
    return "\n".join(rows).rstrip("\n") + "\n" + _DECLARED.format(year=year, was=raw["opens_on"].year)


def _changes(raw: dict[str, Any], year: int) -> dict[Path, str]:
    old = raw["opens_on"].year
    slug = re.sub(r"-\d{4}$", "", raw["campaign"])
    changes: dict[Path, str] = {
        ("campaign",): f'"{slug}-{year}"',
        ("opens_on",): f"{year}-01-01",
        ("closes_on",): f"{year}-12-31",
        ("title",): _titled(raw["title"], old, year),
    }
    for index, each in enumerate(raw.get("rounds", ())):
        above: Path = ("rounds", index)
        changes[*above, "title"] = _titled(each["title"], old, year)
        for field in _DAYS:
            changes[*above, field] = _moved(raw, each[field], year).isoformat()
    for index, each in enumerate(raw.get("weights", ())):
        changes["weights", index, "title"] = _titled(each["title"], old, year)
        for field in _DAYS[:2]:
            changes["weights", index, field] = _moved(raw, each[field], year).isoformat()
    return changes


def _moved(raw: dict[str, Any], day: date, year: int) -> date:
    if day == raw["opens_on"]:
        return date(year, 1, 1)
    if day >= raw["closes_on"]:
        return date(year, 12, 31)
    shifted = year + day.year - raw["opens_on"].year
    leap_day = (day.month, day.day) == (2, 29)
    return min(date(shifted, day.month, 28 if leap_day else day.day), date(year, 12, 31))


def _titled(title: str, old: int, year: int) -> str:
    words = title.replace(str(old), str(year)).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{words}"'


_DECLARED = """
[[declared]]
field = "opens_on"
why = "本表按 {was} 年的规则改写成 {year} 年版，日期由 1 月 1 日到 12 月 31 日，原通知并没有管到这一年。"
"""

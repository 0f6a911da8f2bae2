"""The years whose holidays are known: the package's, and those of the site's own file."""

import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from kepu.awards.rules import FIRST_YEAR, LAST_YEAR, HolidayTrouble, HolidayYear, holiday_year

FILE_BYTES_MAX = 100_000


@dataclass(frozen=True, slots=True)
class BadYear:
    """What is wrong in the file; `year` is 0 where it is the file as a whole."""

    year: int
    trouble: HolidayTrouble


def added_holidays() -> dict[int, HolidayYear] | BadYear:
    """The years of the site's file that the package does not hold yet, by year; none without a file.

    A year that the package has learnt meanwhile is the package's. No query; a file of FILE_BYTES_MAX.
    """
    path = holidays_file()
    if not path.is_file():
        return {}
    try:
        with path.open("rb") as file:
            years = tomllib.loads(file.read(FILE_BYTES_MAX).decode()).get("year", [])
    except (OSError, ValueError):
        return BadYear(0, HolidayTrouble.UNREADABLE)
    found: dict[int, HolidayYear] = {}
    if not isinstance(years, list) or not all(map(_is_formed, years)):
        return BadYear(0, HolidayTrouble.UNREADABLE)
    for given in years:
        if FIRST_YEAR <= given["year"] <= LAST_YEAR:
            continue
        made = holiday_year(given["year"], given["source"], given["days_off"], given["days_worked"])
        if isinstance(made, HolidayTrouble) or made.year in found:
            trouble = made if isinstance(made, HolidayTrouble) else HolidayTrouble.YEAR
            return BadYear(given["year"], trouble)
        found[made.year] = made
    return found


def holidays_file() -> Path:
    """Where the site's file of holidays lies, if it has one."""
    return Path(settings.HOME) / "holidays.toml"


def known_years() -> tuple[int, int]:
    """The first and the last year whose holidays are known without a gap. No query."""
    added, last = added_holidays(), LAST_YEAR
    while isinstance(added, dict) and last + 1 in added:
        last += 1
    return FIRST_YEAR, last


def _is_formed(given: Any) -> bool:
    return (
        isinstance(given, dict)
        and isinstance(given.get("year"), int)
        and isinstance(given.get("source"), str)
        and all(
            isinstance(given.get(name), list)
            and all(isinstance(day, date) and not isinstance(day, datetime) for day in given[name])
            for name in ("days_off", "days_worked")
        )
    )

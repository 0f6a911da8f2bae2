"""Reading tables against a description of their fields: unknown, missing and wrong values are told apart."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Any

from kepu.campaigns.sheet.lines import Path
from kepu.campaigns.sheet.troubles import Allowed, Troubles
from kepu.regions.rules import is_code

YEAR_MIN, YEAR_MAX = 2000, 2100
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


class Form(Enum):
    """What a field holds."""

    TEXT = "text"
    NUMBER = "number"
    FLAG = "flag"
    DAY = "day"
    CHOICE = "choice"
    CHOICES = "choices"
    SLUG = "slug"
    CODE = "code"
    TABLE = "table"
    TABLES = "tables"


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its form, whether it must stand there, and its bounds.

    `most` bounds a number, or the characters of a text or slug; `least` a number, or how many choices stand
    there. `inside` describes the table or tables.
    """

    form: Form
    required: bool = True
    otherwise: object = None
    least: int = 0
    most: int = 0
    choices: tuple[str, ...] = ()
    inside: Mapping[str, "Field"] = field(default_factory=dict)


Table = Mapping[str, Field]


@dataclass(frozen=True, slots=True)
class Part:
    """A table as read: where it stands and its good values; what was wrong is absent."""

    path: Path
    values: dict[str, Any]

    def get(self, name: str) -> Any:
        """A good value (or an optional field's default), None when it was wrong or missing."""
        return self.values.get(name)

    def at(self, name: str) -> Path:
        """The path of one of its fields."""
        return (*self.path, name)

    def parts(self, name: str) -> list["Part"]:
        """The tables of a field that holds several; none when it is absent."""
        return self.values.get(name) or []


def read_table(raw: Mapping[str, object], table: Table, path: Path, troubles: Troubles) -> Part:
    """The table's good values; every unknown key, missing field and wrong value is in `troubles`."""
    for key in raw:
        if key not in table:
            troubles.add((*path, key), raw[key], Allowed.KNOWN_KEY, ", ".join(table))
    values: dict[str, Any] = {}
    for name, wanted in table.items():
        if name in raw:
            value = _value(raw[name], wanted, (*path, name), troubles)
            if value is not None:
                values[name] = value
        elif wanted.required:
            troubles.add((*path, name), None, Allowed.PRESENT)
        elif wanted.otherwise is not None:
            values[name] = wanted.otherwise
    return Part(path, values)


def _value(raw: object, wanted: Field, path: Path, troubles: Troubles) -> object | None:
    match wanted.form:
        case Form.TABLE if isinstance(raw, dict):
            return read_table(raw, wanted.inside, path, troubles)
        case Form.TABLES if isinstance(raw, list) and raw and all(isinstance(each, dict) for each in raw):
            return [
                read_table(each, wanted.inside, (*path, index), troubles) for index, each in enumerate(raw)
            ]
        case _ if _fits(raw, wanted):
            return raw
    allowed, values = _allowed(wanted)
    troubles.add(path, raw, allowed, *values)
    return None


def _fits(raw: object, wanted: Field) -> bool:
    match raw:
        case bool():
            return wanted.form is Form.FLAG
        case int():
            return wanted.form is Form.NUMBER and wanted.least <= raw <= wanted.most
        case datetime():
            return False
        case date():
            return wanted.form is Form.DAY and YEAR_MIN <= raw.year <= YEAR_MAX
        case str():
            return _text_fits(raw, wanted)
        case list():
            return wanted.form is Form.CHOICES and _choices_fit(raw, wanted)
    return False


def _choices_fit(raw: list[object], wanted: Field) -> bool:
    known = [each for each in raw if isinstance(each, str) and each in wanted.choices]
    return len(known) == len(raw) == len(set(known)) >= wanted.least


def _text_fits(raw: str, wanted: Field) -> bool:
    match wanted.form:
        case Form.TEXT:
            return raw.strip() != "" and len(raw) <= wanted.most and not _CONTROL.search(raw)
        case Form.CHOICE:
            return raw in wanted.choices
        case Form.SLUG:
            return len(raw) <= wanted.most and _SLUG.fullmatch(raw) is not None
        case Form.CODE:
            return is_code(raw)
    return False


def _allowed(wanted: Field) -> tuple[Allowed, tuple[object, ...]]:
    match wanted.form:
        case Form.TEXT | Form.SLUG:
            return Allowed(wanted.form.value), (wanted.most,)
        case Form.NUMBER:
            return Allowed.NUMBER, (wanted.least, wanted.most)
        case Form.CHOICE | Form.CHOICES:
            return Allowed(wanted.form.value), (", ".join(wanted.choices),)
    return Allowed(wanted.form.value), ()

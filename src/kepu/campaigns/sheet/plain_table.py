"""A sheet as plain values that nobody checked yet: out of a file's text, and written back as one."""

import re
import tomllib
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from kepu.campaigns.sheet.fields import Form, Table
from kepu.campaigns.sheet.parse import plain
from kepu.campaigns.sheet.schema import SHEET

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
_CONTROL = re.compile(r'["\\\x00-\x1f\x7f]')


def table_of(text: str) -> dict[str, Any]:
    """What the file says, whatever is wrong with it; it must be TOML (ValueError else)."""
    return tomllib.loads(plain(text))


def text_of(raw: Mapping[str, Any]) -> str:
    """The file that says this: `table_of` gives it back. Known fields come in the order of the schema.

    A value that is wrong for its field is written as it is, so that reading the file tells the trouble.
    """
    return "\n".join(_lines(raw, SHEET, "")).strip("\n") + "\n"


def _lines(raw: Mapping[str, Any], table: Table, above: str) -> list[str]:
    known = [name for name in table if name in raw]
    names = [*known, *(name for name in raw if name not in table)]
    inner = [name for name in names if _stands_alone(raw[name], table, name)]
    lines = [f"{_key(name)} = {_value(raw[name])}" for name in names if name not in inner]
    for name in inner:
        path, field = f"{above}{_key(name)}", table[name]
        rows = raw[name] if field.form is Form.TABLES else [raw[name]]
        mark = f"[[{path}]]" if field.form is Form.TABLES else f"[{path}]"
        for row in rows:
            lines += ["", mark, *_lines(row, field.inside, f"{path}.")]
    return lines


def _stands_alone(value: object, table: Table, name: str) -> bool:
    form = table[name].form if name in table else None
    if form is Form.TABLES:
        return isinstance(value, list) and bool(value) and all(isinstance(row, dict) for row in value)
    return form is Form.TABLE and isinstance(value, dict)


def _key(name: str) -> str:
    return name if _BARE_KEY.fullmatch(name) else _string(name)


def _value(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return _string(value)
        case datetime() | date() | time():
            return value.isoformat()
        case Mapping():
            return "{" + ", ".join(f"{_key(name)} = {_value(each)}" for name, each in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(_value, value)) + "]"
    return str(value)


def _string(text: str) -> str:
    return '"' + _CONTROL.sub(_escaped, text) + '"'


def _escaped(found: re.Match[str]) -> str:
    letter = found.group()
    return _ESCAPES.get(letter) or f"\\u{ord(letter):04x}"

"""A sheet as the fields of forms: what people type becomes plain values, checked as a file is. Pure.

A form's field is called as a trouble calls it ("rounds[2].tiers[1].rank_from", counted from 1).
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from datetime import date
from typing import Any

from kepu.campaigns.rules import Measure, Policy
from kepu.campaigns.sheet.fields import Field, Form, Table
from kepu.campaigns.sheet.lines import Path
from kepu.campaigns.sheet.schema import SHEET
from kepu.campaigns.sheet.troubles import path_text

# The pages of the editor and which fields of the sheet each holds.
SECTIONS: dict[str, tuple[str, ...]] = {
    "basics": (
        *("campaign", "title", "issuer", "document", "based_on", "place", "counts_within"),
        *("opens_on", "closes_on", "policy", "measure", "dwell_seconds_min", "certified_only"),
        *("boards_may_hide", "switched_off"),
    ),
    "points": ("points_per_day_max", "designated_times", "earnings", "weights"),
    "tasks": ("tasks",),
    "rounds": ("tie_rule", "double_award", "late_days", "publicity_days_min", "approval_number", "rounds"),
    "declared": ("declared",),
}
ROWS_MAX = {"rounds": 20, "tiers": 40, "units": 600, "declared": 80, "weights": 20, "streaks": 6}
TYPED_MAX = 1_000
# For these a voluntary campaign gives no points.
BARRED_KINDS = ("share", "sign_in", "check_in")
_STEP = re.compile(r"([a-z_]{1,30})(?:\[([1-9]\d{0,2})\])?")
_DAY = re.compile(r"(\d{4})\D{1,2}(\d{1,2})\D{1,2}(\d{1,2})\D{0,2}")


def path_of(name: str) -> Path | None:
    """The path a form's field names: "rounds[2].title" → ("rounds", 1, "title"); None when it names none."""
    path: Path = ()
    for step in name.split("."):
        found = _STEP.fullmatch(step)
        if found is None:
            return None
        word, index = found.groups()
        path = (*path, word) if index is None else (*path, word, int(index) - 1)
    return path


def entered(raw: Mapping[str, Any], section: str, typed: Mapping[str, str]) -> dict[str, Any]:
    """The sheet with one section as it was typed; the other sections stay.

    An empty field is absent; of choices each is a field, and stands where anything was typed. What cannot be
    read as its field wants it stays text, for the checks to tell. Names that are no field of the section are
    passed over; rows are taken in the order of their numbers.
    """
    own = SECTIONS[section]
    tree: dict[str | int, Any] = {}
    for name, text in typed.items():
        path = path_of(name)
        if path is not None and path[0] in own:
            _plant(tree, path, text[:TYPED_MAX])
    kept = {name: deepcopy(value) for name, value in raw.items() if name not in own}
    return kept | _table(tree, _of(section), required=True)


def field_value(raw: Mapping[str, Any], path: Path) -> Any:
    """What stands at a path of a sheet nobody checked; None where nothing does."""
    at: Any = raw
    for step in path:
        if isinstance(step, int):
            at = at[step] if isinstance(at, list) and step < len(at) else None
        else:
            at = at.get(step) if isinstance(at, Mapping) else None
    return at


def typed_of(raw: Mapping[str, Any], section: str) -> dict[str, str]:
    """Every field of a section as its form shows it, by its name; `entered` makes the same sheet of it."""
    return {path_text(path): _typed_at(raw, path) for path in _leaves(raw, _of(section), ())}


def ticks_of(raw: Mapping[str, Any], path: Path, field: Field) -> list[str]:
    """The choices to be shown of a field of choices: those there are, and wrong ones that stand there."""
    found = field_value(raw, path)
    stands = [each for each in found if isinstance(each, str)] if isinstance(found, list) else []
    return [*field.choices, *(each for each in stands if each not in field.choices and _STEP.fullmatch(each))]


def typed_text(value: object) -> str:
    """A value as it stands in a form's field; `entered` reads it back."""
    match value:
        case None | dict() | list():
            return ""
        case bool():
            return "true" if value else "false"
        case date():
            return value.isoformat()
    return str(value)


def rows_of(raw: Mapping[str, Any], *path: str | int) -> list[dict[str, Any]]:
    """The tables of a list in a sheet nobody checked; none where something else stands."""
    found = field_value(raw, path)
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []


def with_row(raw: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """The sheet with one more row in a list (rounds, tiers, weights…), filled in as far as is plain."""
    changed = deepcopy(dict(raw))
    rows = rows_of(changed, *path)
    if len(rows) >= ROWS_MAX.get(str(path[-1]), 0):
        return changed
    row = _begun(str(path[-1]), rows)
    holder = field_value(changed, path[:-1]) if path[:-1] else changed
    if isinstance(holder, dict):
        holder[str(path[-1])] = [*rows, row]
    return changed


def _begun(name: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """A new row of a list as far as it is plain what it says."""
    last = rows[-1] if rows else {}
    if name == "rounds":
        return {"tiers": [{"scope": "county", "rank_from": 1}]}
    if name == "tiers":
        after = last.get("rank_to")
        row = {name: last[name] for name in ("scope", "title", "certificate", "given_by") if name in last}
        return row | ({"rank_from": after + 1} if type(after) is int else {} if rows else {"rank_from": 1})
    if name == "streaks":
        return {} if rows else {"days": 7}
    return {"times": 2} if name == "weights" else {}


def without_row(raw: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """The sheet without one row of a list; a list without rows is absent."""
    changed = deepcopy(dict(raw))
    *above, name, index = path
    holder = field_value(changed, tuple(above)) if above else changed
    rows = rows_of(changed, *above, name)
    if isinstance(holder, dict) and isinstance(index, int) and index < len(rows):
        del rows[index]
        holder[str(name)] = rows
        if not rows:
            del holder[str(name)]
    return changed


def made_voluntary(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The sheet without what a voluntary campaign may not have, as far as that can be taken out.

    Tasks, other measures than readers, points, streaks and weights for sharing and for checking in, names
    shown to those who wish to hide them. An approval number, and a county to count in, only people can enter
    (`campaigns.policy`).
    """
    changed = deepcopy(dict(raw)) | {"policy": Policy.VOLUNTARY.value, "measure": Measure.READS.value}
    changed.pop("tasks", None)
    for kind in BARRED_KINDS:
        earning = field_value(changed, ("earnings", kind))
        if isinstance(earning, dict):
            earning["points"] = 0
            earning.pop("streaks", None)
    weights = [_unweighted(each) for each in rows_of(changed, "weights")]
    changed["weights"] = [each for each in weights if each.get("kinds")]
    if not changed["weights"]:
        del changed["weights"]
    if changed.get("rounds"):
        changed["boards_may_hide"] = True
    return changed


def _unweighted(weight: dict[str, Any]) -> dict[str, Any]:
    kinds = weight.get("kinds")
    if isinstance(kinds, list):
        weight["kinds"] = [kind for kind in kinds if kind not in BARRED_KINDS]
    return weight


def _of(section: str) -> Table:
    return {name: SHEET[name] for name in SECTIONS[section]}


def _leaves(raw: Mapping[str, Any], table: Table, above: Path) -> Iterator[Path]:
    for name, field in table.items():
        path: Path = (*above, name)
        if field.form is Form.TABLE:
            yield from _leaves(raw, field.inside, path)
        elif field.form is Form.TABLES:
            for number in range(len(rows_of(raw, *path))):
                yield from _leaves(raw, field.inside, (*path, number))
        elif field.form is Form.CHOICES:
            yield from ((*path, word) for word in ticks_of(raw, path, field))
        else:
            yield path


def _typed_at(raw: Mapping[str, Any], path: Path) -> str:
    around = field_value(raw, path[:-1]) if path[:-1] else raw
    if isinstance(around, list) and isinstance(path[-1], str):
        return "true" if path[-1] in around else ""
    return typed_text(field_value(raw, path))


def _plant(tree: dict[str | int, Any], path: Path, text: str) -> None:
    for step in path[:-1]:
        tree = tree.setdefault(step, {})
        if not isinstance(tree, dict):
            return
    tree[path[-1]] = text


def _table(tree: Mapping[Any, Any], table: Table, *, required: bool) -> dict[str, Any]:
    """The values of the fields that were typed. A table that must stand is there even without any."""
    out: dict[str, Any] = {}
    for name, field in table.items():
        typed = tree.get(name)
        if field.form is Form.TABLE:
            inner = _table(typed if isinstance(typed, dict) else {}, field.inside, required=field.required)
            if inner or (field.required and required):
                out[name] = inner
        elif field.form is Form.TABLES:
            rows = _rows(name, typed, field)
            if rows:
                out[name] = rows
        elif field.form is Form.CHOICES and isinstance(typed, dict):
            ticked = [word for word, text in typed.items() if isinstance(text, str) and text.strip()]
            if ticked:
                out[name] = sorted(ticked, key=_order_of(field))
        elif isinstance(typed, str) and typed.strip():
            out[name] = _typed(typed, field)
    return out if any(_says(value) for value in out.values()) or required else {}


def _order_of(field: Field) -> Callable[[str], int]:
    return lambda word: field.choices.index(word) if word in field.choices else len(field.choices)


def _rows(name: str, typed: object, field: Field) -> list[dict[str, Any]]:
    if not isinstance(typed, dict):
        return []
    numbers = sorted(
        number for number in typed if isinstance(number, int) and isinstance(typed[number], dict)
    )
    return [_table(typed[number], field.inside, required=True) for number in numbers[: ROWS_MAX[name]]]


def _says(value: object) -> bool:
    return not isinstance(value, dict) or any(map(_says, value.values()))


def _typed(text: str, field: Field) -> object:
    text = " ".join(text.split("\n")).replace("\r", "").strip()
    if field.form in (Form.TEXT, Form.CHOICE):
        return text
    even = unicodedata.normalize("NFKC", text).strip()
    match field.form:
        case Form.NUMBER:
            bare = re.sub(r"[,\s]", "", even)
            return int(bare) if re.fullmatch(r"\d{1,12}", bare) else text
        case Form.FLAG:
            return {"true": True, "false": False}.get(even, text)
        case Form.DAY:
            return _day(even) or text
    return even if even.isascii() else text


def _day(text: str) -> date | None:
    found = _DAY.fullmatch(text)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None

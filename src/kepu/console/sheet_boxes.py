"""The fields of a rule sheet's form as a page draws them, each with what is wrong at it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from kepu.campaigns.reads import words
from kepu.campaigns.sheet import (
    SECTIONS,
    SHEET,
    Form,
    SheetTrouble,
    field_value,
    rows_of,
    ticks_of,
    typed_text,
)
from kepu.campaigns.sheet import Field as SheetField

Path = tuple[str | int, ...]
HINTS = {
    "campaign": _("Stands in addresses, like chaqi-2026. It cannot be changed once published."),
    "counts_within": _("The city where awards ask for a place in the whole city: it then publishes this."),
    "dwell_seconds_min": _("Shorter visits are not counted as readers."),
    "basic_task": _("Whoever has less wins nothing."),
    "publicity_days_min": _("At least 5."),
    "late_days": _(
        "So many days after a round's last day its figures still count. Empty: until it is closed."
    ),
    "amount_total": _("All places times their money; leave it empty where there is none."),
    "id": _("Stands in addresses, like annual."),
    "points_per_day_max": _("Empty: no limit. What is done beyond it still counts as volume."),
    "designated_times": _("2: a must-read of the day earns double on that day. Empty or 1: like any other."),
    "switched_off": _(
        "Its pages are not shown to the people of this campaign. The site can switch off more."
    ),
    "times": _("2: double. 0: nothing is earned on these days."),
}
LONG = ("why",)


@dataclass(frozen=True, slots=True)
class Box:
    """One field: `name` as the checks call it, `value` as typed, `choices` (value, words) for a list.

    `ticks` (name of its own, words, whether it is ticked): where several may be chosen.
    """

    name: str
    label: str
    value: str
    form: str
    troubles: tuple[str, ...] = ()
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    ticks: tuple[tuple[str, str, bool], ...] = ()
    is_plain: bool = False  # what is to be done here is no fault: nothing was typed yet

    @property
    def id(self) -> str:
        """Its id in the page."""
        return "f-" + self.name.replace("[", "-").replace("]", "").replace(".", "-")


@dataclass(slots=True)
class Boxes:
    """Every field of a draft's page. `told` are troubles that were shown at their field.

    `places`: the divisions to choose from, (code, name); `is_fresh`: nobody has typed anything yet.
    """

    raw: Mapping[str, Any]
    troubles: Mapping[str, list[SheetTrouble]]
    places: tuple[tuple[str, str], ...] = ()
    is_fresh: bool = False
    told: set[str] = field(default_factory=set)

    def box(self, *path: str | int) -> Box:
        """The field at a path of the schema."""
        wanted, last = _wanted(path), str(path[-1])
        name = _name(path)
        value = typed_text(field_value(self.raw, path))
        self.told.add(name)
        found = self.troubles.get(name, ())
        troubles = tuple(words.at_field(each) for each in found)
        form = "long" if last in LONG else wanted.form.value
        hint, choices = str(HINTS.get(last, "")), self._choices(last, wanted, value)
        is_plain = self.is_fresh or all(map(is_missing, found))
        ticks = self._ticks(path, wanted) if wanted.form is Form.CHOICES else ()
        return Box(name, words.field_word(last), value, form, troubles, hint, choices, ticks, is_plain)

    def boxes(self, *path: str | int, only: Sequence[str] = ()) -> list[Box]:
        """The fields of one table that hold a value of their own, in the schema's order."""
        table = _inside(path)
        leaves = [name for name, each in table.items() if each.form not in (Form.TABLE, Form.TABLES)]
        return [self.box(*path, name) for name in leaves if not only or name in only]

    def left(self, section: str) -> list[tuple[str, str]]:
        """The troubles of a section that no field shown so far told: (where, what to do)."""
        return [
            words.trouble_text(each)
            for name, found in self.troubles.items()
            for each in found
            if name not in self.told and section_of(name) == section
        ]

    def kinds(self) -> list[tuple[str, list[Box]]]:
        """What acts of each kind earn, with the kind's words."""
        return [(words.field_word(kind), self.boxes("earnings", kind)) for kind in SHEET["earnings"].inside]

    def streaks(self) -> list[dict[str, Any]]:
        """The steps of days in a row, of each kind that has any or, done daily, could have."""
        out = []
        for kind in SHEET["earnings"].inside:
            path: Path = ("earnings", kind, "streaks")
            count = len(rows_of(self.raw, *path))
            if count or (kind in DAILY and field_value(self.raw, ("earnings", kind, "per_day_max")) == 1):
                steps = [(self.boxes(*path, at), _name((*path, at))) for at in range(count)]
                told = self._at(path)
                out.append(
                    {"word": words.field_word(kind), "at": _name(path), "steps": steps, "troubles": told}
                )
        return out

    def weights(self) -> list[dict[str, Any]]:
        """The days that earn more or less."""
        out = []
        for at, row in enumerate(rows_of(self.raw, "weights")):
            path: Path = ("weights", at)
            boxes, title = self.boxes(*path), typed_text(row.get("title"))
            out.append({"title": title, "boxes": boxes, "at": _name(path), "troubles": self._at(path)})
        return out

    def rounds(self) -> list[dict[str, Any]]:
        """The rounds with their tiers."""
        out = []
        for number, row in enumerate(rows_of(self.raw, "rounds")):
            tiers = [
                {
                    "boxes": self.boxes("rounds", number, "tiers", at),
                    "at": _name(("rounds", number, "tiers", at)),
                }
                for at in range(len(rows_of(self.raw, "rounds", number, "tiers")))
            ]
            out.append(
                {
                    "title": typed_text(row.get("title")),
                    "at": _name(("rounds", number)),
                    "boxes": self.boxes("rounds", number),
                    "tiers": tiers,
                    "troubles": self._at(("rounds", number)),
                    "lacks_tiers": bool(self._at(("rounds", number, "tiers"))),
                }
            )
        return out

    def units(self) -> list[dict[str, Any]]:
        """The rows of the task grid."""
        return [
            {
                "name": self.box("tasks", "units", number, "unit"),
                "division": self.box("tasks", "units", number, "division"),
                "targets": [self.box("tasks", "units", number, each) for each in TARGETS],
                "at": _name(("tasks", "units", number)),
                "weight": f"weight[{number + 1}]",
            }
            for number in range(len(rows_of(self.raw, "tasks", "units")))
        ]

    def _ticks(self, path: Path, wanted: SheetField) -> tuple[tuple[str, str, bool], ...]:
        known, found = dict(words.choices_of(str(path[-1]))), field_value(self.raw, path)
        ticked = found if isinstance(found, list) else []
        return tuple(
            (_name((*path, each)), known.get(each, each), each in ticked)
            for each in ticks_of(self.raw, path, wanted)
        )

    def _at(self, path: Path) -> tuple[str, ...]:
        name = _name(path)
        self.told.add(name)
        return tuple(words.at_field(each) for each in self.troubles.get(name, ()))

    def _choices(self, last: str, wanted: SheetField, value: str) -> tuple[tuple[str, str], ...]:
        if last in PLACES and self.places:
            known = dict(self.places)
            return self.places if not value or value in known else ((value, value), *self.places)
        if wanted.form is Form.FLAG:
            return (("true", str(_("Yes"))), ("false", str(_("No"))))
        if wanted.form is Form.CHOICE:
            return tuple(words.choices_of(last))
        return tuple(words.declarable()) if last == "field" else ()


# What people do daily, and so could do on days in a row.
DAILY = ("sign_in", "check_in")
PLACES = ("place", "counts_within")
TARGETS = ("backbones", "registrations", "volume")


def by_field(troubles: Sequence[SheetTrouble]) -> dict[str, list[SheetTrouble]]:
    """Troubles by the name of the field they stand at."""
    out: dict[str, list[SheetTrouble]] = {}
    for each in troubles:
        out.setdefault(each.field, []).append(each)
    return out


def is_missing(trouble: SheetTrouble) -> bool:
    """Whether nothing stands there yet: that is to be filled in, and no fault."""
    return not trouble.found


def section_of(name: str) -> str:
    """The page of the editor a field stands on; "" for none."""
    first = name.split(".")[0].split("[")[0]
    return next((section for section, names in SECTIONS.items() if first in names), "")


def _name(path: Path) -> str:
    text = ""
    for step in path:
        text += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def _inside(path: Path) -> Mapping[str, SheetField]:
    table: Mapping[str, SheetField] = SHEET
    for step in path:
        if isinstance(step, str):
            table = table[step].inside
    return table


def _wanted(path: Path) -> SheetField:
    return _inside(path[:-1])[str(path[-1])]

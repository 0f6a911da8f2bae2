"""The words people see for a sheet's fields, values and troubles, for rooms above."""

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext as _

from kepu.campaigns import labels
from kepu.campaigns.policy import Conflict, Feature, conflicts_of
from kepu.campaigns.rules import SCOPES, DoubleAward, Kind, Measure, Policy, RuleSheet, Switch, TieRule
from kepu.campaigns.sheet import SHEET, Caution, Difference, Field, Fitted, Form, SheetTrouble
from kepu.campaigns.sheet.schema import EARNING_KINDS

_CHOICES: dict[str, dict[str, labels.Words]] = {
    "policy": {each.value: labels.POLICIES[each] for each in Policy},
    "measure": {each.value: labels.VOLUME[each] for each in Measure},
    "tie_rule": {each.value: labels.TIE_RULES[each] for each in TieRule},
    "double_award": {each.value: labels.DOUBLE_AWARDS[each] for each in DoubleAward},
    "scope": {each: labels.SCOPES[each] for each in SCOPES},
    "switched_off": {each.value: labels.SWITCHES[each] for each in Switch},
    "kinds": {each: labels.FIELDS[each] for each in EARNING_KINDS},
}


def field_word(name: str) -> str:
    """What one field is called: basic_task → 基本任务; a name that is no field's stays as it is."""
    return str(labels.FIELDS.get(name, name))


def choices_of(name: str) -> list[tuple[str, str]]:
    """The values a field of choices may have, with their words."""
    return [(value, str(words)) for value, words in _CHOICES.get(name, {}).items()]


def declarable() -> list[tuple[str, str]]:
    """Every field of a sheet a declaration may name, with its words from the outside in."""
    return _fields_under(SHEET, "")


def at_field(trouble: SheetTrouble) -> str:
    """What is wrong at a form's field and what to do."""
    return labels.at_field(trouble)


def trouble_text(trouble: SheetTrouble) -> tuple[str, str]:
    """A trouble away from its field: (the field in words, what is wrong and what to do)."""
    return labels.field_text(trouble.field), labels.at_field(trouble)


def caution_text(caution: Caution) -> str:
    """What to think over in a sheet, and what would be better."""
    return str(labels.CAUTIONS[caution])


def fitted_text(fitted: Fitted, names: Mapping[str, str]) -> str:
    """What was changed in a copied sheet, in a sentence. `names`: division code → name."""
    values = [str(labels.SCOPES.get(each) or names.get(each, each)) for each in fitted.values]
    return str(labels.FITTED[fitted.fit]).format(*values)


def steps_text(difference: Difference) -> str:
    """Where a difference stands, from the outside in: 评选轮次 “2021年全年评选” · 基本任务."""
    steps = []
    for field, name in difference.steps:
        word = str(labels.FIELDS.get(field, field))
        steps.append(f"{word}“{_row_name(field, name)}”" if name else word)
    return " · ".join(steps)


def value_text(difference: Difference, value: object) -> str:
    """One side of a difference in words; "" where nothing stood."""
    name = difference.steps[-1][0]
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, date):
        return value.isoformat()
    if name == "field" and isinstance(value, str):
        return labels.field_text(value)
    if value is None:
        return ""
    if isinstance(value, list):
        return "、".join(str(_CHOICES.get(name, {}).get(str(each), each)) for each in value)
    return str(_CHOICES.get(name, {}).get(str(value), value))


def kind_word(kind: Kind) -> str:
    """What an act of this kind is called: 分享一次; imports and corrections by name."""
    return str(labels.KINDS.get(kind) or labels.VOLUME[Measure.IMPORTED])


def conflicts(sheet: RuleSheet) -> list[tuple[Conflict, list[str]]]:
    """Each clause a sheet of policy `notice` conflicts with, and in words what it speaks against."""
    return [
        (conflict, [str(labels.FEATURES[feature]) for feature in conflict.features])
        for conflict in conflicts_of(sheet)
    ]


def feature_text(feature: str) -> str:
    """What a feature of a sheet is called that a clause speaks against; an unknown one stays as it is."""
    return str(labels.FEATURES[Feature(feature)]) if feature in tuple(Feature) else feature


def _row_name(field: str, name: str) -> str:
    if field == "declared":
        return labels.field_text(name)
    if field == "streaks":
        return _("%(days)s days") % {"days": name}
    scope, _space, rank = name.partition(" ")
    if field == "tiers" and scope in labels.SCOPES:
        return f"{labels.SCOPES[scope]} {rank}"
    return name


def _fields_under(table: Mapping[str, Field], above: str) -> list[tuple[str, str]]:
    out: list[tuple[str, str]] = []
    for name, field in table.items():
        path = f"{above}{name}"
        out.append((path, labels.field_text(path)))
        if field.form in (Form.TABLE, Form.TABLES) and name not in ("declared", "streaks"):
            out += _fields_under(field.inside, f"{path}.")
    return out

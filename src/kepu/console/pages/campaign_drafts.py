"""A rule sheet as forms: one page a section, saved however wrong it is, every trouble at its field."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kepu.campaigns import writes
from kepu.campaigns.reads import drafts, words
from kepu.campaigns.reads.drafts import DraftRow
from kepu.campaigns.rules import WEIGHT_MAX, pasted_weights, split
from kepu.campaigns.sheet import (
    SECTIONS,
    Allowed,
    Fitted,
    SheetTrouble,
    cautions_on,
    differences,
    entered,
    field_value,
    fitted_to,
    made_voluntary,
    path_of,
    rows_of,
    table_of,
    text_of,
    with_row,
    without_row,
)
from kepu.campaigns.writes import DraftNo
from kepu.console import deeds
from kepu.console.place_choices import place_choices
from kepu.console.scope import is_inside, me, within
from kepu.console.sheet_boxes import PLACES, TARGETS, Boxes, by_field, is_missing, section_of
from kepu.console.task_units import choices_for, settled, units_of
from kepu.kit import clock
from kepu.kit.paging import whole_number
from kepu.people import reads as people
from kepu.people.rules import Ability
from kepu.regions import reads as regions
from kepu.regions.rules import Level

Raw = dict[str, Any]
CHANGES_KEPT = 30
UNITS_MAX = 600
SECTION_WORDS: dict[str, str | Promise] = {
    "basics": gettext_lazy("Basics"),
    "points": gettext_lazy("Points and caps"),
    "tasks": gettext_lazy("Tasks"),
    "rounds": gettext_lazy("Rounds"),
    "declared": gettext_lazy("Declared by us"),
}
ROWS = ("rounds", "tiers", "declared", "weights", "streaks")
SINCE = datetime(2000, 1, 1, tzinfo=UTC)


@require_http_methods(["GET", "HEAD", "POST"])
def draft_page(request: HttpRequest, draft: int, section: str) -> HttpResponse:
    """One section of a draft of my divisions. A POST saves it, right or wrong. At most 20 queries."""
    found = draft_of(request, draft)
    if section not in SECTIONS:
        raise Http404
    if request.method != "POST":
        return _shown(request, found, section, table_of(found.text))
    raw = entered(table_of(found.text), section, request.POST.dict())
    changed, refusal = _acted(raw, request)
    if refusal:
        return _shown(request, found, section, raw, refusal, 422)
    if section == "tasks":
        changed = units_settled(changed, within(request, Ability.CAMPAIGNS))
    revision = whole_number(request.POST.get("revision"), 0, 2**31 - 1, 0)
    outcome = _saved(request, found, revision, changed)
    if not isinstance(outcome, DraftNo):
        if (
            request.POST.get("act") == "split"
        ):  # the column to divide by is no part of the sheet: it stays here
            return _shown(request, draft_of(request, draft), section, changed)
        return redirect("console_draft", draft, section)
    now_there = draft_of(request, draft)
    told = _("%(name)s saved this draft meanwhile. Below is what you typed; it is not saved yet.")
    said = told % {"name": now_there.changed_name}
    # What I typed, on what the other one saved: saving again puts this section in the place of theirs.
    mine = entered(table_of(now_there.text), section, request.POST.dict())
    return _shown(request, now_there, section, mine, said, 409)


@require_POST
def drop_page(request: HttpRequest, draft: int) -> HttpResponse:
    """The draft is thrown away."""
    found, now = draft_of(request, draft), clock.now()
    with transaction.atomic():
        if writes.drop_draft(found.number):
            deeds.keep(request, "drop_draft", title_of(found), found.division, now, ({"draft": draft}, {}))
    messages.success(request, _("The draft is thrown away. What is published stays."))
    return redirect("console_campaigns")


@require_safe
def draft_file(request: HttpRequest, draft: int) -> HttpResponse:
    """The draft as the file it would be published as."""
    text = draft_of(request, draft).text
    answer = HttpResponse(text, content_type="application/toml; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="draft-{draft}.toml"'
    return answer


def draft_of(request: HttpRequest, number: int) -> DraftRow:
    """A draft of the divisions whose campaigns I keep; else 404."""
    found = drafts.draft(number, within(request, Ability.CAMPAIGNS))
    if found is None:
        raise Http404
    return found


def title_of(found: DraftRow) -> str:
    """What the draft calls its campaign."""
    return str(table_of(found.text).get("title") or _("Without a title"))


def tabs_of(found: DraftRow, current: str, troubles: Sequence[SheetTrouble]) -> list[dict[str, Any]]:
    """The sections of a draft with how much is to be filled in and to be put right in each."""
    tabs = []
    for key, label in SECTION_WORDS.items():
        here = [each for each in troubles if section_of(each.field) == key]
        is_plain = is_fresh(found) or all(map(is_missing, here))
        tabs.append(
            {
                "key": key,
                "label": label,
                "count": len(here),
                "is_plain": is_plain,
                "current": key == current,
            }
        )
    return tabs


def units_settled(raw: Raw, divisions: tuple[str, ...]) -> Raw:
    """The sheet with the rows of its tasks matched to the units of its place. Three queries, or none.

    A place outside `divisions` is left alone: its units are shown to nobody else.
    """
    rows, place = rows_of(raw, "tasks", "units"), str(raw.get("place", ""))
    if not rows or not is_inside(place, divisions):
        return raw
    return raw | {"tasks": {**raw["tasks"], "units": settled(rows, units_of(place))}}


def is_fresh(found: DraftRow) -> bool:
    """Whether nobody has saved anything in the draft since it was begun."""
    return found.revision == 1


def _saved(request: HttpRequest, found: DraftRow, revision: int, raw: Raw) -> int | DraftNo:
    now, text, before = clock.now(), text_of(raw), table_of(found.text)
    changes = differences(before, raw)[:CHANGES_KEPT]
    if not changes and revision == found.revision:
        messages.info(request, _("Nothing was changed."))
        return revision
    by = (me(request), str(getattr(request.user, "display_name", "")))
    with transaction.atomic():
        outcome = writes.save_draft(found.number, revision, text, by, now)
        if not isinstance(outcome, DraftNo):
            old = {words.steps_text(each): words.value_text(each, each.before) for each in changes}
            new = {words.steps_text(each): words.value_text(each, each.after) for each in changes}
            deeds.keep(request, "change_draft", title_of(found), found.division, now, (old, new))
    if not isinstance(outcome, DraftNo):
        messages.success(request, _("Saved."))
    return outcome


def _acted(raw: Raw, request: HttpRequest) -> tuple[Raw, str]:
    """The sheet after the button that was pressed, or why that cannot be done."""
    act, _space, where = request.POST.get("act", "").partition(" ")
    path = path_of(where) if where else None
    if act == "add" and path and path[-1] in ROWS:
        return with_row(raw, path), ""
    if act == "remove" and path and isinstance(path[-1], int):
        return without_row(raw, path), ""
    if act == "voluntary":
        return made_voluntary(raw), ""
    if act == "notice":
        return raw | {"policy": "notice"}, ""
    if act == "fit":
        return _fitted(raw, request), ""
    if act in ("units", "split"):
        # The typed place may be anybody's: its units and their numbers are shown inside one's own only.
        if not is_inside(str(raw.get("place", "")), within(request, Ability.CAMPAIGNS)):
            return raw, _("This place is not one of yours. Choose one inside your division first.")
        return _with_units(raw) if act == "units" else _split(raw, request)
    return raw, ""


def _fitted(raw: Raw, request: HttpRequest) -> Raw:
    """The sheet made to fit my divisions; what was changed is said on the next page. One query."""
    changed, told = fitted_to(raw, within(request, Ability.CAMPAIGNS))
    messages.info(request, " ".join(fitted_words(told)) or _("Nothing was changed."))
    return changed


def fitted_words(told: list[Fitted]) -> list[str]:
    """What was changed so that a sheet fits, a sentence each. One query."""
    names = regions.full_names({code for each in told for code in each.values})
    return [words.fitted_text(each, names) for each in told]


def _with_units(raw: Raw) -> tuple[Raw, str]:
    """Every unit of the place stands in the grid; those that stood there are matched first. Four queries.

    Where the rows are villages of some towns, the units of these towns are added alone.
    """
    place = str(raw.get("place", ""))
    rows = settled(rows_of(raw, "tasks", "units"), units_of(place))
    here = {str(row.get("division", "")) for row in rows}
    towns = tuple({code[: Level.TOWN] for code in here if len(code) == Level.VILLAGE}) or (place,)
    for unit in people.units_within(place):
        if unit.division not in here and unit.division.startswith(towns):
            here.add(unit.division)
            rows.append({"unit": unit.name, "division": unit.division})
    if not rows:
        return raw, _("There are no units in this place yet. Bring them in under “Units”.")
    if len(rows) > UNITS_MAX:
        told = _(
            "More than %(most)s units. Enter the tasks in a file and publish it with kepu sheet publish."
        )
        return raw, told % {"most": UNITS_MAX}
    tasks = raw.get("tasks") if isinstance(raw.get("tasks"), dict) else {}
    return raw | {"tasks": {**(tasks or {}), "units": rows}}, ""


def _split(raw: Raw, request: HttpRequest) -> tuple[Raw, str]:
    """The totals that were typed, divided among the units as was chosen for each. At most two queries."""
    rows = rows_of(raw, "tasks", "units")
    if not rows:
        return raw, _("Put the units into the grid first.")
    for target in TARGETS:
        how = request.POST.get(f"how_{target}", "")
        if not how:
            continue
        total = field_value(raw, ("tasks", "total", target))
        if type(total) is not int:
            return raw, _("%(field)s: enter the total to divide.") % {"field": words.field_word(target)}
        weights = [1] * len(rows) if how == "even" else _weights(raw, rows, request, how)
        if weights is None or not any(weights):
            return raw, _(
                "The column to divide by cannot be read, or holds nothing. Enter a number for each unit."
            )
        for row, part in zip(rows, split(total, weights), strict=True):
            row[target] = part
    return raw | {"tasks": {**raw["tasks"], "units": rows}}, ""


def _weights(raw: Raw, rows: list[Raw], request: HttpRequest, how: str) -> list[int] | None:
    if how == "people":
        place = str(raw.get("place", ""))
        counted = people.unit_people(place, SINCE, clock.now())
        by_division: dict[str, int] = {}
        for unit in people.units_within(place):
            here = counted[unit.id].registrations if unit.id in counted else 0
            by_division[unit.division] = by_division.get(unit.division, 0) + here
        return [by_division.get(str(row.get("division")), 0) for row in rows]
    pasted = request.POST.get("pasted", "")[:20_000]
    if pasted.strip():
        return pasted_weights(pasted, [str(row.get("unit", "")) for row in rows])
    typed = [request.POST.get(f"weight[{number}]", "") for number in range(1, len(rows) + 1)]
    return [whole_number(each, 0, WEIGHT_MAX, 0) for each in typed]


def _shown(
    request: HttpRequest, found: DraftRow, section: str, raw: Raw, refusal: str = "", status: int = 200
) -> HttpResponse:
    divisions, now = within(request, Ability.CAMPAIGNS), clock.now()
    checked = drafts.draft_troubles(found, text_of(raw), divisions, now)
    troubles = checked if isinstance(checked, list) else []
    chosen = [str(raw.get(name, "")) for name in PLACES]
    places = place_choices(divisions, chosen) if section == "basics" else ()
    boxes = Boxes(raw, by_field(troubles), places, is_fresh(found))
    missing = [each for each in troubles if is_missing(each)]
    context = {
        "header_title": _("Draft: %(title)s") % {"title": raw.get("title") or _("Without a title")},
        "header_icon": "edit",
        "draft": found,
        "section": section,
        "tabs": tabs_of(found, section, troubles),
        "troubles": len(troubles),
        "missing": [(section_of(each.field), words.trouble_text(each)[0]) for each in missing],
        "wrong": len(troubles) - len(missing),
        "is_fresh": is_fresh(found),
        "unfit": _unfit(raw, troubles, divisions),
        "refusal": refusal,
        "is_voluntary": raw.get("policy", "voluntary") == "voluntary",
        "misfits": _misfits(troubles),
        "cautions": [words.caution_text(each) for each in cautions_on(raw)],
        **_parts(boxes, section, raw, request),
    }
    context["left"] = boxes.left(section)
    return render(request, "console/draft.html", context, status=status)


def _misfits(troubles: list[SheetTrouble]) -> bool:
    """Whether the sheet has what a voluntary campaign may not have."""
    return any(each.allowed in ("by_reads", "barred") and not is_missing(each) for each in troubles)


def _unfit(raw: Raw, troubles: list[SheetTrouble], divisions: tuple[str, ...]) -> bool:
    """Whether the sheet asks for more than these divisions may, and can be made to fit them."""
    wide = (Allowed.OWN_DIVISION, Allowed.SCOPE_WIDE)
    return any(each.allowed in wide for each in troubles) and bool(fitted_to(raw, divisions)[1])


def _parts(boxes: Boxes, section: str, raw: Raw, request: HttpRequest) -> dict[str, Any]:
    """What the template of one section draws."""
    if section == "points":
        kinds = boxes.kinds()
        return {
            "boxes": [boxes.box(name) for name in ("points_per_day_max", "designated_times")],
            "kinds": kinds,
            "columns": [box.label for box in kinds[0][1]],
            "streaks": boxes.streaks(),
            "weights": boxes.weights(),
        }
    if section == "tasks":
        return _grid(boxes, raw, request)
    if section == "rounds":
        return {"boxes": [boxes.box(name) for name in SECTIONS["rounds"][:-1]], "rounds": boxes.rounds()}
    if section == "declared":
        rows = range(len(rows_of(raw, "declared")))
        return {"rows": [(boxes.boxes("declared", number), f"declared[{number + 1}]") for number in rows]}
    return {"boxes": [boxes.box(name) for name in SECTIONS["basics"]]}


def _grid(boxes: Boxes, raw: Raw, request: HttpRequest) -> dict[str, Any]:
    units = rows_of(raw, "tasks", "units")
    sums = [sum(row[name] for row in units if type(row.get(name)) is int) for name in TARGETS]
    totals = [boxes.box("tasks", "total", name) for name in TARGETS]
    hows = [request.POST.get(f"how_{name}", "") for name in TARGETS]
    columns = [
        {"name": name, "word": words.field_word(name), "sum": total, "total": box, "how": how}
        for name, total, box, how in zip(TARGETS, sums, totals, hows, strict=True)
    ]
    rows = boxes.units()
    place = str(raw.get("place", ""))
    is_mine = is_inside(place, within(request, Ability.CAMPAIGNS))
    is_open = is_mine and any(row["division"].troubles or not row["division"].value for row in rows)
    known = units_of(place) if is_open else []
    for row in rows:
        row["typed"] = request.POST.get(row["weight"], "")
        if known and (row["division"].troubles or not row["division"].value):
            choices = choices_for(row["name"].value, row["division"].value, known)
            row["division"] = replace(row["division"], choices=choices)
    return {"units": rows, "columns": columns, "pasted": request.POST.get("pasted", "")}

"""Rosters: looking at one that was sent, entering it, and the roster as a file."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from kepu.audit.rules import Deed
from kepu.audit.writes import keep_deed
from kepu.console import roster_labels as labels
from kepu.documents.reading import Cell, read_sheet
from kepu.documents.writing import Column, Form, write_xlsx
from kepu.jobs.reads import folder
from kepu.jobs.rules import Job, Outcome, Report
from kepu.jobs.writes import new_file
from kepu.kit import clock
from kepu.people.reads import scopes_of
from kepu.people.reads.roster_files import RosterFileRow, roster_file
from kepu.people.reads.rosters import Person, RosterSearch, every_person, how_many
from kepu.people.reads.words import applicant_type_text
from kepu.people.rules import Ability, ApplicantType, divisions_for, masked_phone, phone_of
from kepu.people.rules.headings import ROSTER_ROWS_MAX, RosterLine, headings, lines
from kepu.people.rules.rosters import RowFate
from kepu.people.writes.rosters import (
    Brought,
    Entered,
    Plan,
    Preview,
    enter_roster,
    look_at_roster,
    plan_roster,
)

REPORT_EVERY = 1_000
# How often a roster is made ready anew because somebody changed the register meanwhile.
PLANS_MAX = 3


def look(job: Job, report: Report) -> Outcome:
    """What each row of a sent roster would do. `wants`: upload, file_name, sha256."""
    report(0, 0)
    rows = lines_of(str(job.wants["upload"]))
    brought = Brought(str(job.wants["sha256"]), str(job.wants["file_name"]), str(job.wants["upload"]))
    preview = look_at_roster(job.number, brought, rows, job.asked_by, clock.now(), report)
    _keep_preview(preview)
    return Outcome({"said": _("Every row was looked at. Nothing is entered yet."), **_link(preview.number)})


def enter(job: Job, report: Report) -> Outcome:
    """A roster that was seen is entered whole, or nothing is. `wants`: roster, seen, name, network, division.

    The rows are made ready first, which shows as progress; then one short transaction writes them.
    """
    number, now = int(job.wants["roster"]), clock.now()
    held = roster_file(number, job.asked_by)
    assert held is not None
    report(0, 0)
    rows = lines_of(held.upload)
    answer: Entered | Preview | None = None
    for _try in range(PLANS_MAX):
        planned = plan_roster(number, rows, str(job.wants["seen"]), job.asked_by, now, report)
        answer = _entered(planned, held, job, now) if isinstance(planned, Plan) else planned
        if answer is not None:
            break
    if answer is None:
        said = _("Colleagues are changing the same people just now. Nothing was entered: enter it again.")
        return Outcome({"said": said, **_link(number)})
    if isinstance(answer, Preview):
        _keep_preview(answer)
        said = _("Something changed since the preview. Nothing was entered: look at the new preview.")
        return Outcome({"said": said, **_link(number)})
    if answer.is_repeated:
        return Outcome({"said": _("This roster was entered before. Nothing changed."), **_link(number)})
    said = _("Entered: %(new)s new, %(changed)s changed. Refused: %(refused)s.") % answer.counts
    return Outcome({"said": said, **_link(number)})


def export(job: Job, report: Report) -> Outcome:
    """The communicators asked for as xlsx, row by row. `wants`: a search, and whether numbers are whole."""
    scopes, wants = scopes_of(job.asked_by), job.wants
    divisions = divisions_for(scopes, Ability.LOOK)
    unmasked = divisions_for(scopes, Ability.UNMASK) if wants["whole"] else ()
    search = RosterSearch(**wants["search"])
    total = how_many(divisions, search)
    columns = [
        Column("编号", Form.NUMBER, 10),
        Column("姓名", width=12),
        Column("手机号", width=14),
        Column("乡镇", width=14),
        Column("单位", width=20),
        Column("类型", width=12),
        Column("机构", width=26),
        Column("骨干", width=8),
        Column("认证日期", Form.DAY, 12),
        Column("撤销日期", Form.DAY, 12),
        Column("注册时间", Form.MOMENT, 18),
    ]
    name = new_file(".xlsx")
    rows = _told(every_person(divisions, search, unmasked), total, report)
    written = write_xlsx(folder() / name, "名册", columns, map(_row, rows))
    said = _("%(count)s people.") % {"count": written}
    mark = "（含完整号码）" if unmasked else ""
    return Outcome({"said": said}, name, f"名册{mark}{clock.day_of(job.asked_at):%Y%m%d}.xlsx")


def lines_of(upload: str) -> list[RosterLine]:
    """The rows of a file that was found to be a roster when it was sent."""
    rows = read_sheet((folder() / upload).read_bytes(), ROSTER_ROWS_MAX)
    assert isinstance(rows, list), rows
    found = headings(rows)
    assert len(found) == 2 and isinstance(found[1], dict), found  # noqa: PT018
    return lines(rows, int(str(found[0])), found[1])


def preview_rows(number: int) -> list[dict[str, Any]] | None:
    """What the last preview of a roster said, row by row; None once it was forgotten."""
    path = folder() / f"roster-{number}.json"
    if not path.is_file():
        return None
    found: list[dict[str, Any]] = json.loads(path.read_bytes())
    return found


@transaction.atomic
def _entered(plan: Plan, held: RosterFileRow, job: Job, now: datetime) -> Entered | None:
    """What was entered, with a record in the audit of every town it concerns."""
    answer = enter_roster(plan, now)
    if answer is None or answer.is_repeated:
        return answer
    wants, subject = job.wants, f"{held.file_name} sha256:{held.sha256[:16]}"
    who = (job.asked_by, str(wants["name"]), str(wants["network"]))
    refused = {"refused_in_file": answer.counts["refused"]}
    for town, counts in sorted(answer.towns.items()) or [(str(wants["division"]), {})]:
        keep_deed(Deed("enter_roster", *who, subject, town, {}, counts | refused), now)
    return answer


def _keep_preview(preview: Preview) -> None:
    path = folder() / f"roster-{preview.number}.json"
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps([_plain(fate) for fate in preview.fates], ensure_ascii=False), "utf-8")
    fresh.replace(path)


def _plain(fate: RowFate) -> dict[str, Any]:
    """A row's fate as the preview keeps it: the number masked, columns in words."""
    trouble = fate.trouble
    return {
        "row": fate.row,
        "verdict": fate.verdict.value,
        "name": fate.name,
        "phone": masked_phone(fate.phone) if phone_of(fate.phone) else fate.phone[:20],
        "unit": fate.unit,
        "changes": [[labels.HEADINGS[column], old, new] for column, old, new in fate.changes],
        "column": labels.HEADINGS[trouble[0]] if trouble else "",
        "trouble": trouble[1].value if trouble else "",
        "detail": trouble[2] if trouble else "",
    }


def _link(number: int) -> dict[str, str]:
    return {"link": reverse("console_roster_file", args=[number]), "link_words": _("See the rows")}


def _told(people: Iterator[Person], total: int, report: Report) -> Iterator[Person]:
    for count, person in enumerate(people):
        if count % REPORT_EVERY == 0:
            report(count, total)
        yield person


def _row(person: Person) -> Sequence[Cell]:
    kind = next((each for each in ApplicantType if each == person.applicant_type), None)
    return (
        person.account,
        person.name,
        person.phone,
        person.town_name,
        person.unit_name,
        applicant_type_text(kind) if kind is not None else "",
        person.association_name,
        "是" if person.is_backbone else "否",
        clock.day_of(person.certified_at) if person.certified_at else None,
        clock.day_of(person.revoked_at) if person.revoked_at else None,
        person.created_at,
    )

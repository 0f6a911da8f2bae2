"""The audit as an xlsx file."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from kepu.audit import reads
from kepu.console import labels
from kepu.console.pages.audit import search_of, shown
from kepu.documents.reading import Cell
from kepu.documents.writing import Column, Form, write_xlsx
from kepu.jobs.reads import folder
from kepu.jobs.rules import Job, Outcome, Report
from kepu.jobs.writes import new_file
from kepu.kit import clock
from kepu.regions import reads as regions

REPORT_EVERY = 2000


def export_audit(job: Job, report: Report) -> Outcome:
    """Every record the page asked for, newest first, row by row: memory does not grow with them."""
    divisions, search = tuple(job.wants["divisions"]), search_of(dict(job.wants))
    total = reads.how_many(divisions, search)
    file = new_file(".xlsx")
    columns = [
        Column(_("When"), Form.MOMENT, 18),
        Column(_("Act"), width=22),
        Column(_("Who"), width=16),
        Column(_("Number of the account"), Form.NUMBER, 12),
        Column(_("From where"), width=18),
        Column(_("About"), width=32),
        Column(_("Division"), width=30),
        Column(_("Before and after"), width=60),
    ]
    write_xlsx(folder() / file, _("Audit"), columns, _rows(divisions, job, report, total))
    day = clock.day_of(job.asked_at)
    return Outcome({"rows": total}, file, f"{_('Audit')}{day:%Y%m%d}.xlsx")


def _rows(divisions: tuple[str, ...], job: Job, report: Report, total: int) -> Iterator[list[Cell]]:
    places: dict[str, str] = {}
    for count, record in enumerate(reads.every_record(divisions, search_of(dict(job.wants)))):
        if count % REPORT_EVERY == 0:
            report(count, total)
        deed = record.deed
        if deed.division not in places:
            places[deed.division] = regions.full_name(deed.division) or deed.division
        words = shown(record, places)
        yield [
            record.at,
            labels.act_text(deed.act),
            deed.name,
            deed.account,
            deed.network,
            deed.subject,
            str(words["place"]),
            "；".join(
                f"{name}：{old} → {new}" for name, old, new in labels.changes_text(deed.before, deed.after)
            ),
        ]

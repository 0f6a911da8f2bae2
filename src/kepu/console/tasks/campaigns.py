"""Trying a draft's rules on what was done, as long work: a summary for its page and everybody as xlsx."""

from collections.abc import Iterator
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from kepu.campaigns import reads as campaigns
from kepu.campaigns import writes
from kepu.campaigns.reads.drafts import TrialRow
from kepu.campaigns.rules import RuleSheet
from kepu.campaigns.sheet import parse_sheet
from kepu.console.trials import Tried, changed, run_trial, trial_of
from kepu.documents.reading import Cell
from kepu.documents.writing import Column, Form, write_xlsx
from kepu.jobs.reads import folder
from kepu.jobs.rules import Job, Outcome, Report
from kepu.jobs.writes import new_file
from kepu.kit import clock
from kepu.people import reads as people
from kepu.people.rules import masked_name


def try_rules(job: Job, report: Report) -> Outcome:
    """The rules are tried, and what comes of it kept with their draft.

    `wants`: text, draft, revision, source (campaign), source_title, first, last (days), whole.
    """
    wants = job.wants
    source = next(each for each in campaigns.published() if each.number == wants["source"])
    sheet = parse_sheet(str(wants["text"]))
    assert isinstance(sheet, RuleSheet), sheet
    first, last = (date.fromisoformat(str(wants[name])) for name in ("first", "last"))
    tried = run_trial(trial_of(source, sheet, first, last, is_whole=bool(wants["whole"])), report)
    file = new_file(".xlsx")
    number, text = Form.NUMBER, Form.TEXT
    columns = [
        Column(_("Number of the account"), number, 12),
        Column(_("Name"), text, 12),
        Column(_("Unit"), text, 20),
        Column(_("Points as judged"), number, 14),
        Column(_("Points as tried"), number, 14),
        Column(_("Change of points"), number, 12),
        Column(_("Volume as judged"), number, 14),
        Column(_("Volume as tried"), number, 14),
        Column(_("Change of the volume"), number, 12),
    ]
    write_xlsx(folder() / file, _("Trial of rules"), columns, _rows(tried))
    by = people.account_names([job.asked_by]).get(job.asked_by, "")
    title, revision = str(wants["source_title"]), int(wants["revision"])
    kept = TrialRow(job.number, revision, title, first, last, job.asked_at, by, tried.summary)
    link = reverse("console_trial", args=[job.number])
    if writes.keep_trial(kept, int(wants["draft"]), job.asked_at):
        link = reverse("console_draft_try", args=[wants["draft"]]) + f"?trial={job.number}"
    shown = {"link": link, "link_words": _("See what would change"), "trial": tried.summary}
    return Outcome(shown, file, f"{_('Trial of rules')}{clock.day_of(job.asked_at):%Y%m%d}.xlsx")


def _rows(tried: Tried) -> Iterator[list[Cell]]:
    for person, change in changed(tried.people):
        profile = tried.profiles.get(person)
        yield [
            person,
            masked_name(profile.name) if profile else None,
            profile.unit_name if profile else None,
            change.points_before,
            change.points_after,
            change.points_after - change.points_before,
            change.volume_before,
            change.volume_after,
            change.volume_after - change.volume_before,
        ]

"""Sending an announcement, person by person; a worker that died goes on where the deliveries end."""

from django.utils.translation import gettext as _

from kepu.console.announcing import done_with
from kepu.jobs.rules import Job, Outcome, Report
from kepu.kit import clock
from kepu.people.reads.announcements import Told, announcement, told_so_far
from kepu.people.rules import TextState
from kepu.people.writes.announcements import end_announcement, tell_some, text_some


def send_announcement(job: Job, report: Report) -> Outcome:
    """Everybody meant is told in the app once, then texts go out, each once at most. `wants`: the number."""
    number = int(job.wants["announcement"])
    row = announcement(number)
    assert row is not None
    done = done_with(row.announced)
    total = max(1, row.shown["meant"] + (row.shown["hearing"] if row.announced.by_text else 0))
    looked = row.result.told + row.result.unwilling + texts_dealt_with(row.result)
    report(min(looked, total), total)
    while count := tell_some(number, done, clock.now()):
        looked += count
        report(min(looked, total), total)
    while row.announced.by_text and (count := text_some(number, clock.now)):
        looked += count
        report(min(looked, total), total)
    end_announcement(number, clock.now())
    told = told_so_far(number)
    return Outcome({"said": _("Told in the app: %(told)s.") % {"told": told.told}})


def texts_dealt_with(told: Told) -> int:
    """How many texts do not wait any more."""
    return sum(count for state, count in told.texts.items() if state is not TextState.WAITING)

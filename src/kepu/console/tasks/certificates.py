"""Certificates of a round in one file."""

from django.utils.translation import gettext as _

from kepu.awards.reads.certificates import certificates, certificates_pdf
from kepu.awards.rules.certificates import PAGES_AT_ONCE_MAX
from kepu.jobs.reads import folder
from kepu.jobs.rules import Job, Outcome, Report
from kepu.jobs.writes import new_file
from kepu.people.reads import scopes_of
from kepu.people.rules import Ability, divisions_for


def print_certificates(job: Job, report: Report) -> Outcome:
    """Up to PAGES_AT_ONCE_MAX certificates as one PDF. `wants`: slug, round, start, base.

    What the owner may see is asked again: a scope may have ended since.
    """
    wants = job.wants
    divisions = divisions_for(scopes_of(job.asked_by), Ability.ROUNDS)
    report(0, 2)
    page = certificates(
        str(wants["slug"]), str(wants["round"]), divisions, int(wants["start"]), PAGES_AT_ONCE_MAX
    )
    if not page.rows:
        return Outcome({"said": _("There are no certificates.")})
    report(1, 2)
    name = new_file(".pdf")
    (folder() / name).write_bytes(certificates_pdf(page.rows, str(wants["base"])))
    first, last = page.rows[0], page.rows[-1]
    said = _("%(count)s certificates, %(first)s to %(last)s.")
    words = {"count": len(page.rows), "first": first.serial, "last": last.serial}
    return Outcome({"said": said % words}, name, f"证书-{len(page.rows)}份.pdf")

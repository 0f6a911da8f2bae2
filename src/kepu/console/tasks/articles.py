"""Long work about articles: fetching feeds and links, telling those who shared what was put right."""

from collections.abc import Callable
from datetime import datetime

from django.utils.translation import gettext as _

from kepu.console import labels
from kepu.content.reads.reviewing import turn, turns_to_tell
from kepu.content.rules import Told, Turn, article_path
from kepu.content.writes.feeds import Imported, import_feed, import_link
from kepu.content.writes.reviewing import mark_told, publish_due
from kepu.jobs.reads import states_of
from kepu.jobs.rules import Job, JobState, Outcome, Report
from kepu.jobs.writes import ask_job
from kepu.kit import clock
from kepu.ledger import reads as ledger
from kepu.people.rules import NoticeKind
from kepu.people.writes.notices import TOLD_AT_ONCE, tell_once

ENTRIES_AT_ONCE = 50_000
TELLING_TRIES_MAX = 3
KINDS = {Turn.CORRECTED: NoticeKind.ARTICLE_CORRECTED, Turn.WITHDRAWN: NoticeKind.ARTICLE_WITHDRAWN}


def fetch_feed(job: Job, report: Report) -> Outcome:
    """What the feed has and was never imported is drafts of whoever asked."""
    found = import_feed(int(job.wants["feed"]), job.asked_by, report, clock.now())
    return _outcome(found or Imported(trouble="address_wrong"))


def fetch_link(job: Job, report: Report) -> Outcome:
    """The article at the link is a draft of whoever asked."""
    link = str(job.wants["link"]), int(job.wants["topic"])
    return _outcome(import_link(link, job.asked_by, report, clock.now()))


def tell_sharers(job: Job, report: Report) -> Outcome:
    """Everybody who ever shared the article is told, once each, however often this is begun anew."""
    found = turn(int(job.wants["turn"]))
    if found is None:
        return Outcome()
    heads = ledger.heads()
    total, walked, told = sum(head.seq for head in heads), 0, 0
    for head in heads:
        after = 0
        while after < head.seq:
            sharers, reached = ledger.sharers(found.article, head.book, after, ENTRIES_AT_ONCE)
            told += _tell(found, sorted(sharers))
            walked, after = walked + reached - after, reached
            report(walked, total)
    mark_told(found.number, clock.now())
    return Outcome({"said": _("%(count)s people were told.") % {"count": told}})


def each_minute(now: datetime, publish: Callable[[datetime], int] = publish_due) -> None:
    """What is due is published or taken down, and telling of what was put right is asked for."""
    publish(now)
    for found in turns_to_tell():
        states = states_of("tell_sharers", "turn", found.number)
        if JobState.CANCELLED in states or states.count(JobState.FAILED) >= TELLING_TRIES_MAX:
            mark_told(found.number, now)  # stopped by somebody, or cannot be done
        elif all(state is JobState.FAILED for state in states):
            title = _("Tell who shared “%(title)s”") % {"title": found.title}
            ask_job("tell_sharers", title, {"turn": found.number}, found.by, now)


def _tell(found: Told, people: list[int]) -> int:
    words = {"title": found.title, "words": found.words}
    link = f"{article_path(found.article)}?turn={found.number}"
    parts = [people[start : start + TOLD_AT_ONCE] for start in range(0, len(people), TOLD_AT_ONCE)]
    return sum(tell_once(part, KINDS[found.turn], words, link, clock.now()) for part in parts)


def _outcome(imported: Imported) -> Outcome:
    if imported.trouble:
        return Outcome({"said": str(labels.IMPORT_TROUBLES[imported.trouble])})
    counts = {"made": len(imported.made), "known": imported.known}
    return Outcome({"said": _("%(made)s drafts made; %(known)s were imported before.") % counts})

"""All that the site holds of one person, piece by piece, and as one JSON text or one HTML page."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.templatetags.static import static
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kepu.app import labels, reads
from kepu.campaigns import reads as campaigns
from kepu.campaigns.rules import Kind, Reason
from kepu.content import reads as content
from kepu.kit import clock
from kepu.kit.paging import PAGE_SIZE_MAX, Page
from kepu.ledger import reads as ledger
from kepu.ledger.reads.points import account_of_points
from kepu.ledger.rules import Entry, read_spot, spot_of
from kepu.people import reads as people
from kepu.people.reads.complaints import complaints_of
from kepu.points import reads as points
from kepu.points.reads.quizzes import results_of
from kepu.points.reads.standing import badges_of, level_of

# The ledger sorts all of a person anew for each; a few thousand are some megabytes.
ENTRIES_AT_ONCE = 5000
Row = dict[str, str | int | bool | None]


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of one kind, each read when it is asked for; every row names the same columns."""

    name: str
    title: str | Promise
    columns: dict[str, str | Promise]
    rows: Iterator[Row]


def belongings(account: int) -> Iterator[Part]:
    """Every part, in the order in which a person would ask. Three queries for each ENTRIES_AT_ONCE entries,
    one for each 100 of what is saved, told and complained about, two for each 100 likes and quizzes; memory
    is bounded.
    """
    yield Part("account", _("Account"), _ACCOUNT, _account(account))
    yield Part("agreements", _("Agreed to"), _AGREEMENTS, _agreements(account))
    yield Part("codes_sent", _("Texts with codes, last seven days"), _CODES, _codes(account))
    yield Part("certification", _("Certification"), _CERTIFICATION, _certification(account))
    yield Part("certification_history", _("How it came so"), _STEPS, _steps(account))
    yield Part("entries", _("What was counted"), _ENTRIES, _entries(account))
    yield Part("points", _("Points by year"), _POINTS, _points(account))
    yield Part("told_of_expiry", _("Expiry that was announced"), _TOLD, _told(account))
    yield Part("badges", _("Level and badges"), _BADGES, _badges(account))
    yield Part("quizzes", _("Quizzes"), _QUIZZES, _quizzes(account))
    yield Part("saved", _("Saved articles"), _SAVED, _saved(account))
    yield Part("likes", _("Articles I like"), _LIKES, _likes(account))
    yield Part("messages", _("Messages"), _MESSAGES, _messages(account))
    yield Part("complaints", _("Complaints and suggestions"), _COMPLAINTS, _complaints(account))


def as_json(account: int, now: datetime) -> Iterator[str]:
    """One JSON object in pieces: each part a list of objects under its name, moments in ISO 8601."""
    yield f'{{"made_at": {json.dumps(_moment(now))}'
    for part in belongings(account):
        yield f",\n{json.dumps(part.name)}: ["
        for place, row in enumerate(part.rows):
            yield (",\n" if place else "\n") + json.dumps(row, ensure_ascii=False)
        yield "]"
    yield "}\n"


def as_page(account: int, now: datetime) -> Iterator[str]:
    """One HTML page in pieces: each part a table under its title."""
    yield format_html(
        '<!doctype html><html lang="zh-Hans"><head><meta charset="utf-8"><meta name="viewport" '
        'content="width=device-width, initial-scale=1"><title>{title}</title>'
        '<link rel="stylesheet" href="{css}">'
        '</head><body><main class="page stack"><h1>{title}</h1><p class="note">{at}</p>'
        '<p><a class="button quiet" href="/me/settings/">{back}</a></p>',
        title=gettext("What Kepu holds of me"),
        css=static("ui/kepu.css"),
        at=gettext("Made on %(moment)s") % {"moment": _moment(now)},
        back=gettext("Back to the settings"),
    )
    for part in belongings(account):
        yield format_html('<h2>{}</h2><div class="table-box"><table class="table"><thead><tr>', part.title)
        yield from (format_html("<th>{}</th>", column) for column in part.columns.values())
        yield "</tr></thead><tbody>"
        is_empty = True
        for row in part.rows:
            is_empty = False
            cells = (format_html("<td>{}</td>", _said(row[name])) for name in part.columns)
            yield f"<tr>{''.join(cells)}</tr>"
        yield "</tbody></table></div>"
        if is_empty:
            yield format_html('<p class="note">{}</p>', gettext("Nothing"))
    yield "</main></body></html>"


_ACCOUNT: dict[str, str | Promise] = {
    "number": _("Number"),
    "name": _("Name"),
    "phone": _("Phone number"),
    "created_at": _("Signed up"),
    "hears_announcements": _("Wants announcements"),
    "hides_name": _("Name left out on boards"),
    "points": _("Points"),
    "debt": _("Still to make up"),
    "earned": _("Points ever earned"),
}
_AGREEMENTS: dict[str, str | Promise] = {"notice": _("Document"), "edition": _("Edition"), "at": _("Time")}
_CODES: dict[str, str | Promise] = {"sent_at": _("Time")}
_CERTIFICATION: dict[str, str | Promise] = {
    "name": _("Name"),
    "town": _("Town"),
    "unit": _("Unit"),
    "type": _("Type"),
    "association": _("Association"),
    "state": _("State"),
    "submitted_at": _("Submitted on"),
    "decided_at": _("Decided on"),
    "reason": _("Reason"),
    "is_backbone": _("Backbone"),
}
_STEPS: dict[str, str | Promise] = {
    "at": _("Time"),
    "state": _("State"),
    "by_me": _("By me"),
    "reason": _("Reason"),
}
_ENTRIES: dict[str, str | Promise] = {
    "entry": _("Entry"),
    "at": _("Time"),
    "act": _("Act"),
    "article": _("Article"),
    "campaign": _("Campaign"),
    "version": _("Version of the rules"),
    "points": _("Points"),
    "volume": _("Volume"),
    "verdict": _("Verdict"),
    "note": _("Note"),
    "hash": _("Check value"),
}
_POINTS: dict[str, str | Promise] = {
    "year": _("Year"),
    "points": _("Points"),
    "expires_on": _("Expires at the end of"),
}
_TOLD: dict[str, str | Promise] = {
    "year": _("Year"),
    "points": _("Points"),
    "expires_on": _("Expires at the end of"),
    "at": _("Time"),
    "is_over": _("Over"),
}
_BADGES: dict[str, str | Promise] = {"name": _("Name"), "kind": _("Kind"), "is_reached": _("Reached")}
_QUIZZES: dict[str, str | Promise] = {
    "article": _("Article"),
    "wrong_at": _("Last wrong"),
    "passed_at": _("All answered right"),
    "link": _("Link"),
}
_SAVED: dict[str, str | Promise] = {"article": _("Article"), "link": _("Link")}
_LIKES: dict[str, str | Promise] = {"article": _("Article"), "at": _("Time"), "link": _("Link")}
_MESSAGES: dict[str, str | Promise] = {
    "at": _("Time"),
    "text": _("Text"),
    "link": _("Link"),
    "is_read": _("Read"),
}
_COMPLAINTS: dict[str, str | Promise] = {
    "number": _("Number"),
    "at": _("Time"),
    "words": _("Text"),
    "contact": _("Contact"),
    "settled_at": _("Dealt with on"),
}


def _account(account: int) -> Iterator[Row]:
    row, profile = people.account(account), people.profile(account)
    if row is not None:
        has = account_of_points(account)
        yield {
            "number": row.account,
            "name": row.name,
            "phone": row.phone_masked,
            "created_at": _moment(row.created_at),
            "hears_announcements": row.hears_announcements,
            "hides_name": profile is not None and profile.hides_name,
            "points": has.balance,
            "debt": has.debt,
            "earned": has.earned,
        }


def _agreements(account: int) -> Iterator[Row]:
    agreement = people.agreement_of(account)
    if agreement is not None:
        notice = gettext("Privacy notice")
        yield {"notice": notice, "edition": agreement.edition, "at": _moment(agreement.at)}


def _codes(account: int) -> Iterator[Row]:
    for sent_at in people.codes_sent(account):
        yield {"sent_at": _moment(sent_at)}


def _certification(account: int) -> Iterator[Row]:
    row = people.certification_of(account)
    if row is not None:
        yield {
            "name": row.name,
            "town": row.town_name,
            "unit": row.unit_name,
            "type": people.applicant_type_text(row.applicant_type),
            "association": row.association_name,
            "state": people.state_text(row.state),
            "submitted_at": _moment(row.submitted_at),
            "decided_at": _moment(row.decided_at),
            "reason": row.reason,
            "is_backbone": row.is_backbone,
        }


def _steps(account: int) -> Iterator[Row]:
    for step in people.steps_of(account, names=False):
        yield {
            "at": _moment(step.at),
            "state": people.state_text(step.state),
            "by_me": step.by_applicant,
            "reason": step.reason,
        }


def _entries(account: int) -> Iterator[Row]:
    titles = {each.number: each.sheet.title for each in campaigns.published()}
    before = None
    while entries := ledger.statement(account, before, ENTRIES_AT_ONCE):
        for each in reads.named(entries):
            yield _entry(each.entry, each.title, titles.get(each.entry.campaign, ""))
        before = read_spot(spot_of(entries[-1]))


def _entry(entry: Entry, article: str, campaign: str) -> Row:
    return {
        "entry": f"{entry.book}-{entry.seq}",
        "at": _moment(clock.from_milliseconds(entry.at_ms)),
        "act": str(labels.KINDS[Kind(entry.kind)]),
        "article": article,
        "campaign": campaign,
        "version": entry.version,
        "points": entry.points,
        "volume": entry.volume,
        "verdict": str(labels.REASONS[Reason(entry.reason)]),
        "note": entry.note,
        "hash": bytes(entry.hash).hex(),
    }


def _points(account: int) -> Iterator[Row]:
    for each in points.years_of(account, account_of_points(account).lots):
        yield {"year": each.year, "points": each.points, "expires_on": _day(each.last_day)}


def _told(account: int) -> Iterator[Row]:
    for each in points.told(account):
        yield {
            "year": each.year,
            "points": each.points,
            "expires_on": _day(each.last_day),
            "at": _moment(each.told_at),
            "is_over": each.is_done,
        }


def _badges(account: int) -> Iterator[Row]:
    level = level_of(account_of_points(account).earned)
    yield {"name": level.name, "kind": gettext("My level"), "is_reached": True}
    for each in badges_of(account):
        yield {"name": each.name, "kind": gettext("Topic badges"), "is_reached": each.is_reached}


def _quizzes(account: int) -> Iterator[Row]:
    start: int | None = 0
    while start is not None:
        page = results_of(account, start, PAGE_SIZE_MAX)
        titles = content.titles({row.article for row in page.rows})
        for row in page.rows:
            yield {
                "article": titles.get(row.article, ""),
                "wrong_at": _moment(row.wrong_at),
                "passed_at": _moment(row.passed_at),
                "link": f"/a/{row.article}/",
            }
        start = page.next_start


def _saved(account: int) -> Iterator[Row]:
    start: int | None = 0
    while start is not None:
        page = content.saved(account, start, PAGE_SIZE_MAX)
        for card in page.rows:
            yield {"article": card.title, "link": f"/a/{card.id}/"}
        start = page.next_start


def _likes(account: int) -> Iterator[Row]:
    start: int | None = 0
    while start is not None:
        page = content.liked(account, start, PAGE_SIZE_MAX)
        titles = content.titles({article for article, _at in page.rows})
        for article, at in page.rows:
            yield {"article": titles.get(article, ""), "at": _moment(at), "link": f"/a/{article}/"}
        start = page.next_start


def _messages(account: int) -> Iterator[Row]:
    start: int | None = 0
    while start is not None:
        page: Page[people.NoticeRow] = people.notices(account, start, PAGE_SIZE_MAX)
        for row in page.rows:
            yield {"at": _moment(row.at), "text": row.text, "link": row.link, "is_read": not row.is_unread}
        start = page.next_start


def _complaints(account: int) -> Iterator[Row]:
    start: int | None = 0
    while start is not None:
        page = complaints_of(account, start, PAGE_SIZE_MAX)
        for row in page.rows:
            yield {
                "number": row.number,
                "at": _moment(row.sent_at),
                "words": row.words,
                "contact": row.contact,
                "settled_at": _moment(row.settled_at),
            }
        start = page.next_start


def _moment(at: datetime | None) -> str | None:
    return at.astimezone(clock.SHANGHAI).isoformat(timespec="seconds") if at is not None else None


def _day(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def _said(value: str | int | bool | None) -> str:
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    return "" if value is None else str(value)


def pieces(texts: Iterable[str], size: int = 16_000) -> Iterator[str]:
    """The same text in pieces of about `size` characters, so that a thread is not woken for each row."""
    gathered: list[str] = []
    length = 0
    for text in texts:
        gathered.append(text)
        length += len(text)
        if length >= size:
            yield "".join(gathered)
            gathered, length = [], 0
    if gathered:
        yield "".join(gathered)

"""The rows of each part, read as they are asked for."""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice

from django.utils.translation import gettext

from kepu.app import labels, reads
from kepu.campaigns import reads as campaigns
from kepu.campaigns.rules import Kind, Reason
from kepu.clubs import reads as of_clubs
from kepu.content import reads as content
from kepu.kit import clock
from kepu.kit.paging import PAGE_SIZE_MAX, Page
from kepu.ledger import reads as ledger
from kepu.ledger.reads import archived
from kepu.ledger.reads.points import account_of_points
from kepu.ledger.rules import Entry, read_spot, spot_of
from kepu.mall import reads as mall
from kepu.mall.reads.orders import contacts_of
from kepu.people import reads as people
from kepu.people.reads.complaints import complaints_of
from kepu.points import reads as of_points
from kepu.points.reads.quizzes import results_of
from kepu.points.reads.standing import badges_of, level_of

# The ledger sorts all of a person anew for each; a few thousand are some megabytes.
ENTRIES_AT_ONCE = 5000
Row = dict[str, str | int | bool | None]


def account(account: int) -> Iterator[Row]:
    """Who one is here."""
    row, profile = people.account(account), people.profile(account)
    if row is not None:
        has = account_of_points(account)
        yield {
            "number": row.account,
            "name": row.name,
            "phone": row.phone_masked,
            "created_at": moment(row.created_at),
            "hears_announcements": row.hears_announcements,
            "hides_name": profile is not None and profile.hides_name,
            "points": has.balance,
            "debt": has.debt,
            "earned": has.earned,
        }


def agreements(account: int) -> Iterator[Row]:
    """What one agreed to."""
    agreement = people.agreement_of(account)
    if agreement is not None:
        notice = gettext("Privacy notice")
        yield {"notice": notice, "edition": agreement.edition, "at": moment(agreement.at)}


def codes(account: int) -> Iterator[Row]:
    """When codes were texted, those of the last days."""
    for sent_at in people.codes_sent(account):
        yield {"sent_at": moment(sent_at)}


def certification(account: int) -> Iterator[Row]:
    """The certification as it stands."""
    row = people.certification_of(account)
    if row is not None:
        yield {
            "name": row.name,
            "town": row.town_name,
            "unit": row.unit_name,
            "type": people.applicant_type_text(row.applicant_type),
            "association": row.association_name,
            "state": people.state_text(row.state),
            "submitted_at": moment(row.submitted_at),
            "decided_at": moment(row.decided_at),
            "reason": row.reason,
            "is_backbone": row.is_backbone,
        }


def steps(account: int) -> Iterator[Row]:
    """How the certification came to stand so."""
    for step in people.steps_of(account, names=False):
        yield {
            "at": moment(step.at),
            "state": people.state_text(step.state),
            "by_me": step.by_applicant,
            "reason": step.reason,
        }


def entries(account: int) -> Iterator[Row]:
    """Every line of the ledger that is about one, newest first; archived ones follow by their numbers."""
    titles = {each.number: each.sheet.title for each in campaigns.published()}
    before = None
    while entries := ledger.statement(account, before, ENTRIES_AT_ONCE):
        for each in reads.named(entries):
            yield _entry(each.entry, each.title, titles.get(each.entry.campaign, ""))
        before = read_spot(spot_of(entries[-1]))
    kept = archived.entries_of(account, archived.parts())
    while some := list(islice(kept, ENTRIES_AT_ONCE)):
        for each in reads.named(some):
            yield _entry(each.entry, each.title, titles.get(each.entry.campaign, ""))


def _entry(entry: Entry, article: str, campaign: str) -> Row:
    return {
        "entry": f"{entry.book}-{entry.seq}",
        "at": moment(clock.from_milliseconds(entry.at_ms)),
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


def points(account: int) -> Iterator[Row]:
    """What is left of each year."""
    for each in of_points.years_of(account, account_of_points(account).lots):
        yield {"year": each.year, "points": each.points, "expires_on": day(each.last_day)}


def told(account: int) -> Iterator[Row]:
    """What one was told about points that expire."""
    for each in of_points.told(account):
        yield {
            "year": each.year,
            "points": each.points,
            "expires_on": day(each.last_day),
            "at": moment(each.told_at),
            "is_over": each.is_done,
        }


def badges(account: int) -> Iterator[Row]:
    """Level and badges."""
    level = level_of(account_of_points(account).earned)
    yield {"name": level.name, "kind": gettext("My level"), "is_reached": True}
    for each in badges_of(account):
        yield {"name": each.name, "kind": gettext("Topic badges"), "is_reached": each.is_reached}


def quizzes(account: int) -> Iterator[Row]:
    """Quizzes one tried."""
    start: int | None = 0
    while start is not None:
        page = results_of(account, start, PAGE_SIZE_MAX)
        titles = content.titles({row.article for row in page.rows})
        for row in page.rows:
            yield {
                "article": titles.get(row.article, ""),
                "wrong_at": moment(row.wrong_at),
                "passed_at": moment(row.passed_at),
                "link": f"/a/{row.article}/",
            }
        start = page.next_start


def saved(account: int) -> Iterator[Row]:
    """Articles one saved."""
    start: int | None = 0
    while start is not None:
        page = content.saved(account, start, PAGE_SIZE_MAX)
        for card in page.rows:
            yield {"article": card.title, "link": f"/a/{card.id}/"}
        start = page.next_start


def likes(account: int) -> Iterator[Row]:
    """Articles one likes."""
    start: int | None = 0
    while start is not None:
        page = content.liked(account, start, PAGE_SIZE_MAX)
        titles = content.titles({article for article, _at in page.rows})
        for article, at in page.rows:
            yield {"article": titles.get(article, ""), "at": moment(at), "link": f"/a/{article}/"}
        start = page.next_start


def messages(account: int) -> Iterator[Row]:
    """What one was told."""
    start: int | None = 0
    while start is not None:
        page: Page[people.NoticeRow] = people.notices(account, start, PAGE_SIZE_MAX)
        for row in page.rows:
            yield {"at": moment(row.at), "text": row.text, "link": row.link, "is_read": not row.is_unread}
        start = page.next_start


def complaints(account: int) -> Iterator[Row]:
    """What one complained about."""
    start: int | None = 0
    while start is not None:
        page = complaints_of(account, start, PAGE_SIZE_MAX)
        for row in page.rows:
            yield {
                "number": row.number,
                "at": moment(row.sent_at),
                "words": row.words,
                "contact": row.contact,
                "settled_at": moment(row.settled_at),
            }
        start = page.next_start


def orders(account: int) -> Iterator[Row]:
    """What was exchanged for points, by the order's number, and where it went as long as that is kept."""
    start: int | None = 0
    while start is not None:
        page = mall.orders_of([account], start, PAGE_SIZE_MAX)
        sent = contacts_of([row.id for row in page.rows if row.has_contact])
        for row in page.rows:
            to = sent.get(row.id)
            yield {
                "order": str(row.id),
                "at": moment(row.reserved_at),
                "item": row.item_name,
                "points": row.points,
                "state": mall.state_text(row.state),
                "way": mall.way_text(row.way),
                "pick_up": f"{row.point.name}，{row.point.address}" if row.point is not None else "",
                "name": to.name if to is not None else "",
                "phone": to.phone if to is not None else "",
                "address": to.address if to is not None else "",
            }
        start = page.next_start


def clubs(account: int) -> Iterator[Row]:
    """Clubs one is in, what one posted, said, liked and reported there."""
    yield from of_clubs.belongings(account)


def moment(at: datetime | None) -> str | None:
    """A moment in Asia/Shanghai as ISO 8601."""
    return at.astimezone(clock.SHANGHAI).isoformat(timespec="seconds") if at is not None else None


def day(at: date | None) -> str | None:
    """A day as ISO 8601."""
    return at.isoformat() if at is not None else None

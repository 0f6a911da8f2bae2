"""Whom an announcement would reach, how many texts remain, and what became of those sent."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from kepu.kit.paging import Page, page_of
from kepu.people.models import Account, Announcement, Certification, Communicator, Delivery, SmsDay
from kepu.people.rules import Announced, Audience, TextState, texts_left
from kepu.regions.rules import range_of


@dataclass(frozen=True, slots=True)
class Reach:
    """How many people are meant, and how many of them want announcements: only these are told."""

    meant: int
    hearing: int


@dataclass(frozen=True, slots=True)
class Told:
    """What became of it: people told in the app, people who want no announcements, texts by their state.

    `left`: people meant who had not their turn; only where it was closed unfinished.
    """

    told: int = 0
    unwilling: int = 0
    texts: dict[TextState, int] = field(default_factory=dict)
    left: int = 0


@dataclass(frozen=True, slots=True)
class AnnouncementRow:
    """One announcement as it was confirmed, and what became of it so far; `job` is its work's number.

    `is_unfinished`: it ended because somebody closed it before everybody had their turn.
    """

    number: int
    announced: Announced
    shown: dict[str, int]
    asked_by: int
    asked_by_name: str
    asked_at: datetime
    ended_at: datetime | None
    job: int
    result: Told
    is_unfinished: bool


def audience_of(announced: Announced) -> QuerySet[Account]:
    """The open accounts meant, by account; for those behind, all communicators there: who is behind the
    room above knows.

    Somebody without a unit belongs where they applied; without an application to their county.
    """
    certified = _inside(Communicator.objects.filter(account=OuterRef("pk"), revoked_at=None), announced)
    people = Account.objects.filter(is_active=True, closed_at=None).order_by("pk")
    if announced.audience in (Audience.COMMUNICATORS, Audience.BEHIND):
        return people.filter(Exists(certified))
    live = Communicator.objects.filter(account=OuterRef("pk"), revoked_at=None)
    applied = Certification.objects.filter(account=OuterRef("pk"))
    here = Q(Exists(_applied(applied, announced)))
    if not announced.unit and len(announced.division) <= 6:
        here |= ~Q(Exists(applied)) & _in_books(announced.division)
    uncertified = ~Q(Exists(live)) & here
    if announced.audience is Audience.UNCERTIFIED:
        return people.filter(uncertified)
    return people.filter(Q(Exists(certified)) | uncertified)


def reach(announced: Announced, done: frozenset[int] = frozenset()) -> Reach:
    """How many people are meant, without those who are `done` with what they are reminded of. One query."""
    return _counted(audience_of(announced), done)


def _counted(found: QuerySet[Account], done: frozenset[int]) -> Reach:
    if not done:
        counted = found.order_by().aggregate(
            meant=Count("pk"), hearing=Count("pk", filter=Q(hears_announcements=True))
        )
        return Reach(**counted)
    everybody = found.values_list("pk", "hears_announcements")
    hearing = [hears for account, hears in everybody if account not in done]
    return Reach(len(hearing), sum(hearing))


def not_yet_told(announcement: int, done: frozenset[int] = frozenset()) -> Reach:
    """Who of those meant has not had their turn, as `reach` counts them. Two queries."""
    row = Announcement.objects.get(pk=announcement)
    return _counted(still_meant(row), done)


def still_meant(row: Announcement) -> QuerySet[Account]:
    """Those meant whose turn has not come, by account; nobody who signed up after it was confirmed."""
    return audience_of(announced_of(row)).filter(pk__gt=row.reached, created_at__lte=row.asked_at)


def texts_left_today(today: date) -> int:
    """How many texts announcements may still take on this day. One query."""
    sent = SmsDay.objects.filter(day=today).values_list("sent", flat=True).first() or 0
    return texts_left(sent, settings.KEPU_SMS_PER_DAY_MAX)


def announcement(number: int) -> AnnouncementRow | None:
    """One announcement with its result so far. Two queries."""
    row = Announcement.objects.select_related("asked_by").filter(pk=number).first()
    return _row(row, _told(row)) if row is not None else None


def announcement_sealed(seal: str) -> int | None:
    """The number of the announcement whose preview bore this seal, when it was confirmed. One query."""
    return Announcement.objects.filter(seal=seal).values_list("pk", flat=True).first()


def twin(announced: Announced) -> tuple[int, datetime] | None:
    """The last announcement of this text to this audience and place: its number and moment. One query."""
    same = Announcement.objects.filter(
        division=announced.division, unit=announced.unit, audience=announced.audience, text=announced.text
    )
    return same.order_by("-pk").values_list("pk", "asked_at").first()


def announcements(divisions: tuple[str, ...], start: int, size: int) -> Page[AnnouncementRow]:
    """What was announced inside these divisions, newest first; results of those that ended. One query."""
    found = Announcement.objects.select_related("asked_by")
    if "" not in divisions:
        inside = Q(pk__in=())
        for low, high in map(range_of, divisions):
            inside |= Q(division__gte=low, division__lt=high)
        found = found.filter(inside)
    rows = [_row(row, _kept(row)) for row in found.order_by("-pk")[start : start + size + 1]]
    return page_of(rows, start, size)


def announced_of(row: Announcement) -> Announced:
    """What was confirmed, as the rules speak of it."""
    return Announced(
        text=row.text,
        link=row.link,
        audience=Audience(row.audience),
        division=row.division,
        unit=row.unit,
        by_text=row.by_text,
        goal=(int(row.goal[0]), str(row.goal[1]), int(row.goal[2])) if row.goal else None,
    )


def told_so_far(number: int) -> Told:
    """What the deliveries of an announcement say. One query."""
    counted = Delivery.objects.filter(announcement=number).values("is_told", "text_state").order_by()
    told = unwilling = 0
    texts: dict[TextState, int] = {}
    for line in counted.annotate(people=Count("pk")):
        if line["is_told"]:
            told += line["people"]
        else:
            unwilling += line["people"]
        if line["text_state"]:
            state = TextState(line["text_state"])
            texts[state] = texts.get(state, 0) + line["people"]
    return Told(told, unwilling, texts)


def _told(row: Announcement) -> Told:
    return _kept(row) if row.result else told_so_far(row.pk)


def _kept(row: Announcement) -> Told:
    texts = {TextState(state): count for state, count in row.result.get("texts", {}).items()}
    kept = row.result
    return Told(kept.get("told", 0), kept.get("unwilling", 0), texts, kept.get("left", 0))


def _row(row: Announcement, result: Told) -> AnnouncementRow:
    return AnnouncementRow(
        number=row.pk,
        announced=announced_of(row),
        shown=row.shown,
        asked_by=row.asked_by_id,
        asked_by_name=row.asked_by.display_name,
        asked_at=row.asked_at,
        ended_at=row.ended_at,
        job=row.job,
        result=result,
        is_unfinished=bool(row.result.get("is_unfinished")),
    )


def _inside(found: QuerySet[Communicator], announced: Announced) -> QuerySet[Communicator]:
    if announced.unit:
        return found.filter(unit=announced.unit)
    if not announced.division:
        return found
    low, high = range_of(announced.division)
    return found.filter(division__gte=low, division__lt=high)


def _applied(found: QuerySet[Certification], announced: Announced) -> QuerySet[Certification]:
    if announced.unit:
        return found.filter(unit=announced.unit)
    if not announced.division:
        return found
    low, high = range_of(announced.division)
    if len(announced.division) > 9:
        return found.filter(unit__division__gte=low, unit__division__lt=high)
    return found.filter(town__gte=low, town__lt=high)


def _in_books(division: str) -> Q:
    """The counties (their six digits as a number) inside a division of up to that level."""
    if not division:
        return Q()
    low, high = range_of(division)
    return Q(book__gte=int(low.ljust(6, "0")), book__lt=int(high.ljust(6, "0")[:6]))

"""Announcements: confirmed once, told person by person in batches that a killed worker takes up again.

In the app everybody is told exactly once: message and delivery are one transaction. A text is handed over at
most once: it is marked as on its way before, so that after a kill nobody gets it twice; whether one that was
marked arrived, nobody knows, and the result says so.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from kepu.kit import clock
from kepu.messages.rules import Failed, Trouble
from kepu.messages.writes import send_sms
from kepu.people.accounts import opened_phone
from kepu.people.models import Announcement, Delivery, Notice, SmsDay
from kepu.people.reads.announcements import Reach, announced_of, not_yet_told, still_meant, told_so_far
from kepu.people.rules import Announced, NoticeKind, TextState, text_pieces, texts_left

TOLD_AT_ONCE = 500
# A gateway may take four seconds for each; the worker must be heard of in between.
TEXTS_AT_ONCE = 10
# Who got what is forgotten after this; the counts stay.
DELIVERIES_KEPT = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Confirmed:
    """Whose preview was confirmed, its seal, and the counts it showed."""

    seal: str
    reach: Reach
    texts: int
    by: int


def keep_announcement(announced: Announced, confirmed: Confirmed, now: datetime) -> int | None:
    """The announcement waits for its work (its number); None when this preview was confirmed before."""
    shown = {"meant": confirmed.reach.meant, "hearing": confirmed.reach.hearing, "texts": confirmed.texts}
    try:
        with transaction.atomic():
            kept = Announcement.objects.create(
                seal=confirmed.seal,
                text=announced.text,
                link=announced.link,
                audience=announced.audience.value,
                division=announced.division,
                unit=announced.unit,
                goal=list(announced.goal or ()),
                by_text=announced.by_text,
                shown=shown,
                asked_by_id=confirmed.by,
                asked_at=now,
            )
    except IntegrityError:
        return None
    return kept.pk


def note_job(announcement: int, job: int) -> None:
    """The announcement knows the long work that sends it. One query."""
    Announcement.objects.filter(pk=announcement).update(job=job)


@transaction.atomic
def take_up(announcement: int, job: int) -> bool:
    """New work may go on where `job` stopped; False when it has ended, or other work took it up meanwhile.

    Inside the transaction that notes the new work. Texts that the day's limit kept back wait again; whoever
    was told, or may have got a text, is not told again. Three queries.
    """
    row = Announcement.objects.select_for_update().get(pk=announcement)
    if row.ended_at is not None or row.job != job:
        return False
    held_back = Delivery.objects.filter(announcement=row, text_state=TextState.OVER_BUDGET)
    held_back.update(text_state=TextState.WAITING)
    return True


@transaction.atomic
def close_unfinished(announcement: int, done: frozenset[int], now: datetime) -> bool:
    """Nobody more is told, and the result says how many were left; False when it has ended. Nine queries."""
    row = Announcement.objects.select_for_update().get(pk=announcement)
    if row.ended_at is not None:
        return False
    waiting = Delivery.objects.filter(announcement=row, text_state=TextState.WAITING)
    waiting.update(text_state=TextState.CLOSED)
    _end(row, {"left": not_yet_told(announcement, done).meant, "is_unfinished": True}, now)
    return True


@transaction.atomic
def tell_some(announcement: int, done: frozenset[int], now: datetime) -> int:
    """The next TOLD_AT_ONCE people meant, without those `done`, have it in the app; how many were looked at.

    0 when everybody was, or it was closed. Five queries; a worker killed in between leaves neither message
    nor delivery.
    """
    row = Announcement.objects.select_for_update().get(pk=announcement)
    if row.ended_at is not None:
        return 0
    announced = announced_of(row)
    people = list(still_meant(row).only("pk", "hears_announcements", "phone_sealed")[:TOLD_AT_ONCE])
    if not people:
        return 0
    fresh = [each for each in people if each.pk not in done]
    Notice.objects.bulk_create(
        Notice(account_id=each.pk, kind=NoticeKind.ANNOUNCED, words={"text": row.text}, link=row.link, at=now)
        for each in fresh
        if each.hears_announcements
    )
    Delivery.objects.bulk_create(
        Delivery(
            announcement=row,
            account_id=each.pk,
            is_told=each.hears_announcements,
            text_state=_first_state(announced, each.hears_announcements, each.phone_sealed is not None),
        )
        for each in fresh
    )
    row.reached = people[-1].pk
    row.save(update_fields=["reached"])
    return len(people)


def text_some(announcement: int, now: Callable[[], datetime]) -> int:
    """The next TEXTS_AT_ONCE texts are handed over, each at most once; how many were looked at, 0 at the end.

    Past the day's texts for announcements nobody more gets one, which their deliveries say, and nobody who
    wants none any more by now. Outside any transaction: a gateway may take its time. Five queries a text.
    """
    row = Announcement.objects.get(pk=announcement)
    text = announced_text(row.text)
    waiting = Delivery.objects.filter(announcement=row, text_state=TextState.WAITING).order_by("pk")
    some = list(waiting.select_related("account")[:TEXTS_AT_ONCE])
    for delivery in some:
        if not (delivery.account.is_active and delivery.account.hears_announcements):
            mine = Delivery.objects.filter(pk=delivery.pk, text_state=TextState.WAITING)
            mine.update(text_state=TextState.UNWILLING)
            continue
        if not _taken(delivery, text_pieces(text), now()):
            continue
        phone = opened_phone(delivery.account.phone_sealed, delivery.account.phone_index)
        state = TextState.NO_PHONE
        if phone is not None:
            state = _state_of(send_sms(phone, text, now()))
        Delivery.objects.filter(pk=delivery.pk, text_state=TextState.SENDING).update(text_state=state)
    return len(some)


@transaction.atomic
def end_announcement(announcement: int, now: datetime) -> None:
    """The result is kept; one kept before stays. Four queries."""
    row = Announcement.objects.select_for_update().get(pk=announcement)
    if row.ended_at is None:
        _end(row, {}, now)


def forget_deliveries(now: datetime) -> int:
    """Who got what is gone DELIVERIES_KEPT after the announcement, its counts stay; how many rows went.

    What is not finished by then is closed: without its deliveries nobody could go on with it.
    """
    gone = 0
    for row in Announcement.objects.filter(asked_at__lt=now - DELIVERIES_KEPT).order_by("-pk")[:100]:
        if row.ended_at is None:
            close_unfinished(row.pk, frozenset(), now)
        gone += Delivery.objects.filter(announcement=row).delete()[0]
    return gone


def announced_text(text: str) -> str:
    """A text message exactly as it goes out: with the site's sign and how to hear no more."""
    return _("[Kepu] %(text)s (To hear no more: My page, Settings)") % {"text": text}


def _first_state(announced: Announced, hears: bool, has_phone: bool) -> TextState:
    if not announced.by_text or not hears:
        return TextState.NONE
    return TextState.WAITING if has_phone else TextState.NO_PHONE


@transaction.atomic
def _taken(delivery: Delivery, pieces: int, now: datetime) -> bool:
    """Whether this worker sends the text: nobody else took it, and the day's texts allow it."""
    today = clock.day_of(now)
    SmsDay.objects.get_or_create(day=today)
    day = SmsDay.objects.select_for_update().get(day=today)
    mine = Delivery.objects.filter(pk=delivery.pk, text_state=TextState.WAITING)
    if texts_left(day.sent, settings.KEPU_SMS_PER_DAY_MAX) < pieces:
        mine.update(text_state=TextState.OVER_BUDGET)
        return False
    if not mine.update(text_state=TextState.SENDING):
        return False
    SmsDay.objects.filter(day=today).update(sent=F("sent") + pieces)
    return True


def _state_of(answer: object) -> TextState:
    if not isinstance(answer, Failed):
        return TextState.SENT
    return TextState.REFUSED if answer.trouble is Trouble.REFUSED else TextState.UNSURE


def _end(row: Announcement, more: dict[str, int | bool], now: datetime) -> None:
    """A text that a worker took and did not bring back is UNSURE."""
    lost = Delivery.objects.filter(announcement=row, text_state=TextState.SENDING)
    lost.update(text_state=TextState.UNSURE)
    row.ended_at = now
    told = told_so_far(row.pk)
    texts = {state.value: count for state, count in told.texts.items()}
    row.result = {"told": told.told, "unwilling": told.unwilling, "texts": texts, **more}
    row.save(update_fields=["result", "ended_at"])

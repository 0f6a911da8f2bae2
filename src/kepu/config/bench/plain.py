"""The peer: a share recorder as a plain Django view over the ORM, one transaction a request."""

import json
import uuid

from django.db import models, transaction
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from kepu.campaigns import reads as campaigns
from kepu.campaigns.rules import Counted, Kind, judge, sheet_covering
from kepu.config.urls import urlpatterns as site_patterns
from kepu.content import reads as content
from kepu.kit import clock
from kepu.ledger import rules
from kepu.ledger.models import Book, DayTally, Entry, Lot, PersonBook
from kepu.ledger.rules import day_number
from kepu.people.models import Account
from kepu.people.sessions import account_of


@csrf_exempt
def share(request: HttpRequest) -> JsonResponse:
    """Record a share as most projects would: correct, durable, and one at a time."""
    account = account_of(request)
    if account is None:
        return JsonResponse({"error": "no_session"}, status=401)
    report = json.loads(request.body)
    if report["article"] not in content.published_ids():
        return JsonResponse({"error": "unknown_article"}, status=404)
    event = uuid.UUID(report["event_id"]).bytes
    with transaction.atomic():
        book = Book.objects.select_for_update().get(code=account.book)
        known = Entry.objects.filter(book=book.code, person=account.pk, event_id=event).first()
        if known is not None:
            return JsonResponse({"seq": known.seq}, status=200)
        entry = _recorded(account, book, event, report["article"])
    return JsonResponse({"seq": entry.seq, "points": entry.points, "volume": entry.volume}, status=201)


def _recorded(account: Account, book: Book, event: bytes, article: int) -> Entry:
    now = clock.now()
    day = day_number(clock.milliseconds(now))
    home = account.communicator
    current = sheet_covering(campaigns.published(), home.division, now)
    campaign, version = (current.number, current.sheet.version) if current else (0, 0)
    tally, _made = DayTally.objects.get_or_create(
        book=book.code,
        person=account.pk,
        day=day,
        campaign=campaign,
        kind=Kind.SHARE,
        defaults={"credited": 0, "points": 0, "volume": 0, "reached_ms": 0},
    )
    sheet = current.sheet if current else None
    verdict = judge(sheet, Kind.SHARE, now, certified=True, counted=Counted(tally.credited))
    entry = Entry(
        book=book.code,
        seq=book.last_seq + 1,
        person=account.pk,
        event_id=event,
        kind=Kind.SHARE,
        article=article,
        at_ms=clock.milliseconds(now),
        day=day,
        campaign=campaign,
        version=version,
        points=verdict.points,
        volume=verdict.volume,
        reason=verdict.reason,
        left_today=-1 if verdict.left_today is None else verdict.left_today,
        unit=home.unit_id,
        division=int(home.division[:9]),
        channel=0,
        ref_book=0,
        ref_seq=0,
        author=0,
        note="",
    )
    stated = rules.Entry._make(getattr(entry, name) for name in rules.Entry._fields)
    entry.hash = rules.entry_hash(bytes(book.last_hash), stated)
    entry.save(force_insert=True)
    PersonBook.objects.get_or_create(person=entry.person, book=entry.book)
    Book.objects.filter(pk=book.pk).update(last_seq=entry.seq, last_hash=entry.hash)
    if verdict.points:
        _count(entry)
    return entry


def _count(entry: Entry) -> None:
    tally = DayTally.objects.filter(
        book=entry.book, person=entry.person, day=entry.day, campaign=entry.campaign, kind=entry.kind
    )
    tally.update(
        credited=models.F("credited") + 1,
        points=models.F("points") + entry.points,
        volume=models.F("volume") + entry.volume,
        reached_ms=entry.at_ms,
    )
    where = {"book": entry.book, "person": entry.person, "year": entry.day // 10_000}
    Lot.objects.get_or_create(**where, defaults={"points": 0, "earned": 0})
    Lot.objects.filter(**where).update(
        points=models.F("points") + entry.points, earned=models.F("earned") + entry.points
    )


urlpatterns = [path("bench/plain", share), *site_patterns]

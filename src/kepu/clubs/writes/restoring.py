"""What a restored post gets back: exactly what its removal took, whatever the caps of the day hold by now.

Its first entries still fill those caps, so crediting anew would often give nothing. A stated correction
stands for each entry that was taken back, under an event id of that entry; where the post is removed again,
the correction is what is taken back.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext

from kepu.campaigns.rules import Kind
from kepu.clubs.models import Like, Post
from kepu.clubs.rules import Credit, PostState
from kepu.kit import clock
from kepu.ledger import reads
from kepu.ledger import writes as ledger
from kepu.ledger.rules import Act, Channel, Entry, Receipt, own_event

GONE = (PostState.REMOVED.value, PostState.DELETED.value)
NOTE_CHARS_MAX = 60


class Place(NamedTuple):
    """Where an entry stands."""

    book: int
    seq: int


def give_back_post(row: Post, now: datetime) -> None:
    """The correction for the post's own entry is in the ledger and stands on the row."""
    place = Place(row.book, row.back_seq or row.seq)
    given = _given([place], row.restored_by, now)
    with transaction.atomic():
        locked = Post.objects.select_for_update().get(pk=row.pk)
        if locked.credit != Credit.BACK:
            return
        locked.credit = Credit.OWED if locked.state in GONE else Credit.BOOKED
        locked.back_seq = given.get(place, place).seq
        locked.save(update_fields=["credit", "back_seq"])


def give_back_likes(post: Post, likes: Sequence[Like], now: datetime) -> None:
    """As `give_back_post`, for what the author had of these likes."""
    given = _given([Place(row.liked_book, row.liked_seq) for row in likes], post.restored_by, now)
    with transaction.atomic():
        locked = Post.objects.select_for_update().get(pk=post.pk)
        credit = Credit.OWED if locked.state in GONE else Credit.BOOKED
        for row in likes:
            place = Place(row.liked_book, row.liked_seq)
            Like.objects.filter(pk=row.pk, credit=Credit.BACK).update(
                credit=credit, liked_seq=given.get(place, place).seq
            )


def taken_before(answers: Iterable[object], since: datetime) -> set[Place]:
    """Which entries others had taken back before a moment, of those that these reversals answer for.

    They are not given back with the post: somebody decided that they do not count.
    """
    places = [(each.book, each.seq) for each in answers if isinstance(each, Receipt)]
    earlier = clock.milliseconds(since)
    return {
        Place(entry.ref_book, entry.ref_seq) for entry in reads.entries_at(places) if entry.at_ms < earlier
    }


def _given(places: Sequence[Place], by: int, now: datetime) -> dict[Place, Place]:
    """Where the correction for each entry stands; absent where it was worth nothing, or its owner is gone."""
    entries = [entry for entry in reads.entries_at([place for place in places if place.seq]) if _worth(entry)]
    answers = ledger.commit_batch([_giving_back(entry, by, now) for entry in entries]) if entries else []
    return {
        Place(entry.book, entry.seq): Place(answer.book, answer.seq)
        for entry, answer in zip(entries, answers, strict=True)
        if isinstance(answer, Receipt)
    }


def _worth(entry: Entry) -> bool:
    return bool(entry.points or entry.volume)


def _giving_back(entry: Entry, by: int, now: datetime) -> Act:
    """All that an entry earned, for the day, the book and the unit it was entered for."""
    return Act(
        person=entry.person,
        event_id=own_event(b"club restored", f"{entry.book}/{entry.seq}".encode()),
        kind=Kind.ADJUSTMENT,
        article=entry.article,
        channel=Channel.STAFF,
        at_ms=clock.milliseconds(now),
        points=entry.points,
        volume=entry.volume,
        campaign=entry.campaign,
        version=entry.version,
        day=entry.day,
        author=by,
        note=gettext("The club post was put back")[:NOTE_CHARS_MAX],
        corrects=entry,
    )

"""Lines are paid: sent to the carrier, answered, paid by hand, given up, brought back. Never edited."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from kepu.awards import models
from kepu.awards.reads import payouts as reads
from kepu.awards.rules.life import FinalWinner
from kepu.awards.rules.payouts import (
    BY_OFFICER,
    ON_THE_WAY,
    REASON_NEEDED,
    Event,
    Flag,
    LineState,
    PayList,
    Review,
    Standing,
    Unpaid,
    review_flag,
    state_after,
)
from kepu.awards.rules.top_ups import (
    BATCH_LINES_MAX,
    AnswerRow,
    JudgedRow,
    RowVerdict,
    TopUp,
    batch_file,
    mark_of,
)
from kepu.campaigns.rules import Published, Round
from kepu.kit import crypto
from kepu.people import reads as people
from kepu.people.reads.contacts import phones_of
from kepu.people.rules import NoticeKind
from kepu.people.writes.notices import tell_once

REASON_MAX = 200


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch that was made: its number, lines and yuan, and the names of those who have no number."""

    number: int
    lines: int
    amount: int
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnswerFile:
    """An answer file that somebody looked at: its name, the hash of its bytes and its rows."""

    name: str
    sha256: str
    rows: Sequence[AnswerRow]


@dataclass(frozen=True, slots=True)
class Applied:
    """What an answer file changed; rows of other verdicts changed nothing."""

    paid: int
    failed: int
    judged: tuple[JudgedRow, ...]


def open_lines(
    published: Published, round_: Round, winners: Sequence[FinalWinner], by: int, now: datetime
) -> int:
    """Every winner of money has a line to pay; how many. Members of 机关、站所 wait for a review.

    Inside the transaction of the step that awards the round. Three queries.
    """
    paid = [winner for winner in winners if winner.amount]
    units = people.profiles(winner.person for winner in paid)
    flags = [
        review_flag(units[winner.person].division) if winner.person in units else None for winner in paid
    ]
    lines = [
        models.PayoutLine(
            campaign=published.sheet.campaign,
            round=round_.id,
            division=winner.division,
            person=winner.person,
            name=winner.name[:60],
            unit=winner.unit[:100],
            rank=winner.rank,
            volume=winner.volume,
            title=winner.title[:100],
            amount=winner.amount or 0,
            state=LineState.TO_PAY,
            review=Review.WAITING if flag is not None else Review.NONE,
            flag=flag or "",
            events=1,
        )
        for winner, flag in zip(paid, flags, strict=True)
    ]
    models.PayoutLine.objects.bulk_create(lines)
    models.PayoutEvent.objects.bulk_create(
        models.PayoutEvent(
            line=line, number=1, event=Event.OPEN, state=line.state, review=line.review, by=by, at=now
        )
        for line in lines
    )
    return len(lines)


@transaction.atomic
def act_on_line(line: int, event: Event, reason: str, by: int, now: datetime) -> Standing | Unpaid:
    """An officer's act on one line, with its reason, or why it cannot be. Four queries."""
    row = models.PayoutLine.objects.select_for_update().filter(pk=line).first()
    if row is None or event not in BY_OFFICER:
        return Unpaid.UNKNOWN
    if event in REASON_NEEDED and not reason.strip():
        return Unpaid.REASON_MISSING
    if event is Event.FLAG:
        row.flag = Flag.MANUAL
    return _happens(row, event, (reason, by, now))


@transaction.atomic
def make_batch(of: PayList, by: int, now: datetime) -> Batch | Unpaid:
    """The lines that may be paid are on their way in one file, at most BATCH_LINES_MAX, by rank.

    Whoever has no number stays to be paid and is named. NOTHING_TO_SEND: there is no such line.
    """
    ready = _lines(of).filter(state=LineState.TO_PAY).exclude(review=Review.WAITING)
    rows = list(ready.select_for_update().order_by("rank", "person")[:BATCH_LINES_MAX])
    phones = phones_of(row.person for row in rows)
    going = [row for row in rows if row.person in phones]
    if not going:
        return Unpaid.NOTHING_TO_SEND
    amount = sum(row.amount for row in going)
    batch = models.PayoutBatch.objects.create(
        campaign=of.campaign,
        round=of.round,
        division=of.division,
        lines=len(going),
        amount=amount,
        made_by=by,
        made_at=now,
    )
    content = batch_file(
        batch.pk, [TopUp(mark_of(batch.pk, row.pk), phones[row.person], row.amount) for row in going]
    )
    batch.sha256 = hashlib.sha256(content).hexdigest()
    batch.sealed = crypto.seal(settings.KEPU_KEYS.phone_cipher, content.decode(), reads.sealed_to(batch.pk))
    batch.save(update_fields=["sha256", "sealed"])
    for row in going:
        done = _happens(row, Event.SEND, ("", by, now), batch=batch)
        assert isinstance(done, Standing), (row.pk, done)
    left_out = tuple(row.name for row in rows if row.person not in phones)
    return Batch(batch.pk, len(going), amount, left_out)


@transaction.atomic
def apply_answer(of: PayList, file: AnswerFile, by: int, now: datetime) -> Applied | Unpaid:
    """What the carrier answered has happened to the lines, once: APPLIED_BEFORE for the same bytes again.

    Rows are judged here again, whatever the preview said.
    """
    lines = _lines(of).filter(state__in=ON_THE_WAY).select_for_update()
    held = {row.pk: row for row in lines.order_by("pk")[: reads.LINES_MAX]}
    judged = reads.judged(of, file.rows)
    counts = {verdict: sum(each.verdict is verdict for each in judged) for verdict in RowVerdict}
    try:
        with transaction.atomic():
            answer = models.PayoutAnswer.objects.create(
                campaign=of.campaign,
                round=of.round,
                division=of.division,
                name=file.name[-120:],
                sha256=file.sha256,
                rows=len(judged),
                paid=counts[RowVerdict.PAID],
                failed=counts[RowVerdict.FAILED],
                applied_by=by,
                applied_at=now,
            )
    except IntegrityError:
        return Unpaid.APPLIED_BEFORE
    events = {RowVerdict.PAID: Event.CONFIRM, RowVerdict.FAILED: Event.FAIL}
    for each in judged:
        if each.verdict in events:
            reason = each.row.reason or ("未写原因" if each.verdict is RowVerdict.FAILED else "")
            done = _happens(held[each.line], events[each.verdict], (reason, by, now), answer=answer)
            assert isinstance(done, Standing), (each, done)
    _forget_answered(of)
    return Applied(counts[RowVerdict.PAID], counts[RowVerdict.FAILED], tuple(judged))


def carry_revocation_to_payout(
    campaign: str, round_id: str, award: tuple[int, str], reason: str, by: int, now: datetime
) -> Standing | None:
    """The money of a revoked award, (person, division), is withdrawn, or is to be recovered when it was paid.

    None where the award brought no money, or it was given up before. Inside the transaction that revokes.
    """
    person, division = award
    of = PayList(campaign, round_id, division)
    row = _lines(of).select_for_update().filter(person=person).first()
    if row is None:
        return None
    after = _happens(row, Event.REVOKE, (reason, by, now))
    return after if isinstance(after, Standing) else None


def _lines(of: PayList) -> QuerySet[models.PayoutLine]:
    return models.PayoutLine.objects.filter(campaign=of.campaign, round=of.round, division=of.division)


def _happens(
    row: models.PayoutLine,
    event: Event,
    said: tuple[str, int, datetime],
    batch: models.PayoutBatch | None = None,
    answer: models.PayoutAnswer | None = None,
) -> Standing | Unpaid:
    """The event is the line's next one, and the line stands where that brings it; or why not. Two queries."""
    reason, by, now = said
    after = state_after(Standing(LineState(row.state), Review(row.review)), event)
    if isinstance(after, Unpaid):
        return after
    row.state, row.review, row.events = after.state, after.review, row.events + 1
    models.PayoutEvent.objects.create(
        line=row,
        number=row.events,
        event=event,
        state=after.state,
        review=after.review,
        reason=reason.strip()[:REASON_MAX],
        batch=batch,
        answer=answer,
        by=by,
        at=now,
    )
    row.save(update_fields=["state", "review", "flag", "events"])
    if event in (Event.CONFIRM, Event.HAND):
        words = {"amount": str(row.amount), "title": row.title}
        link = f"/me/certificates/?paid={row.pk}.{row.events}"
        tell_once([row.person], NoticeKind.PAID_OUT, words, link, now)
    return after


def _forget_answered(of: PayList) -> None:
    """Files of which every line has its answer are gone: nobody needs the whole numbers any more."""
    waiting: Iterable[int] = reads.batches_on_the_way(of)
    done = models.PayoutBatch.objects.filter(campaign=of.campaign, round=of.round, division=of.division)
    done.exclude(sealed=None).exclude(pk__in=waiting).update(sealed=None)

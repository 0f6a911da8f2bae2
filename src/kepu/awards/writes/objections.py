"""Filing an objection, answering it, and entering what an upheld one corrects."""

from datetime import datetime

from django.db import IntegrityError, transaction

from kepu.awards import models, reads
from kepu.awards.rules import (
    Answer,
    Filed,
    NoObjection,
    NoStep,
    Said,
    Stage,
    Step,
    all_within,
    answering_trouble,
    filing_trouble,
    may_enter,
    reached,
)
from kepu.awards.writes.forgetting import forget_objectors
from kepu.awards.writes.life import take_step
from kepu.campaigns import reads as campaigns
from kepu.campaigns.rules import Kind, Published, round_of
from kepu.kit import clock
from kepu.ledger import reads as ledger
from kepu.ledger import writes as ledger_writes
from kepu.ledger.rules import Act, Channel, Receipt, own_event, takes_back
from kepu.people import reads as people
from kepu.people.rules import Ability, NoticeKind, divisions_for, may
from kepu.people.writes.notices import tell_once
from kepu.standings.rules import round_days

# An upheld objection takes a list back, also one that was made while the objection waited.
TAKES_BACK = {Stage.PUBLIC: Step.WITHDRAW, Stage.FROZEN: Step.THAW}


@transaction.atomic
def file_objection(campaign: str, round_id: str, said: Said, now: datetime) -> Filed | NoObjection:
    """An objection waits for an answer, or why it was not taken. At most nine queries.

    One from paper is held to the same rule; a number beside the name has to be that person's.
    """
    published = campaigns.campaign(campaign)
    if published is None or round_of(published.sheet, round_id) is None:
        return NoObjection.NO_ROUND
    life = reads.life(campaign, round_id)
    if said.entered_by:
        counters = divisions_for(people.scopes_of(said.entered_by), Ability.COUNTER)
        if not may_enter(counters, published.sheet.place):
            return NoObjection.NOT_ALLOWED
        if said.objector and said.objector_name.strip() not in _names_of(said.objector):
            return NoObjection.OTHER_NAME
    waiting = models.Objection.objects.filter(campaign=campaign, round=round_id, answer=None)
    name = said.objector_name.strip()
    who = {"objector": said.objector} if said.objector else {"objector": 0, "objector_name": name}
    listed = models.Placing.objects.filter(evaluation=life.evaluation, person=said.about).exists()
    trouble = filing_trouble(said, life, clock.day_of(now), waiting.filter(**who).count(), is_listed=listed)
    if trouble is not None:
        return trouble
    row = models.Objection.objects.create(
        campaign=campaign,
        round=round_id,
        evaluation_id=life.evaluation,
        objector=said.objector,
        objector_name=name,
        entered_by=said.entered_by,
        about=said.about,
        says=said.says.strip(),
        evidence=said.evidence.strip(),
        at=now,
    )
    filed = reads.objection(row.pk)
    assert filed is not None
    return filed


@transaction.atomic
def answer_objection(number: int, answer: Answer, by: int, now: datetime) -> Filed | NoObjection:
    """The objection is answered, once; upheld it takes back the list that is public or frozen. Or why not.

    What it corrects is entered next by `enter_corrections`, which may be asked again. At most 25 queries.
    """
    filed = reads.objection(number)
    published = campaigns.campaign(filed.campaign) if filed is not None else None
    if filed is None or published is None:
        return NoObjection.UNKNOWN
    if not may(people.scopes_of(by), Ability.ROUNDS, published.sheet.place):
        return NoObjection.NOT_ALLOWED
    life = reads.life(filed.campaign, filed.round)
    row = people.account(by)
    name = row.name if row is not None else str(by)
    trouble = answering_trouble(filed, answer, by, name, life.makers) or _correcting(filed, answer, published)
    if trouble is not None:
        return trouble
    if answer.is_upheld and reached(life.stage, Stage.FINAL):
        return NoObjection.NOT_PUBLIC
    try:
        with transaction.atomic():
            models.ObjectionAnswer.objects.create(
                objection_id=number,
                is_upheld=answer.is_upheld,
                reason=answer.reason.strip(),
                account=by,
                name=name,
                at=now,
                corrections=answer.corrections(filed.about) if answer.is_upheld else [],
            )
    except IntegrityError:
        return NoObjection.ANSWERED
    if answer.is_upheld and life.stage in TAKES_BACK:
        why = f"异议第 {number} 号成立：{answer.reason.strip()}"
        taken = take_step(filed.campaign, filed.round, TAKES_BACK[life.stage], by, now, why)
        if isinstance(taken, NoStep):
            transaction.set_rollback(True)
            return NoObjection.NOT_PUBLIC
    _tell_objector(filed, answer, published, now)
    forget_objectors()
    answered = reads.objection(number)
    assert answered is not None
    return answered


def enter_corrections(campaign: str, round_id: str, now: datetime) -> int:
    """What upheld objections of a round correct is in the ledger; says how many objections that were.

    Entered again it changes nothing: the ids of the entries follow from the objection.
    """
    due = reads.corrections_due(campaign, round_id)
    published = campaigns.campaign(campaign)
    assert published is not None
    for filed in due:
        back = [(each["book"], each["seq"]) for each in filed.corrections if "book" in each]
        note = f"异议第 {filed.id} 号成立：{filed.reason}"
        answers = ledger_writes.reverse_entries(back, filed.answered_by, note, now) if back else []
        acts = _adding(filed, published, note, now)
        answers += ledger_writes.commit_batch(acts) if acts else []
        assert all(isinstance(each, Receipt) for each in answers), answers
        entries = [[each.book, each.seq] for each in answers if isinstance(each, Receipt)]
        models.ObjectionAnswer.objects.filter(objection=filed.id).update(entries=entries, entered_at=now)
    return len(due)


def _tell_objector(filed: Filed, answer: Answer, published: Published, now: datetime) -> None:
    """Whoever objected with an account finds the answer among their messages."""
    if not filed.objector:
        return
    round_ = round_of(published.sheet, filed.round)
    assert round_ is not None
    kind = NoticeKind.OBJECTION_UPHELD if answer.is_upheld else NoticeKind.OBJECTION_REJECTED
    words = {"round": round_.title, "reason": answer.reason.strip()}
    link = f"/rounds/{filed.campaign}/{filed.round}/object/?answered={filed.id}"
    tell_once([filed.objector], kind, words, link, now)


def _adding(filed: Filed, published: Published, note: str, now: datetime) -> list[Act]:
    return [
        Act(
            person=each["person"],
            event_id=own_event(b"objection", filed.id.to_bytes(8, "big"), bytes([place])),
            kind=Kind.ADJUSTMENT,
            article=0,
            channel=Channel.STAFF,
            at_ms=clock.milliseconds(now),
            volume=each["volume"],
            campaign=published.number,
            version=published.sheet.version,
            day=each["day"],
            author=filed.answered_by,
            note=note,
        )
        for place, each in enumerate(filed.corrections)
        if "person" in each
    ]


def _names_of(account: int) -> set[str]:
    """What an open account is called, and what its certification says."""
    row, profile = people.account(account), people.profile(account)
    return {each.name for each in (row, profile) if row is not None and each is not None}


def _correcting(filed: Filed, answer: Answer, published: Published) -> NoObjection | None:
    """Entries taken back are the person's own, of the round's days, no reversals; no day falls below 0."""
    round_ = round_of(published.sheet, filed.round)
    assert round_ is not None
    entries = ledger.entries_at(answer.takes_back)
    ours = all(
        each.person == filed.about and each.campaign == published.number and not takes_back(each)
        for each in entries
    )
    days = [each.day for each in entries] + [day for day, _ in answer.adds]
    if len(entries) != len(set(answer.takes_back)) or not ours or not all_within(days, *round_days(round_)):
        return NoObjection.NOT_THEIRS
    changes: dict[int, int] = {}
    for day, volume in [(each.day, -each.volume) for each in entries] + list(answer.adds):
        changes[day] = changes.get(day, 0) + volume
    held = ledger.volume_by_day(filed.about, published.number, *round_days(round_)) if changes else {}
    falls_below = any(change < 0 and held.get(day, 0) + change < 0 for day, change in changes.items())
    return NoObjection.BELOW_ZERO if falls_below else None

"""What the app's pages write: everything that counts, in the ledger."""

from datetime import datetime

from django.db import transaction

from kepu.app.rules import once
from kepu.awards import writes as awards
from kepu.campaigns.rules import Kind
from kepu.clubs import writes as clubs
from kepu.content import writes as content
from kepu.kit import clock
from kepu.ledger import writes as ledger
from kepu.ledger.links import Link, opened, parent_of
from kepu.ledger.rules import Act, Channel, Receipt, Refusal
from kepu.mall import writes as mall
from kepu.people import reads as people_reads
from kepu.people import writes as people
from kepu.people.rules import Refusal as Trouble
from kepu.people.rules import Refused, Session
from kepu.points import writes as points


def record_share(
    session: Session, article: int, *, channel: Channel, event_id: bytes, parent: Link | None, now: datetime
) -> Receipt | Refusal:
    """The share is in the ledger, naming the share by which the person had come to the same article."""
    came_by = parent_of(parent, article, session.account)
    return ledger.record(
        Act(
            person=session.account,
            event_id=event_id,
            kind=Kind.SHARE,
            article=article,
            channel=channel,
            at_ms=clock.milliseconds(now),
            ref_book=came_by.book if came_by else 0,
            ref_seq=came_by.seq if came_by else 0,
            session_version=session.version,
        )
    )


def record_like(session: Session, article: int, now: datetime) -> Receipt | Refusal:
    """The like is in the ledger; liking the same article again, on whatever day, changes nothing."""
    return ledger.record(
        Act(
            person=session.account,
            event_id=once("like", article),
            kind=Kind.LIKE,
            article=article,
            channel=Channel.PAGE,
            at_ms=clock.milliseconds(now),
            session_version=session.version,
        )
    )


def record_open(link: Link, reader: bytes, now: datetime) -> Receipt | Refusal:
    """The sharer is credited with an open; the same reader's next ones that day change nothing."""
    return ledger.record(opened(link, reader, clock.milliseconds(now)))


def close_account(account: int, *, password: str, code: str, now: datetime) -> Refused | None:
    """The account is closed in every room, proved by the password or a code sent for it; else why not.

    STILL_STAFF before the proof is looked at, so that no code is spent for nothing.
    """
    known = people_reads.account(account)
    if known is not None and known.is_staff:
        return Refused(Trouble.STILL_STAFF)
    refused = people.prove_owner(account, password=password, code=code, now=now)
    if refused is not None:
        return refused
    with transaction.atomic():
        refused = people.close_account(account, now)
        if refused is None:
            content.forget(account)
            clubs.forget(account, now)
            mall.forget(account, now)
            points.forget(account)
            awards.forget_objectors()
    return refused

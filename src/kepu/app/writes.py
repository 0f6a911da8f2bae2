"""What the app's pages write: complaints in a table of this room, everything that counts in the ledger."""

from datetime import datetime, timedelta
from enum import StrEnum

from kepu.app.models import Complaint
from kepu.app.rules import COMPLAINTS_PER_NETWORK_HOUR_MAX, once
from kepu.campaigns.rules import Kind
from kepu.kit import clock
from kepu.ledger import writes as ledger
from kepu.ledger.links import Link, parent_of
from kepu.ledger.rules import Act, Channel, Receipt, Refusal


class Unheard(StrEnum):
    """Why a complaint was not taken."""

    NETWORK_HOUR_CAP = "network_hour_cap"


def send_complaint(
    words: str, contact: str, *, path: str, account: int | None, network_mark: str, now: datetime
) -> int | Unheard:
    """The complaint is kept; its number, by which the sender can ask after it. Two queries."""
    recent = Complaint.objects.filter(network_mark=network_mark, sent_at__gt=now - timedelta(hours=1))
    if recent.count() >= COMPLAINTS_PER_NETWORK_HOUR_MAX:
        return Unheard.NETWORK_HOUR_CAP
    kept = Complaint.objects.create(
        words=words,
        contact=contact,
        path=path,
        account_id=account,
        network_mark=network_mark,
        sent_at=now,
    )
    return int(kept.pk)


def record_share(
    account: int, article: int, *, channel: Channel, event_id: bytes, parent: Link | None, now: datetime
) -> Receipt | Refusal:
    """The share is in the ledger, naming the share by which the person had come to the same article."""
    came_by = parent_of(parent, article, account)
    return ledger.record(
        Act(
            person=account,
            event_id=event_id,
            kind=Kind.SHARE,
            article=article,
            channel=channel,
            at_ms=clock.milliseconds(now),
            ref_book=came_by.book if came_by else 0,
            ref_seq=came_by.seq if came_by else 0,
        )
    )


def record_open(link: Link, reader: bytes, now: datetime) -> Receipt | Refusal:
    """The sharer is credited with an open; the same reader's next ones that day change nothing."""
    return ledger.record(
        Act(
            person=link.person,
            event_id=once("open", link.book, link.seq, reader.hex(), clock.day_of(now).isoformat()),
            kind=Kind.OPEN,
            article=link.article,
            channel=Channel.PAGE,
            at_ms=clock.milliseconds(now),
            ref_book=link.book,
            ref_seq=link.seq,
        )
    )

"""Who may write where: what every write of this room asks first, with the rows locked that it decides by."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from kepu.clubs import pictures
from kepu.clubs.models import Club, Comment, Like, Membership, PictureSending, Post, Report
from kepu.clubs.rules import (
    DAY,
    MANAGING,
    MINUTE,
    ClubState,
    Deed,
    MemberState,
    PostState,
    Refusal,
    Refused,
    Role,
    Showing,
    too_many,
)
from kepu.clubs.rules.seeing import Post as Shown
from kepu.clubs.rules.seeing import is_public
from kepu.kit import clock
from kepu.people import reads as people


class Seat(NamedTuple):
    """A member in their club; both rows are locked until the transaction ends where that was asked for."""

    club: Club
    member: Membership

    @property
    def manages(self) -> bool:
        """Whether the member is the founder or a manager."""
        return Role(self.member.role) in MANAGING


def seat_of(club: int, account: int, *, lock: bool = True) -> Seat | Refused:
    """The member's seat in an open club; NOT_MEMBER, BANNED or UNKNOWN otherwise. One or two queries."""
    clubs = Club.objects.filter(pk=club)
    row = (clubs.select_for_update() if lock else clubs).first()
    if row is None or row.state != ClubState.OPEN:
        return Refused(Refusal.UNKNOWN if row is None else Refusal.CLOSED)
    member = Membership.objects.filter(club=club, account=account).first()
    if member is None or member.state != MemberState.IN:
        banned = member is not None and member.state == MemberState.BANNED
        return Refused(Refusal.BANNED if banned else Refusal.NOT_MEMBER)
    return Seat(row, member)


def manager_of(club: int, account: int) -> Seat | Refused:
    """The seat of a founder or manager, locked; NOT_MANAGER for other members. Two queries."""
    seat = seat_of(club, account)
    return seat if isinstance(seat, Refused) or seat.manages else Refused(Refusal.NOT_MANAGER)


def founder_of(club: int, account: int) -> Seat | Refused:
    """The founder's seat, locked; NOT_FOUNDER for other members. Two queries."""
    seat = seat_of(club, account)
    is_founder = isinstance(seat, Seat) and seat.member.role == Role.FOUNDER
    return seat if isinstance(seat, Refused) or is_founder else Refused(Refusal.NOT_FOUNDER)


def writer_of(club: int, account: int, now: datetime, *, lock: bool = True) -> Seat | Refused:
    """The seat of a certified member who may write now; MUTED names the last day. Two or three queries."""
    seat = seat_of(club, account, lock=lock)
    if isinstance(seat, Refused):
        return seat
    muted = seat.member.muted_until
    if muted is not None and now < muted:
        return Refused(Refusal.MUTED, clock.day_of(muted).isoformat())
    if people.profile(account) is None:
        return Refused(Refusal.NOT_CERTIFIED)
    return seat


def everybody_sees(row: Post) -> bool:
    """Whether a post, with its club as it is now, is public: what it takes to earn."""
    club = ClubState(row.club.state), Showing(row.club.showing)
    return is_public(Shown(PostState(row.state), *club, for_members=row.for_members))


def pace_refusal(deed: Deed, account: int, now: datetime) -> Refused | None:
    """Why one more is too many now; what was deleted or taken back counts too. One query."""
    rows, moment = {
        Deed.POST: (Post.objects.filter(author=account), "posted_at"),
        Deed.COMMENT: (Comment.objects.filter(author=account), "posted_at"),
        Deed.LIKE: (Like.objects.filter(account=account), "liked_at"),
        Deed.REPORT: (Report.objects.filter(account=account), "reported_at"),
        Deed.CLUB: (Club.objects.filter(founder=account), "asked_at"),
        Deed.PICTURES: (PictureSending.objects.filter(account=account), "sent_at"),
    }[deed]
    recent = list(rows.filter(**{f"{moment}__gt": now - DAY}).values_list(moment, flat=True))
    refusal = too_many(deed, sum(at > now - MINUTE for at in recent), len(recent))
    return Refused(refusal) if refusal is not None else None


def keep_paced(sent: Sequence[bytes], account: int, now: datetime) -> tuple[pictures.Kept, ...] | Refused:
    """As `keep_pictures`; each sending counts, whatever becomes of it. Three queries, none without pictures.

    Outside any transaction, else a refusal could undo the count.
    """
    if not sent:
        return ()
    paced = pace_refusal(Deed.PICTURES, account, now)
    if paced is not None:
        return paced
    PictureSending.objects.filter(account=account, sent_at__lte=now - DAY).delete()
    PictureSending.objects.create(account=account, sent_at=now)
    return pictures.keep_pictures(sent)

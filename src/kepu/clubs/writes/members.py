"""Joining and leaving, roles, bans and mutes."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from kepu.clubs.models import Club, Membership
from kepu.clubs.rules import (
    CLUBS_PER_PERSON_MAX,
    MEMBERS_MAX,
    MUTE_DAYS_MAX,
    REASON_CHARS_MAX,
    ClubState,
    Joining,
    MemberState,
    Refusal,
    Refused,
    Role,
)
from kepu.clubs.writes.standing import Seat, founder_of, manager_of
from kepu.people import reads as people
from kepu.people.rules import NoticeKind
from kepu.people.writes.notices import notify


@transaction.atomic
def join_club(club: int, account: int, now: datetime) -> MemberState | Refused:
    """The communicator is in, or asks to be where a manager lets people in; said again it stays so.

    At most seven queries.
    """
    if people.profile(account) is None:
        return Refused(Refusal.NOT_CERTIFIED)
    row = Club.objects.select_for_update().filter(pk=club).first()
    if row is None or row.state != ClubState.OPEN:
        return Refused(Refusal.UNKNOWN if row is None else Refusal.CLOSED)
    member = Membership.objects.filter(club=club, account=account).first()
    if member is not None and member.state == MemberState.BANNED:
        return Refused(Refusal.BANNED)
    if member is not None and member.state in (MemberState.IN, MemberState.ASKED):
        return MemberState(member.state)
    refused = _room_refusal(club, account)
    if refused is not None:
        return refused
    state = MemberState.IN if row.joining == Joining.OPEN else MemberState.ASKED
    member = member or Membership(club=row, account=account)
    member.state, member.role, member.asked_at, member.changed_by = state, Role.MEMBER, now, account
    member.joined_at, member.left_at = (now if state is MemberState.IN else None), None
    member.save()
    return state


@transaction.atomic
def let_in(club: int, by: int, account: int, now: datetime) -> Refused | None:
    """A manager lets in whoever asked; they are told. At most eight queries."""
    seat = manager_of(club, by)
    if isinstance(seat, Refused):
        return seat
    member = Membership.objects.filter(club=club, account=account, state=MemberState.ASKED).first()
    if member is None:
        return Refused(Refusal.NOT_WAITING)
    refused = _room_refusal(club, account)
    if refused is not None:
        return refused
    member.state, member.joined_at, member.changed_by = MemberState.IN, now, by
    member.save(update_fields=["state", "joined_at", "changed_by"])
    _tell(account, NoticeKind.CLUB_JOINED, seat.club, "", now)
    return None


@transaction.atomic
def turn_away(club: int, by: int, account: int, now: datetime) -> Refused | None:
    """A manager does not let in who asked; they may ask again. Three queries."""
    seat = manager_of(club, by)
    if isinstance(seat, Refused):
        return seat
    asked = Membership.objects.filter(club=club, account=account, state=MemberState.ASKED)
    changed = asked.update(state=MemberState.LEFT, left_at=now, changed_by=by)
    return None if changed else Refused(Refusal.NOT_WAITING)


@transaction.atomic
def leave_club(club: int, account: int, now: datetime) -> Refused | None:
    """The member is in no more, or asks no more; a founder hands over or closes the club first."""
    # Locked as whoever hands the club over locks it: nobody leaves who becomes its founder meanwhile.
    Club.objects.select_for_update().filter(pk=club).first()
    member = Membership.objects.select_for_update().filter(club=club, account=account).first()
    if member is None or member.state not in (MemberState.IN, MemberState.ASKED):
        return None
    if member.role == Role.FOUNDER and member.state == MemberState.IN:
        return Refused(Refusal.FOUNDER_STAYS)
    member.state, member.role, member.left_at, member.changed_by = (
        MemberState.LEFT,
        Role.MEMBER,
        now,
        account,
    )
    member.save(update_fields=["state", "role", "left_at", "changed_by"])
    return None


@transaction.atomic
def set_role(club: int, by: int, account: int, role: Role) -> Refused | None:
    """The founder makes a member a manager, or a manager a member. Four queries."""
    seat = founder_of(club, by)
    if isinstance(seat, Refused):
        return seat
    if role is Role.FOUNDER or account == by:
        return Refused(Refusal.FOUNDER_STAYS)
    changed = _in(club, account).update(role=role, changed_by=by)
    return None if changed else Refused(Refusal.NOT_MEMBER)


@transaction.atomic
def hand_over_club(club: int, by: int, account: int) -> Refused | None:
    """The member is the founder now, and who was becomes a manager. Five queries."""
    seat = founder_of(club, by)
    if isinstance(seat, Refused):
        return seat
    if account == by:
        return Refused(Refusal.FOUNDER_STAYS)
    if not _in(club, account).exists() or people.profile(account) is None:
        return Refused(Refusal.NOT_MEMBER)
    _in(club, by).update(role=Role.MANAGER, changed_by=by)
    _in(club, account).update(role=Role.FOUNDER, changed_by=by)
    return None


@transaction.atomic
def ban_member(club: int, by: int, account: int, reason: str, now: datetime) -> Refused | None:
    """The member is out and cannot come back; they are told why. Only the founder bans managers."""
    seat, reason = manager_of(club, by), reason.strip()
    if isinstance(seat, Refused):
        return seat
    if not 2 <= len(reason) <= REASON_CHARS_MAX:
        return Refused(Refusal.REASON_MISSING)
    member = Membership.objects.filter(club=club, account=account).exclude(state=MemberState.BANNED).first()
    refused = _below_refusal(seat, member)
    if member is None or refused is not None:
        return refused
    member.state, member.role, member.left_at = MemberState.BANNED, Role.MEMBER, now
    member.reason, member.changed_by = reason, by
    member.save(update_fields=["state", "role", "left_at", "reason", "changed_by"])
    _tell(account, NoticeKind.CLUB_BANNED, seat.club, reason, now)
    return None


@transaction.atomic
def lift_ban(club: int, by: int, account: int) -> Refused | None:
    """Whoever was banned may join again. Three queries."""
    seat = manager_of(club, by)
    if isinstance(seat, Refused):
        return seat
    banned = Membership.objects.filter(club=club, account=account, state=MemberState.BANNED)
    changed = banned.update(state=MemberState.LEFT, reason="", changed_by=by)
    return None if changed else Refused(Refusal.NOT_MEMBER)


@transaction.atomic
def mute_member(club: int, by: int, account: int, days: int, now: datetime) -> Refused | None:
    """The member reads and does not write for so many days; 0 days: they may write at once. Four queries."""
    seat = manager_of(club, by)
    if isinstance(seat, Refused):
        return seat
    if not 0 <= days <= MUTE_DAYS_MAX:
        return Refused(Refusal.DAYS_WRONG, str(MUTE_DAYS_MAX))
    member = _in(club, account).first()
    refused = _below_refusal(seat, member)
    if member is None or refused is not None:
        return refused
    member.muted_until, member.changed_by = (now + timedelta(days=days) if days else None), by
    member.save(update_fields=["muted_until", "changed_by"])
    return None


def _room_refusal(club: int, account: int) -> Refused | None:
    if Membership.objects.filter(club=club, state=MemberState.IN).count() >= MEMBERS_MAX:
        return Refused(Refusal.FULL, str(MEMBERS_MAX))
    mine = Membership.objects.filter(account=account, state__in=(MemberState.IN, MemberState.ASKED))
    if mine.exclude(club=club).count() >= CLUBS_PER_PERSON_MAX:
        return Refused(Refusal.TOO_MANY_CLUBS, str(CLUBS_PER_PERSON_MAX))
    return None


def _below_refusal(seat: Seat, member: Membership | None) -> Refused | None:
    """Managers act on members, the founder on everybody but themself."""
    if member is None:
        return Refused(Refusal.NOT_MEMBER)
    if member.role == Role.FOUNDER or member.account == seat.member.account:
        return Refused(Refusal.FOUNDER_STAYS)
    if member.role == Role.MANAGER and seat.member.role != Role.FOUNDER:
        return Refused(Refusal.NOT_FOUNDER)
    return None


def _in(club: int, account: int) -> QuerySet[Membership]:
    return Membership.objects.filter(club=club, account=account, state=MemberState.IN)


def _tell(account: int, kind: NoticeKind, club: Club, reason: str, now: datetime) -> None:
    words = {"club": club.name} | ({"reason": reason} if reason else {})
    notify(account, kind, words, f"/clubs/{club.pk}/", now)

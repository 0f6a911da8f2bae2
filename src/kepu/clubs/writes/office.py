"""What staff decide from the office's pages: on what they saw, never of their own club or own report."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from kepu.clubs.models import Club, Comment, Membership, Post, Report
from kepu.clubs.reads.office import clubs_managed, comments_seen, posts_seen
from kepu.clubs.rules import (
    MUTE_DAYS_MAX,
    REASON_CHARS_MAX,
    MemberState,
    Refusal,
    Refused,
    Role,
    Verdict,
)
from kepu.clubs.writes.judging import close_club, judge_comment, judge_post
from kepu.people import reads as people
from kepu.people.reads.merges import hands_of
from kepu.people.rules import Ability, NoticeKind, may
from kepu.people.writes.notices import notify


@transaction.atomic
def judge_seen_post(
    post: int, judged: tuple[Verdict, str], seen: str, by: int, now: datetime
) -> Refused | None:
    """As `judge_post` (`judged`: verdict and reason), where it is still as the clerk saw it.

    NOT_WAITING where a colleague decided meanwhile; OWN_CLUB where the clerk manages the club; OWN_POST where
    the report that waits is their own.
    """
    row = Post.objects.select_for_update().filter(pk=post).first()
    refused = _seen_refusal(row.club_id if row else 0, posts_seen([post]).get(post) == seen, by)
    refused = refused or _own_report(Report.objects.filter(post=post, comment=0), by)
    return refused or judge_post(post, *judged, by, now)


@transaction.atomic
def judge_seen_comment(
    comment: int, judged: tuple[Verdict, str], seen: str, by: int, now: datetime
) -> Refused | None:
    """As `judge_seen_post`, of a comment."""
    locked = Comment.objects.select_for_update(of=("self",)).select_related("post").filter(pk=comment)
    row = locked.first()
    refused = _seen_refusal(row.post.club_id if row else 0, comments_seen([comment]).get(comment) == seen, by)
    refused = refused or _own_report(Report.objects.filter(comment=comment), by)
    return refused or judge_comment(comment, *judged, by, now)


@transaction.atomic
def close_by_office(club: int, reason: str, by: int, now: datetime) -> Refused | None:
    """As `close_club`, but by nobody who manages the club."""
    return _seen_refusal(club, is_seen=True, by=by) or close_club(club, reason, by, now)


@transaction.atomic
def mute_by_office(club: int, account: int, days: int, reason: str, by: int, now: datetime) -> Refused | None:
    """The member reads and does not write for so many days; 0 days: they may write at once."""
    if not 0 <= days <= MUTE_DAYS_MAX:
        return Refused(Refusal.DAYS_WRONG, str(MUTE_DAYS_MAX))

    def mute(member: Membership, _club: Club) -> Refused | None:
        if member.state != MemberState.IN:
            return Refused(Refusal.NOT_MEMBER)
        member.muted_until, member.changed_by = (now + timedelta(days=days) if days else None), by
        member.save(update_fields=["muted_until", "changed_by"])
        return None

    return _on_member(club, account, reason, by, mute)


@transaction.atomic
def ban_by_office(club: int, account: int, reason: str, by: int, now: datetime) -> Refused | None:
    """The member is out and cannot come back; they are told why. A founder hands over or the club closes."""

    def ban(member: Membership, club: Club) -> Refused | None:
        if member.state == MemberState.BANNED:
            return Refused(Refusal.NOT_WAITING)
        if member.role == Role.FOUNDER and member.state == MemberState.IN:
            return Refused(Refusal.FOUNDER_STAYS)
        member.state, member.role, member.left_at = MemberState.BANNED, Role.MEMBER, now
        member.reason, member.changed_by = reason.strip(), by
        member.save(update_fields=["state", "role", "left_at", "reason", "changed_by"])
        words = {"club": club.name, "reason": reason.strip()}
        notify(account, NoticeKind.CLUB_BANNED, words, f"/clubs/{club.pk}/", now)
        return None

    return _on_member(club, account, reason, by, ban)


def _on_member(
    club: int, account: int, reason: str, by: int, act: Callable[[Membership, Club], Refused | None]
) -> Refused | None:
    row = Club.objects.select_for_update().filter(pk=club).first()
    member = Membership.objects.filter(club=club, account=account).first()
    if row is None or member is None or not may(people.scopes_of(by), Ability.CLUBS, row.division):
        return Refused(Refusal.UNKNOWN)
    hands = hands_of(by)
    if account in hands:
        return Refused(Refusal.OWN_POST)
    if clubs_managed(hands, [club]):
        return Refused(Refusal.OWN_CLUB)
    if not 2 <= len(reason.strip()) <= REASON_CHARS_MAX:
        return Refused(Refusal.REASON_MISSING)
    return act(member, row)


def _own_report(reports: QuerySet[Report], by: int) -> Refused | None:
    own = reports.filter(account__in=hands_of(by), judged_at=None).exists()
    return Refused(Refusal.OWN_POST) if own else None


def _seen_refusal(club: int, is_seen: bool, by: int) -> Refused | None:
    if clubs_managed(hands_of(by), [club]):
        return Refused(Refusal.OWN_CLUB)
    return None if is_seen else Refused(Refusal.NOT_WAITING)

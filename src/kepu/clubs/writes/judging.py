"""What the staff of a division decide: clubs that are asked for, posts and comments that were told of.

Each looks at the scopes of whoever decides itself, changes rows only, and may be part of a transaction: what
it means for the ledger is done by `settle_post` afterwards, or by the worker.
"""

from datetime import datetime

from django.db import transaction

from kepu.clubs.models import Club, Comment, Post, Report
from kepu.clubs.rules import (
    REASON_CHARS_MAX,
    ClubState,
    CommentState,
    Credit,
    PostState,
    Refusal,
    Refused,
    Showing,
    Verdict,
)
from kepu.clubs.writes.comments import take_comment_away
from kepu.clubs.writes.posts import show, take_away
from kepu.people import reads as people
from kepu.people.rules import Ability, NoticeKind, may
from kepu.people.writes.notices import notify


@transaction.atomic
def open_club(club: int, by: int, now: datetime) -> Refused | None:
    """A club that was asked for is open; its founder is told. Six queries."""
    row = _to_decide(club, by)
    if isinstance(row, Refused):
        return row
    row.state, row.decided_at, row.decided_by = ClubState.OPEN, now, by
    row.save(update_fields=["state", "decided_at", "decided_by"])
    _tell_founder(row, NoticeKind.CLUB_OPENED, "", now)
    return None


@transaction.atomic
def refuse_club(club: int, reason: str, by: int, now: datetime) -> Refused | None:
    """A club that was asked for is not opened; its founder is told why and may ask anew. Six queries."""
    row, reason = _to_decide(club, by), reason.strip()
    if isinstance(row, Refused):
        return row
    if not _is_reason(reason):
        return Refused(Refusal.REASON_MISSING)
    row.state, row.reason, row.decided_at, row.decided_by = ClubState.REFUSED, reason, now, by
    row.save(update_fields=["state", "reason", "decided_at", "decided_by"])
    _tell_founder(row, NoticeKind.CLUB_REFUSED, reason, now)
    return None


@transaction.atomic
def close_club(club: int, reason: str, by: int, now: datetime) -> Refused | None:
    """An open club is closed for good, its founder told why. Posts stay, for their authors and staff."""
    row, reason = _club(club, by), reason.strip()
    if isinstance(row, Refused):
        return row
    if row.state != ClubState.OPEN:
        return Refused(Refusal.NOT_WAITING)
    if not _is_reason(reason):
        return Refused(Refusal.REASON_MISSING)
    row.state, row.reason, row.closed_at, row.closed_by = ClubState.CLOSED, reason, now, by
    row.save(update_fields=["state", "reason", "closed_at", "closed_by"])
    _tell_founder(row, NoticeKind.CLUB_CLOSED, reason, now)
    return None


@transaction.atomic
def judge_post(post: int, verdict: Verdict, reason: str, by: int, now: datetime) -> Refused | None:
    """A post is shown or removed by the staff's word; reports and the asked review are answered with it.

    What is shown still waits for its club's manager where the club's rule says so and none approved it.
    SETTLING while what a removed post earned is still being taken back: call `settle_post` first.
    """
    locked = Post.objects.select_for_update(of=("self",)).select_related("club").filter(pk=post)
    row, reason = locked.exclude(state=PostState.DELETED).first(), reason.strip()
    if row is None or not _may(by, row.club.division):
        return Refused(Refusal.UNKNOWN)
    if _is_one_hand(by, row.author):
        return Refused(Refusal.OWN_POST)
    if verdict is Verdict.REMOVE and not _is_reason(reason):
        return Refused(Refusal.REASON_MISSING)
    was_removed = row.state == PostState.REMOVED
    if row.review_asked_at is not None and row.reviewed_at is None:
        row.reviewed_at, row.reviewed_by = now, by
    row.is_marked = False
    if verdict is Verdict.REMOVE:
        if was_removed:
            row.is_by_staff, row.reason = True, reason
            row.save(update_fields=["is_by_staff", "reason", "reviewed_at", "reviewed_by", "is_marked"])
        else:
            take_away(row, by, reason, now, is_by_staff=True)
        return None
    if was_removed and row.credit in (Credit.DUE, Credit.OWED, Credit.BACK):
        return Refused(Refusal.SETTLING)
    row.is_by_staff, row.restored_by = True, by
    _put_back(row, was_removed, now)
    return None


@transaction.atomic
def judge_comment(comment: int, verdict: Verdict, reason: str, by: int, now: datetime) -> Refused | None:
    """A comment is shown or removed by the staff's word, and reports of it are answered."""
    locked = Comment.objects.select_for_update(of=("self",)).select_related("post__club")
    row = locked.filter(pk=comment).exclude(state=CommentState.DELETED).first()
    reason = reason.strip()
    if row is None or not _may(by, row.post.club.division):
        return Refused(Refusal.UNKNOWN)
    if _is_one_hand(by, row.author):
        return Refused(Refusal.OWN_POST)
    row.is_marked = False
    if verdict is Verdict.REMOVE:
        if not _is_reason(reason):
            return Refused(Refusal.REASON_MISSING)
        take_comment_away(row, by, reason, now, is_by_staff=True)
        return None
    row.state, row.held, row.reason, row.is_by_staff = CommentState.SHOWN, "", "", True
    row.removed_at, row.removed_by = None, 0
    row.save()
    Report.objects.filter(post=row.post_id, comment=comment, judged_at=None).update(judged_at=now)
    return None


def _put_back(row: Post, was_removed: bool, now: datetime) -> None:
    waits = row.club.showing == Showing.APPROVED and row.shown_at is None
    if waits:
        row.state, row.held, row.removed_at, row.removed_by = PostState.WAITING, "", None, 0
        row.save()
    else:
        show(row, now)
    Report.objects.filter(post=row.pk, comment=0, judged_at=None).update(judged_at=now)
    if was_removed:
        words = {"club": row.club.name}
        notify(row.author, NoticeKind.POST_RESTORED, words, f"/clubs/posts/{row.pk}/", now)


def _to_decide(club: int, by: int) -> Club | Refused:
    row = _club(club, by)
    if isinstance(row, Refused):
        return row
    return row if row.state == ClubState.ASKED else Refused(Refusal.NOT_WAITING)


def _club(club: int, by: int) -> Club | Refused:
    row = Club.objects.select_for_update().filter(pk=club).first()
    if row is None or not _may(by, row.division):
        return Refused(Refusal.UNKNOWN)
    return Refused(Refusal.OWN_CLUB) if _is_one_hand(by, row.founder) else row


def _may(by: int, division: str) -> bool:
    return may(people.scopes_of(by), Ability.CLUBS, division)


def _is_one_hand(by: int, account: int) -> bool:
    """Whether the two accounts are one person's: nobody decides on what is their own."""
    return account in people.hands_of(by)


def _is_reason(reason: str) -> bool:
    return 2 <= len(reason) <= REASON_CHARS_MAX


def _tell_founder(row: Club, kind: NoticeKind, reason: str, now: datetime) -> None:
    words = {"club": row.name} | ({"reason": reason} if reason else {})
    notify(row.founder, kind, words, f"/clubs/{row.pk}/", now)

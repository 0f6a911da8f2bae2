"""Comments under posts, and reports of both."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from kepu.clubs.models import Comment, Post, Report
from kepu.clubs.reads.visible import comments_seen_by, posts_seen_by
from kepu.clubs.rules import (
    COMMENT_CHARS_MAX,
    REASON_CHARS_MAX,
    REPORTS_TO_HOLD,
    CommentState,
    Deed,
    Effect,
    Held,
    PostState,
    Refusal,
    Refused,
    ReportReason,
    Viewer,
)
from kepu.clubs.rules.words import digest
from kepu.clubs.writes.posts import barred_in
from kepu.clubs.writes.standing import manager_of, pace_refusal, writer_of
from kepu.people import reads as people
from kepu.people.rules import NoticeKind
from kepu.people.writes.notices import notify


@transaction.atomic
def write_comment(post: int, author: int, text: str, event_id: UUID, now: datetime) -> int | Refused:
    """The comment stands under a post that the member sees; its number. Sent again it is the same one.

    At most ten queries.
    """
    row = posts_seen_by(Viewer(author)).filter(pk=post, state=PostState.SHOWN).first()
    if row is None:
        return Refused(Refusal.UNKNOWN)
    seat = writer_of(row.club_id, author, now)
    if isinstance(seat, Refused):
        return seat
    # Asked with the club locked: the same form, sent twice at once, is one comment.
    known = Comment.objects.filter(author=author, event_id=event_id).values_list("pk", flat=True).first()
    if known is not None:
        return int(known)
    text, word = text.strip(), barred_in(text)
    refused = _text_refusal(row, author, text, now)
    if refused is not None:
        return refused
    if word is not None and word.effect is Effect.REFUSE:
        return Refused(Refusal.WORD_BARRED, word.word)
    is_held = word is not None and word.effect is Effect.HOLD
    made = Comment.objects.create(
        post=row,
        author=author,
        text=text,
        event_id=event_id,
        state=CommentState.HELD if is_held else CommentState.SHOWN,
        held=Held.WORDS if is_held else "",
        is_marked=word is not None and word.effect is Effect.MARK,
        digest=digest(text),
        posted_at=now,
    )
    return int(made.pk)


@transaction.atomic
def delete_comment(comment: int, author: int, now: datetime) -> Refused | None:
    """The author's comment is gone, its words too."""
    row = Comment.objects.select_for_update().filter(pk=comment, author=author).first()
    if row is None:
        return Refused(Refusal.UNKNOWN)
    row.state, row.text, row.is_marked, row.held = CommentState.DELETED, "", False, ""
    row.removed_at, row.removed_by = now, author
    row.save()
    Report.objects.filter(post=row.post_id, comment=comment, judged_at=None).update(judged_at=now)
    return None


@transaction.atomic
def remove_comment(comment: int, by: int, reason: str, now: datetime) -> Refused | None:
    """A manager of the club takes a comment away; whoever wrote it sees the reason."""
    standing = Comment.objects.filter(pk=comment).exclude(state=CommentState.DELETED)
    club = standing.values_list("post__club", flat=True).first()
    if club is None:
        return Refused(Refusal.UNKNOWN)
    # The club is locked first, here as everywhere: whoever writes a comment holds it.
    seat = manager_of(club, by)
    if isinstance(seat, Refused):
        return seat
    row = standing.select_for_update(of=("self",)).select_related("post").first()
    if row is None:
        return Refused(Refusal.UNKNOWN)
    if row.is_by_staff or row.state == CommentState.REMOVED:
        return Refused(Refusal.JUDGED if row.is_by_staff else Refusal.NOT_WAITING)
    reason = reason.strip()
    if not 2 <= len(reason) <= REASON_CHARS_MAX:
        return Refused(Refusal.REASON_MISSING)
    take_comment_away(row, by, reason, now)
    return None


@transaction.atomic
def report(
    post: int, account: int, reason: ReportReason, words: str, now: datetime, *, comment: int = 0
) -> Refused | None:
    """The staff hear of a post, or of one of its comments; of REPORTS_TO_HOLD people it is held back.

    Once a person, and never of oneself. At most ten queries.
    """
    row = posts_seen_by(Viewer(account)).filter(pk=post, state=PostState.SHOWN).first()
    if row is None:
        return Refused(Refusal.UNKNOWN)
    told = comments_seen_by(Viewer(account), row).filter(pk=comment).first() if comment else None
    if comment and told is None:
        return Refused(Refusal.UNKNOWN)
    if people.profile(account) is None:
        return Refused(Refusal.NOT_CERTIFIED)
    if account == (row.author if told is None else told.author):
        return Refused(Refusal.OWN_POST)
    paced = pace_refusal(Deed.REPORT, account, now)
    if paced is not None:
        return paced
    # Locked: of those who report at once the last one counts them all.
    if Post.objects.select_for_update().filter(pk=post, state=PostState.SHOWN).first() is None:
        return Refused(Refusal.UNKNOWN)
    if not _reported(row, account, (reason, words, comment), now):
        return Refused(Refusal.REPORTED_ALREADY)
    _hold(row, comment)
    return None


def take_comment_away(
    row: Comment, by: int, reason: str, now: datetime, *, is_by_staff: bool = False
) -> None:
    """A locked comment is removed with a reason, which its author is told."""
    row.state, row.held, row.reason = CommentState.REMOVED, "", reason
    row.removed_at, row.removed_by, row.is_by_staff = now, by, is_by_staff
    row.save()
    Report.objects.filter(post=row.post_id, comment=row.pk, judged_at=None).update(judged_at=now)
    words = {"club": row.post.club.name, "reason": reason}
    notify(row.author, NoticeKind.COMMENT_REMOVED, words, f"/clubs/posts/{row.post_id}/", now)


def _text_refusal(post: Post, author: int, text: str, now: datetime) -> Refused | None:
    if not text:
        return Refused(Refusal.TEXT_MISSING)
    if len(text) > COMMENT_CHARS_MAX:
        return Refused(Refusal.TEXT_LONG, str(COMMENT_CHARS_MAX))
    paced = pace_refusal(Deed.COMMENT, author, now)
    if paced is not None:
        return paced
    same = Comment.objects.filter(post=post, author=author, digest=digest(text))
    return Refused(Refusal.REPEATED) if same.exists() else None


def _reported(post: Post, account: int, told: tuple[ReportReason, str, int], now: datetime) -> bool:
    reason, words, comment = told
    try:
        with transaction.atomic():
            Report.objects.create(
                post=post,
                comment=comment,
                account=account,
                reason=reason,
                words=words.strip()[:REASON_CHARS_MAX],
                reported_at=now,
            )
    except IntegrityError:
        return False
    return True


def _hold(post: Post, comment: int) -> None:
    """Held back where enough people told of it since it was last judged."""
    told = Report.objects.filter(post=post, comment=comment, judged_at=None)
    if told.values("account").distinct().count() < REPORTS_TO_HOLD:
        return
    if comment:
        shown = Comment.objects.filter(pk=comment, state=CommentState.SHOWN)
        shown.update(state=CommentState.HELD, held=Held.REPORTS)
    else:
        Post.objects.filter(pk=post.pk, state=PostState.SHOWN).update(
            state=PostState.HELD, held=Held.REPORTS, pinned_at=None
        )

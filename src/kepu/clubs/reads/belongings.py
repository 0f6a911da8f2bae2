"""All that clubs hold of one person, for the download of what is theirs."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from kepu.clubs import labels
from kepu.clubs.models import Comment, Like, Membership, Post, Report
from kepu.clubs.rules import MemberState, PostState, ReportReason, Role

Row = dict[str, str | int | bool | None]
ROWS_AT_ONCE = 500


def belongings(account: int) -> Iterator[Row]:
    """One row for each club, post, comment, like and report of the account, each naming the same columns.

    One query for each kind; read as it is asked for, ROWS_AT_ONCE in memory. Moments in ISO 8601.
    """
    clubs = Membership.objects.filter(account=account).select_related("club").order_by("pk")
    for row in clubs.iterator(ROWS_AT_ONCE):
        state = f"{labels.ROLES[Role(row.role)]} {labels.MEMBER_STATES[MemberState(row.state)]}"
        yield _row(_("Club"), row.joined_at or row.asked_at, row.club.name, state, row.reason)
    posts = Post.objects.filter(author=account).select_related("club").order_by("pk")
    for post in posts.iterator(ROWS_AT_ONCE):
        state = str(labels.POST_STATES[PostState(post.state)])
        yield _row(_("Post"), post.posted_at, post.club.name, state, post.text)
    for comment in _mine(Comment, "author", account):
        state = str(labels.POST_STATES[PostState(comment.state)])
        yield _row(_("Comment"), comment.posted_at, comment.post.club.name, state, comment.text)
    for like in _mine(Like, "account", account):
        state = _("Liked") if like.is_on else _("Taken back")
        yield _row(_("Like"), like.liked_at, like.post.club.name, state, "")
    for told in _mine(Report, "account", account):
        state = str(labels.REPORT_REASONS[ReportReason(told.reason)])
        yield _row(_("Report"), told.reported_at, told.post.club.name, state, told.words)


def _mine(model, column: str, account: int):  # type: ignore[no-untyped-def]
    rows = model.objects.filter(**{column: account}).select_related("post__club").order_by("pk")
    return rows.iterator(ROWS_AT_ONCE)


def _row(kind: str, at: datetime, club: str, state: str, words: str) -> Row:
    return {
        "kind": kind,
        "at": at.isoformat(timespec="seconds"),
        "club": club,
        "state": state,
        "words": words,
    }

"""All that clubs hold of one person, for the download of what is theirs."""

from collections.abc import Iterator
from datetime import datetime

from kepu.clubs.models import Comment, Like, Membership, Post, Report

Row = dict[str, str | int | bool | None]
ROWS_AT_ONCE = 500


def belongings(account: int) -> Iterator[Row]:
    """One row for each club, post, comment, like and report of the account, each naming the same columns.

    One query for each kind; read as it is asked for, ROWS_AT_ONCE in memory. Moments in ISO 8601.
    """
    clubs = Membership.objects.filter(account=account).select_related("club").order_by("pk")
    for row in clubs.iterator(ROWS_AT_ONCE):
        yield _row(
            "club", row.joined_at or row.asked_at, row.club.name, f"{row.role} {row.state}", row.reason
        )
    posts = Post.objects.filter(author=account).select_related("club").order_by("pk")
    for post in posts.iterator(ROWS_AT_ONCE):
        yield _row("post", post.posted_at, post.club.name, post.state, post.text)
    for comment in _mine(Comment, "author", account):
        yield _row("comment", comment.posted_at, comment.post.club.name, comment.state, comment.text)
    for like in _mine(Like, "account", account):
        yield _row("like", like.liked_at, like.post.club.name, "on" if like.is_on else "off", "")
    for told in _mine(Report, "account", account):
        yield _row("report", told.reported_at, told.post.club.name, told.reason, told.words)


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

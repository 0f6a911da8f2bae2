"""What posts and likes earn: the row says what is due, the ledger is asked, the receipt is noted.

Each commit of the ledger is durable by itself and cannot be part of our transaction. So whatever crashes
between two steps leaves a row that says what is still to do, and doing it again changes nothing: the ledger
knows the event ids.
"""

import logging
from collections.abc import Iterable
from datetime import datetime
from functools import partial

from django.db import DatabaseError, OperationalError, transaction
from django.utils.translation import gettext

from kepu.campaigns.rules import Kind
from kepu.clubs.models import Like, Post
from kepu.clubs.rules import Credit
from kepu.clubs.writes.restoring import (
    GONE,
    NOTE_CHARS_MAX,
    give_back_likes,
    give_back_post,
    taken_before,
)
from kepu.kit import clock
from kepu.kit.apart import by_itself
from kepu.ledger import writes as ledger
from kepu.ledger.rules import Act, Channel, Receipt, Refusal, own_event

AT_ONCE = 500
log = logging.getLogger("kepu.clubs")


def settle_post(post: int, now: datetime) -> None:
    """The ledger holds what the post and its likes earned, or has taken it back where the post is gone.

    Where the post was restored it has given that back.

    Nothing else is done however often it is called. Outside any transaction.
    """
    row = Post.objects.get(pk=post)
    if row.credit == Credit.DUE:
        _book_post(row)
        row.refresh_from_db()
    _book_likes(row, Like.objects.filter(post=post, credit=Credit.DUE).order_by("pk"))
    if row.credit == Credit.BACK:
        give_back_post(row, now)
        row.refresh_from_db()
    while back := list(Like.objects.filter(post=post, credit=Credit.BACK).order_by("pk")[:AT_ONCE]):
        give_back_likes(row, back, now)
    if row.credit == Credit.OWED:
        _take_back_post(row, now)
    while owed := list(Like.objects.filter(post=post, credit=Credit.OWED).order_by("pk")[:AT_ONCE]):
        _take_back_likes(row, owed, now)


def settle_like(like: int, now: datetime) -> None:
    """As `settle_post`, of one like, after its post where that is still to be credited."""
    row = Like.objects.select_related("post").get(pk=like)
    if row.credit != Credit.DUE:
        return
    if row.post.credit == Credit.DUE:
        _book_post(row.post)
        row.post.refresh_from_db()
    _book_likes(row.post, [row])
    if Like.objects.filter(pk=like, credit=Credit.OWED).exists():
        settle_post(row.post_id, now)


def settle_soon(post: int, now: datetime) -> None:
    """`settle_post`; where the ledger cannot be reached the row stands and the worker does it later."""
    try:
        settle_post(post, now)
    except DatabaseError:
        log.exception("post not settled: %d", post)


def settle_like_soon(like: int, now: datetime) -> None:
    """`settle_like`, as `settle_soon`."""
    try:
        settle_like(like, now)
    except DatabaseError:
        log.exception("like not settled: %d", like)


def catch_up(now: datetime, limit: int = AT_ONCE) -> int:
    """What crashes left half done is finished, of `limit` posts and their likes at most; how many posts.

    One that raises is logged and does not stop the others.
    """
    open_credit = (Credit.DUE, Credit.OWED, Credit.BACK)
    posts = set(
        Post.objects.filter(credit__in=open_credit).order_by("pk").values_list("pk", flat=True)[:limit]
    )
    likes = Like.objects.filter(credit__in=open_credit).order_by("pk").values_list("post", flat=True)[:limit]
    for post in sorted(posts | set(likes)):
        by_itself("post_not_settled", partial(settle_post, post, now), but=(OperationalError,), post=post)
    return len(posts | set(likes))


def _book_post(row: Post) -> None:
    assert row.shown_at is not None, "what was never shown earns nothing"
    answer = ledger.record(
        Act(
            person=row.author,
            event_id=own_event(b"club post", f"{row.pk}/{row.edition}".encode()),
            kind=Kind.CLUB_POST,
            article=row.article,
            channel=Channel.PAGE,
            at_ms=clock.milliseconds(row.shown_at),
        )
    )
    with transaction.atomic():
        locked = Post.objects.select_for_update().get(pk=row.pk)
        if locked.credit != Credit.DUE or locked.edition != row.edition:
            return
        locked.credit = Credit.NO_ENTRY
        if isinstance(answer, Receipt):
            locked.credit = Credit.OWED if locked.state in GONE else Credit.BOOKED
            locked.book, locked.seq = answer.book, answer.seq
        locked.save(update_fields=["credit", "book", "seq"])


def _book_likes(post: Post, likes: Iterable[Like]) -> None:
    """LIKE for whoever liked, LIKED for the author, both naming the post's entry; nothing without one."""
    for row in likes:
        if not post.seq or row.account == post.author:
            Like.objects.filter(pk=row.pk, credit=Credit.DUE).update(credit=Credit.NO_ENTRY)
            continue
        _note_like(post, row, ledger.commit_batch([_like(post, row), _liked(post, row)]))


def _note_like(post: Post, row: Like, answers: list[Receipt | Refusal]) -> None:
    """What the ledger answered stands on the like, unless somebody else noted it, or undid it, meanwhile."""
    with transaction.atomic():
        locked = Post.objects.select_for_update().get(pk=post.pk)
        due = Like.objects.filter(pk=row.pk, credit=Credit.DUE)
        if locked.edition != post.edition or not due.exists():
            return
        like, liked = answers
        row.credit = Credit.OWED if locked.state in GONE else Credit.BOOKED
        row.liked_book, row.liked_seq = (liked.book, liked.seq) if isinstance(liked, Receipt) else (0, 0)
        if isinstance(like, Receipt):
            row.book, row.seq = like.book, like.seq
        row.save(update_fields=["credit", "book", "seq", "liked_book", "liked_seq"])


def _like(post: Post, row: Like) -> Act:
    return Act(
        person=row.account,
        event_id=own_event(b"club like", str(post.pk).encode()),
        kind=Kind.LIKE,
        article=post.article,
        channel=Channel.PAGE,
        at_ms=clock.milliseconds(row.liked_at),
        ref_book=post.book,
        ref_seq=post.seq,
    )


def _liked(post: Post, row: Like) -> Act:
    assert post.shown_at is not None
    # Of a post that got its entry only when it was shown again: then, for before there was nothing to like.
    at = max(row.liked_at, post.shown_at)
    return Act(
        person=post.author,
        event_id=own_event(b"club liked", f"{post.pk}/{post.edition}/{row.account}".encode()),
        kind=Kind.LIKED,
        article=post.article,
        channel=Channel.PAGE,
        at_ms=clock.milliseconds(at),
        ref_book=post.book,
        ref_seq=post.seq,
        author=row.account,
    )


def _take_back_post(row: Post, now: datetime) -> None:
    ledger.reverse_entries([(row.book, row.back_seq or row.seq)], row.removed_by, _why(), now)
    Post.objects.filter(pk=row.pk, credit=Credit.OWED).update(credit=Credit.REVERSED)


def _take_back_likes(post: Post, owed: list[Like], now: datetime) -> None:
    refs = [(row.liked_book, row.liked_seq) for row in owed if row.liked_seq]
    if refs:
        answers = ledger.reverse_entries(refs, post.removed_by, _why(), now)
        before = taken_before(answers, post.removed_at or now)
        lost = [row.pk for row in owed if (row.liked_book, row.liked_seq) in before]
        Like.objects.filter(pk__in=lost, credit=Credit.OWED).update(credit=Credit.NO_ENTRY)
    Like.objects.filter(pk__in=[row.pk for row in owed], credit=Credit.OWED).update(credit=Credit.REVERSED)


def _why() -> str:
    # Never the manager's own words: what stands in the chain stays, and they may name somebody.
    return gettext("The club post was taken away")[:NOTE_CHARS_MAX]

"""Posts: written, approved, pinned, removed with a reason, looked at again, deleted."""

from datetime import datetime, timedelta

from django.db import transaction

from kepu.clubs import pictures
from kepu.clubs.models import Like, Post, PostPicture, Report
from kepu.clubs.reads.words import all_words
from kepu.clubs.rules import (
    DUPLICATE_DAYS,
    PINNED_MAX,
    POST_CHARS_MAX,
    REASON_CHARS_MAX,
    Credit,
    Deed,
    Effect,
    Held,
    PostDraft,
    Posting,
    PostState,
    Refusal,
    Refused,
    Showing,
    Word,
    first_state,
    found_words,
    strictest,
)
from kepu.clubs.rules.words import digest
from kepu.clubs.writes.crediting import settle_soon
from kepu.clubs.writes.standing import Seat, everybody_sees, keep_paced, manager_of, pace_refusal, writer_of
from kepu.content import reads as content
from kepu.people.rules import NoticeKind
from kepu.people.writes.notices import notify


def write_post(club: int, author: int, draft: PostDraft, now: datetime) -> int | Refused:
    """The post is there, shown or waiting as its club's rule says, and counted where public. Its number.

    The same form sent again is the same post. At most 26 queries and the ledger's.
    """
    known = _known(author, draft)
    if known is not None:
        return known
    # Asked before the pictures are worked on, and again with the rows locked.
    seat = _seat_to_post(club, author, now, lock=False)
    refused = seat if isinstance(seat, Refused) else _draft_refusal(author, draft, now)
    if refused is not None:
        # What speaks against it may be itself, sent a second time and there meanwhile.
        known = _known(author, draft)
        return refused if known is None else known
    kept = keep_paced(draft.pictures, author, now)
    if isinstance(kept, Refused):
        return kept
    made = _made(club, author, draft, kept, now)
    if isinstance(made, Refused):
        pictures.drop_pictures(each.token for each in kept)
        return made
    settle_soon(made, now)
    return made


def approve_post(post: int, by: int, now: datetime) -> Refused | None:
    """A manager approves a post that waits: it is shown, and counted where it is public."""
    with transaction.atomic():
        row = _managed(post, by)
        if isinstance(row, Refused):
            return row
        if row.state != PostState.WAITING:
            return Refused(Refusal.NOT_WAITING)
        show(row, now)
    settle_soon(post, now)
    return None


def remove_post(post: int, by: int, reason: str, now: datetime) -> Refused | None:
    """A manager takes a post away; the author sees the reason, and what it earned is taken back.

    JUDGED where the staff decided on it: their word stands.
    """
    reason = reason.strip()
    with transaction.atomic():
        row = _managed(post, by)
        if isinstance(row, Refused):
            return row
        if row.is_by_staff or row.state == PostState.REMOVED:
            return Refused(Refusal.JUDGED if row.is_by_staff else Refusal.NOT_WAITING)
        if not 2 <= len(reason) <= REASON_CHARS_MAX:
            return Refused(Refusal.REASON_MISSING)
        take_away(row, by, reason, now)
    settle_soon(post, now)
    return None


def delete_post(post: int, author: int, now: datetime) -> Refused | None:
    """The author's post is gone, text and pictures too; what it earned is taken back. Again: nothing."""
    with transaction.atomic():
        row = Post.objects.select_for_update().filter(pk=post, author=author).first()
        if row is None:
            return Refused(Refusal.UNKNOWN)
        tokens = list(PostPicture.objects.filter(post=post).values_list("token", flat=True))
        PostPicture.objects.filter(post=post).delete()
        if row.state != PostState.REMOVED:
            row.removed_at, row.removed_by = now, author
        row.text, row.review_words, row.is_marked = "", "", False
        owe(row)
        row.state, row.held, row.pinned_at = PostState.DELETED, "", None
        row.save()
        Report.objects.filter(post=post, comment=0, judged_at=None).update(judged_at=now)
    pictures.drop_pictures(tokens)
    settle_soon(post, now)
    return None


@transaction.atomic
def pin_post(post: int, by: int, now: datetime, *, wanted: bool) -> Refused | None:
    """A manager pins a post that is shown above the others, or lets go of it; PINNED_MAX at most."""
    row = _managed(post, by)
    if isinstance(row, Refused):
        return row
    if row.state != PostState.SHOWN:
        return Refused(Refusal.NOT_WAITING)
    pinned = Post.objects.filter(club=row.club, state=PostState.SHOWN, pinned_at__isnull=False)
    if wanted and pinned.exclude(pk=post).count() >= PINNED_MAX:
        return Refused(Refusal.PINNED_MANY, str(PINNED_MAX))
    Post.objects.filter(pk=post).update(pinned_at=now if wanted else None)
    return None


@transaction.atomic
def ask_review(post: int, author: int, words: str, now: datetime) -> Refused | None:
    """The author asks, once, that the staff look at a removed post again. Two queries."""
    row = Post.objects.select_for_update().filter(pk=post, author=author, state=PostState.REMOVED).first()
    if row is None:
        return Refused(Refusal.UNKNOWN)
    if row.review_asked_at is not None:
        return Refused(Refusal.REVIEW_USED)
    row.review_asked_at, row.review_words = now, words.strip()[:REASON_CHARS_MAX]
    row.save(update_fields=["review_asked_at", "review_words"])
    return None


def show(row: Post, now: datetime) -> None:
    """A locked post is shown, and due to be counted where the public sees it now."""
    row.state, row.held = PostState.SHOWN, ""
    row.shown_at = row.shown_at or now
    row.removed_at, row.removed_by = None, 0
    if everybody_sees(row):
        if row.credit == Credit.REVERSED:
            row.credit = Credit.BACK
            Like.objects.filter(post=row.pk, credit=Credit.REVERSED).update(credit=Credit.BACK)
        elif row.credit == Credit.NO_ENTRY:
            row.edition, row.shown_at, row.credit = row.edition + 1, now, Credit.DUE
        elif row.credit == Credit.NONE:
            row.credit = Credit.DUE
    row.save()


def take_away(row: Post, by: int, reason: str, now: datetime, *, is_by_staff: bool = False) -> None:
    """A locked post is removed with a reason, its author is told, and what it earned is owed."""
    owe(row)
    row.state, row.held, row.reason, row.pinned_at = PostState.REMOVED, "", reason, None
    row.removed_at, row.removed_by, row.is_by_staff = now, by, is_by_staff
    row.save()
    Report.objects.filter(post=row.pk, comment=0, judged_at=None).update(judged_at=now)
    words = {"club": row.club.name, "reason": reason}
    notify(row.author, NoticeKind.POST_REMOVED, words, f"/clubs/posts/{row.pk}/", now)


def owe(row: Post) -> None:
    """What a locked post and its likes earned is owed; what is still due, or owed to them, will be then."""
    if row.credit == Credit.BOOKED:
        row.credit = Credit.OWED
    Like.objects.filter(post=row.pk, credit=Credit.BOOKED).update(credit=Credit.OWED)


def _managed(post: int, by: int) -> Post | Refused:
    """The post, locked, where `by` manages its open club; UNKNOWN for a deleted one."""
    standing = Post.objects.filter(pk=post).exclude(state=PostState.DELETED)
    club = standing.values_list("club", flat=True).first()
    if club is None:
        return Refused(Refusal.UNKNOWN)
    # The club is locked first, here as everywhere: whoever writes a comment holds it, then asks for the post.
    seat = manager_of(club, by)
    if isinstance(seat, Refused):
        return seat
    row = standing.select_for_update(of=("self",)).select_related("club").first()
    return row or Refused(Refusal.UNKNOWN)


def _seat_to_post(club: int, author: int, now: datetime, *, lock: bool) -> Seat | Refused:
    seat = writer_of(club, author, now, lock=lock)
    if isinstance(seat, Seat) and seat.club.posting == Posting.MANAGERS and not seat.manages:
        return Refused(Refusal.NOT_MANAGER)
    return seat


def _draft_refusal(author: int, draft: PostDraft, now: datetime) -> Refused | None:
    text = draft.text.strip()
    if not text and not draft.pictures and not draft.article:
        return Refused(Refusal.TEXT_MISSING)
    if len(text) > POST_CHARS_MAX:
        return Refused(Refusal.TEXT_LONG, str(POST_CHARS_MAX))
    word = barred_in(text)
    if word is not None and word.effect is Effect.REFUSE:
        return Refused(Refusal.WORD_BARRED, word.word)
    if draft.article and content.article(draft.article) is None:
        return Refused(Refusal.ARTICLE_WRONG)
    paced = pace_refusal(Deed.POST, author, now)
    if paced is not None:
        return paced
    since = now - timedelta(days=DUPLICATE_DAYS)
    same = Post.objects.filter(author=author, posted_at__gt=since, digest=digest(text))
    return Refused(Refusal.REPEATED, str(DUPLICATE_DAYS)) if text and same.exists() else None


def _known(author: int, draft: PostDraft) -> int | None:
    """The post that this very form made already. One query."""
    return Post.objects.filter(author=author, event_id=draft.event_id).values_list("pk", flat=True).first()


def barred_in(text: str) -> Word | None:
    """The strictest barred word in a text. One query."""
    return strictest(found_words(text, all_words()))


@transaction.atomic
def _made(
    club: int, author: int, draft: PostDraft, kept: tuple[pictures.Kept, ...], now: datetime
) -> int | Refused:
    seat = _seat_to_post(club, author, now, lock=True)
    known = _known(author, draft)
    if known is not None:  # the same form, sent twice at once
        return known
    refused = seat if isinstance(seat, Refused) else _draft_refusal(author, draft, now)
    if refused is not None or isinstance(seat, Refused):
        return refused or Refused(Refusal.UNKNOWN)
    text, word = draft.text.strip(), barred_in(draft.text)
    is_held = word is not None and word.effect is Effect.HOLD
    showing = Showing(seat.club.showing)
    made = Post(
        club=seat.club,
        author=author,
        text=text,
        article=draft.article,
        event_id=draft.event_id,
        state=first_state(showing, is_manager=seat.manages, is_held=is_held),
        held=Held.WORDS if is_held else "",
        is_marked=word is not None and word.effect is Effect.MARK,
        for_members=showing is Showing.MEMBERS,
        digest=digest(text) if text else "",
        posted_at=now,
    )
    if made.state == PostState.SHOWN:
        show(made, now)
    else:
        made.save()
    PostPicture.objects.bulk_create(
        PostPicture(post=made, place=place, token=each.token, width=each.width, height=each.height)
        for place, each in enumerate(kept)
    )
    return int(made.pk)

"""Likes of posts."""

from datetime import datetime

from django.db import IntegrityError, transaction

from kepu.clubs.models import Like, Membership, Post
from kepu.clubs.reads.visible import posts_seen_by
from kepu.clubs.rules import Credit, Deed, MemberState, PostState, Refusal, Refused, Viewer
from kepu.clubs.writes.crediting import settle_like_soon
from kepu.clubs.writes.standing import everybody_sees, pace_refusal
from kepu.people import reads as people


def like_post(post: int, account: int, now: datetime) -> Refused | None:
    """The communicator likes a post they see; the first like counts for both, once and for all.

    Nobody earns by liking themself, and nothing is earned where the post has no entry. At most nine queries
    and the ledger's.
    """
    row = posts_seen_by(Viewer(account)).filter(pk=post, state=PostState.SHOWN).first()
    if row is None:
        return Refused(Refusal.UNKNOWN)
    refused = _liker_refusal(row, account)
    if refused is not None:
        return refused
    known = Like.objects.filter(post=post, account=account).first()
    if known is not None:
        Like.objects.filter(pk=known.pk, is_on=False).update(is_on=True, changed_at=now)
        return None
    paced = pace_refusal(Deed.LIKE, account, now)
    if paced is not None:
        return paced
    made = _made(post, account, now)
    if made is not None and made.credit == Credit.DUE:
        settle_like_soon(made.pk, now)
    return None


def unlike_post(post: int, account: int, now: datetime) -> None:
    """The account does not like the post; what was earned stays, for liking it again earns nothing."""
    Like.objects.filter(post=post, account=account, is_on=True).update(is_on=False, changed_at=now)


def _liker_refusal(row: Post, account: int) -> Refused | None:
    if people.profile(account) is None:
        return Refused(Refusal.NOT_CERTIFIED)
    banned = Membership.objects.filter(club=row.club_id, account=account, state=MemberState.BANNED)
    return Refused(Refusal.BANNED) if banned.exists() else None


def _made(post: int, account: int, now: datetime) -> Like | None:
    """The new like; None where the same was made meanwhile or the post is gone."""
    try:
        with transaction.atomic():
            # Locked: whoever takes the post away finds this like, or this sees that it is gone.
            shown = Post.objects.select_for_update(of=("self",)).filter(pk=post, state=PostState.SHOWN)
            row = shown.select_related("club").first()
            if row is None:
                return None
            # A club may have become one for members only since the post earned.
            counts = (
                row.author != account
                and everybody_sees(row)
                and row.credit in (Credit.DUE, Credit.BOOKED, Credit.BACK)
            )
            return Like.objects.create(
                post_id=post,
                account=account,
                liked_at=now,
                changed_at=now,
                credit=Credit.DUE if counts else Credit.NONE,
            )
    except IntegrityError:
        return None

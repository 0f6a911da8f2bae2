"""The one place that says which posts somebody sees; every read of posts begins here."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from kepu.clubs.models import Club, Comment, Membership, Post
from kepu.clubs.rules import (
    MANAGING,
    ClubState,
    CommentState,
    MemberState,
    PostState,
    Showing,
    Viewer,
)
from kepu.regions.rules import range_of

PUBLIC = Q(state=PostState.SHOWN, club__state=ClubState.OPEN, for_members=False) & ~Q(
    club__showing=Showing.MEMBERS
)


def posts_seen_by(viewer: Viewer) -> QuerySet[Post]:
    """The posts that somebody sees, with their club; `rules.may_see` says the same of one. No query yet.

    A post that is not in it does not exist for whoever asks: pages of it, its pictures, comments, likes.
    """
    open_club = Q(club__state=ClubState.OPEN)
    mine = Membership.objects.filter(club=OuterRef("club"), account=viewer.account, state=MemberState.IN)
    seen = PUBLIC
    if viewer.account:
        seen |= Q(author=viewer.account)
        seen |= open_club & Q(state=PostState.SHOWN) & Q(Exists(mine))
        seen |= open_club & Q(Exists(mine.filter(role__in=MANAGING)))
    seen |= within(viewer.divisions, "club__division")
    return Post.objects.exclude(state=PostState.DELETED).filter(seen).select_related("club")


def comments_seen_by(viewer: Viewer, post: Post) -> QuerySet[Comment]:
    """The comments that somebody who sees the post sees there: what is shown, and their own. No query yet."""
    own = Q(author=viewer.account) if viewer.account else Q(pk__in=())
    shown = Q(state=CommentState.SHOWN) | (own & ~Q(state=CommentState.DELETED))
    return Comment.objects.filter(shown, post=post)


def clubs_seen_by(viewer: Viewer) -> QuerySet[Club]:
    """Open clubs; those asked for, refused or closed by their founder and the staff alone. No query yet."""
    seen = Q(state=ClubState.OPEN) | within(viewer.divisions, "division")
    if viewer.account:
        seen |= Q(founder=viewer.account)
    return Club.objects.filter(seen)


def within(divisions: tuple[str, ...], column: str) -> Q:
    """That a column's division lies in one of these; nothing fits where there are none."""
    inside = Q(pk__in=())
    for division in divisions:
        if not division:
            return Q(pk__gt=0)  # not Q(): or'ed with others that would widen nothing
        low, high = range_of(division)
        inside |= Q(**{f"{column}__gte": low, f"{column}__lt": high})
    return inside

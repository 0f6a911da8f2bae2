"""Questions about posts and comments: each begins at `visible`."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from kepu.clubs.models import Comment, Like, Membership, Post, PostPicture
from kepu.clubs.reads.clubs import names_of, shown_name
from kepu.clubs.reads.values import CommentRow, FeedPost, Picture
from kepu.clubs.reads.visible import PUBLIC, comments_seen_by, posts_seen_by
from kepu.clubs.rules import (
    ClubState,
    CommentState,
    Held,
    MemberState,
    PostState,
    Role,
    Showing,
    Viewer,
    is_public,
)
from kepu.clubs.rules.seeing import Post as Shown
from kepu.content import reads as content
from kepu.kit.paging import Page, page_of

FEED_MAX = 20


def club_posts(club: int, viewer: Viewer, start: int, size: int) -> Page[FeedPost]:
    """What is shown in a club and I may see, pinned ones first, then the newest. At most six queries."""
    shown = posts_seen_by(viewer).filter(club=club, state=PostState.SHOWN)
    rows = shown.order_by(F("pinned_at").desc(nulls_last=True), "-shown_at", "-pk")
    return _page(rows, viewer, start, size)


def waiting_posts(club: int, viewer: Viewer, start: int, size: int) -> Page[FeedPost]:
    """What waits in a club for a manager, and I may see, the oldest first. At most six queries."""
    return _page(
        posts_seen_by(viewer).filter(club=club, state=PostState.WAITING).order_by("pk"), viewer, start, size
    )


def my_posts(account: int, start: int, size: int) -> Page[FeedPost]:
    """What I wrote in clubs, whatever became of it, the newest first. At most six queries."""
    viewer = Viewer(account)
    return _page(posts_seen_by(viewer).filter(author=account).order_by("-pk"), viewer, start, size)


def post(number: int, viewer: Viewer) -> FeedPost | None:
    """The post as somebody sees it, None where it does not exist for them. At most six queries."""
    page = _page(posts_seen_by(viewer).filter(pk=number), viewer, 0, 1)
    return page.rows[0] if page.rows else None


def feed(person: int, limit: int) -> list[FeedPost]:
    """The newest posts shown in the clubs a person is in, for the first page. At most six queries."""
    assert 0 < limit <= FEED_MAX
    viewer = Viewer(person)
    mine = Membership.objects.filter(account=person, state=MemberState.IN).values("club")
    shown = posts_seen_by(viewer).filter(club__in=mine, club__state=ClubState.OPEN, state=PostState.SHOWN)
    return list(_page(shown.order_by("-shown_at", "-pk"), viewer, 0, limit).rows)


def public_posts(division: str, start: int, size: int, account: int = 0) -> Page[FeedPost]:
    """The newest posts that everybody sees, of clubs in a division. At most six queries."""
    viewer = Viewer(account)
    rows = posts_seen_by(viewer).filter(PUBLIC, club__division__startswith=division)
    return _page(rows.order_by("-shown_at", "-pk"), viewer, start, size)


def comments(number: int, viewer: Viewer, start: int, size: int) -> Page[CommentRow]:
    """The comments under a post that somebody sees, the oldest first; none for others. Four queries."""
    row = posts_seen_by(viewer).filter(pk=number).first()
    if row is None:
        return Page((), None)
    found = list(comments_seen_by(viewer, row).order_by("pk")[start : start + size + 1])
    named = names_of(each.author for each in found)
    whole = Membership.objects.filter(club=row.club_id, account=viewer.account, state=MemberState.IN).exists()
    return page_of([_comment(each, named, viewer.account, whole) for each in found], start, size)


def comment_post(comment: int) -> int | None:
    """The number of the post that a comment stands under. One query."""
    return Comment.objects.filter(pk=comment).values_list("post", flat=True).first()


def _page(rows: QuerySet[Post], viewer: Viewer, start: int, size: int) -> Page[FeedPost]:
    likes = Like.objects.filter(post=OuterRef("pk"), is_on=True)
    comments = Comment.objects.filter(post=OuterRef("pk"), state=CommentState.SHOWN)
    counted = rows.annotate(
        likes_count=_count(likes),
        liked=Exists(likes.filter(account=viewer.account)),
        comments_count=_count(comments),
    )
    found = list(counted[start : start + size + 1])
    page = page_of(found, start, size)
    return Page(_posts(page.rows, viewer), page.next_start)


def _count(rows: QuerySet[Any]) -> Any:
    return Coalesce(Subquery(rows.order_by().values("post").annotate(count=Count("pk")).values("count")), 0)


def _posts(rows: Sequence[Any], viewer: Viewer) -> list[FeedPost]:
    if not rows:
        return []
    cards = content.cards({row.article for row in rows if row.article})
    named = names_of(row.author for row in rows)
    pictures = pictures_of([row.pk for row in rows])
    mine = Membership.objects.filter(
        account=viewer.account, club__in={row.club_id for row in rows}, state=MemberState.IN
    )
    roles = {club: Role(role) for club, role in mine.values_list("club", "role")} if viewer.account else {}
    return [
        _post(row, viewer, named, roles.get(row.club_id), cards.get(row.article), pictures.get(row.pk, ()))
        for row in rows
    ]


def pictures_of(posts: Sequence[int]) -> dict[int, tuple[Picture, ...]]:
    """The pictures of these posts in their order; posts without any are absent. One query."""
    found: dict[int, tuple[Picture, ...]] = {}
    rows = PostPicture.objects.filter(post__in=posts).order_by("post", "place")
    for post_, number, width, height in rows.values_list("post", "pk", "width", "height"):
        found[post_] = (*found.get(post_, ()), Picture(number, width, height))
    return found


def _post(
    row: Any,
    viewer: Viewer,
    named: dict[int, tuple[str, str]],
    role: Role | None,
    article: Any,
    pictures: tuple[Picture, ...],
) -> FeedPost:
    is_mine = row.author == viewer.account
    name, _unit = named.get(row.author, ("", ""))
    return FeedPost(
        number=row.pk,
        club=row.club_id,
        club_name=row.club.name,
        author=row.author,
        name=shown_name(name, whole=is_mine or role is not None or bool(viewer.divisions)),
        text=row.text,
        article=article,
        pictures=pictures,
        posted_at=row.posted_at,
        state=PostState(row.state),
        held=Held(row.held) if row.held else None,
        is_pinned=row.pinned_at is not None,
        is_public=is_public(
            Shown(PostState(row.state), ClubState(row.club.state), Showing(row.club.showing), row.for_members)
        ),
        likes=row.likes_count,
        liked=row.liked,
        comments=row.comments_count,
        is_mine=is_mine,
        role=role if row.club.state == ClubState.OPEN else None,
        reason=row.reason,
        is_by_staff=row.is_by_staff,
        review_asked_at=row.review_asked_at,
        reviewed_at=row.reviewed_at,
    )


def _comment(row: Comment, named: dict[int, tuple[str, str]], account: int, whole: bool) -> CommentRow:
    is_mine = row.author == account
    name, _unit = named.get(row.author, ("", ""))
    return CommentRow(
        number=row.pk,
        author=row.author,
        name=shown_name(name, whole=whole or is_mine),
        text=row.text,
        posted_at=row.posted_at,
        state=CommentState(row.state),
        reason=row.reason,
        is_mine=is_mine,
    )

"""Questions for the staff who open clubs and judge posts, within their divisions."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from kepu.clubs.models import Club, Comment, Membership, Post, Report
from kepu.clubs.reads.clubs import names_of, rule_of
from kepu.clubs.reads.posts import pictures_of
from kepu.clubs.reads.values import JudgedComment, JudgedPost, OfficeClub, Reported
from kepu.clubs.reads.visible import within
from kepu.clubs.reads.words import all_words
from kepu.clubs.rules import (
    ClubState,
    CommentState,
    Held,
    MemberState,
    PostState,
    ReportReason,
    Word,
    found_words,
)
from kepu.content import reads as content
from kepu.kit.paging import Page, page_of
from kepu.people.rules import Ability, Scopes, divisions_for

REPORTS_SHOWN_MAX = 500
Names = dict[int, tuple[str, str]]


def clubs_asked(scopes: Scopes, start: int, size: int) -> Page[OfficeClub]:
    """The clubs that wait to be opened in these scopes, the oldest first. At most four queries."""
    return _clubs(_clubs_of(scopes).filter(state=ClubState.ASKED).order_by("pk"), start, size)


def clubs_within(
    scopes: Scopes, start: int, size: int, *, words: str = "", state: ClubState | None = None
) -> Page[OfficeClub]:
    """The clubs in these scopes, the newest first; `words`: in the name. At most four queries."""
    rows = _clubs_of(scopes)
    if state is not None:
        rows = rows.filter(state=state)
    if words:
        rows = rows.filter(name__contains=words)
    return _clubs(rows.order_by("-pk"), start, size)


def club_to_decide(scopes: Scopes, club: int) -> OfficeClub | None:
    """The club, whatever its state; None outside the scopes. At most four queries."""
    page = _clubs(_clubs_of(scopes).filter(pk=club), 0, 1)
    return page.rows[0] if page.rows else None


def clubs_waiting(scopes: Scopes) -> int:
    """How many clubs wait to be opened in these scopes. One query."""
    return _clubs_of(scopes).filter(state=ClubState.ASKED).count()


def to_judge(scopes: Scopes, start: int, size: int) -> Page[JudgedPost]:
    """The posts that wait for a judgement, the oldest first. At most eight queries.

    Held back, told of and not judged, let pass with a barred word, or removed with a review asked for.
    """
    return _posts(posts_of(scopes).filter(waits_for_staff()).order_by("pk"), start, size)


def decided(scopes: Scopes, start: int, size: int) -> Page[JudgedPost]:
    """The posts that were removed in these scopes, the last first. At most eight queries."""
    rows = posts_of(scopes).filter(state=PostState.REMOVED).order_by("-removed_at", "-pk")
    return _posts(rows, start, size)


def post_to_judge(scopes: Scopes, post: int) -> JudgedPost | None:
    """The post, unless its author deleted it; None outside the scopes. At most eight queries."""
    page = _posts(posts_of(scopes).filter(pk=post), 0, 1)
    return page.rows[0] if page.rows else None


def comments_to_judge(scopes: Scopes, start: int, size: int) -> Page[JudgedComment]:
    """The comments that wait for a judgement, the oldest first. At most six queries."""
    return _comments(comments_of(scopes).filter(comment_waits()).order_by("pk"), start, size)


def comment_to_judge(scopes: Scopes, comment: int) -> JudgedComment | None:
    """The comment, unless its author deleted it; None outside the scopes. At most six queries."""
    page = _comments(comments_of(scopes).filter(pk=comment), 0, 1)
    return page.rows[0] if page.rows else None


def posts_waiting(scopes: Scopes) -> int:
    """How many posts and comments wait for a judgement in these scopes. Two queries."""
    posts = posts_of(scopes).filter(waits_for_staff()).count()
    return posts + comments_of(scopes).filter(comment_waits()).count()


def waits_for_staff() -> Q:
    """Which posts wait for a judgement."""
    told = Report.objects.filter(post=OuterRef("pk"), comment=0, judged_at=None)
    review = Q(state=PostState.REMOVED, review_asked_at__isnull=False, reviewed_at=None)
    return (
        Q(state=PostState.HELD) | Q(is_marked=True) & ~Q(state=PostState.REMOVED) | review | Q(Exists(told))
    )


def comment_waits() -> Q:
    """Which comments wait for a judgement."""
    told = Report.objects.filter(comment=OuterRef("pk"), judged_at=None)
    marked = Q(is_marked=True) & ~Q(state=CommentState.REMOVED)
    return Q(state=CommentState.HELD) | marked | Q(Exists(told))


def _clubs_of(scopes: Scopes) -> QuerySet[Club]:
    return Club.objects.filter(within(divisions_for(scopes, Ability.CLUBS), "division"))


def posts_of(scopes: Scopes) -> QuerySet[Post]:
    """The posts these scopes let one judge, unless their author deleted them. No query yet."""
    inside = within(divisions_for(scopes, Ability.CLUBS), "club__division")
    return Post.objects.filter(inside).exclude(state=PostState.DELETED).select_related("club")


def comments_of(scopes: Scopes) -> QuerySet[Comment]:
    """As `posts_of`, of comments."""
    inside = within(divisions_for(scopes, Ability.CLUBS), "post__club__division")
    return Comment.objects.filter(inside).exclude(state=CommentState.DELETED).select_related("post__club")


def _clubs(rows: QuerySet[Club], start: int, size: int) -> Page[OfficeClub]:
    inside = Membership.objects.filter(club=OuterRef("pk"), state=MemberState.IN).order_by()
    members = inside.values("club").annotate(count=Count("pk")).values("count")
    waiting = Post.objects.filter(waits_for_staff(), club=OuterRef("pk")).order_by()
    posts = waiting.values("club").annotate(count=Count("pk")).values("count")
    counted: QuerySet[Any] = rows.annotate(
        members=Coalesce(Subquery(members), 0), to_judge=Coalesce(Subquery(posts), 0)
    )
    found = list(counted[start : start + size + 1])
    named = names_of(row.founder for row in found)
    words = all_words() if found else []
    return page_of([_club(row, named, words) for row in found], start, size)


def _posts(rows: QuerySet[Post], start: int, size: int) -> Page[JudgedPost]:
    found = list(rows[start : start + size + 1])
    if not found:
        return Page((), None)
    numbers = [row.pk for row in found]
    told = _reports(Report.objects.filter(post__in=numbers, comment=0), by="post_id")
    named = names_of({row.author for row in found} | {row.removed_by for row in found if row.removed_by})
    titles = content.titles(row.article for row in found if row.article)
    pictures, words = pictures_of(numbers), all_words()
    made = [
        JudgedPost(
            number=row.pk,
            club=row.club_id,
            club_name=row.club.name,
            division=row.club.division,
            author=row.author,
            author_name=named.get(row.author, ("", ""))[0],
            text=row.text,
            article=row.article,
            article_title=titles.get(row.article, ""),
            pictures=pictures.get(row.pk, ()),
            state=PostState(row.state),
            held=Held(row.held) if row.held else None,
            is_marked=row.is_marked,
            marks=_marks(row.text, words),
            posted_at=row.posted_at,
            reports=told.get(row.pk, ()),
            reason=row.reason,
            removed_at=row.removed_at,
            removed_by_name=named.get(row.removed_by, ("", ""))[0],
            is_by_staff=row.is_by_staff,
            review_words=row.review_words,
            review_asked_at=row.review_asked_at,
            reviewed_at=row.reviewed_at,
        )
        for row in found
    ]
    return page_of(made, start, size)


def _comments(rows: QuerySet[Comment], start: int, size: int) -> Page[JudgedComment]:
    found = list(rows[start : start + size + 1])
    if not found:
        return Page((), None)
    told = _reports(Report.objects.filter(comment__in=[row.pk for row in found]), by="comment")
    named, words = names_of(row.author for row in found), all_words()
    made = [
        JudgedComment(
            number=row.pk,
            post=row.post_id,
            club=row.post.club_id,
            club_name=row.post.club.name,
            division=row.post.club.division,
            author=row.author,
            author_name=named.get(row.author, ("", ""))[0],
            text=row.text,
            state=CommentState(row.state),
            held=Held(row.held) if row.held else None,
            is_marked=row.is_marked,
            marks=_marks(row.text, words),
            posted_at=row.posted_at,
            reports=told.get(row.pk, ()),
        )
        for row in found
    ]
    return page_of(made, start, size)


def _reports(rows: QuerySet[Report], *, by: str) -> dict[int, tuple[Reported, ...]]:
    found: dict[int, tuple[Reported, ...]] = {}
    for row in rows.filter(judged_at=None).order_by("pk")[:REPORTS_SHOWN_MAX]:
        key = getattr(row, by)
        found[key] = (
            *found.get(key, ()),
            Reported(ReportReason(row.reason), row.words, row.reported_at),
        )
    return found


def _marks(text: str, words: Sequence[Word]) -> tuple[str, ...]:
    return tuple(each.word for each in found_words(text, words))


def _club(row: Any, named: Names, words: Iterable[Word]) -> OfficeClub:
    return OfficeClub(
        number=row.pk,
        name=row.name,
        text=row.text,
        has_picture=bool(row.picture),
        division=row.division,
        founder=row.founder,
        founder_name=named.get(row.founder, ("", ""))[0],
        asked_at=row.asked_at,
        state=ClubState(row.state),
        rule=rule_of(row),
        members=row.members,
        posts_to_judge=row.to_judge,
        decided_at=row.decided_at,
        closed_at=row.closed_at,
        reason=row.reason,
        marks=_marks(f"{row.name} {row.text}", list(words)),
    )

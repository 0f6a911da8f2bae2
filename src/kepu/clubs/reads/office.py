"""What the office's pages need beside the queue: what was seen, what comes next, who wrote, and the words."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from kepu.clubs import labels
from kepu.clubs.models import BarredWord, Comment, Membership, Post, Report
from kepu.clubs.reads.judging import comment_waits, comments_of, posts_of, waits_for_staff
from kepu.clubs.reads.words import Barred
from kepu.clubs.rules import (
    MANAGING,
    ClubState,
    CommentState,
    Effect,
    Held,
    MemberState,
    PostState,
    ReportReason,
    Role,
    Rule,
)
from kepu.people.rules import Scopes


@dataclass(frozen=True, slots=True)
class Past:
    """What somebody wrote in clubs before: how much, and how much of it was removed."""

    posts: int = 0
    posts_removed: int = 0
    comments_removed: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """What somebody is in a club. `role` None: not in it. `muted_until`: may not write till then."""

    role: Role | None = None
    is_banned: bool = False
    muted_until: datetime | None = None


def next_post(scopes: Scopes, after: int) -> int:
    """The post that waits for a judgement after this one, or the first; 0 for none. Two queries at most."""
    return _next(posts_of(scopes).filter(waits_for_staff()).exclude(pk=after), after)


def next_comment(scopes: Scopes, after: int) -> int:
    """As `next_post`, of comments."""
    return _next(comments_of(scopes).filter(comment_waits()).exclude(pk=after), after)


def waiting_counts(scopes: Scopes) -> tuple[int, int]:
    """How many posts and how many comments wait for a judgement in these scopes. Two queries."""
    posts = posts_of(scopes).filter(waits_for_staff()).count()
    return posts, comments_of(scopes).filter(comment_waits()).count()


def posts_seen(posts: Collection[int]) -> dict[int, str]:
    """What a clerk saw of each post, as one word that changes with every decision about it. One query."""
    told = Report.objects.filter(post=OuterRef("pk"), comment=0).exclude(judged_at=None)
    fields = ("pk", "state", "is_marked", "is_by_staff", "removed_at", "review_asked_at", "reviewed_at")
    return _seen(Post.objects.filter(pk__in=posts), told, fields)


def comments_seen(comments: Collection[int]) -> dict[int, str]:
    """As `posts_seen`, of comments."""
    told = Report.objects.filter(comment=OuterRef("pk")).exclude(judged_at=None)
    fields = ("pk", "state", "is_marked", "is_by_staff", "removed_at")
    return _seen(Comment.objects.filter(pk__in=comments), told, fields)


def past_of(authors: Iterable[int]) -> dict[int, Past]:
    """What each of these people wrote before, in all clubs. Two queries."""
    wanted = sorted(set(authors))
    if not wanted:
        return {}
    # Deleting what others had removed does not undo that it was.
    gone = Q(state=PostState.DELETED, removed_by=F("author"))
    is_removed = Q(state=PostState.REMOVED) | Q(state=PostState.DELETED)
    written = Post.objects.filter(author__in=wanted).exclude(gone).order_by()
    rows = written.values_list("author").annotate(Count("pk"), removed=Count("pk", filter=is_removed))
    posts = {author: (count, taken) for author, count, taken in rows}
    removed = Comment.objects.filter(author__in=wanted, state=CommentState.REMOVED).order_by()
    comments = dict(removed.values_list("author").annotate(count=Count("pk")))
    return {
        author: Past(
            posts=posts.get(author, (0, 0))[0],
            posts_removed=posts.get(author, (0, 0))[1],
            comments_removed=comments.get(author, 0),
        )
        for author in wanted
    }


def places_of(pairs: Collection[tuple[int, int]]) -> dict[tuple[int, int], Place]:
    """What people are in clubs, by (club, account); whoever never joined is absent. One query."""
    rows = Membership.objects.filter(
        club__in={club for club, _ in pairs}, account__in={account for _, account in pairs}
    )
    return {
        (row.club_id, row.account): Place(
            role=Role(row.role) if row.state == MemberState.IN else None,
            is_banned=row.state == MemberState.BANNED,
            muted_until=row.muted_until,
        )
        for row in rows
    }


def clubs_managed(accounts: Collection[int], clubs: Collection[int]) -> frozenset[int]:
    """Those of these clubs that one of the accounts manages or founded. One query."""
    rows = Membership.objects.filter(
        account__in=accounts, club__in=clubs, state=MemberState.IN, role__in=MANAGING
    )
    return frozenset(rows.values_list("club", flat=True))


def word_of(number: int) -> Barred | None:
    """One line of the list of barred words. One query."""
    row = BarredWord.objects.filter(pk=number).first()
    return Barred(row.pk, row.word, Effect(row.effect), row.added_at, row.added_by) if row else None


def words_count() -> int:
    """How many words are barred. One query."""
    return BarredWord.objects.count()


def rule_text(rule: Rule) -> tuple[str, str, str]:
    """A club's rule in plain words: who posts, who sees it and when, how one joins."""
    return (
        str(labels.POSTING[rule.posting]),
        str(labels.SHOWING[rule.showing]),
        str(labels.JOINING[rule.joining]),
    )


def club_state_text(state: ClubState) -> str:
    """Where a club stands, in plain words."""
    return str(labels.CLUB_STATES[state])


def post_state_text(state: PostState | CommentState) -> str:
    """Where a post or comment stands, in plain words."""
    return str(labels.POST_STATES[PostState(state)])


def held_text(held: Held) -> str:
    """Why something is held back, in plain words."""
    return str(labels.HELD[held])


def effect_text(effect: Effect) -> str:
    """What a barred word does, in plain words."""
    return str(labels.EFFECTS[effect])


def report_reason_text(reason: ReportReason) -> str:
    """Why something is reported or removed, in plain words."""
    return str(labels.REPORT_REASONS[reason])


def role_text(role: Role) -> str:
    """What a member is in a club, in plain words."""
    return str(labels.ROLES[role])


def _next(waiting: QuerySet[Post] | QuerySet[Comment], after: int) -> int:
    numbers = waiting.order_by("pk").values_list("pk", flat=True)
    found = numbers.filter(pk__gt=after).first() or numbers.first()
    return int(found or 0)


def _seen(
    rows: QuerySet[Post] | QuerySet[Comment], told: QuerySet[Report], fields: tuple[str, ...]
) -> dict[int, str]:
    counted = told.order_by().values("post" if "review_asked_at" in fields else "comment")
    judged = Subquery(counted.annotate(count=Count("pk")).values("count"), output_field=IntegerField())
    found = rows.order_by().annotate(judged=Coalesce(judged, 0)).values_list(*fields, "judged")
    return {row[0]: sha256(repr(row).encode()).hexdigest()[:16] for row in found}

"""Questions about clubs and who is in them."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Case, Count, F, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from kepu.clubs.models import Club, Membership, Post
from kepu.clubs.reads.values import ClubCard, ClubHead, MemberRow
from kepu.clubs.reads.visible import clubs_seen_by
from kepu.clubs.rules import (
    CLUBS_PER_PERSON_MAX,
    MANAGING,
    ClubState,
    Joining,
    MemberState,
    Posting,
    PostState,
    Role,
    Rule,
    Showing,
    Viewer,
)
from kepu.kit.paging import Page, page_of
from kepu.people import reads as people
from kepu.people.rules import masked_name
from kepu.regions import reads as regions
from kepu.regions.rules import range_of

ROLE_ORDER = (Role.FOUNDER, Role.MANAGER, Role.MEMBER)


def my_clubs(account: int) -> list[ClubCard]:
    """The clubs I am in or ask to be in, the last joined first; at most CLUBS_PER_PERSON_MAX. Two queries.

    A club I asked for stands in it while it waits.
    """
    mine = Membership.objects.filter(account=account, state__in=(MemberState.IN, MemberState.ASKED))
    living = mine.filter(club__state__in=(ClubState.OPEN, ClubState.ASKED)).select_related("club")
    rows = list(living.annotate(members=_members("club")).order_by("-pk")[:CLUBS_PER_PERSON_MAX])
    names = regions.names(row.club.division for row in rows)
    return [
        _card(row.club, row.members, names, mine=(MemberState(row.state), Role(row.role))) for row in rows
    ]


def refused_club(account: int) -> ClubCard | None:
    """The last club the account asked for, where it was refused: what to change before asking again.

    One query.
    """
    row = Club.objects.filter(founder=account).order_by("-pk").first()
    if row is None or row.state != ClubState.REFUSED:
        return None
    return _card(row, 0, {}, mine=None)


def clubs_near(division: str, account: int, start: int, size: int) -> Page[ClubCard]:
    """Open clubs of a county that the account is not in, those nearest to `division` first. Two queries.

    Near is how much of the code is shared: my village, my town, then the rest of the county.
    """
    low, high = range_of(division[:6])
    open_clubs = Club.objects.filter(state=ClubState.OPEN, division__gte=low, division__lt=high)
    mine = Membership.objects.filter(account=account, state__in=(MemberState.IN, MemberState.ASKED))
    other = open_clubs.exclude(pk__in=mine.values("club")).annotate(members=_members("pk"))
    rows = list(_nearest_first(other, division)[start : start + size + 1])
    names = regions.names(row.division for row in rows)
    return page_of([_card(row, row.members, names, mine=None) for row in rows], start, size)


def club(number: int, viewer: Viewer) -> ClubHead | None:
    """The club as somebody sees it; None where it does not exist for them. At most five queries."""
    row = clubs_seen_by(viewer).filter(pk=number).annotate(members=_members("pk")).first()
    if row is None:
        return None
    mine = Membership.objects.filter(club=row, account=viewer.account).first() if viewer.account else None
    is_in = mine is not None and mine.state == MemberState.IN
    role = Role(mine.role) if mine is not None and is_in else None
    asked = waiting = 0
    if role in MANAGING and row.state == ClubState.OPEN:
        asked = Membership.objects.filter(club=row, state=MemberState.ASKED).count()
        waiting = Post.objects.filter(club=row, state=PostState.WAITING).count()
    return ClubHead(
        number=row.pk,
        name=row.name,
        text=row.text,
        has_picture=bool(row.picture),
        division=row.division,
        division_name=regions.full_name(row.division),
        members=row.members,
        state=ClubState(row.state),
        reason=row.reason,
        rule=rule_of(row),
        founder=row.founder,
        mine=MemberState(mine.state) if mine is not None else None,
        role=role,
        muted_until=mine.muted_until if mine is not None and is_in else None,
        ban_reason=mine.reason if mine is not None and mine.state == MemberState.BANNED else "",
        asked=asked,
        waiting=waiting,
    )


def members(number: int, state: MemberState, start: int, size: int, *, whole: bool) -> Page[MemberRow]:
    """Those of a club in one state: founder and managers first, then by when they joined. Three queries.

    `whole`: with whole names, for members; masked for others.
    """
    found = Membership.objects.filter(club=number, state=state)
    rows = list(_by_role(found)[start : start + size + 1])
    named = names_of(row.account for row in rows)
    return page_of([_member(row, named, whole) for row in rows], start, size)


def role_in(number: int, account: int) -> Role | None:
    """What the account is in the club now; None for no member. One query."""
    mine = Membership.objects.filter(club=number, account=account, state=MemberState.IN)
    role = mine.values_list("role", flat=True).first()
    return Role(role) if role is not None else None


def names_of(accounts: Iterable[int]) -> dict[int, tuple[str, str]]:
    """What people are called and their unit; "" for those who closed their account. Two queries at most."""
    wanted = set(accounts)
    profiles = people.profiles(wanted)
    named = {account: (each.name, each.unit_name) for account, each in profiles.items()}
    missing = wanted - named.keys()
    return named | {account: (name, "") for account, name in people.account_names(missing).items()}


def shown_name(name: str, *, whole: bool) -> str:
    """A name as members of the club read it, or masked for everybody else; "" stays ""."""
    return name if whole else masked_name(name)


def rule_of(row: Club) -> Rule:
    """The club's rule as it stands."""
    return Rule(Posting(row.posting), Showing(row.showing), Joining(row.joining))


def _members(club: str) -> Any:
    inside = Membership.objects.filter(club=OuterRef(club), state=MemberState.IN).order_by()
    return Coalesce(Subquery(inside.values("club").annotate(count=Count("pk")).values("count")), 0)


def _nearest_first(rows: QuerySet[Any], division: str) -> QuerySet[Any]:
    village, town = division[:12], division[:9]
    near = Case(When(division=village, then=Value(0)), When(division=town, then=Value(1)), default=Value(2))
    near_first: QuerySet[Any] = rows.annotate(near=near).order_by("near", "-members", "pk")
    return near_first


def _by_role(rows: QuerySet[Membership]) -> QuerySet[Membership]:
    order = Case(
        *(When(role=role, then=Value(place)) for place, role in enumerate(ROLE_ORDER)), default=Value(9)
    )
    return rows.annotate(order=order).order_by("order", F("joined_at").asc(nulls_last=True), "pk")


def _card(
    row: Club, members: int, names: dict[str, str], *, mine: tuple[MemberState, Role] | None
) -> ClubCard:
    return ClubCard(
        number=row.pk,
        name=row.name,
        text=row.text,
        has_picture=bool(row.picture),
        division=row.division,
        division_name=names.get(row.division, ""),
        members=members,
        state=ClubState(row.state),
        mine=mine[0] if mine else None,
        role=mine[1] if mine else None,
        reason=row.reason,
    )


def _member(row: Membership, named: dict[int, tuple[str, str]], whole: bool) -> MemberRow:
    name, unit_name = named.get(row.account, ("", ""))
    return MemberRow(
        account=row.account,
        name=shown_name(name, whole=whole),
        unit_name=unit_name,
        role=Role(row.role),
        state=MemberState(row.state),
        joined_at=row.joined_at,
        asked_at=row.asked_at,
        muted_until=row.muted_until,
        reason=row.reason,
    )

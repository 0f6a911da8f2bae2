"""Boards and tasks of clubs, counted by the worker and kept with the moment they were counted."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from django.db import transaction

from kepu.campaigns.rules import Kind, Published
from kepu.clubs.models import Club, ClubLine, ClubTask, MemberLine, Membership, Post
from kepu.clubs.reads.boards import shown_campaign
from kepu.clubs.rules import (
    DAY,
    MEMBERS_MAX,
    ClubCount,
    ClubState,
    MemberState,
    PostState,
    TaskKind,
    club_places,
    member_places,
)
from kepu.kit import clock
from kepu.ledger.reads.groups import credited_of, volumes_of

KINDS = {TaskKind.SHARE: Kind.SHARE, TaskKind.READ: Kind.READ}
CLUBS_AT_ONCE = 200


def count_clubs(now: datetime) -> int:
    """Every open club's board of this month and the running tasks are counted anew; how many clubs.

    Eight queries a club and four a county. A club is counted in a transaction of its own.
    """
    counts: dict[str, list[ClubCount]] = {}
    for club in _open_clubs():
        counts.setdefault(club.division[:6], []).append(_count_club(club, now))
    gone = ClubLine.objects.exclude(county__in=counts)
    gone.delete()
    for county, of_county in counts.items():
        _keep_places(county, of_county, now)
    return sum(map(len, counts.values()))


def _open_clubs() -> Iterator[Club]:
    after = 0
    while rows := list(
        Club.objects.filter(state=ClubState.OPEN, pk__gt=after).order_by("pk")[:CLUBS_AT_ONCE]
    ):
        yield from rows
        after = rows[-1].pk


@transaction.atomic
def _count_club(club: Club, now: datetime) -> ClubCount:
    inside = Membership.objects.filter(club=club, state=MemberState.IN)
    members = list(inside.values_list("account", flat=True)[:MEMBERS_MAX])
    published, today = shown_campaign(club.division, now), clock.day_of(now)
    volumes = _volumes(members, published, today)
    MemberLine.objects.filter(club=club).delete()
    MemberLine.objects.bulk_create(
        MemberLine(club=club, account=place.account, volume=place.volume, rank=place.rank)
        for place in member_places(volumes)
    )
    total = max(0, sum(volumes.values()))
    Club.objects.filter(pk=club.pk).update(counted_at=now, counted_month=f"{today:%Y-%m}", volume=total)
    _count_tasks(club, members, today, now)
    return ClubCount(club.pk, len(members), total)


def _volumes(members: Iterable[int], published: Published | None, today: date) -> dict[int, int]:
    if published is None:
        return {}
    return volumes_of(list(members), published.number, _number(today.replace(day=1)), _number(today))


def _count_tasks(club: Club, members: list[int], today: date, now: datetime) -> None:
    for task in ClubTask.objects.filter(club=club, withdrawn_at=None, last_day__gte=today):
        task.reached, task.counted_at = _reached(task, members), now
        task.save(update_fields=["reached", "counted_at"])


def _reached(task: ClubTask, members: list[int]) -> int:
    if task.kind == TaskKind.POST:
        posts = Post.objects.filter(club=task.club_id, state=PostState.SHOWN)
        first, last = clock.start_of(task.first_day), clock.start_of(task.last_day) + DAY
        return posts.filter(shown_at__gte=first, shown_at__lt=last).count()
    return credited_of(members, KINDS[TaskKind(task.kind)], _number(task.first_day), _number(task.last_day))


@transaction.atomic
def _keep_places(county: str, counts: list[ClubCount], now: datetime) -> None:
    ClubLine.objects.filter(county=county).delete()
    ClubLine.objects.bulk_create(
        ClubLine(
            club_id=place.club,
            county=county,
            month=f"{clock.day_of(now):%Y-%m}",
            members=place.members,
            volume=place.volume,
            hundredths=place.hundredths,
            rank=place.rank,
            counted_at=now,
        )
        for place in club_places(counts)
    )


def _number(day: date) -> int:
    return day.year * 10_000 + day.month * 100 + day.day

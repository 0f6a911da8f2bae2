"""What the worker counted for clubs; nothing is counted here."""

from datetime import date, datetime

from kepu.campaigns import reads as campaigns
from kepu.campaigns.reads.switches import switched_off
from kepu.campaigns.rules import Policy, Published, Switch, campaign_to_show
from kepu.clubs.models import Club, ClubLine, ClubTask, MemberLine
from kepu.clubs.reads.values import Board, BoardRow, ClubPlaceRow, TaskRow
from kepu.clubs.rules import ClubState, TaskKind
from kepu.kit.paging import Page, page_of
from kepu.people import reads as people
from kepu.people.rules import masked_name

TASKS_SHOWN_MAX = 20


def shown_campaign(division: str, now: datetime) -> Published | None:
    """The campaign a board counts by: the open one that covers a place, else the last one. One query."""
    return campaign_to_show(campaigns.published(), division, now)


def ranks_people(published: Published | None) -> bool:
    """Whether boards list anybody: not where a campaign is `voluntary`, for nobody opted in to be ranked."""
    return published is not None and published.sheet.policy is Policy.NOTICE


def club_board(club: int, account: int, size: int, now: datetime) -> Board | None:
    """The club's board of this month as last counted; None where boards are off or no campaign covers it.

    Where the campaign is voluntary nobody is listed: `mine` and the total alone. At most seven queries.
    """
    row = Club.objects.filter(pk=club).first()
    if row is None or Switch.BOARDS in switched_off(row.division, now):
        return None
    published = shown_campaign(row.division, now)
    if published is None:
        return None
    lines = MemberLine.objects.filter(club=club).order_by("rank", "account")
    listed = list(lines[:size]) if ranks_people(published) else []
    mine = next((line for line in listed if line.account == account), None)
    mine = mine or lines.filter(account=account).first()
    profiles = people.profiles({line.account for line in listed} | ({mine.account} if mine else set()))
    return Board(
        month=row.counted_month,
        counted_at=row.counted_at,
        total=row.volume,
        rows=tuple(_line(line, profiles.get(line.account), account) for line in listed),
        mine=_line(mine, profiles.get(mine.account), account) if mine else None,
    )


def clubs_board(county: str, start: int, size: int, now: datetime) -> Page[ClubPlaceRow]:
    """The clubs of a county by volume a member this month; empty where boards are off or voluntary.

    At most four queries.
    """
    if Switch.BOARDS in switched_off(county, now) or not ranks_people(shown_campaign(county, now)):
        return Page((), None)
    # A club that was closed since they were counted is on no board.
    lines = ClubLine.objects.filter(county=county, club__state=ClubState.OPEN)
    lines = lines.select_related("club").order_by("rank", "club")
    rows = [
        ClubPlaceRow(line.club_id, line.club.name, line.members, line.volume, line.hundredths, line.rank)
        for line in lines[start : start + size + 1]
    ]
    return page_of(rows, start, size)


def clubs_counted_at(county: str) -> datetime | None:
    """When the clubs of a county were last counted. One query."""
    return ClubLine.objects.filter(county=county).values_list("counted_at", flat=True).first()


def club_tasks(club: int, today: date, *, is_running: bool = True) -> list[TaskRow]:
    """What the club wants to reach together, what ends first first; else what is over, the last first.

    One query.
    """
    rows = ClubTask.objects.filter(club=club, withdrawn_at=None)
    if is_running:
        rows = rows.filter(last_day__gte=today).order_by("last_day", "pk")
    else:
        rows = rows.filter(last_day__lt=today).order_by("-last_day", "-pk")
    return [
        TaskRow(
            row.pk,
            TaskKind(row.kind),
            row.target,
            row.first_day,
            row.last_day,
            row.reached,
            row.counted_at,
            is_running,
        )
        for row in rows[:TASKS_SHOWN_MAX]
    ]


def _line(line: MemberLine, profile: people.Profile | None, account: int) -> BoardRow:
    """Whoever hides their name on boards does so here too, but not from themself."""
    if profile is None:
        return BoardRow(line.account, "", "", line.volume, line.rank)
    hides = profile.hides_name and line.account != account
    name = masked_name(profile.name) if hides else profile.name
    return BoardRow(line.account, name, "" if hides else profile.unit_name, line.volume, line.rank)

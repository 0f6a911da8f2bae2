"""Articles, boards, my entries and me."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja import Router, Status

from kepu.api import errors
from kepu.api.accounts import bearer
from kepu.api.errors import Problem
from kepu.api.values import ArticleList, ArticleWhole, BoardList, Browse, EntryRow, Me, PlaceRow, Statement
from kepu.campaigns import reads as campaigns
from kepu.campaigns.reads.switches import off_in, switched_off
from kepu.campaigns.rules import Kind, Reason, RuleSheet, Switch, sheet_covering
from kepu.campaigns.rules.sheets import SWITCH_OF, seconds_to_read
from kepu.content import reads as content
from kepu.content.rules import Article, Text
from kepu.kit import clock
from kepu.ledger import reads as ledger
from kepu.ledger.browsing import PageStamp, browse_event, page_token
from kepu.ledger.reads.state import one_state
from kepu.ledger.rules import Entry, day_number, read_spot, spot_of
from kepu.people import reads as people
from kepu.people.sessions import account_of
from kepu.regions import reads as regions
from kepu.regions.rules import is_within
from kepu.standings import reads as standings
from kepu.standings.rules import BOARD_LEVELS, is_window

router = Router(tags=["reading"])
PAGE = 20
PAGE_OF_ENTRIES = 50
Answer = Status[Any]


@router.get("/articles", response={200: ArticleList, 400: Problem})
def articles(request: HttpRequest, q: str = "", topic: str = "", start: int = 0) -> Answer:
    """Published articles, newest first; with `q`, those that match it, best first. 20 at a time."""
    page = content.articles(topic=topic[:60], query=q[:60], start=min(max(start, 0), 10_000), size=PAGE)
    return Status(200, {"articles": list(page.rows), "next_start": page.next_start})


@router.get("/articles/{id}", response={200: ArticleWhole, 404: Problem})
def article(request: HttpRequest, id: int) -> Answer:  # noqa: A002  the name in the address
    """One published article."""
    found = content.article(id) if 0 < id < 2**53 else None
    if found is None:
        return errors.unknown()
    account = account_of(request)
    return Status(200, _whole(found) | {"browse": _browse(account.pk, id) if account is not None else None})


@router.get("/boards/{campaign}", response={200: BoardList, 400: Problem, 404: Problem})
def board(
    request: HttpRequest, campaign: str, window: str = "all", division: str = "", start: int = 0
) -> Answer:
    """A campaign's places within a division and window ("all", a round's id, 2021-03), 20 at a time."""
    published = campaigns.campaign(campaign)
    if published is None:
        return errors.unknown()
    if Switch.BOARDS in off_in(published):
        return errors.switched_off()
    where = division or published.sheet.counts_within
    trouble = _not_a_board(published.sheet, window, where)
    if trouble:
        return errors.bad_request([trouble])
    with one_state():  # what is listed is what there was at the cut-off
        page = standings.board(published.number, window, where, min(max(start, 0), 1_000_000), PAGE)
        cut_off = standings.cut_off(published.number)
    account = account_of(request)
    me = account.pk if account is not None else 0
    places = [
        PlaceRow(
            rank=place.rank,
            name=place.name if place.person == me else standings.name_for_others(place.name, place.is_hidden),
            unit_name="" if place.is_hidden and place.person != me else place.unit_name,
            volume=place.volume,
            is_me=place.person == me,
        )
        for place in page.rows
    ]
    return Status(
        200,
        BoardList(
            campaign=campaign,
            window=window,
            division=where,
            measure=published.sheet.measure.value,
            cut_off=cut_off,
            places=places,
            next_start=page.next_start,
        ),
    )


@router.get("/activities", auth=bearer, response={200: Statement, 400: Problem, 401: Problem})
def my_activities(request: HttpRequest, before: str = "") -> Answer:
    """My ledger entries, newest first, 50 at a time; each names the campaign and version that judged it."""
    spot = read_spot(before)
    if before and spot is None:
        return errors.bad_request(["before: take it from next_before"])
    rows = ledger.statement(_me(request), spot, PAGE_OF_ENTRIES)
    names = {each.number: each.sheet.campaign for each in campaigns.published()}
    return Status(
        200,
        Statement(
            entries=[_row(each, names) for each in rows],
            next_before=spot_of(rows[-1]) if len(rows) == PAGE_OF_ENTRIES else None,
        ),
    )


@router.get("/me", auth=bearer, response={200: Me, 401: Problem})
def me(request: HttpRequest) -> Answer:
    """Who I am here, my points, and what still counts today."""
    account, now = _me(request), clock.now()
    row, profile, certification = (
        people.account(account),
        people.profile(account),
        people.certification_of(account),
    )
    standing = people.standing_many([account])[account]
    current = sheet_covering(campaigns.published(), standing.division, now)
    today = day_number(clock.milliseconds(now))
    credited = ledger.credited_on(account, current.number, today) if current else {}
    earnings, off = current.sheet.earnings if current else {}, switched_off(standing.division, now)
    return Status(
        200,
        Me(
            account=account,
            name=profile.name if profile else (row.name if row else ""),
            phone=row.phone_masked if row else "",
            is_certified=standing.is_certified,
            is_backbone=profile.is_backbone if profile else False,
            unit_name=profile.unit_name if profile else "",
            certification=certification.state.value if certification else None,
            points=ledger.balance(account),
            campaign=current.sheet.campaign if current else None,
            volume_measure=current.sheet.measure.value if current else None,
            credited_today={kind.name.lower(): count for kind, count in credited.items()},
            left_today={
                kind.name.lower(): earning.per_day_max - credited.get(kind, 0)
                for kind, earning in earnings.items()
                if SWITCH_OF.get(kind) not in off
            },
        ),
    )


def _browse(account: int, article: int) -> Browse:
    now, standing = clock.now(), people.standing_many([account])[account]
    current = sheet_covering(campaigns.published(), standing.division, now)
    seconds = seconds_to_read(current.sheet if current is not None else None)
    stamp = PageStamp(account, article, clock.milliseconds(now), seconds)
    token = page_token(settings.KEPU_KEYS.link, stamp)
    return Browse(event_id=str(browse_event(stamp)), stamp=token, seconds=seconds)


def _whole(found: Article) -> dict[str, Any]:
    fields = {name: getattr(found, name) for name in ArticleWhole.model_fields if hasattr(found, name)}
    return fields | {
        "text": [block.html for block in found.body if isinstance(block, Text)],
        "references": [str(reference) for reference in found.references],
    }


def _not_a_board(sheet: RuleSheet, window: str, division: str) -> str:
    """What is wrong with the question for a board, "" when nothing is."""
    if not is_window(sheet, window):
        return "window: all, a round of the campaign, a month (2021-03) or a day (2021-03-05)"
    if not (len(division) in BOARD_LEVELS and regions.division(division)):
        return "division: the code of a city, county, town or village"
    if not (is_within(division, sheet.counts_within) or is_within(sheet.counts_within, division)):
        return "division: one that the campaign covers"
    return ""


def _row(entry: Entry, names: dict[int, str]) -> EntryRow:
    return EntryRow(
        book=entry.book,
        seq=entry.seq,
        kind=Kind(entry.kind).name.lower(),
        article=entry.article,
        at=clock.from_milliseconds(entry.at_ms),
        points=entry.points,
        volume=entry.volume,
        reason=Reason(entry.reason).name.lower(),
        campaign=names.get(entry.campaign),
        version=entry.version,
    )


def _me(request: HttpRequest) -> int:
    account: int = request.auth  # type: ignore[attr-defined]
    return account

"""Years moved into files by tests, and what must read the same before and after."""

from datetime import timedelta
from typing import Any

from django.conf import settings

from kepu.campaigns.rules import Kind
from kepu.kit import clock
from kepu.ledger import reads
from kepu.ledger.models import ArticleTally, DayTally, Lot, LotLine
from kepu.ledger.reads import archived, holding, liking, replaying, spends, stating
from kepu.ledger.writes import archiving

NOW = clock.from_milliseconds(1_900_000_000_000)


def use_folder(tmp_path: Any, monkeypatch: Any) -> None:
    """Files go to a folder of the test's own, and what a test archived is believed by no other."""
    monkeypatch.setattr(settings, "KEPU_ARCHIVE", tmp_path / "archive")
    archived.forget_belief()


def registered(what: archiving.Due) -> int:
    """The number of the part, written and verified; nothing is taken out."""
    archiving.write_part(what, len_of)
    return archiving.register(what, archiving.verify_part(what, len_of), NOW)


def take_all_out(number: int) -> int:
    """How many entries were taken out of the database."""
    total = 0
    while taken := archiving.take_out(number, NOW + timedelta(seconds=61)):
        total += taken
    return total


def archive(what: archiving.Due) -> int:
    """The stretch is in its file alone; how many entries that are."""
    return take_all_out(registered(what)) if what.entries else 0


def up_to(book: int, seq: int) -> archiving.Due:
    """What is not archived of a book, up to an entry of anybody's choice rather than a year's end."""
    return archiving.due(book, 2999)._replace(last_seq=seq)


def len_of(done: int) -> None:
    """Whoever waits is told."""
    assert done > 0


def everything(persons: list[int], books: tuple[int, ...], campaign: int) -> dict[str, Any]:
    """What the ledger's reads say, but for those that show single entries of a person (decision 47)."""
    days, asked = (20210101, 20291231), replaying.ActsAsked(campaign, (20210101, 20291231))
    earlier = replaying.ActsAsked(campaign, (20220101, 20291231), {Kind.SHARE: 20210401}, True)
    entries = {book: reads.entries_after(book, 0, 10_000) for book in books}
    places = [(each.book, each.seq) for those in entries.values() for each in those]
    every = [each for those in entries.values() for each in those]
    liked = [each for each in every if each.kind == Kind.LIKED]
    return {
        "entries": entries,
        "pieces": {book: [reads.entries_after(book, n, 3) for n in range(0, 40, 7)] for book in books},
        "by place": sorted(reads.entries_at(places)),
        "single": [reads.entry(*place) for place in places[:9]],
        "reversed": reads.reversed_by(every),
        "last": [reads.last_entries("", 20210101, last, None) for last in (20210401, 20211231, 20291231)],
        "last in time": reads.last_entries("", *days, before_ms=every[len(every) // 2].at_ms if every else 1),
        "sharers": {book: [reads.sharers(7, book, n, 4) for n in range(0, 40, 9)] for book in books},
        "reasons": [reads.reason_counts(person, campaign, *days) for person in persons],
        "volumes": reads.volumes(campaign, *days),
        "day volumes": reads.day_volumes(campaign, *days),
        "points": [reads.account_of_points(person) for person in persons],
        "stated": stating.stated_since(campaign, days, every[len(every) // 3].at_ms if every else 0),
        "volume entries": stating.volume_entries(persons, campaign, days),
        "corrections": [stating.corrections_of(person, campaign, days, 9) for person in persons],
        "held": holding.held_volumes(campaign, persons, *days),
        "spends": {book: [spends.spends_after(book, n) for n in (0, 5, 19)] for book in books},
        "spend": [reads.spend_of(*place) for place in places[::4]],
        "recorded": [reads.is_recorded(each.person, each.event_id) for each in every[::4]],
        "receipts": [reads.spend_recorded(each.person, each.event_id) for each in every[::4]],
        "likes": {book: [liking.likes_after(book, n, 5)[0] for n in (0, 5, 19)] for book in books},
        "likes behind": liking.likes_behind(liked),
        "taken back": {book: replaying.taken_back(book, asked) for book in books},
        "begins": {book: replaying.last_before(book, 10_000, 20210601) for book in books},
        "past": {book: replaying.past_acts(book, 0, asked) for book in books},
        "past elsewhere": {book: replaying.past_acts(book, 5, earlier) for book in books},
        "tallies": sorted(DayTally.objects.values_list()),
        "article tallies": sorted(ArticleTally.objects.values_list()),
        "lots": sorted(Lot.objects.values_list()),
        "lines": sorted(LotLine.objects.values_list()),
    }

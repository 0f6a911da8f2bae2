"""When a day was reached by acts that stand in files: what `store.renew_reached` cannot see."""

from collections.abc import Sequence

from kepu.campaigns.rules import Kind
from kepu.ledger.models import DayTally
from kepu.ledger.models import Entry as EntryRow
from kepu.ledger.reads import archived
from kepu.ledger.rules import Entry

_COLUMNS = ("book", "seq", "kind", "at_ms", "volume")


def keep_reached(corrected: Sequence[Entry]) -> None:
    """The days of these corrected entries were reached by the last archived act that was not taken back,
    where none that the database has is later. Nothing is asked where nothing was archived.

    Called after the database's own acts were looked at. A query, and for each day with archived acts three.
    """
    those = archived.parts() if corrected else []
    days = {(each.book, each.person, each.day, each.campaign) for each in corrected} if those else set()
    for book, person, day, campaign in sorted(days):
        spans = {"person": (person, person), "day": (day, day), "campaign": (campaign, campaign)}
        of_book = [part for part in those if part.book == book]
        acts = [row for rows in archived.rows(_COLUMNS, of_book, spans) for row in rows if row[4] > 0]
        if acts:
            _keep((book, person, day, campaign), acts)


def _keep(place: tuple[int, int, int, int], acts: list[tuple[int, ...]]) -> None:
    book, person, day, campaign = place
    rows = EntryRow.objects.filter(book=book, person=person, kind=Kind.ADJUSTMENT, ref_seq__gt=0)
    taken_back = set(rows.values_list("ref_book", "ref_seq"))
    spans = {"person": (person, person), "kind": (int(Kind.ADJUSTMENT),) * 2}
    for some in archived.rows(("ref_book", "ref_seq"), archived.parts(book), spans):
        taken_back |= set(some)
    reached: dict[int, int] = {}
    for _book, seq, kind, at_ms, _volume in acts:
        if (book, seq) not in taken_back:
            reached[kind] = max(reached.get(kind, 0), at_ms)
    for kind, at_ms in reached.items():
        tally = DayTally.objects.filter(book=book, person=person, day=day, campaign=campaign, kind=kind)
        tally.filter(reached_ms__lt=at_ms).update(reached_ms=at_ms)

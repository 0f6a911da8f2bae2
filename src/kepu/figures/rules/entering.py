"""From approved lines to acts of the ledger, and which files may stand beside one another."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from kepu.campaigns.rules import Kind
from kepu.figures.rules.judging import Period
from kepu.figures.rules.values import CHANGING, OWN_ENTRY, Line, Span
from kepu.ledger.rules import Act, Channel, Entry, own_event


@dataclass(frozen=True, slots=True)
class Signed:
    """What all entries of a file have in common: which file, for which sheet, by whom and when (ms)."""

    file: int
    sha256: str
    campaign: int
    version: int
    author: int
    at_ms: int


def acts_of(
    lines: Iterable[Line], signed: Signed, standing: Mapping[tuple[int, int], Entry]
) -> Iterator[Act]:
    """The acts of a file's lines, one a step. `standing`: the entries that steps name, by (book, seq).

    The event ids follow from file, row and step alone, so that doing it again enters nothing twice.
    """
    digest, file = bytes.fromhex(signed.sha256), _bytes(signed.file)
    for line in lines:
        if line.verdict not in CHANGING:
            continue
        for part, step in enumerate(line.steps):
            which = _bytes(part) if part else b""
            yield Act(
                person=step.account or line.person,
                event_id=own_event(b"figures", digest, file, _bytes(line.row), which),
                kind=Kind.IMPORT,
                article=0,
                channel=Channel.STAFF,
                at_ms=signed.at_ms,
                volume=step.volume,
                campaign=signed.campaign,
                version=signed.version,
                day=step.day,
                author=signed.author,
                note=note_of(signed.sha256, line.row),
                corrects=standing[step.entry] if step.entry != OWN_ENTRY else None,
            )


def note_of(sha256: str, row: int) -> str:
    """What an entry says of where it comes from."""
    return f"官方数据文件 sha256:{sha256} 第 {row} 行"


def may_stand_beside(period: Period, span: Span, other: Period, other_span: Span) -> bool:
    """Whether figures of two files of one campaign speak of the same days in the same way, or of others.

    Cumulative files all begin with the campaign; those of periods must cover the same period or days apart.
    """
    if Span.CUMULATIVE in (span, other_span):
        return span is other_span
    if period.last_day < other.first_day or other.last_day < period.first_day:
        return True
    return span is other_span and (span is Span.DAILY or period == other)


def bears_on(period: Period, span: Span, other: Period) -> bool:
    """Whether the differences of one file rest on what another says, so that it must be withdrawn first."""
    if span is Span.CUMULATIVE:
        return True
    return not (period.last_day < other.first_day or other.last_day < period.first_day)


def _bytes(number: int) -> bytes:
    return number.to_bytes(8, "big")

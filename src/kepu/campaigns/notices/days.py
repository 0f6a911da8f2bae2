"""Days and spans of days in a text. A day without a year is of the year at hand."""

import calendar
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from kepu.campaigns.notices.figures import whole

_HAN_YEAR = r"[一二][零〇ΟOo0一二三四五六七八九]{3}"
_HAN = r"[一二三四五六七八九十]{1,3}"
_YEAR = rf"(?P<year>(?:19|20)\d{{2}}|{_HAN_YEAR}|今|本|明|[次翌])年"
_DAY = re.compile(
    rf"(?:{_YEAR}度?)?(?P<month>\d{{1,2}}|{_HAN})月(?:份)?(?:(?P<day>\d{{1,2}}|{_HAN})[日号]|(?P<end>底|末))"
    r"|(?<![\d.])(?P<year2>(?:19|20)\d{2})[.\-/](?P<month2>\d{1,2})[.\-/](?P<day2>\d{1,2})(?![\d.])"
    r"|(?P<year3>(?:19|20)\d{2})年(?P<end3>年?底|年?末|末)"
)
_CLOCK = r"(?:[上下]午|凌晨|早上?|晚上?|中午)?(?:\d{1,2}[:：时点](?:\d{1,2}分?|整)?)?"
_TO = rf"{_CLOCK}(?:起|开始|零时|上午|下午)?(?:[（(][^（）()]{{1,6}}[）)])?\s*(?:[-—~]{{1,2}}|至|到)\s*"
_MONTHS = re.compile(
    rf"(?:{_YEAR})?(?P<first>\d{{1,2}}|{_HAN})(?:月(?:份)?)?(?:[-—~]{{1,2}}|至|到)"
    rf"(?:{_YEAR.replace('year', 'year9')})?"
    rf"(?P<last>\d{{1,2}}|{_HAN})月(?:份)?(?!\d{{1,2}}[日号]|{_HAN}[日号])"
)
_SHORT_END = re.compile(rf"{_TO}(?P<day>\d{{1,2}}|{_HAN})[日号]")
_NEXT = ("次", "翌")  # of the year before it in the text
SPAN_JOINT = re.compile(rf"^{_TO}$")


@dataclass(frozen=True, slots=True)
class Day:
    """A day and where in the text it is said; `has_year`: with its year."""

    value: date
    start: int
    end: int
    has_year: bool


@dataclass(frozen=True, slots=True)
class Span:
    """From a day to a day, both within; `of_months`: said in months only."""

    first: date
    last: date
    start: int
    end: int
    of_months: bool = False


def days_in(text: str, year: int | None) -> list[Day]:
    """The days a text says, in order; one without a year takes that of the day before it, else `year`."""
    found: list[Day] = []
    for match in _DAY.finditer(text):
        said = match["year"] or match["year2"] or match["year3"]
        own = _year(said, found[-1].value.year if found and said in _NEXT else year)
        current = own if own is not None else (found[-1].value.year if found else year)
        value = None if current is None else _date(current, match)
        if value is not None:
            found.append(Day(value, match.start(), match.end(), own is not None))
    return found


def spans_in(text: str, year: int | None) -> list[Span]:
    """The spans of days a text says, in order: 3月1日至6月30日, 3月1日—15日, 1—7月."""
    days, spans = days_in(text, year), []
    for first, last in itertools.pairwise(days):
        between = text[first.end : last.start]
        if (SPAN_JOINT.match(between) or (not between and last.has_year)) and first.value <= last.value:
            spans.append(Span(first.value, last.value, first.start, last.end))
    for first in days:
        short = _SHORT_END.match(text, first.end)
        if short is not None and (number := whole(short["day"])) is not None:
            last_value = _made(first.value.year, first.value.month, number)
            if last_value is not None and last_value >= first.value:
                spans.append(Span(first.value, last_value, first.start, short.end()))
    spans += _months(text, year)
    return sorted(spans, key=lambda each: each.start)


def _months(text: str, year: int | None) -> Iterator[Span]:
    for match in _MONTHS.finditer(text):
        own = _year(match["year"], year) or year
        later = _year(match["year9"], own if match["year9"] in _NEXT else year) or own
        first, last = whole(match["first"]), whole(match["last"])
        if own is None or later is None or first is None or last is None:
            continue
        begins = _made(own, first, 1)
        if begins is not None and 1 <= last <= 12:
            ends = date(later, last, calendar.monthrange(later, last)[1])
            if begins <= ends:
                yield Span(begins, ends, match.start(), match.end(), of_months=True)


def _year(said: str | None, year: int | None) -> int | None:
    if said is None:
        return None
    if said in "今本":
        return year
    if said in ("明", *_NEXT):
        return None if year is None else year + 1
    digits = "".join("0" if letter in "零〇ΟOo0" else letter for letter in said)
    return whole(digits.replace("0", "零")) if not digits.isdigit() else int(digits)


def _date(year: int, match: re.Match[str]) -> date | None:
    if match["end3"]:
        return date(year, 12, 31)
    month = whole(match["month"] or match["month2"] or "")
    if month is None or not 1 <= month <= 12:
        return None
    if match["end"]:
        return date(year, month, calendar.monthrange(year, month)[1])
    day = whole(match["day"] or match["day2"] or "")
    return None if day is None else _made(year, month, day)


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None

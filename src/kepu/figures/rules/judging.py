"""The verdict of every row, and what its figure changes."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kepu.documents.reading import Cell
from kepu.figures.rules.cells import day_of, figure_of, is_sum_word
from kepu.figures.rules.matching import Known, cell_of, masked_who, person_of, place_of
from kepu.figures.rules.values import (
    ACCEPTED,
    WORKED_OUT,
    Layout,
    Line,
    Match,
    Person,
    Role,
    Span,
    Verdict,
)

# Rows that have found whom or what they speak of.
_FITTING = (Verdict.SAME, Verdict.COMPARED, Verdict.NOT_CERTIFIED)


@dataclass(frozen=True, slots=True)
class Period:
    """First and last day (yyyymmdd, both included) that a file speaks of."""

    first_day: int
    last_day: int


def judged(
    rows: Iterable[tuple[int, Sequence[Cell]]], layout: Layout, period: Period, known: Known
) -> list[Line]:
    """A line for every row that is not empty, in order; accepted ones are SAME until `with_deltas`.

    `rows`: (row number, cells). Of rows that say the same of one person one counts, of rows that
    contradict one another none does: nobody can tell which is right.
    """
    lines = [
        _judged(number, row, layout, period, known)
        for number, row in rows
        if any(cell is not None for cell in row)
    ]
    return list(_once_each(lines))


def of_kept(lines: Sequence[Line], kept: Mapping[int, Person], within: str) -> list[Line]:
    """The lines, those of accounts that were merged since under the account that was kept.

    `kept`: merged account → the person. Two lines that speak of one person now are judged as two rows of
    one file are; one that names somebody outside `within` now is refused.
    """
    if not any(line.person in kept for line in lines):
        return list(lines)
    out = []
    for line in lines:
        person = kept.get(line.person)
        if person is not None and line.verdict in WORKED_OUT:
            fits = person.division.startswith(within)
            verdict = Verdict.SAME if fits else Verdict.OUTSIDE
            if fits and not person.is_certified:
                verdict = Verdict.NOT_CERTIFIED
            line = replace(
                line, person=person.account, unit=person.unit, division=person.division, verdict=verdict
            )
        out.append(replace(line, verdict=Verdict.SAME) if line.verdict in ACCEPTED else line)
    return list(_once_each(out))


def with_deltas(
    lines: Iterable[Line],
    counted: Mapping[tuple[int, int], int],
    later: Mapping[int, int],
    span: Span,
    revoked: Collection[int] = (),
) -> list[Line]:
    """The lines with what counted before and the difference to it.

    Of `revoked` people, and of whoever was not certified when the file was read, less is taken back and
    more is not entered.

    `counted`: (person, day) → volume that counts now. Cumulative: whatever counts up to the day is
    `before`, and `later` (person → first later day with a figure) gives the difference back there,
    because the later figure included it.
    """
    by_person = _by_person(counted) if span is Span.CUMULATIVE else {}
    out = []
    for line in lines:
        if line.verdict not in WORKED_OUT or not line.person:
            out.append(replace(line, before=0, delta=0, carried_day=0))
            continue
        if span is Span.CUMULATIVE:
            before = sum(volume for day, volume in by_person.get(line.person, ()) if day <= line.day)
        else:
            before = counted.get((line.person, line.day), 0)
        delta = line.stated - before
        verdict = Verdict.SAME if not delta else Verdict.COUNTS if delta > 0 else Verdict.LESS
        if delta >= 0 and (line.verdict is Verdict.NOT_CERTIFIED or line.person in revoked):
            verdict, delta = Verdict.NOT_CERTIFIED, 0
        carried = later.get(line.person, 0) if delta and span is Span.CUMULATIVE else 0
        out.append(replace(line, before=before, delta=delta, verdict=verdict, carried_day=carried))
    return out


def slots_of(
    counted: Mapping[tuple[int, int], int], layout: Layout, period: Period
) -> dict[tuple[int, int], int]:
    """What counts by (person, day a figure of this layout stands on): a whole period is one."""
    if layout.span is Span.DAILY:
        return dict(counted)
    found: dict[tuple[int, int], int] = {}
    for (person, _day), volume in counted.items():
        found[person, period.last_day] = found.get((person, period.last_day), 0) + volume
    return found


def compared(
    lines: Iterable[Line], slots: Mapping[tuple[int, int], int], totals: Mapping[tuple[int, str], int]
) -> list[Line]:
    """The lines with what Kepu counts beside them, for a file that enters nothing.

    `slots`: as `slots_of`; `totals`: (unit, division) → volume of its people.
    """
    out = []
    for line in lines:
        if line.verdict is Verdict.NOT_CERTIFIED:
            out.append(replace(line, before=slots.get((line.person, line.day), 0)))
            continue
        if line.verdict in ACCEPTED:
            before = slots.get((line.person, line.day), 0)
        elif line.verdict is Verdict.COMPARED:
            before = totals.get((line.unit, line.division), 0)
        else:
            out.append(line)
            continue
        out.append(replace(line, verdict=Verdict.COMPARED, before=before, delta=line.stated - before))
    return out


def _by_person(counted: Mapping[tuple[int, int], int]) -> dict[int, list[tuple[int, int]]]:
    found: dict[int, list[tuple[int, int]]] = {}
    for (person, day), volume in counted.items():
        found.setdefault(person, []).append((day, volume))
    return found


def _judged(number: int, row: Sequence[Cell], layout: Layout, period: Period, known: Known) -> Line:
    line = Line(number, Verdict.SAME, masked_who(row, layout), day=period.last_day)
    if any(
        is_sum_word(cell_of(row, layout, role)) for role in (Role.NAME, Role.PHONE, Role.UNIT, Role.REGION)
    ):
        return replace(line, verdict=Verdict.SUM_ROW)
    if is_sum_word(str(row[0] or "")):
        return replace(line, verdict=Verdict.SUM_ROW)
    line = _with_whom(line, row, layout, known)
    if line.verdict not in _FITTING:
        return line
    figure = figure_of(_cell(row, layout, Role.VOLUME))
    if isinstance(figure, Verdict):
        return replace(line, verdict=figure, says=cell_of(row, layout, Role.VOLUME)[:60])
    line = replace(line, stated=figure)
    return _with_day(line, row, layout, period) if layout.span is Span.DAILY else line


def _with_whom(line: Line, row: Sequence[Cell], layout: Layout, known: Known) -> Line:
    if layout.match is not Match.TOTALS:
        person = person_of(row, layout, known)
        if isinstance(person, Verdict):
            return replace(line, verdict=person)
        verdict = line.verdict if person.is_certified else Verdict.NOT_CERTIFIED
        return replace(
            line, verdict=verdict, person=person.account, unit=person.unit, division=person.division
        )
    place = place_of(row, layout, known)
    if isinstance(place, Verdict):
        return replace(line, verdict=place)
    registered = figure_of(_cell(row, layout, Role.REGISTERED))
    return replace(
        line,
        verdict=Verdict.COMPARED,
        unit=place.unit,
        division=place.division,
        registered=registered if not isinstance(registered, Verdict) else -1,
    )


def _with_day(line: Line, row: Sequence[Cell], layout: Layout, period: Period) -> Line:
    says = cell_of(row, layout, Role.DAY)[:60]
    day = day_of(_cell(row, layout, Role.DAY))
    if day is None:
        return replace(line, verdict=Verdict.DAY_WRONG, says=says)
    if not period.first_day <= day <= period.last_day:
        return replace(line, verdict=Verdict.DAY_OUTSIDE, says=says)
    return replace(line, day=day)


def _cell(row: Sequence[Cell], layout: Layout, role: Role) -> Cell:
    place = layout.columns.get(role)
    return row[place] if place is not None and place < len(row) else None


def _once_each(lines: Sequence[Line]) -> Iterator[Line]:
    """Of several rows about one person and day the first, when all say the same; else none."""
    said: dict[tuple[int, int, int, str], list[Line]] = {}
    for line in lines:
        if line.verdict in _FITTING:
            said.setdefault(_subject(line), []).append(line)
    for line in lines:
        others = said.get(_subject(line), ()) if line.verdict in _FITTING else ()
        if len(others) < 2:
            yield line
        elif len({each.stated for each in others}) > 1:
            other = next(each.row for each in others if each.row != line.row)
            yield replace(line, verdict=Verdict.CONFLICTING, other_row=other)
        elif line.row == others[0].row:
            yield line
        else:
            yield replace(line, verdict=Verdict.DUPLICATE, other_row=others[0].row)


def _subject(line: Line) -> tuple[int, int, int, str]:
    if line.person:
        return line.person, line.day, 0, ""
    return 0, line.day, line.unit, line.division

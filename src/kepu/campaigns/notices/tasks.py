"""The table of tasks per unit, with the totals it states."""

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import combinations

from kepu.campaigns.notices.figures import whole
from kepu.campaigns.notices.grids import SERIAL, UNIT_HEAD, Cell, Grid, grids_in, is_figure, is_sum
from kepu.campaigns.notices.lines import Line
from kepu.campaigns.notices.values import Entry, Figure, Found, TasksRead, figure

_TASK_WORDS = re.compile(r"任务|指标|目标|注册|传播|分享|转发|骨干|科普员|信息员|发展|完成|阅读|浏览")
_NOT_TASKS = re.compile(r"名次|排名|档次|等次|名额|奖项|奖金|得分|评分|电话|联系|完成率|完成情况|金额|票价")
_FIGURE_PART = re.compile(r"^([\d,，.零〇一二两三四五六七八九十百千]+)(万)?")


def tasks_in(lines: Sequence[Line]) -> TasksRead | None:
    """The first table that gives tasks to units; None when there is none."""
    for grid in grids_in(lines):
        read = _of(_one_below_another(grid), lines)
        if read is not None:
            return read
    return None


def bare_table(lines: Sequence[Line]) -> Found[str] | None:
    """The first row of a table of figures that has no headings, so that nobody knows what they count."""
    for grid in grids_in(lines):
        if len(grid.rows) > 1 and all(map(_is_body, grid.rows[:2])):
            row = grid.rows[0]
            return Found(" ".join(cell.text for cell in row), row[0].line.passage)
    return None


def _one_below_another(grid: Grid) -> Grid:
    """A table set in halves side by side (单位|任务|单位|任务) as one: the right half below the left.

    A row of sums that fills the whole width is kept once.
    """
    for top, head in enumerate(grid.rows[:3]):
        words = [cell.text for cell in head]
        for parts in (2, 3):
            width, rest = divmod(len(words), parts)
            if rest or width < 2 or not all(words[:width]) or words != words[:width] * parts:
                continue
            if len(set(words[:width])) < width:
                continue
            above = tuple(row[:width] for row in grid.rows[: top + 1])
            below: list[tuple[Cell, ...]] = []
            for part in range(parts):
                for row in grid.rows[top + 1 :]:
                    piece = row[part * width : (part + 1) * width]
                    if part == 0 and is_sum(row[0].text) and not any(map(_is_number, row[1:width])):
                        piece = (row[0], *row[1 - width :])  # 合计 over all but the last columns
                    spans_all = part > 0 and any(is_sum(cell.text) for cell in row[:width])
                    if not spans_all and any(cell.text for cell in piece):
                        below.append(piece)
            return Grid((*above, *below), grid.above)
    return grid


def _of(grid: Grid, lines: Sequence[Line]) -> TasksRead | None:
    body = next((at for at, row in enumerate(grid.rows) if _is_body(row)), None)
    if not body or body > 4:  # no numbers, or no headings
        return None
    start = next(
        (at for at in range(body) if len({cell.text for cell in grid.rows[at] if cell.text}) > 1), None
    )
    if start is None:
        return None
    heads = _heads(grid.rows[start:body])
    caption = "".join(line.text for line in lines[max(0, grid.above - 3) : grid.above] if not line.cells)
    caption += "".join(cell.text for row in grid.rows[:start] for cell in row[:1])
    words = "".join(cell.text for cell in heads)
    if _NOT_TASKS.search(words) or not _TASK_WORDS.search(words + caption):
        return None
    unit = next(
        (at for at, cell in enumerate(heads) if UNIT_HEAD.search(cell.text) and not _counts(grid, body, at)),
        None,
    )
    if unit is None:  # a heading like 镇（场、区）: the first column of names
        names = [at for at, cell in enumerate(heads) if cell.text and not SERIAL.match(cell.text)]
        unit = names[0] if names and not _counts(grid, body, names[0]) else None
    if unit is None:
        return None
    columns = [
        at
        for at in range(len(heads))
        if at != unit and not SERIAL.match(heads[at].text) and _counts(grid, body, at)
    ]
    columns = [at for at in columns if heads[at].text]
    twins = [(one, other) for one, other in combinations(columns, 2) if heads[one].text == heads[other].text]
    if any(_texts(grid, body, one) != _texts(grid, body, other) for one, other in twins):
        return None  # which is which, the headings do not say
    columns = [at for at in columns if at not in {other for _one, other in twins}]
    if not columns:
        return None
    return _read(grid, body, (heads, unit, columns))


def _is_body(row: tuple[Cell, ...]) -> bool:
    """Whether a row holds numbers beside a name: no heading any more."""
    figures = sum(is_figure(cell.text) for cell in row)
    return figures > 0 and any(cell.text and not is_figure(cell.text) for cell in row)


def _heads(rows: Sequence[tuple[Cell, ...]]) -> list[Cell]:
    """One heading a column; of headings in several rows the lower goes behind the upper (全年 传播量)."""
    width = max(len(row) for row in rows)
    heads = []
    for at in range(width):
        cells = [row[at] for row in rows if at < len(row) and row[at].text]
        texts = list(dict.fromkeys(cell.text for cell in cells))
        heads.append(Cell("".join(texts), cells[-1].line) if cells else Cell("", rows[0][0].line))
    return heads


def _is_number(cell: Cell) -> bool:
    return is_figure(cell.text)


def _texts(grid: Grid, body: int, at: int) -> list[str]:
    return [row[at].text for row in grid.rows[body:] if at < len(row)]


def _counts(grid: Grid, body: int, at: int) -> bool:
    cells = [row[at].text for row in grid.rows[body:] if at < len(row) and row[at].text]
    return bool(cells) and sum(is_figure(cell) for cell in cells) * 2 > len(cells)


def _read(grid: Grid, body: int, layout: tuple[list[Cell], int, list[int]]) -> TasksRead | None:
    heads, unit, columns = layout
    rows: list[tuple[Found[Entry], ...]] = []
    totals: tuple[Found[Figure | None], ...] = ()
    for row in grid.rows[body:]:
        if len(row) <= unit or (not row[unit].text and not any(is_sum(cell.text) for cell in row)):
            continue
        values = [_number(row[at].text) if at < len(row) else None for at in columns]
        if any(is_sum(cell.text) for cell in row[: unit + 1]):
            if row[unit].text.startswith("小计"):
                continue
            totals = tuple(
                Found(value, (row[at] if at < len(row) else row[unit]).line.passage)
                for at, value in zip(columns, values, strict=True)
            )
            continue
        if all(value is None for value in values):
            continue
        cells: list[Found[Entry]] = [Found(row[unit].text, row[unit].line.passage)]
        cells += [
            Found(value, (row[at] if at < len(row) else row[unit]).line.passage)
            for at, value in zip(columns, values, strict=True)
        ]
        rows.append(tuple(cells))
    if not rows:
        return None
    named = tuple(Found(heads[at].text, heads[at].line.passage) for at in (unit, *columns))
    return TasksRead(named, tuple(rows), totals)


def _number(text: str) -> Figure | None:
    """The number of a cell as it is printed, in the column's own unit (万次 stays 1.2)."""
    match = _FIGURE_PART.match(text)
    if not match or not is_figure(text):
        return None
    value = whole(match[1], 10_000 if match[2] else 1)
    if value is None and not match[2] and re.fullmatch(r"\d{1,9}\.\d{1,6}", match[1]):
        return figure(Decimal(match[1]))
    return value

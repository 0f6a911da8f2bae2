"""Tables out of plain lines: one cell a line, or a row's cells with blanks between."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kepu.campaigns.notices.figures import NUMBER
from kepu.campaigns.notices.lines import Line, merged, plain

_FIGURE = re.compile(rf"^(?:{NUMBER})(?:人|名|次|条|个|篇|户|元|万次|万)?$")
_SUM = re.compile(r"^(?:全[省市州县区镇乡村街]|本[镇乡村县]|累)?(?:合计|总计|小计|共计|总和|总数)|^累计")
_UNIT = re.compile(r"^[（(][^（）()]{1,6}[）)]$")
UNIT_HEAD = re.compile(
    r"单位|村|社区|乡镇|镇名|街道|部门|学校|名称|县市区|县区|区县|县（|市县|责任|地区|支部|网格|科室|区划|区域"
)
SERIAL = re.compile(r"^(?:序号|编号|序|No\.?|NO\.?)$")
_TABLE_NAME = re.compile(r"表$|任务|^附件")
_CELL_MAX = 24
_COLUMNS_MAX = 12


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell's text and the line it stands in."""

    text: str
    line: Line


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of cells, headings included; `above` is the place of its first line among the lines."""

    rows: tuple[tuple[Cell, ...], ...]
    above: int


def grids_in(lines: Sequence[Line]) -> list[Grid]:
    """The tables of a notice in order: real ones, and those that lines were once."""
    return sorted([*_real(lines), *_spaced(lines), *_stacked(lines)], key=lambda grid: grid.above)


def is_figure(text: str) -> bool:
    """Whether a cell holds a number and nothing else but its unit."""
    return _FIGURE.match(text) is not None


def is_sum(text: str) -> bool:
    """Whether a cell names a row of sums."""
    return _SUM.match(text) is not None


def _real(lines: Sequence[Line]) -> list[Grid]:
    found: list[Grid] = []
    at = 0
    while at < len(lines):
        stop = at + 1
        if lines[at].cells:
            while (
                stop < len(lines)
                and lines[stop].passage.table == lines[at].passage.table
                and lines[stop].cells
            ):
                stop += 1
            found.append(
                Grid(tuple(tuple(Cell(cell, line) for cell in line.cells) for line in lines[at:stop]), at)
            )
        at = stop
    return found


def _spaced(lines: Sequence[Line]) -> list[Grid]:
    """Rows like 同福村 2 45 4400, two or more together; the line above with as many words is the heading."""
    found: list[Grid] = []
    at = 0
    while at < len(lines):
        split = _split(lines[at])
        stop = at + 1
        if split:
            while stop < len(lines) and len(_split(lines[stop])) == len(split):
                stop += 1
            if stop - at > 1:
                rows = [tuple(Cell(cell, line) for cell in _split(line)) for line in lines[at:stop]]
                head = lines[at - 1].passage.text.split() if at and not lines[at - 1].cells else []
                if len(head) == len(split):
                    rows.insert(0, tuple(Cell(cell, lines[at - 1]) for cell in head))
                found.append(Grid(tuple(rows), at - 1 if len(head) == len(split) else at))
        at = stop
    return found


def _split(line: Line) -> list[str]:
    """The words of a line that is a name and two or more numbers, maybe behind a serial number; else none."""
    words = [plain(word) for word in line.passage.text.split()]
    if line.cells or not 3 <= len(words) <= _COLUMNS_MAX:
        return []
    name = 1 if is_figure(words[0]) and not is_figure(words[1]) else 0
    is_row = not is_figure(words[name]) and len(words[name]) <= _CELL_MAX and len(words) - name >= 3
    return words if is_row and all(is_figure(word) for word in words[name + 1 :]) else []


def _stacked(lines: Sequence[Line]) -> list[Grid]:
    """Tables printed one cell a line: a name and so many numbers, again and again."""
    found: list[Grid] = []
    at = 0
    while at < len(lines):
        shape = _shape(lines, at)
        if shape is None:
            at += 1
            continue
        serial, numbers = shape
        width = serial + 1 + numbers
        rows: list[tuple[Cell, ...]] = []
        stop = at
        while (row := _row(lines, stop, serial, numbers)) is not None:
            rows.append(_together(row))
            stop += sum(1 for cell in row if cell.text or cell.line is not row[0].line)
        head = _head(lines, at, width, serial)
        is_whole = stop >= len(lines) or not is_figure(lines[stop].text)
        if len(rows) > 1 and head is not None and is_whole:
            found.append(Grid((head[0], *rows), head[1]))
            at = max(stop, at + 1)
        else:
            at += 1
    return found


def _together(row: tuple[Cell, ...]) -> tuple[Cell, ...]:
    """The row with all its lines as the passage of each cell: a lone 45 proves nothing."""
    lines = list(dict.fromkeys(cell.line for cell in row))
    whole = Line(merged(lines), "".join(line.text for line in lines))
    return tuple(Cell(cell.text, whole) for cell in row)


def _short(line: Line) -> bool:
    return not line.cells and 0 < len(line.text) <= _CELL_MAX and not re.search(r"[。；]", line.text)


def _shape(lines: Sequence[Line], at: int) -> tuple[int, int] | None:
    """How many serial numbers (0 or 1) and numbers make a row that begins here, twice over."""
    texts = [line.text if _short(line) else "" for line in lines[at : at + 2 * _COLUMNS_MAX]]
    if texts and is_sum(texts[0]):  # the totals come first
        run = next((count for count, text in enumerate(texts[1:]) if not is_figure(text)), 0)
        for serial, numbers in ((1, run - 1), (0, run)):
            if numbers > 0 and _row(lines, at + 1 + numbers, serial, numbers) is not None:
                return serial, numbers
        return None
    serial = 1 if texts and texts[0] in ("1", "一") and len(texts) > 1 and not is_figure(texts[1]) else 0
    if len(texts) <= serial or not texts[serial] or is_figure(texts[serial]):
        return None
    numbers = 0
    while serial + 1 + numbers < len(texts) and is_figure(texts[serial + 1 + numbers]):
        numbers += 1
    if serial and numbers > 1:
        following = texts[serial + numbers] if serial + numbers < len(texts) else ""
        numbers -= 1 if following in ("2", "二") else 0
    if not 1 <= numbers <= _COLUMNS_MAX:
        return None
    return (serial, numbers) if _row(lines, at + serial + 1 + numbers, serial, numbers) is not None else None


def _row(lines: Sequence[Line], at: int, serial: int, numbers: int) -> tuple[Cell, ...] | None:
    taken: list[Cell] = []
    if serial and at < len(lines) and is_sum(lines[at].text):
        taken.append(Cell("", lines[at]))  # the row of sums has no serial number
    elif serial:
        if at >= len(lines) or not is_figure(lines[at].text):
            return None
        taken.append(Cell(lines[at].text, lines[at]))
        at += 1
    if at + numbers >= len(lines) or not all(_short(line) for line in lines[at : at + numbers + 1]):
        return None
    name, figures = lines[at], lines[at + 1 : at + 1 + numbers]
    if is_figure(name.text) or not all(is_figure(line.text) for line in figures):
        return None
    return (*taken, Cell(name.text, name), *(Cell(line.text, line) for line in figures))


def _head(lines: Sequence[Line], at: int, width: int, serial: int) -> tuple[tuple[Cell, ...], int] | None:
    """The headings above a row and where they begin; a unit on its own line (（人）) goes to its heading.

    A heading that once stood over several (单位, 任务, 骨干, 注册) is left out: it does not say over which.
    """
    texts: list[str] = []
    unit, top = "", at
    while top > 0 and _short(lines[top - 1]) and not is_figure(lines[top - 1].text):
        if len(texts) >= width and (_is_first_head(texts[0], serial) or len(texts) > width + 1):
            break
        top -= 1
        if _UNIT.match(lines[top].text):
            unit = lines[top].text
            continue
        texts.insert(0, lines[top].text + unit)
        unit = ""
    extra = len(texts) - width
    if extra > 0 and _is_first_head(texts[0], serial):
        texts = [*texts[: 1 + serial], *texts[1 + serial + extra :]]
    elif extra > 0:  # what stands above is no part of the table
        texts, top = texts[extra:], top + extra
    if len(texts) < width:
        return None
    used = lines[top:at]
    whole = Line(merged(used), "".join(line.text for line in used))
    return tuple(Cell(text, whole) for text in texts), top


def _is_first_head(text: str, serial: int) -> bool:
    return (
        len(text) <= 8
        and bool((SERIAL if serial else UNIT_HEAD).search(text))
        and not _TABLE_NAME.search(text)
    )

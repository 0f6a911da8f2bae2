"""Rounds and daily caps that stand in tables, a row each."""

import re
from collections.abc import Sequence
from datetime import date

from kepu.campaigns.notices.days import days_in, spans_in
from kepu.campaigns.notices.figures import NUMBER, whole
from kepu.campaigns.notices.lines import Line
from kepu.campaigns.notices.scopes import scopes_in
from kepu.campaigns.notices.values import CapRead, Found, RoundRead

_NAME = re.compile(r"^(?:评选)?(?:轮次|批次|期次|阶段|评选名称|评选)$")
_WHEN = re.compile(r"时间|日期|周期|时段")
_SCOPE = re.compile(r"范围|区域|层级")
_CONDITION = re.compile(r"条件|要求|对象")
_REWARD = re.compile(r"奖励|奖项|表彰")
_ACT = re.compile(r"行为|项目|内容|类别|方式|积分项")
_CAP = re.compile(r"(?:每[日天]|单日|日)(?:积分)?(?:上限|最多|最高|限)|[日天]上限")


def table_rounds(lines: Sequence[Line], year: int | None) -> list[RoundRead]:
    """The rounds of tables headed 轮次 and a time, and a condition or a reward."""
    found: list[RoundRead] = []
    for head, rows in _tables(lines):
        name, when = _column(head, _NAME), _column(head, _WHEN)
        asked, given = _column(head, _CONDITION), _column(head, _REWARD)
        if name is None or when is None or (asked is None and given is None):
            continue
        area = _column(head, _SCOPE)
        found += [_round(row, (name, when, area, asked, given), year) for row in rows if _cell(row, name)]
    return found


def _round(
    row: Line, columns: tuple[int, int, int | None, int | None, int | None], year: int | None
) -> RoundRead:
    name, when, area, asked, given = columns
    here = row.passage
    spans, days = spans_in(_cell(row, when), year), days_in(_cell(row, when), year)
    first: Found[date] | None = Found(spans[0].first, here) if spans else None
    last = Found(spans[0].last, here) if spans else Found(days[-1].value, here) if days else None
    said = _cell(row, area) if area is not None else row.text
    words = list(dict.fromkeys(scope for _at, scope in scopes_in(said)))
    texts = [Found(text, here) if (text := _cell(row, at)) else None for at in (asked, given)]
    scope = Found(",".join(words), here) if words else None
    return RoundRead(Found(_cell(row, name), here), first, last, scope, texts[0], texts[1])


def table_caps(lines: Sequence[Line]) -> list[CapRead]:
    """The caps of tables with a column 每日上限."""
    found: list[CapRead] = []
    for head, rows in _tables(lines):
        cap = _column(head, _CAP)
        act = _column(head, _ACT)
        if cap is None or act is None or act == cap:
            continue
        for row in rows:
            counted = re.match(rf"^(?:{NUMBER})", _cell(row, cap))
            value = whole(counted.group()) if counted else None
            if value and _cell(row, act):
                is_points = "分" in _cell(row, cap) or (
                    "积分" in head.cells[cap] and "次" not in _cell(row, cap)
                )
                what = _cell(row, act) + ("积分" if is_points and "积分" not in _cell(row, act) else "")
                found.append(CapRead(Found(what, row.passage), Found(value, row.passage)))
    return found


def _tables(lines: Sequence[Line]) -> list[tuple[Line, list[Line]]]:
    """First row and the rows below it of each table."""
    tables: dict[int, list[Line]] = {}
    for line in lines:
        if line.cells:
            tables.setdefault(line.passage.table, []).append(line)
    return [(rows[0], rows[1:]) for rows in tables.values() if len(rows) > 1]


def _column(head: Line, words: re.Pattern[str]) -> int | None:
    return next((at for at, cell in enumerate(head.cells) if words.search(cell) and len(cell) <= 12), None)


def _cell(row: Line, at: int | None) -> str:
    return row.cells[at] if at is not None and at < len(row.cells) else ""

"""Award tiers in tables whose headings name ranks or prizes and sums."""

import re
from collections.abc import Sequence

from kepu.campaigns.notices.figures import NUMBER, whole
from kepu.campaigns.notices.lines import HEADING, Line
from kepu.campaigns.notices.ranks import RANK, N, mended
from kepu.campaigns.notices.scopes import SCOPE_OF, scopes_in, shared_scope
from kepu.campaigns.notices.values import Found, Question, TierRead

AMOUNT = re.compile(rf"(?P<figure>{NUMBER})(?P<ten>万|千|百)?元(?!以[上下])")
TIMES = {"万": 10_000, "千": 1000, "百": 100, None: 1}
_CELL_RANK = re.compile(
    rf"^(?:第|前)?(?P<low>{N})(?:名|位)?(?:[-—~]{{1,2}}|至|到)(?:第)?(?P<high>{N})(?:名|位)?$"
)
_CELL_TOP = re.compile(rf"^前(?P<top>{N})(?:名|位)?$|^第?(?P<only>{N})(?:名|位)?$")
_ORDER_HEAD = re.compile(r"名次|排名|位次|档次|等次|奖项|等级|奖级|获奖")
_SUM_HEAD = re.compile(r"元|金额|标准|奖金|补贴|补助|奖励|话费")
_ASKED_HEAD, _GIVEN_HEAD = re.compile(r"条件|要求|对象|范围|排名|名次"), re.compile(r"奖励|奖金|补贴|奖项")
_FOR_UNITS = re.compile(r"(?:组织|单位|集体|团体|团队)奖|(?:优秀|先进)(?:组织|单位|集体|团体|团队)")
_COUNT_HEAD = re.compile(r"名额|人数|数量|奖数|个数")


def tiers_of_table(block: list[Line], lines: Sequence[Line]) -> tuple[list[TierRead], list[Question]]:
    """The tiers of a table whose headings name ranks or prizes and sums, and a question for rows of units.

    A table of rounds, whose rows say ranks in one cell and a sum in another, gives one tier a row.
    """
    units = [row for row in block if _FOR_UNITS.search("".join(row.cells))]
    people = [row for row in block if row not in units]
    tiers = _ranked_rows(people, lines) if people else []
    asked = [
        Question("award_tiers", f"“{row.text}”奖励的是单位，不是个人，没有列入各档，请核对。")
        for row in units
        if tiers and re.search(r"\d", row.text)
    ]
    return tiers, asked


def _ranked_rows(block: list[Line], lines: Sequence[Line]) -> list[TierRead]:
    for top, head in enumerate(block[:3]):
        rank = _rank_column(block, top)
        amounts = [
            at
            for at, cell in enumerate(head.cells)
            if at != rank and _SUM_HEAD.search(cell) and not _COUNT_HEAD.search(cell)
        ]
        if rank is None or not amounts:
            continue
        count = _column(head.cells, _COUNT_HEAD)
        scope_column = _column(head.cells, re.compile(r"范围|区域|级别|层级"))
        return _table_rows(block, top, (rank, amounts, count, scope_column), lines)
    if _column(block[0].cells, _ASKED_HEAD) is None or _column(block[0].cells, _GIVEN_HEAD) is None:
        return []
    return [tier for row in block[1:] if (tier := _said_in_row(row, lines)) is not None]


def _said_in_row(row: Line, lines: Sequence[Line]) -> TierRead | None:
    """The tier of a row that names ranks once and a sum once (全县前20名 | 每人100元)."""
    ranks = [match for cell in row.cells for match in RANK.finditer(cell) if match["low"] or match["top"]]
    sums = [match for cell in row.cells for match in AMOUNT.finditer(cell)]
    if len(ranks) != 1 or len(sums) != 1:
        return None
    low, high = whole(ranks[0]["low"] or "1"), whole(ranks[0]["high"] or ranks[0]["top"])
    amount = whole(sums[0]["figure"], TIMES[sums[0]["ten"]])
    if not low or not high or low > high or amount is None:
        return None
    here = row.passage
    scope = scope_at(row.text, len(row.text), [row], lines)
    return TierRead(Found(low, here), Found(high, here), Found(amount, here), scope)


def _table_rows(
    block: list[Line], top: int, columns: tuple[int, list[int], int | None, int | None], lines: Sequence[Line]
) -> list[TierRead]:
    rank_at, amounts, count_at, area_at = columns
    tiers: list[TierRead] = []
    counted = 0
    for row in block[top + 1 :]:
        cells = row.cells
        if len(cells) <= rank_at or re.search(r"合计|总计|小计", cells[0] + cells[rank_at]):
            continue
        ranks = _cell_ranks(
            cells[rank_at], cells[count_at] if count_at is not None and count_at < len(cells) else "", counted
        )
        if ranks is None:
            continue
        low, high = ranks
        counted = high
        amount = None
        for at in amounts:
            head = block[top].cells[at]
            amount = amount if amount is not None or at >= len(cells) else _cell_amount(cells[at], head)
        scope = None
        if area_at is not None and area_at < len(cells):
            word = re.sub(r"^全|级$|范围内?$", "", cells[area_at])
            scope = Found(SCOPE_OF[word], row.passage) if word in SCOPE_OF else None
        scope = scope or scope_at(row.text, len(row.text), [row], lines) or _scope_above(block, top, lines)
        here = row.passage
        tiers.append(
            TierRead(
                Found(low, here),
                Found(high, here),
                Found(amount, here) if amount is not None else None,
                scope,
            )
        )
    return tiers


def _scope_above(block: list[Line], top: int, lines: Sequence[Line]) -> Found[str] | None:
    for line in reversed(block[: top + 1]):
        if scopes := scopes_in(line.text):
            return Found(scopes[-1][1], line.passage)
    return scope_at("", 0, [block[0]], lines)


def _cell_ranks(cell: str, count: str, counted: int) -> tuple[int, int] | None:
    if (match := _CELL_RANK.match(cell)) is not None:
        low, high = whole(match["low"]), whole(match["high"])
        return (low, high) if low and high and low <= high else None
    if (match := _CELL_TOP.match(cell)) is not None:
        top, only = whole(match["top"] or ""), whole(match["only"] or "")
        if only:
            torn = mended(cell, counted + 1) if cell.isdigit() and only > counted + 1 else None
            return (counted + 1, torn) if torn else (only, only)
        return (1, top) if top else None
    if re.search(r"奖|^[特一二三四五]等$", cell):
        inside = re.search(rf"({N})(?:名|个|人|位)", cell)
        number = whole(re.sub(r"[名个人位]", "", count)) if count else (whole(inside[1]) if inside else None)
        return (counted + 1, counted + number) if number else None
    inside = RANK.search(cell)
    if inside and inside["low"]:
        low, high = whole(inside["low"]), whole(inside["high"])
        return (low, high) if low and high and low <= high else None
    return None


def _cell_amount(cell: str, head: str) -> int | None:
    if (match := AMOUNT.search(cell)) is not None:
        return whole(match["figure"], TIMES[match["ten"]])
    if re.fullmatch(NUMBER, cell) and "元" in head:
        return whole(cell, 10_000 if "万元" in head else 1)
    if re.fullmatch(NUMBER, cell) and re.search(r"金额|标准|奖金|补贴", head):
        return whole(cell)
    return None


def _rank_column(block: list[Line], top: int) -> int | None:
    """The column headed by ranks or prizes; of several (等次, 名次) the first that says ranks by itself."""
    columns = [at for at, cell in enumerate(block[top].cells) if _ORDER_HEAD.search(cell) and len(cell) <= 16]
    for at in columns[: len(columns) if len(columns) > 1 else 0]:
        if any(at < len(row.cells) and _cell_ranks(row.cells[at], "", 0) for row in block[top + 1 :]):
            return at
    return columns[0] if columns else None


def _column(cells: Sequence[str], words: re.Pattern[str]) -> int | None:
    return next((at for at, cell in enumerate(cells) if words.search(cell) and len(cell) <= 16), None)


def scope_at(text: str, place: int, block: list[Line], lines: Sequence[Line]) -> Found[str] | None:
    """The area named last before a rank: in its own lines, else in the few above of the same section."""
    before = [scope for at, scope in scopes_in(text) if at < place]
    if before:
        at_place = [at for at, _scope in scopes_in(text) if at < place][-1]
        length = 0
        for line in block:
            length += len(line.text) + 1
            if at_place < length:
                return Found(before[-1], line.passage)
    if not before and (shared := shared_scope(text)):
        return Found(shared, block[0].passage)
    first = lines.index(block[0])
    own_mark = _mark_of(block[0])
    for line in reversed(lines[max(0, first - 6) : first]):
        scopes = scopes_in(line.text)
        if scopes:
            return Found(scopes[-1][1], line.passage)
        if line.cells or (_mark_of(line) == "section" and own_mark == "section"):
            break
        if _mark_of(line) == "section":
            break
    return None


def _mark_of(line: Line) -> str:
    matched = HEADING.match(line.text)
    if not matched:
        return ""
    return "section" if re.match(r"^第?[一二三四五六七八九十]", matched.group()) else "point"

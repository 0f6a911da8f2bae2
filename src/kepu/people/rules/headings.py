"""What the headings of a roster mean, wherever they stand, and the rows below them."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

ROSTER_ROWS_MAX = 20_000
HEADING_WITHIN = 10
Raw = str | int | float | bool | date | datetime | None


class RosterColumn(StrEnum):
    """A column of a roster; the first three must be there."""

    NAME = "name"
    PHONE = "phone"
    UNIT = "unit"
    TOWN = "town"
    TYPE = "type"
    ASSOCIATION = "association"
    BACKBONE = "backbone"
    CERTIFIED = "certified"


REQUIRED = (RosterColumn.NAME, RosterColumn.PHONE, RosterColumn.UNIT)
# As counties head their lists; blanks, stars and what stands in brackets are left out before looking.
SYNONYMS: dict[RosterColumn, frozenset[str]] = {
    RosterColumn.NAME: frozenset(
        {"姓名", "名字", "真实姓名", "科普员", "科普员姓名", "科普信息员", "科普信息员姓名", "人员姓名"}
    ),
    RosterColumn.PHONE: frozenset(
        {
            *("手机号", "手机号码", "手机", "电话", "电话号码", "联系电话", "联系方式", "移动电话"),
            *("注册手机", "注册手机号", "手机电话"),
        }
    ),
    RosterColumn.UNIT: frozenset(
        {
            *("单位", "单位名称", "所在单位", "所属单位", "工作单位", "村", "村名", "行政村", "所在村"),
            *("所属村", "村社区", "村居", "社区", "村/社区", "村、社区", "单位代码"),
        }
    ),
    RosterColumn.TOWN: frozenset(
        {"乡镇", "镇", "街道", "乡镇街道", "乡镇/街道", "所在乡镇", "所属乡镇", "镇街", "乡"}
    ),
    RosterColumn.TYPE: frozenset({"类型", "用户类型", "科普员类型", "人员类型", "级别", "层级"}),
    RosterColumn.ASSOCIATION: frozenset(
        {"机构", "机构名称", "所属机构", "科协", "所属科协", "科协机构", "认证机构"}
    ),
    RosterColumn.BACKBONE: frozenset({"骨干", "是否骨干", "骨干科普员", "是否骨干科普员", "骨干标记"}),
    RosterColumn.CERTIFIED: frozenset(
        {"认证日期", "认证时间", "实名认证日期", "实名认证时间", "注册日期", "注册时间"}
    ),
}


@dataclass(frozen=True, slots=True)
class RosterLine:
    """One row as it stands in the file; `row` counts from 1 as a spreadsheet does. Absent cells are None."""

    row: int
    cells: Mapping[RosterColumn, Raw]


def headings(rows: Sequence[Sequence[Raw]]) -> tuple[int, dict[RosterColumn, int]] | tuple[RosterColumn, ...]:
    """Where the headings stand (index of their row) and each column's place; else the required ones missing.

    The best of the first HEADING_WITHIN rows is taken: a title may stand above.
    """
    found = [(index, _columns(row)) for index, row in enumerate(rows[:HEADING_WITHIN])]
    index, columns = max(found, key=lambda each: len(each[1]), default=(0, {}))
    missing = tuple(column for column in REQUIRED if column not in columns)
    return missing or (index, columns)


def lines(rows: Sequence[Sequence[Raw]], top: int, columns: Mapping[RosterColumn, int]) -> list[RosterLine]:
    """The rows below the headings, those without a cell of ours left out."""
    found = []
    for number, row in enumerate(rows[top + 1 :], top + 2):
        cells = {column: row[place] for column, place in columns.items()}
        if any(cell is not None for cell in cells.values()):
            found.append(RosterLine(number, cells))
    return found


def text_of(cell: Raw) -> str:
    """A cell as text; a whole number without a point, an empty cell as nothing."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _columns(row: Sequence[Raw]) -> dict[RosterColumn, int]:
    found: dict[RosterColumn, int] = {}
    for place, cell in enumerate(row):
        text = heading_of(cell)
        column = next((column for column, names in SYNONYMS.items() if text in names), None)
        if column is not None:
            found.setdefault(column, place)
    return found


def heading_of(cell: Raw) -> str:
    """A heading as synonyms are looked up: without blanks, stars and what stands in brackets."""
    text = unicodedata.normalize("NFKC", text_of(cell))
    return re.sub(r"\s|[*:：]|\([^)]*\)|【[^】]*】", "", text)

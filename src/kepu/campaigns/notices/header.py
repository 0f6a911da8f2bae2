"""Head and foot of a notice: title, number, issuer, day of issue; and where a second notice begins in it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kepu.campaigns.notices.days import days_in
from kepu.campaigns.notices.lines import HEADING, Line, merged, plain
from kepu.campaigns.notices.numbering import own_number, torn_number
from kepu.campaigns.notices.values import Found

KINDS = "通知|通报|公告|通告|方案|意见|办法|细则|决定|倡议书|公示|请示|报告|批复|纪要|规定|规则|计划|"
KINDS += "要点|函|启事|邀请函|简报|章程|指南"
_TITLE_END = re.compile(rf"(?:{KINDS})(?:[（(][^（）()]{{1,12}}[）)])?$")
_TABLE_TITLE = re.compile(r"(?:表|名单|清单|台账|一览|安排)(?:[（(][^（）()]{1,12}[）)])?$")
_META = re.compile(
    r"^(?:发布|来源|索引|信息|公开|主题|成文|文号|发文|名称|分类|浏览|字体|作者|时间|日期|生成|有效|签发|密级|紧急|特急|加急|平急|内部|【|首页|当前位置|打印)"
)
_ORGAN = (
    r"[一-鿿、·（）()]{1,38}?(?:人民政府办公室|人民政府|办公室|办公厅|委员会|科学技术协会|科协|协会|学会|联合会|总工会|工会|妇联|"
    r"局|厅|部|委|办|处|科|所|站|院|馆|中心|领导小组|指挥部|支部|党委|党组|学校|大学|中学|小学|公司|村委会|居委会|社区|组委会|团委|政府)"
)
ORGAN_LINE = re.compile(rf"^{_ORGAN}$")
_SIGNED = re.compile(rf"^(?P<organ>{_ORGAN})?(?:[（(](?:盖章|公章|印章|代章|章)[）)])?(?P<day>.*)$")
_PRINTED = re.compile(r"(?:印发|印制)[）)]?$|印发[（(]|^[（(].*(?:发布|通过)[）)]$")
_SENTENCE = re.compile(r"[。；！？，：:]")
_TAG = re.compile(r"^【(?:重要|紧急)?(?:通知|公告|转发|通报|提醒|文件)】")
TITLE_LINES_MAX = 40


@dataclass(frozen=True, slots=True)
class Signature:
    """Organ and day at the foot of a notice, with the places of their lines."""

    organ: Found[str] | None
    day: Found[date]
    at: int


@dataclass(frozen=True, slots=True)
class TitleRead:
    """A title and the first and last line it fills."""

    found: Found[str]
    first: int
    last: int


def title_in(lines: Sequence[Line], start: int = 0, within: int = TITLE_LINES_MAX) -> TitleRead | None:
    """The first title at or after `start`: lines that together name organ, matter and kind of paper."""
    for at in range(start, min(len(lines), start + within)):
        text = lines[at].text
        if lines[at].cells and len(set(filter(None, lines[at].cells))) > 1:
            continue
        if not _TITLE_END.search(text) or not _is_title_line(text) or text.startswith("附件"):
            continue
        first = at
        joined = text
        while first > start and at - first < 5 and _leads(lines[first - 1], joined):
            first -= 1
            joined = lines[first].text + joined
        if len(joined) >= 6 or (
            len(joined) >= 2 and first == at and start == 0 and joined in ("通知", "通报")
        ):
            return TitleRead(Found(_TAG.sub("", joined), merged(lines[first : at + 1])), first, at)
    return None


def table_title_in(lines: Sequence[Line]) -> TitleRead | None:
    """The heading of a sheet that is no letter (…任务分配表), among the first lines."""
    for at, line in enumerate(lines[:6]):
        if not line.cells and _TABLE_TITLE.search(line.text) and 6 <= len(line.text) <= 60:
            return TitleRead(Found(re.sub(r"^附件\d*[：:]?", "", line.text), line.passage), at, at)
    return None


def _is_title_line(text: str) -> bool:
    text = _TAG.sub("", text)
    bare = re.sub(r"《[^》]*》", "", text)
    return (
        len(text) <= 90 and not _SENTENCE.search(bare) and not HEADING.match(text) and not _META.match(text)
    )


def _leads(line: Line, joined: str) -> bool:
    """Whether a line is an upper part of the title that goes on with `joined`."""
    text = line.text
    if line.cells or not text or len(text) > 45 or not _is_title_line(text):
        return False
    if own_number(text) or torn_number(text) or text.endswith("文件") or _TITLE_END.search(text):
        return False
    if _day_line(line) is not None:
        return False
    if re.search(r"\d", text) and not re.search(r"[一-鿿]{2}", text):
        return False
    if joined.startswith("关于"):
        return bool(ORGAN_LINE.match(text))
    if re.match(rf"^{_ORGAN}关于", joined):  # a joint notice names its organs one a line
        return bool(ORGAN_LINE.match(text)) and len(text) > 4 and text not in joined
    return "关于" not in joined and not re.fullmatch(r"[（(].*[）)]", text)


def second_title(lines: Sequence[Line], title: TitleRead | None) -> TitleRead | None:
    """The title of a notice that stands whole inside: another title with a number or an addressee."""
    start = title.last + 1 if title else 0
    while start < len(lines):
        found = title_in(lines, start, len(lines))
        if found is None:
            return None
        text = found.found.value
        near_above = lines[max(title.last + 1 if title else 0, found.first - 3) : found.first]
        near_below = lines[found.last + 1 : found.last + 4]
        is_whole = any(own_number(each.text) for each in (*near_above, *near_below))
        is_whole = is_whole or any(is_addressee(each.text) for each in near_below)
        is_whole = is_whole or (
            title is not None and "转发" in title.found.value and text in title.found.value
        )
        if is_whole and len(text) >= 8 and (title is None or text != title.found.value):
            return found
        start = found.last + 1
    return None


def is_addressee(text: str) -> bool:
    """Whether a line names whom the notice is for (各村（社区）、各单位：)."""
    return (
        len(text) <= 120
        and text.endswith(("：", ":"))
        and bool(
            re.match(r"^(?:各|有关|相关|全|机关|镇|乡|县|市|省|区|局|本)", text)
            or re.search(r"(?:局|村|镇|乡|单位|部门|科协|学会|社区|办|街道)[：:]$", text)
        )
        and not HEADING.match(text)
    )


def signatures_in(lines: Sequence[Line], year: int | None) -> list[Signature]:
    """Organ and day at the feet, in order: a line that is a day, with the organ in it or just above."""
    found = []
    for at, line in enumerate(lines):
        if line.cells or len(line.text) > 70 or at == 0:
            continue
        day = _day_line(line)
        if day is None:
            continue
        matched = _SIGNED.match(line.text)
        organ = matched["organ"] if matched else None
        if organ:
            found.append(Signature(Found(organ, line.passage), Found(day, line.passage), at))
            continue
        above = _organs_above(lines, at)
        found.append(Signature(above, Found(day, line.passage), at))
    return found


def _day_line(line: Line) -> date | None:
    text = re.sub(r"^[（(]|[）)]$", "", line.text)
    days = days_in(text, None)
    if len(days) != 1 or not days[0].has_year or text[days[0].end :].strip("。 "):
        return None
    before = text[: days[0].start]
    before = re.sub(r"[（(](?:盖章|公章|印章|代章|章)[）)]$", "", before)
    return days[0].value if not before or ORGAN_LINE.match(before) else None


def _organs_above(lines: Sequence[Line], at: int) -> Found[str] | None:
    """The organs that sign, those of a joint notice with 、 between; None when the day stands alone."""
    organs: list[str] = []
    signed: list[Line] = []
    for line in reversed(lines[max(0, at - 5) : at]):
        pieces = _organs_of(line)
        if not pieces:
            break
        organs, signed = [*pieces, *organs], [line, *signed]
    return Found("、".join(organs), merged(signed)) if signed else None


def _organs_of(line: Line) -> list[str]:
    if line.cells or is_addressee(line.text) or len(line.text) > 80 or HEADING.match(line.text):
        return []
    pieces = [_unsealed(plain(each)) for each in line.passage.text.split()]
    if len(pieces) > 1 and all(len(each) > 3 and ORGAN_LINE.match(each) for each in pieces):
        return pieces
    whole = _unsealed(line.text)
    return [whole] if ORGAN_LINE.match(whole) and len(whole) <= 40 and not _TITLE_END.search(whole) else []


def _unsealed(text: str) -> str:
    return re.sub(r"[（(](?:盖章|公章|印章|代章|章)[）)]$", "", text)


def red_head(lines: Sequence[Line], title: TitleRead | None) -> Found[str] | None:
    """The organ of the red head (插旗镇人民政府文件), above the title."""
    stop = title.first if title else min(6, len(lines))
    for line in lines[:stop]:
        matched = re.match(r"^(.{3,38}?)文件(?:.{0,24}号)?$", line.text)
        if matched and ORGAN_LINE.match(matched[1]):
            return Found(matched[1], line.passage)
    return None


def organ_of_title(title: TitleRead | None) -> Found[str] | None:
    """The organ that a title begins with (插旗镇人民政府办公室关于…)."""
    matched = re.match(rf"^({_ORGAN})(?:印发)?关于", title.found.value) if title else None
    return Found(matched[1], title.found.passage) if matched and title else None


def printed_by(lines: Sequence[Line]) -> tuple[Found[str] | None, Found[date]] | None:
    """Organ and day of the printing line (…办公室 2021年6月21日印发), the first there is."""
    for line in lines:
        if not _PRINTED.search(line.text) or len(line.text) > 70:
            continue
        days = days_in(line.text, None)
        if len(days) == 1 and days[0].has_year:
            organ = line.text[: days[0].start].lstrip("（(")
            organ = organ or re.sub(r"(?:印发|印制|发布|通过)[）)]?$", "", line.text[days[0].end :])
            named = Found(organ, line.passage) if ORGAN_LINE.match(organ) else None
            return named, Found(days[0].value, line.passage)
    return None


def labelled(lines: Sequence[Line], labels: str) -> Found[str] | None:
    """What a web page's head says behind one of the labels (发布机构：…), above or below the text."""
    for line in (*lines[:25], *lines[-6:]):
        if line.cells:
            continue
        matched = re.match(rf"^[【\[]?(?:{labels})[】\]]?[：:](.{{2,40}})$", line.text)
        if matched:
            return Found(_undated(matched[1]), line.passage)
    return None


def _undated(said: str) -> str:
    """What stands before a day at the end of a line (填报单位：某县科协 2024年3月1日)."""
    days = days_in(said, None)
    is_behind = days and days[-1].start >= 4 and days[-1].has_year and not said[days[-1].end :].strip("。 ")
    return (
        re.sub(r"(?:填报|制表|填表)?(?:时间|日期)?[：:]?$", "", said[: days[-1].start]) if is_behind else said
    )


def labelled_day(lines: Sequence[Line]) -> Found[date] | None:
    """The day a web page's head gives (成文日期：, 发布时间：)."""
    for labels in ("成文日期|成文时间|发文日期|印发日期", "发布时间|发布日期|日期|时间"):
        found = labelled(lines, labels)
        days = days_in(found.value, None) if found else []
        if found and days and days[0].has_year and days[0].start == 0:
            return Found(days[0].value, found.passage)
    for line in lines[:12]:
        said = re.match(r"^(?:填报|制表|填表)(?:单位|机关|人)?[：:]", line.text)
        days = days_in(line.text, None) if said and not line.cells else []
        if len(days) == 1 and days[0].has_year and not line.text[days[0].end :].strip("。 "):
            return Found(days[0].value, line.passage)
    return None

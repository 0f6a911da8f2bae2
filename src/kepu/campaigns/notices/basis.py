"""The document a notice rests on or passes on."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kepu.campaigns.notices.header import TitleRead
from kepu.campaigns.notices.lines import Line
from kepu.campaigns.notices.numbering import Number, numbers_in
from kepu.campaigns.notices.values import Basis, Found, Question

_LEANS = re.compile(
    r"根据|按照|依据|遵照|依照|贯彻|落实|转发|现将|为响应|按|印发的|下发的|下发"
    r"|以《(?=[^《》]{4,90}》(?:[（(][^（）()]{4,30}[）)])?为(?:指导|依据|遵循|指引))"
    r"|《(?=[^《》]{4,90}》(?:[（(][^（）()]{4,30}[）)])?(?:印发|下发|发布|出台)(?:后|以来|之后))"
)
_QUOTED = re.compile(r"《([^《》]{4,90}(?:《[^《》]*》[^《》]*)?)》")
_UNQUOTED = re.compile(
    r"(?:根据|按照|依据|遵照|依照|落实|转发)(?:了)?([一-鿿A-Za-z\d、]{0,30}关于[^《》，。；]{4,70}?的(?:通知|意见|方案|通报|决定|函))"
)
_KIND = re.compile(r"通知|方案|意见|通报|决定|函|办法|规定|要点|计划|纲要|条例|法$")
_FAR = 8
_LINES = 25


@dataclass(frozen=True, slots=True)
class _Cited:
    title: Found[str] | None
    number: Found[str] | None


def basis_in(
    lines: Sequence[Line],
    title: TitleRead | None,
    own: str | None,
    inner: TitleRead | None,
    inner_number: Found[str] | None,
) -> tuple[Basis, list[Question]]:
    """The document the opening leans on, one with a number first; of several such the first, and a question.

    A notice that stands whole inside (`inner`) is the basis when the opening cites none with a number. What
    the notice itself issues (关于印发《…》的通知) is no basis of it.
    """
    said = title.found.value if title else ""
    issued = said if "印发" in said and "转发" not in said else ""
    if inner is not None and inner.found.value in issued:
        inner = None
    cited: list[_Cited] = []
    for line in lines[:_LINES]:
        if line.cells or len(line.text) < 12 or not _LEANS.search(line.text):
            continue
        cited += [each for each in _cited_in(line, own) if not each.title or each.title.value not in issued]
    numbered = [each for each in cited if each.number is not None]
    questions = []
    if len({each.number.value for each in numbered if each.number}) > 1:
        listed = "、".join(dict.fromkeys(each.number.value for each in numbered if each.number))
        questions.append(Question("basis_doc", f"依据的文件不止一份：{listed}。请确认以哪一份为准。"))
    chosen = numbered[0] if numbered else None
    if chosen is None and inner is not None:
        chosen = _Cited(inner.found, inner_number)
    if chosen is None and cited:
        chosen = next((each for each in cited if each.title and "通知" in each.title.value), cited[0])
    if chosen is None:
        return Basis(), questions
    cited_title = chosen.title
    if (
        cited_title is None
        and inner is not None
        and (inner_number is None or chosen.number is None or inner_number.value == chosen.number.value)
    ):
        cited_title = inner.found
    return Basis(cited_title, chosen.number), questions


def _cited_in(line: Line, own: str | None) -> list[_Cited]:
    text = line.text
    lean = _LEANS.search(text)
    start = lean.start() if lean else 0
    numbers = [each for each in numbers_in(text) if each.start >= start and each.value != own]
    titles = [match for match in _QUOTED.finditer(text) if match.start() >= start and _KIND.search(match[1])]
    cited: list[_Cited] = []
    used: set[int] = set()
    for match in titles:
        number = next((each for each in numbers if _is_beside(text, match, each)), None)
        if number is not None:
            used.add(number.start)
        title = Found(match[1], line.passage)
        cited.append(_Cited(title, Found(number.value, line.passage) if number else None))
    for match in _UNQUOTED.finditer(text):
        number = next((each for each in numbers if 0 <= each.start - match.end() <= 3), None)
        if number is not None:
            used.add(number.start)
        if not any(match.start() <= each.start() < match.end() for each in titles):
            cited.append(
                _Cited(Found(match[1], line.passage), Found(number.value, line.passage) if number else None)
            )
    cited += [_Cited(None, Found(each.value, line.passage)) for each in numbers if each.start not in used]
    return cited


def _is_beside(text: str, match: re.Match[str], number: Number) -> bool:
    """Whether a number belongs to a quoted title: just behind it, or just before it (X〔2021〕2号《…》)."""
    between = text[match.end() : number.start]
    if 0 <= number.start - match.end() <= _FAR and not re.search(r"[，。；、和及]", between):
        return True
    between = text[number.end : match.start()]
    return 0 <= match.start() - number.end <= 4 and not re.search(r"[，。；、和及]", between)

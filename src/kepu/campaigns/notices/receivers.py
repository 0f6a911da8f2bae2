"""Who is rewarded: tiers are for people; what is for units, or by a share of all, is a question."""

import re
from collections.abc import Sequence

from kepu.campaigns.notices.lines import Line
from kepu.campaigns.notices.values import Question

_UNITS = (
    r"(?:乡镇|镇街|镇|乡|街道|村居|村|社区|单位|部门|学校|县市区|区县|县区|集体|团队|团体|支部|科协|组织)"
)
_RANKED_UNITS = re.compile(
    rf"(?:名|位|强|个)的?(?:优秀|先进)?(?:[一-鿿、（）()]{{0,6}})??{_UNITS}(?![一-鿿]{{0,2}}(?:职工|员工|人员|干部|信息员|科普员|群众|居民|选手|个人))"
)
_EACH_UNIT = re.compile(rf"(?<!由)(?:每|各)个?{_UNITS}|工作经费|/个?{_UNITS}")
_LABEL = re.compile(r"(?P<people>个人)|(?:优秀|先进)?(?:组织|单位|集体|团体|团队)(?=类?奖|（)")
_SHARE = re.compile(
    r"(?:[一二三]等奖|优秀奖|优胜奖|排名)[^。；\n]{0,24}?\d{1,2}(?:\.\d+)?[%％]|前\d{1,2}[%％]"
)
_SOME = re.compile(r"(?:等奖|优秀奖|优胜奖|鼓励奖|纪念奖|参与奖)[^，。；]{0,4}若干[名个]?")
_SENTENCE_ENDS = "。；;\n"


def is_for_units(text: str, start: int, end: int, money: int, above: Sequence[Line]) -> bool:
    """Whether the rank at `start`–`end` and its sum at `money` (a place in `text`) reward units, no people.

    Told by the words behind the rank, by a label before it (单位奖：), or the heading above.
    """
    behind = text[end - 1 : max(money, end)]
    if (
        _RANKED_UNITS.match(behind)
        or _EACH_UNIT.search(text[end:money])
        or _EACH_UNIT.match(_rest(text, money))
    ):
        return True
    labels = list(_LABEL.finditer(text[:start]))
    if labels:
        return not labels[-1]["people"]
    for line in reversed(above[-2:]):
        if len(line.text) <= 20 and not line.cells and (labels := list(_LABEL.finditer(line.text))):
            return not any(label["people"] for label in labels)
    return False


def _rest(text: str, money: int) -> str:
    matched = re.match(r"[\d.,万千百元一二三四五六七八九十]*", text[money:])
    return text[money + (matched.end() if matched else 0) :][:6]


def shares_asked(text: str) -> list[Question]:
    """Questions for rewards that are said by a share (占10%) or as 若干名: no ranks can be read of them."""
    asked = []
    if (share := _SHARE.search(text)) is not None:
        asked.append(
            Question("award_tiers", f"“{share.group()}”按比例写奖励，看不出名次，请填写名次和人数。")
        )
    if (some := _SOME.search(text)) is not None:
        asked.append(Question("award_tiers", f"“{some.group()}”没有写明人数，请填写名次。"))
    return asked

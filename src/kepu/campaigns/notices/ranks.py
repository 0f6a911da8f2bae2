"""Ranks named in a text: 第1至10名, 前100名, 一等奖10名, and intervals whose hyphens got lost."""

import re
from dataclasses import dataclass

from kepu.campaigns.notices.figures import HAN, whole
from kepu.campaigns.notices.values import Question

N = rf"(?:\d{{1,5}}|{HAN}{{1,5}})"
_PRIZE = r"特等奖|[一二三四五123]等奖|优秀奖|优胜奖|鼓励奖|入围奖|参与奖|金奖|银奖|铜奖"
RANK = re.compile(
    rf"(?:第|前)?(?P<low>{N})(?:名|位)?(?:[-—~]{{1,2}}|至|到)(?:第)?(?P<high>{N})(?:名|位)"
    rf"|第(?P<low2>{N})(?:[-—~]{{1,2}}|至|到)第(?P<high2>{N})(?![轮季阶条章期次批届天周月号日年项部十百]|{HAN})"
    rf"|(?m:^)(?P<low3>\d{{1,4}})[-—~](?P<high3>\d{{1,4}})(?m:$)"
    rf"|第(?P<one>{N})(?:名|位)?、第?(?P<next>{N})(?:名|位)"
    rf"|前(?P<top>{N})(?:名|位|强)"
    rf"|(?P<prize>{_PRIZE})(?:（[^）]{{1,8}}）)?[：:，,为设共各取]{{0,3}}(?P<count>{N})(?:名|个|人|位)"
    rf"|(?:评出|评选出?|设立?|选出|取)(?P<count2>{N})(?:名|个|人|位)(?P<prize2>{_PRIZE})"
    rf"|第(?P<only>{N})(?:名|位)|(?P<crown>[冠亚季]军)"
    r"|(?<![\d前第共出选])(?P<torn>\d{2,8}|\d{1,3} \d{1,4})(?:名|位)"
)
_FIRST = ("特等奖", "一等奖", "1等奖", "金奖")


@dataclass(frozen=True, slots=True)
class Rank:
    """Ranks `low` to `high` said between `start` and `end`; `kind`: range, top, only, prize or torn."""

    start: int
    end: int
    low: int
    high: int
    kind: str
    torn: str = ""


def ranks_in(text: str) -> tuple[list[Rank], list[Question]]:
    """The ranks a text names, in order, and what is not certain about them."""
    ranks: list[Rank] = []
    is_torn = _is_chain([said for match in RANK.finditer(text) if (said := match["only"] or match["torn"])])
    following, counted, prize_before = 1, 0, ""  # the next rank of a list; people in prizes so far
    for match in RANK.finditer(text):
        if match["count"] or match["count2"]:
            count, prize = whole(match["count"] or match["count2"]) or 0, match["prize"] or match["prize2"]
            counted = 0 if prize in _FIRST and prize_before != "特等奖" else counted
            found = (counted + 1, counted + count)
            counted, prize_before = counted + count, prize
        else:
            found = _interval(match, following, is_torn=is_torn)
            following = found[1] + 1
        if 1 <= found[0] <= found[1]:
            torn = match["torn"] or (match["only"] if is_torn else "") or ""
            ranks.append(Rank(*match.span(), *found, "torn" if torn else _kind(match), torn))
    questions: list[Question] = []
    return _without_lone_torn(ranks, questions), questions


def _is_chain(figures: list[str]) -> bool:
    """Whether figures join up as intervals whose hyphens got lost (110, 1130, 31100), two or more of them."""
    following = 1
    for each in figures:
        high = mended(each, following)
        if high is None:
            return False
        following = high + 1
    return len(figures) > 1


def _kind(match: re.Match[str]) -> str:
    names = {
        "low": "range",
        "low2": "range",
        "low3": "range",
        "one": "range",
        "top": "top",
        "only": "only",
        "crown": "only",
        "torn": "torn",
    }
    return next((kind for name, kind in names.items() if match[name]), "prize")


def _interval(match: re.Match[str], following: int, *, is_torn: bool) -> tuple[int, int]:
    """First and last rank; (0, following - 1) when there are none."""
    if match["torn"] or (is_torn and match["only"]):
        for begins in dict.fromkeys((following, 1)):
            if (high := mended(match["torn"] or match["only"], begins)) is not None:
                return begins, high
        return 0, following - 1
    if match["low"] or match["low2"]:
        return whole(match["low"] or match["low2"]) or 0, whole(match["high"] or match["high2"]) or 0
    if match["low3"]:  # a cell that says 6-20 and no more: ranks where it goes on from those before
        low, high = int(match["low3"]), int(match["high3"])
        return (low, high) if low == following > 1 else (0, following - 1)
    if match["one"]:  # 第二、三名; 第一、五名 are no interval
        one, next_one = whole(match["one"]) or 0, whole(match["next"]) or 0
        return (one, next_one) if next_one == one + 1 else (0, following - 1)
    if match["crown"]:
        place = "冠亚季".index(match["crown"][0]) + 1
        return place, place
    if match["top"]:
        return 1, whole(match["top"]) or 0
    only = whole(match["only"]) or 0
    return only, only


def mended(torn: str, following: int) -> int | None:
    """The last rank of an interval whose hyphen got lost, given where it must begin: 1130, 11 → 30."""
    joined = torn.replace(" ", "")
    head = str(following)
    if " " in torn and torn.split()[0] != head:
        return None
    rest = joined.removeprefix(head)
    if rest == joined or not rest or rest.startswith("0"):
        return None
    high = int(rest)
    return high if following < high <= 10_000 else None


def _without_lone_torn(ranks: list[Rank], questions: list[Question]) -> list[Rank]:
    """Intervals without hyphens count when at least two join up; a lone one may be a number of people."""
    torn = [rank for rank in ranks if rank.kind == "torn"]
    if not torn:
        return ranks
    joined = [rank for rank in ranks if rank.kind in ("torn", "range")]
    if len(joined) > 1:
        read = "、".join(f"{rank.torn}名→{rank.low}—{rank.high}" for rank in torn)
        questions.append(
            Question("award_tiers", f"名次之间的连字符可能丢失，按前后相接读作：{read}。请核对。")
        )
        return ranks
    questions.append(
        Question("award_tiers", f"“{torn[0].torn}名”可能丢失了连字符，看不出是哪几名，请填写名次。")
    )
    return [rank for rank in ranks if rank.kind != "torn"]

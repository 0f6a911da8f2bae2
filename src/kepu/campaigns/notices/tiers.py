"""Award tiers: ranks with the sum each gets, from sentences, lists and tables."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from kepu.campaigns.notices.figures import NUMBER, whole
from kepu.campaigns.notices.lines import Line
from kepu.campaigns.notices.prize_tables import AMOUNT, TIMES, scope_at, tiers_of_table
from kepu.campaigns.notices.ranks import RANK, Rank, ranks_in
from kepu.campaigns.notices.receivers import is_for_units, shares_asked
from kepu.campaigns.notices.scopes import scopes_in
from kepu.campaigns.notices.values import Found, Question, TierRead
from kepu.documents.passages import Passage

_TOTAL = re.compile(r"(?:共|合计|总计|总额|总共|总奖金|预算|经费|计)[^。；，,]{0,8}$")
_LISTED = re.compile(rf"(?:(?:{NUMBER})、)+$")
_NEAR = 60


@dataclass(frozen=True, slots=True)
class _Money:
    start: int
    end: int
    amount: int | None
    is_total: bool


@dataclass(frozen=True, slots=True)
class TiersRead:
    """The tiers found, and what is not certain about them."""

    tiers: tuple[TierRead, ...]
    questions: tuple[Question, ...]


def tiers_in(lines: Sequence[Line], title: Found[str] | None) -> TiersRead:
    """The award tiers a notice states, in order; those it states twice alike once.

    Where no tier names its area and the title names one (全省…竞赛), that is it, and a question.
    """
    found: list[TierRead] = []
    questions: list[Question] = []
    for block in _blocks(lines):
        if block[0].cells:
            of_table, asked = tiers_of_table(block, lines)
            found += of_table
            questions += asked
        else:
            got = _of_text(block, lines)
            found += got.tiers
            questions += got.questions
    kept, doubts = _settled(found)
    questions += shares_asked("\n".join(line.text for line in lines if not line.cells))
    named = scopes_in(title.value) if title is not None else []
    if kept and title is not None and len(named) == 1 and all(tier.scope is None for tier in kept):
        kept = tuple(replace(tier, scope=Found(named[0][1], title.passage)) for tier in kept)
        questions.append(Question("award_tiers", "各档没有写明在多大范围内排名，按标题读出，请核对。"))
    return TiersRead(kept, (*questions, *doubts))


def _blocks(lines: Sequence[Line]) -> Iterable[list[Line]]:
    """Tables whole; short lines in a row (a table with one cell a line) together; else a line."""
    at = 0
    while at < len(lines):
        stop = at + 1
        first = lines[at]
        if first.cells:
            while stop < len(lines) and lines[stop].passage.table == first.passage.table:
                stop += 1
        elif len(first.text) <= 16 or RANK.search(first.text):
            while stop < len(lines) and not lines[stop].cells and len(lines[stop].text) <= 16:
                stop += 1
            while (
                stop < len(lines)
                and not lines[stop].cells
                and RANK.search(lines[stop].text)
                and len(lines[stop].text) <= 90
                and RANK.search(lines[stop - 1].text)
            ):
                stop += 1
        yield list(lines[at:stop])
        at = stop


def _of_text(block: list[Line], lines: Sequence[Line]) -> TiersRead:
    text = ""
    starts: list[tuple[int, Passage]] = []
    for line in block:
        starts.append((len(text), line.passage))
        text += line.text + "\n"
    ranks, questions = ranks_in(text)
    money = _money_in(text)
    each_money = [one for one in money if not one.is_total]

    def passage_at(place: int) -> Passage:
        return next(passage for start, passage in reversed(starts) if start <= place)

    tiers = []
    first = lines.index(block[0])
    for rank, one in _paired(ranks, each_money, text):
        if one is None and rank.kind != "prize":
            continue
        if is_for_units(
            text, rank.start, rank.end, one.start if one else rank.end, lines[max(0, first - 2) : first]
        ):
            said = text[rank.start : one.end if one else rank.end].replace("\n", "")
            questions.append(
                Question("award_tiers", f"“{said}”奖励的是单位，不是个人，没有列入各档，请核对。")
            )
            continue
        if one is not None and one.amount is None:
            questions.append(
                Question("award_tiers", f"第 {rank.low}—{rank.high} 名的金额不是整数元，请核对。")
            )
        amount = (
            Found(one.amount, passage_at(one.start)) if one is not None and one.amount is not None else None
        )
        here = passage_at(rank.start)
        scope = scope_at(text, rank.start, block, lines)
        tiers.append(TierRead(Found(rank.low, here), Found(rank.high, here), amount, scope))
    return TiersRead(tuple(tiers), tuple(questions))


def _money_in(text: str) -> list[_Money]:
    """The sums of a text, in order; of a list with one 元 at its end (1000、800、500元) each."""
    found: list[_Money] = []
    for match in AMOUNT.finditer(text):
        before = _LISTED.search(text[: match.start()])
        times = TIMES[match["ten"]]
        starts = [] if before is None else list(re.finditer(NUMBER, before.group()))
        for each in starts:
            at = before.start() if before else 0
            found.append(
                _Money(at + each.start(), at + each.end(), whole(each.group(), times), is_total=False)
            )
        is_total = bool(_TOTAL.search(text[max(0, match.start() - 14) : match.start()]))
        found.append(_Money(*match.span(), whole(match["figure"], times), is_total))
    return found


def _one_each(rank: Rank, behind: list[_Money], text: str) -> list[tuple[Rank, _Money | None]] | None:
    """Each rank with its own sum (前3名分别奖励1000元、800元、500元); None where it is no such list.

    Where the sums are not as many as the ranks, no rank has one.
    """
    sentence = re.split(r"[。；\n]", text[rank.end :], maxsplit=1)[0]
    own = [one for one in behind if one.start < rank.end + len(sentence)]
    if len(own) < 2 or rank.kind == "prize" or not re.search(r"分别|依次", text[rank.end : own[0].start]):
        return None
    if len(own) != rank.high - rank.low + 1:
        return [(rank, None)]
    places = [replace(rank, low=place, high=place) for place in range(rank.low, rank.high + 1)]
    return list(zip(places, own, strict=True))


def _paired(ranks: list[Rank], money: list[_Money], text: str) -> list[tuple[Rank, _Money | None]]:
    """Each rank with its sum: those listed after 分别 one by one, the one behind, or the one before."""
    pairs: list[tuple[Rank, _Money | None]] = []
    at = 0
    while at < len(ranks):
        stop = at + 1
        while stop < len(ranks) and not (
            any(ranks[stop - 1].end <= one.start < ranks[stop].start for one in money)
            or re.search(r"[。；]", text[ranks[stop - 1].end : ranks[stop].start])
        ):
            stop += 1
        group = ranks[at:stop]
        end = ranks[stop].start if stop < len(ranks) else len(text)
        behind = [one for one in money if group[-1].end <= one.start < end]
        apart = text[group[0].start : behind[0].start] if behind else ""
        if (
            len(group) > 1
            and len(behind) >= len(group)
            and ("分别" in apart or "依次" in apart or "各" in apart)
        ):
            pairs += list(zip(group, behind, strict=False))
        elif len(group) == 1 and (each := _one_each(group[0], behind, text)) is not None:
            pairs += each
        else:
            pairs += [(rank, None) for rank in group[:-1]]
            near = behind[0] if behind and _is_near(text, group[-1], behind[0]) else None
            pairs.append((group[-1], near))
        at = stop
    if money and ranks and money[0].end <= ranks[0].start and len(ranks) > 1:
        before = _before(ranks, money, text)
        if before:
            return before
    return pairs


def _is_near(text: str, rank: Rank, one: _Money) -> bool:
    between = text[rank.end : one.start]
    return len(between) <= _NEAR and "。" not in between and between.count("\n") <= 2


def _before(ranks: list[Rank], money: list[_Money], text: str) -> list[tuple[Rank, _Money | None]]:
    """Pairs where every rank has a sum just before it and the last has none behind (500元：1—10名)."""
    pairs: list[tuple[Rank, _Money | None]] = []
    bounds = [0, *(rank.end for rank in ranks)]
    for (start, _stop), rank in zip(pairwise(bounds), ranks, strict=True):
        inside = [one for one in money if start <= one.start < rank.start]
        if len(inside) != 1 or rank.start - inside[0].end > 8:
            return []
        pairs.append((rank, inside[0]))
    return pairs if not any(one.start > ranks[-1].end for one in money) else []


def _settled(found: list[TierRead]) -> tuple[tuple[TierRead, ...], list[Question]]:
    """Each tier once; where one passage's sums for the same ranks differ from another's, a question."""
    kept: list[TierRead] = []
    questions: list[Question] = []
    for tier in found:
        same = next(
            (each for each in kept if _ranks_of(each) == _ranks_of(tier) and _alike(each.scope, tier.scope)),
            None,
        )
        if same is None:
            kept.append(tier)
            continue
        at = kept.index(same)
        if same.amount is None or tier.amount is None or same.amount.value == tier.amount.value:
            kept[at] = replace(same, amount=same.amount or tier.amount, scope=same.scope or tier.scope)
        elif tier not in kept:
            kept.append(tier)
            said = f"{_words(tier)}有两个金额：{same.amount.value} 元和 {tier.amount.value} 元"
            questions.append(Question("award_tiers", f"{said}。是两轮的，还是写错了？"))
    return tuple(kept), questions + _overlaps(kept)


def _overlaps(tiers: list[TierRead]) -> list[Question]:
    doubts = []
    for one, other in pairwise(tiers):
        if not _alike(one.scope, other.scope) or _ranks_of(one) == _ranks_of(other):
            continue
        if one.rank_from.value <= other.rank_from.value <= one.rank_to.value:
            told = f"{_words(one)}和{_words(other)}有重叠，重叠的名次按哪一档？"
            doubts.append(Question("award_tiers", told))
        elif other.rank_from.value > one.rank_to.value + 1:
            told = f"第 {one.rank_to.value} 名和第 {other.rank_from.value} 名之间没有写奖励，是否漏了？"
            doubts.append(Question("award_tiers", told))
    return doubts


def _words(tier: TierRead) -> str:
    return f"第 {tier.rank_from.value}—{tier.rank_to.value} 名"


def _ranks_of(tier: TierRead) -> tuple[int, int]:
    return tier.rank_from.value, tier.rank_to.value


def _alike(one: Found[str] | None, other: Found[str] | None) -> bool:
    return one is None or other is None or one.value == other.value

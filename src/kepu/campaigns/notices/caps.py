"""Daily caps: 每人每天最多分享300次."""

import re
from collections.abc import Sequence
from dataclasses import replace

from kepu.campaigns.notices.figures import NUMBER, whole
from kepu.campaigns.notices.lines import Line
from kepu.campaigns.notices.rule_tables import table_caps
from kepu.campaigns.notices.values import CapRead, Found

_DAILY = re.compile(
    r"每人每[天日]|每[天日]每人|每人[一1][天日]|每[天日]|单日|[一1]天|当[天日]|每?人日(?=限|上限|最[多高])|(?:(?<![一-鿿])|(?<=[员人者户]))日(?=分享|转发|传播|浏览|阅读|签到|积分|上限)|日(?:均)?(?=上限|最多|最高)"
)
_LIMIT = re.compile(
    r"最多|至多|最高|不(?:得|能|可|应)?超过|不(?:得|能)多于|不多于|上限|限(?!期|时|于|公司|定)|封顶|以内|之内|为限|止"
    r"|[只仅](?:计|算|能|可|有)|有(?=[\d一二两三四五六七八九十]+次[^，。；]{0,4}机会)|计(?=[\d一二两三四五六七八九十]+次)"
)
_OTHER_SPAN = re.compile(r"每[周月年季]|全[年月]|累计|总计|单[周月]|当月")
_BY_THE_WAY = re.compile(r"增加|额外|另(?:加|奖)")
# 同一篇文章每天只计1次: how often one article counts, no cap on the day.
_SAME = re.compile(
    r"重复|同一?(?:篇|条|个)?(?:科普)?(?:文章|内容|信息|作品|链接|图文|视频)|同篇|[一1每]篇(?:科普)?文章"
)
# 原“每人每天上限200次”调整为…: what is changed holds no more.
_SUPERSEDED = re.compile(r"原[^，。；“”]{0,8}“[^”]{2,40}”(?=(?:调整|修改|变更|修订|改)(?:为|成))")
# 登录，每日1次，计1分: the clause is nothing but so many a day.
_ONLY = re.compile(rf"^每(?:人每)?[日天](?:{NUMBER})次$")
# 超过N次 is a limit where the sentence says what becomes of the rest.
_BEYOND = re.compile(r"(?:超过|超出|多于)(?=\D{0,4}[\d零〇一二两三四五六七八九十百千])")
_NOT_COUNTED = re.compile(r"不(?:再|予|得)?(?:计|累计|统计|纳入|算|记)|无效|按[^，。；]{1,8}计")
_AT_LEAST = re.compile(r"不(?:得|能)?少于|不低于|至少|以上")
_COUNTED = re.compile(
    rf"(?P<figure>{NUMBER})(?P<ten>万)?"
    r"(?P<unit>人次|个[一-鿿]{1,3}分(?!享)|次|条|篇|个|积分|分(?!钟)|遍|则|件)"
)
_SHARED = re.compile(r"分享|转发|传播")
_ACT = re.compile(
    r"分享|转发|传播|浏览|阅读|点赞|签到|登录|发帖|评论|答题|收藏|观看|投稿|转载|学习|发布|抽奖|邀请|兑换|推广"
)

_LISTED = re.compile(rf"(?:{_ACT.pattern})[^\d，。]{{0,4}}(?:{NUMBER})(?:次|条|篇|个)$")


def caps_in(lines: Sequence[Line]) -> tuple[CapRead, ...]:
    """The daily caps a notice states, in order, each once.

    A cap that names nothing is on what the notice last counted above it.
    """
    found: list[CapRead] = []
    last_named: Found[str] | None = None
    for line in lines:
        for sentence in re.split(r"[。；;！!]", _SUPERSEDED.sub("", line.text)):
            for cap in _of_sentence(sentence, line):
                named = replace(cap, what=cap.what or last_named)
                key = (named.what.value if named.what else None, named.per_day.value)
                if key not in [
                    (each.what.value if each.what else None, each.per_day.value) for each in found
                ]:
                    found.append(named)
        if (shared := _SHARED.search(line.text)) is not None:
            last_named = Found(shared.group(), line.passage)
    return (*found, *table_caps(lines))


def _of_sentence(sentence: str, line: Line) -> list[CapRead]:
    caps: list[CapRead] = []
    is_daily = False
    said_before = ""
    pieces = re.split(r"([，,、](?!\d{3}(?:\D|$)))", sentence)
    clauses, joints = pieces[::2], ["", *pieces[1::2]]
    for at, clause in enumerate(clauses):
        is_daily = bool(_DAILY.search(clause)) or (is_daily and not _OTHER_SPAN.search(clause))
        limit = _limit_of(clause, sentence) or _shared_limit(clauses, joints, at, bool(caps))
        if (
            is_daily
            and limit
            and not _AT_LEAST.search(clause)
            and not _BY_THE_WAY.search(clause)
            and not _SAME.search(clause)
        ):
            counted = _counted(clause, limit)
            value = whole(counted["figure"], 10_000 if counted["ten"] else 1) if counted else None
            if counted and value:
                acts = _ACT.findall(clause)
                if not acts and "积分" not in clause:  # 单日积分最高20分 is on the points of everything
                    acts = _ACT.findall(said_before)[-1:] or _ACT.findall(line.text)[:1]
                is_sum = joints[at] == "、" and "合计" in clause  # 浏览、分享合计100分
                what = _named([] if is_sum else acts, clause, counted["unit"])
                caps.append(CapRead(Found(what, line.passage) if what else None, Found(value, line.passage)))
        said_before += clause
    return caps


def _limit_of(clause: str, sentence: str) -> re.Match[str] | None:
    """The word that makes a count a limit."""
    beyond = _BEYOND.search(clause) if _NOT_COUNTED.search(sentence) else None
    bare = _ONLY.match(clause) if re.search(r"[计得]\d+分", sentence) else None
    return _LIMIT.search(clause) or beyond or bare


def _shared_limit(clauses: list[str], joints: list[str], at: int, is_after: bool) -> re.Match[str] | None:
    """A limit said once for several counts in a row: 限答题3次、分享30次; 分享80次、阅读50篇封顶."""
    counted = _LISTED.search(clauses[at])
    if counted is None:
        return None
    if joints[at] == "、" and is_after:
        return counted
    behind = (
        at + 1 < len(clauses)
        and joints[at + 1] == "、"
        and re.search(r"(?:封顶|以内|之内|为限)$", clauses[-1])
    )
    return counted if behind else None


def _counted(clause: str, limit: re.Match[str]) -> re.Match[str] | None:
    """The count a limit is about: the first behind it, else the last before it (300次以内)."""
    all_counts = [match for match in _COUNTED.finditer(clause) if not _is_day(clause, match)]
    behind = [match for match in all_counts if match.start() >= limit.start()]
    if behind:
        return behind[0]
    return all_counts[-1] if all_counts else None


def _is_day(clause: str, match: re.Match[str]) -> bool:
    return (
        clause[match.end() : match.end() + 1] in ("天", "日")
        or clause[match.start() - 1 : match.start()] == "同"
    )


def _named(acts: list[str], clause: str, unit: str) -> str | None:
    act = acts[0] if acts else ""
    if acts[:2] == ["分享", "转发"] and (
        "分享转发" in clause or "分享、转发" in clause or "分享（转发" in clause
    ):
        act = "分享"
    if unit.endswith("分"):
        return f"{act}积分" if act else "积分"
    return act or None

"""The day a campaign ends."""

import re
from collections.abc import Sequence
from datetime import date

from kepu.campaigns.notices.days import Day, Span, days_in, spans_in
from kepu.campaigns.notices.lines import Line
from kepu.campaigns.notices.values import Found, Question, RoundRead

_REPORTS = re.compile(
    r"报送|上报|报至|报到|报[县镇乡市区省]|报名|申报|提交|投稿|推荐|反馈|填报|汇总|发送|公示|缴|领取|兑换|培训|召开|会议"
)
_ENDS = re.compile(r"截止|截至|截止到|结束|为止|终止|止(?:[。，；]|$)")
_PERIOD = re.compile(
    r"(?:活动|起止|竞赛|传播|推广|实施|任务|考核|统计|评选|计算|开展|征集|答题|参赛|参与)?(?:时间|时限|期限|周期|日期|时段|起止)"
)
_DONE_BY = re.compile(r"完成|达到|实现|发展|注册")
_FROM_NOW = re.compile(
    r"(?:即日|(?:本)?(?:通知|方案|办法)?(?:印发|发文|发布|下发)之日)(?:起|开始)?[，,]?(?:至|到|[-—~]{1,2})(?=\D?(?:\d|[一二十]))"
)
# A span beside what a campaign does is its period, where nothing says it better; a holiday's is not.
_DOES = re.compile(r"注册|传播|竞赛|大赛|答题|分享|转发|活动|举办|开展|统计")
_OTHER = re.compile(r"放假|调休|值班|假期|公示|休假")
_VALID = re.compile(r"有效期(?:限)?(?:为|到|至|截至)|(?:实施|执行)(?:至|到)")
# 截至6月30日，累计传播36万次: a count as of a day.
_AS_OF = re.compile(r"截[至止](?:到)?[^，]{4,14}[，,].*(?:累计|已|共|达|现有|注册)")
_HELD = re.compile(r"^[^，。；]{0,4}(?:举行|举办|开展|进行|实施)")
# 由10月31日延长至11月30日: the first day is no end any more.
_SUPERSEDED = re.compile(
    r"(?:由|从|原定于?)[^，。；]{2,30}?(?=(?:延长|调整|推迟|顺延|变更|提前|修改|改)(?:至|到|为))"
)
# 统计期为每年1月1日至12月15日: of no year.
_EVERY_YEAR = re.compile(r"每年度?(?:的)?$")
# 6月底前完成全年任务的50%: a step, no end.
_IN_PART = re.compile(
    r"完成[^，。；]{0,12}(?:任务|目标|指标)[^，。；]{0,4}(?:\d{1,2}(?:\.\d+)?[%％]|百分之|一半|过半)"
)
_END_HEADING = re.compile(r"截止|结束|终止|时限")
_YEARLY = re.compile(r"评[选比奖定优]|考评|奖励|表彰|第[一二三1-3](?:轮|阶段|期|次)|上半年|年中")


def deadline_in(lines: Sequence[Line], year: int | None) -> tuple[Found[date] | None, list[Question]]:
    """The day the notice gives as the campaign's end. Where it gives several of equal weight, a question."""
    ranked: dict[int, list[Found[date]]] = {}
    heading = ""
    for line in lines:
        if line.cells and len(set(line.cells)) > 2:
            continue
        if len(line.text) <= 14 and not days_in(line.text, year) and not spans_in(line.text, year):
            heading = line.text
        for sentence in re.split(r"[。；;]", _SUPERSEDED.sub("", line.text)):
            for weight, day in _said(sentence, heading if line.text != heading else "", year):
                ranked.setdefault(weight, []).append(Found(day, line.passage))
        if len(line.text) > 14:
            heading = ""
    for weight in sorted(ranked):
        days = sorted({found.value for found in ranked[weight]})
        if len(days) == 1:
            return ranked[weight][0], []
        listed = "、".join(day.isoformat() for day in days)
        return None, [Question("deadline", f"截止日期有几种说法：{listed}。请确认以哪一个为准。")]
    return None, []


def _said(sentence: str, heading: str, year: int | None) -> list[tuple[int, date]]:
    """Days of a sentence with their weight.

    1: said to be the end; 2: end of the period; 3: the same in months; 4: to be done by; 5: to apply by;
    6: end of a stage; 7: of a span beside what is done; 8: until when the paper is valid.
    """
    days, spans = days_in(sentence, year), spans_in(sentence, year)
    if (not days and not spans) or _is_no_end(sentence, days, spans):
        return []
    if len(days) == 1 and len(sentence) - (days[0].end - days[0].start) <= 3 and _END_HEADING.search(heading):
        return [(5 if _REPORTS.search(heading) else 1, days[0].value)]
    reports = bool(_REPORTS.search(sentence))
    is_stage = bool(_YEARLY.search(sentence[: days[0].start] if days else sentence))
    found: list[tuple[int, date]] = []
    if _ENDS.search(sentence) and days and not _AS_OF.search(sentence):
        near = _near_end(sentence, year)
        if near is not None:
            found.append((5 if reports else (6 if is_stage else 1), near))
    named = [
        span
        for span in spans
        if _PERIOD.search(sentence[: span.start] + heading) or _HELD.search(sentence[span.end :])
    ]
    if not found and named and not is_stage:
        weight = 3 if all(span.of_months for span in named) else 2
        found.append((5 if reports else weight, max(span.last for span in named)))
    if not found and not reports and (near := _from_now(sentence, days)) is not None:
        found.append((6 if is_stage else 2, near))
    if (
        not found
        and _PERIOD.search(sentence + heading)
        and days
        and re.search(r"[日底末时点](?:之?前|止|以前)", sentence)
        and not is_stage
    ):
        found.append((5 if reports else 2, days[-1].value))
    if (
        not found
        and days
        and not reports
        and _DONE_BY.search(sentence)
        and not _YEARLY.search(sentence)
        and re.search(r"[日底末时点](?:之?前|以前)", sentence)
    ):
        found.append((4, days[-1].value))
    return found or _by_the_way(sentence, days, spans, is_bare=not reports and not is_stage)


def _is_no_end(sentence: str, days: list[Day], spans: list[Span]) -> bool:
    """Whether days are those of every year, or of a step on the way."""
    first = min([day.start for day in days] + [span.start for span in spans])
    return bool(_EVERY_YEAR.search(sentence[:first]) or _IN_PART.search(sentence))


def _by_the_way(
    sentence: str, days: list[Day], spans: list[Span], *, is_bare: bool
) -> list[tuple[int, date]]:
    """The end of a span beside what is done (7), or the day until which the paper is valid (8)."""
    if is_bare and spans and _DOES.search(sentence) and not _OTHER.search(sentence):
        return [(7, max(span.last for span in spans))]
    valid = _VALID.search(sentence)
    if valid and days and days[-1].start >= valid.end():
        return [(8, days[-1].value)]
    return []


def _from_now(sentence: str, days: list[Day]) -> date | None:
    """The day behind 即日起至: a span whose first day is the notice's own."""
    matched = _FROM_NOW.search(sentence)
    return next((day.value for day in days if matched and 0 <= day.start - matched.end() <= 2), None)


def _near_end(sentence: str, year: int | None) -> date | None:
    """The day beside the word that says the end: behind it (截止到…), else before it (…截止)."""
    days = days_in(sentence, year)
    word = _ENDS.search(sentence)
    if word is None:
        return None
    behind = [day for day in days if 0 <= day.start - word.end() <= 12]
    before = [day for day in days if 0 <= word.start() - day.end <= 12]
    if word.group().startswith(("截止", "截至", "终止", "结束")) and behind:
        chained = [span for span in spans_in(sentence, year) if span.start == behind[0].start]
        return chained[0].last if chained else behind[0].value
    return before[-1].value if before else (behind[0].value if behind else None)


def opening_in(lines: Sequence[Line], year: int | None, deadline: Found[date] | None) -> Found[date] | None:
    """The first day of the span the deadline is the last of, said in the deadline's own passage."""
    if deadline is None:
        return None
    firsts = {
        span.first
        for line in lines
        if line.passage == deadline.passage
        for sentence in re.split(r"[。；;]", _SUPERSEDED.sub("", line.text))
        for span in spans_in(sentence, year)
        if span.last == deadline.value and not _REPORTS.search(sentence) and not _OTHER.search(sentence)
    }
    return Found(firsts.pop(), deadline.passage) if len(firsts) == 1 else None


def last_of_rounds(rounds: Sequence[RoundRead]) -> tuple[Found[date] | None, list[Question]]:
    """The end of the last round, for a notice that says no other end; a question asks whether it is meant."""
    ends = [each.last_day for each in rounds if each.first_day is not None and each.last_day is not None]
    if not ends or len(ends) < len(rounds):
        return None, []
    last = max(ends, key=lambda each: each.value)
    return last, [Question("deadline", "没有另写截止日期，按最后一轮的末日读作截止，请核对。")]

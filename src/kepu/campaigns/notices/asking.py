"""What a notice leaves open, as questions for a person."""

import re
from collections.abc import Sequence
from dataclasses import replace

from kepu.campaigns.notices.places import NAMESAKES_SHOWN
from kepu.campaigns.notices.values import NoticeDraft, Question

_CAMPAIGN = re.compile(r"科普|传播|分享|转发|积分|科学素质|竞赛|评选|活动")
_BASIC_TASK = re.compile(r"基本任务(?:量|数)?[^，。；\d]{0,10}?[\d,]{1,9}万?(?:人次|次|篇|条)")
_DAILY_ACT = re.compile(
    r"(?:每(?:人每)?[天日]|每日|单日)[^，。；\d]{0,4}(?:签到|登录|打卡)[^，。；\d]{0,4}\d{1,4}次"
    r"|(?:签到|登录|打卡)[^，。；\d]{0,4}每(?:人每)?[天日][^，。；\d]{0,4}\d{1,4}次"
)
_MISSING = {
    "title": "没有找到标题，请填写。",
    "doc_number": "没有找到文号，请填写；没有文号的可以空着。",
    "issuer": "看不出由哪个机关印发，请填写。",
    "issued_on": "没有找到成文日期，请填写。",
    "division": "看不出在哪个行政区划，请选择。",
    "deadline": "没有写明活动什么时候截止，请填写。",
}


def questions_of(
    draft: NoticeDraft, doubts: Sequence[Question], namesakes: Sequence[str], text: str
) -> NoticeDraft:
    """The draft with every question: doubts of the reading, what is missing, what does not fit."""
    asked = list(doubts)
    if not (draft.rounds or draft.tiers or draft.caps or draft.tasks):
        kind = "其中没有评选、奖励、上限和任务，" if _CAMPAIGN.search(text) else ""
        asked.insert(0, Question("", f"{kind}看不出这是一份科普传播活动的通知。请确认文件没有选错。"))
    about = {each.about for each in asked}
    if draft.division is None and namesakes:
        listed = "、".join(namesakes[:NAMESAKES_SHOWN])
        more = "等" if len(namesakes) > NAMESAKES_SHOWN else ""
        told = (
            f"通知的地点可能是{listed}{more}，"
            if len(namesakes) > 1
            else f"按名称是{listed}，但正文提到的是别的县市，"
        )
        asked.append(Question("division", f"{told}请选择。"))
        about.add("division")
    for name, sentence in _MISSING.items():
        if getattr(draft, name) is None and name not in about:
            asked.append(Question(name, sentence))
    asked += (
        _basis(draft, about)
        + _rounds(draft)
        + _tiers(draft, about, text)
        + _caps(draft, text)
        + _unplaced(draft, text)
        + _tasks(draft, about)
    )
    return replace(draft, questions=tuple(dict.fromkeys(asked)))


def _basis(draft: NoticeDraft, about: set[str]) -> list[Question]:
    if draft.basis.title is None and draft.basis.number is None:
        return [Question("basis_doc", "没有写明依据哪一份文件，请填写；没有的可以空着。")]
    if draft.basis.title is None:
        return [Question("basis_doc.title", "依据的文件只写了文号，没有写标题。")]
    if draft.basis.number is None:
        return [Question("basis_doc.number", "依据的文件只写了标题，没有写文号。")]
    return []


def _rounds(draft: NoticeDraft) -> list[Question]:
    asked = []
    if not draft.rounds:
        asked.append(Question("rounds", "没有写明分几轮评选、什么时候评选，请填写。"))
    for number, each in enumerate(draft.rounds):
        name, path = each.name.value, f"rounds[{number}]"
        if each.first_day is None:
            asked.append(Question(f"{path}.window", f"“{name}”没有写明从哪一天起算。"))
        if each.last_day is None:
            asked.append(Question(f"{path}.window", f"“{name}”没有写明算到哪一天。"))
        if each.scope is None:
            asked.append(Question(f"{path}.scope", f"“{name}”没有写明在多大范围内排名。"))
        if each.condition is None:
            asked.append(Question(f"{path}.condition", f"“{name}”没有写明获奖的条件。"))
        elif re.search(r"基本任务", each.condition.value) and not re.search(
            r"基本任务[^，。；]{0,8}\d", each.condition.value
        ):
            asked.append(
                Question(f"{path}.condition", f"“{name}”要求完成基本任务，请核对每人的基本任务是多少。")
            )
        if each.reward is None:
            asked.append(Question(f"{path}.reward", f"“{name}”没有写明怎样奖励。"))
    return asked


def _tiers(draft: NoticeDraft, about: set[str], text: str) -> list[Question]:
    asked = []
    if not draft.tiers and "award_tiers" not in about:
        asked.append(Question("award_tiers", "没有写明奖励分哪几档、每档多少钱。"))
    for number, each in enumerate(draft.tiers):
        ranks, path = f"第 {each.rank_from.value}—{each.rank_to.value} 名", f"award_tiers[{number}]"
        if each.amount is None:
            asked.append(Question(f"{path}.amount", f"{ranks}没有写明金额。"))
        if each.scope is None:
            asked.append(Question(f"{path}.scope", f"{ranks}没有写明在多大范围内排名。"))
    if draft.tiers and not re.search(r"并列|次数相同|相同的", text):
        asked.append(Question("award_tiers", "没有写明传播量相同的怎么排名。"))
    return asked


def _caps(draft: NoticeDraft, text: str) -> list[Question]:
    asked = []
    if not draft.caps:
        asked.append(Question("daily_caps", "没有写明每人每天最多计多少次。"))
    by_what: dict[str, set[int]] = {}
    for number, each in enumerate(draft.caps):
        if each.what is None:
            asked.append(
                Question(
                    f"daily_caps[{number}].what", f"每天 {each.per_day.value} 次，没有写明是什么的上限。"
                )
            )
        else:
            by_what.setdefault(each.what.value, set()).add(each.per_day.value)
    for what, caps in by_what.items():
        if len(caps) > 1:
            listed = "、".join(str(each) for each in sorted(caps))
            asked.append(
                Question("daily_caps", f"“{what}”的每日上限有几种说法：{listed}。请确认以哪一个为准。")
            )
    return asked


def _unplaced(draft: NoticeDraft, text: str) -> list[Question]:
    """Figures the notice says and no field read here holds: a basic task, how often a day one signs in."""
    asked = [
        Question("rounds", f"通知写了“{said}”：请填到有关各轮的“基本任务”里。")
        for said in dict.fromkeys(match.group() for match in _BASIC_TASK.finditer(text))
    ]
    held = "".join(cap.what.value for cap in draft.caps if cap.what)
    return asked + [
        Question("daily_caps", f"通知写了“{said}”，没有读作每日上限：请核对，并填到“积分与上限”里。")
        for said in dict.fromkeys(match.group() for match in _DAILY_ACT.finditer(text))
        if not any(act in held and act in said for act in ("签到", "登录", "打卡"))
    ]


def _tasks(draft: NoticeDraft, about: set[str]) -> list[Question]:
    tasks = draft.tasks
    if tasks is None:
        return [] if "tasks" in about else [Question("tasks", "没有分单位的任务表。")]
    asked = []
    if tasks.adds_up() is None:
        asked.append(Question("tasks.totals_stated", "任务表没有写合计。"))
    pairs = zip(tasks.columns[1:], tasks.totals_stated, tasks.totals_computed(), strict=False)
    for column, stated, computed in pairs:
        if stated.value is None:
            asked.append(Question("tasks.totals_stated", f"“{column.value}”没有写合计。"))
        elif stated.value != computed:
            told = f"“{column.value}”写的合计是 {stated.value}，各单位相加是 {computed}"
            asked.append(Question("tasks.totals_stated", f"{told}。请核对以哪一个为准。"))
    for row in tasks.rows:
        asked += [
            Question("tasks.rows", f"{row[0].value}的“{column.value}”没有写数字。")
            for column, cell in zip(tasks.columns, row, strict=True)
            if cell.value is None
        ]
    units = [row[0].value for row in tasks.rows]
    asked += [
        Question("tasks.rows", f"{unit}在任务表里出现了不止一次。")
        for unit in dict.fromkeys(units)
        if units.count(unit) > 1
    ]
    return asked

"""通报批评 and 书面提醒: units that missed a task. Nothing here knows a person, so that none can be named."""

from datetime import date

from kepu.documents.rules.numerals import plain_date
from kepu.documents.rules.paper import Block, Heading, Paragraph, Run, Table
from kepu.papers.rules.facts import Facts, Progress, Target, UnitFacts
from kepu.papers.rules.notices import TARGETS, Body
from kepu.papers.rules.phrases import PROGRESS, column, figure, moment, progress_source, words

Row = tuple[tuple[Run, ...], ...]


def criticism_body(facts: Facts, deadline: date | None) -> Body:
    """Unit, target, actual and gap; what each unit said when it was heard; by when to mend it."""
    progress = _progress(facts)
    columns = (
        column("单位", 3),
        column("指标", 2),
        column("任务", 2),
        column("实际", 2),
        column("差距", 2),
    )
    rows = tuple(row for unit in progress.units for row in _missed(unit))
    known = {key for unit in progress.units for key in (unit.division, unit.unit)}
    said = [
        Paragraph(f"{each.unit}（{moment(each.at)}听取）：{each.said}")
        for each in facts.hearings
        if (each.division or each.unit) in known
    ]
    blocks: list[Block] = [
        Heading(1, "未完成任务的单位"),
        Paragraph(f"截至{moment(progress.cut_off)}，传播量按{facts.campaign.measure}计。"),
        Table(columns, rows),
        Heading(1, "听取意见的情况"),
        Paragraph("通报前已听取上述单位的意见，摘要如下。"),
        *said,
        Heading(1, "整改要求"),
        Paragraph(f"上述单位请于{_day(deadline)}前完成。通报只对单位，不涉及个人。"),
    ]
    return tuple(blocks), (), (progress_source(progress),)


def reminder_body(facts: Facts, deadline: date | None) -> Body:
    """One unit's gaps, in words that ask. A village is asked for help, not told to."""
    progress = _progress(facts)
    (unit,) = progress.units
    gaps = [
        words(f"{name}任务", figure(each.target, PROGRESS), "，现有", figure(each.actual, PROGRESS), "，还差")
        + words(figure(each.gap, PROGRESS), "。")
        for name, each in zip(TARGETS, _targets(unit), strict=True)
        if each.gap
    ]
    asked = "如有困难，请告诉我们，我们一起想办法。" if unit.is_village else "如有困难，请及时说明。"
    by = f"希望{_day(deadline)}前补上。" if unit.is_village else f"请于{_day(deadline)}前完成。"
    blocks: list[Block] = [
        Paragraph(words(f"截至{moment(progress.cut_off)}，", *gaps, f"传播量按{facts.campaign.measure}计。")),
        Paragraph(f"{by}{asked}"),
    ]
    return tuple(blocks), (), (progress_source(progress),)


def _progress(facts: Facts) -> Progress:
    assert facts.progress is not None
    return facts.progress


def _targets(unit: UnitFacts) -> tuple[Target, Target, Target]:
    return unit.backbones, unit.registrations, unit.volume


def _missed(unit: UnitFacts) -> list[Row]:
    return [
        (
            words(unit.unit),
            words(name),
            figure(each.target, PROGRESS),
            figure(each.actual, PROGRESS),
            figure(each.gap, PROGRESS),
        )
        for name, each in zip(TARGETS, _targets(unit), strict=True)
        if each.gap
    ]


def _day(deadline: date | None) -> str:
    return plain_date(deadline) if deadline else "＿＿＿＿年＿＿月＿＿日"

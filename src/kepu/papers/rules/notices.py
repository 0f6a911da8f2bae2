"""活动通知 and 进展通报: what is asked of the units, and how far they are."""

from kepu.documents.rules.numerals import plain_date
from kepu.documents.rules.paper import Annex, Block, Heading, Paragraph, Run, Source, Table
from kepu.papers.rules.facts import CampaignFacts, Facts, RoundFacts, Target, TierFacts, UnitFacts
from kepu.papers.rules.phrases import (
    PROGRESS,
    SHEET,
    column,
    days,
    figure,
    moment,
    progress_source,
    sheet_source,
    words,
)

Body = tuple[tuple[Block, ...], tuple[Annex, ...], tuple[Source, ...]]


def notice_body(facts: Facts) -> Body:
    """The rules of the campaign in headings, the tasks of the units and the points as annexes."""
    campaign = facts.campaign
    annexes = _notice_annexes(campaign)
    numbers = {annex.title: place for place, annex in enumerate(annexes, 1)}
    where = str(numbers.get(TASKS, "")) if len(annexes) > 1 else ""
    blocks: list[Block] = [
        Heading(1, "活动时间"),
        Paragraph(f"{days(campaign.opens_on, campaign.closes_on)}，首尾两天都算。"),
        Heading(1, "参加范围和计算口径"),
        Paragraph(_who(campaign)),
    ]
    if campaign.units:
        blocks += [
            Heading(1, "单位任务"),
            Paragraph(words("共", figure(len(campaign.units), SHEET), "个单位，任务见附件", where, "。")),
        ]
    if campaign.rounds:
        blocks.append(Heading(1, "评选和奖励"))
        for each in campaign.rounds:
            blocks += [Heading(2, each.title), *_round(each)]
        blocks += [Heading(1, "公示和异议"), Paragraph(_publicity(campaign))]
    blocks += [
        Heading(1, "投诉和建议"),
        Paragraph("任何人都可以在应用每一页的“投诉建议”里反映问题。参加自愿，不强制下载，不代他人操作。"),
    ]
    return tuple(blocks), annexes, (sheet_source(campaign),)


TASKS, POINTS = "各单位任务表", "积分标准表"


def _who(campaign: CampaignFacts) -> str:
    who = "实名认证的科普员" if campaign.certified_only else "注册的科普员"
    return f"{campaign.place}{who}。传播量按{campaign.measure}计，不与其他口径相加。"


def _publicity(campaign: CampaignFacts) -> tuple[Run, ...]:
    approved = f"评比表彰批准文号：{campaign.approval_number}。" if campaign.approval_number else ""
    least = figure(campaign.publicity_days_min, SHEET)
    return words("评选结果公示不少于", least, f"个工作日，发布当天不算；公示期内可以实名提出异议。{approved}")


def _round(each: RoundFacts) -> list[Block]:
    said = words(
        f"统计{days(each.opens_on, each.closes_on)}的传播量，{plain_date(each.judged_on)}评选。",
        "基本任务是传播量",
        figure(each.basic_task, SHEET),
        "，没有完成的不得奖。",
    )
    return [Paragraph(said), *(Paragraph(_tier(tier)) for tier in each.tiers)]


def _tier(tier: TierFacts) -> tuple[Run, ...]:
    ranks = words("第", figure(tier.rank_from, SHEET), "名")
    if tier.rank_to != tier.rank_from:
        ranks = words("第", figure(tier.rank_from, SHEET), "至", figure(tier.rank_to, SHEET), "名")
    money = words("，每人", figure(tier.amount, SHEET), "元") if tier.amount else ()
    given = f"，由{tier.given_by}奖励" if tier.given_by else ""
    return words(f"{tier.scope}", ranks, f"：{tier.title}", money, f"{given}。")


def _notice_annexes(campaign: CampaignFacts) -> tuple[Annex, ...]:
    annexes = []
    if campaign.units:
        annexes.append(Annex(TASKS, (_task_table(campaign.units),)))
    if campaign.earnings:
        rows = tuple(
            (words(act), figure(points, SHEET), figure(most, SHEET))
            for act, points, most in campaign.earnings
        )
        columns = (column("做什么", 3), column("每次积分", 2), column("每天最多计几次", 2))
        annexes.append(Annex(POINTS, (Table(columns, rows),)))
    return tuple(annexes)


def _task_table(units: tuple[UnitFacts, ...]) -> Table:
    columns = (column("序号", 1), column("单位", 3), *(column(each, 2) for each in TARGETS))
    rows = tuple(
        (words(str(number)), words(unit.unit), *(figure(each.target, SHEET) for each in _targets(unit)))
        for number, unit in enumerate(units, 1)
    )
    sums = [sum(each.target for each in row) for row in zip(*map(_targets, units), strict=True)]
    return Table(columns, rows, (words(""), words("合计"), *(figure(each, SHEET) for each in sums)))


TARGETS = ("骨干科普员", "新注册", "传播量")


def _targets(unit: UnitFacts) -> tuple[Target, Target, Target]:
    return unit.backbones, unit.registrations, unit.volume


def bulletin_body(facts: Facts) -> Body:
    """How far the units are, in the order of the rule sheet: nobody is ranked. `facts` has progress."""
    progress = facts.progress
    assert progress is not None
    done = sum(not each.missed for each in progress.units)
    blocks: list[Block] = [
        Heading(1, "总体进展"),
        Paragraph(
            words(
                f"截至{moment(progress.cut_off)}，",
                figure(len(progress.units), PROGRESS),
                "个单位中有",
                figure(done, PROGRESS),
                "个完成全部任务。",
                *(_overall(name, at, progress.units) for at, name in enumerate(TARGETS)),
                f"传播量按{facts.campaign.measure}计。",
            )
        ),
        Heading(1, "各单位进展"),
        progress_table(progress.units),
    ]
    return tuple(blocks), (), (progress_source(progress),)


def _overall(name: str, at: int, units: tuple[UnitFacts, ...]) -> tuple[Run, ...]:
    targets = [_targets(unit)[at] for unit in units]
    actual = figure(sum(each.actual or 0 for each in targets), PROGRESS)
    return words(
        f"{name}任务", figure(sum(each.target for each in targets), PROGRESS), "，实际", actual, "。"
    )


def progress_table(units: tuple[UnitFacts, ...]) -> Table:
    """A row a unit: each task's target and what there is."""
    columns = (
        column("单位", 3),
        *(
            column(f"{name}{what}", width)
            for name, width in (("骨干", 2.2), ("注册", 2.2), ("传播量", 2.8))
            for what in ("任务", "实际")
        ),
    )
    rows = tuple(
        (words(unit.unit), *(cell for each in _targets(unit) for cell in _both(each))) for unit in units
    )
    return Table(columns, rows)


def _both(each: Target) -> tuple[tuple[Run, ...], tuple[Run, ...]]:
    return figure(each.target, PROGRESS), figure(each.actual, PROGRESS)

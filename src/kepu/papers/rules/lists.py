"""公示名单 and 表彰决定: people, as few words of each as must be."""

from kepu.documents.rules.numerals import money_in_capitals
from kepu.documents.rules.paper import Block, Heading, Paragraph, Table
from kepu.papers.rules.facts import Awards, CampaignFacts, Facts, ScopeFacts
from kepu.papers.rules.notices import Body
from kepu.papers.rules.phrases import (
    AWARDS,
    SHEET,
    awards_source,
    column,
    days,
    figure,
    sheet_source,
    words,
)


def publicity_body(facts: Facts) -> Body:
    """The masked list with its days of publicity and how to object. `facts` has awards with days."""
    awards, campaign = _awards(facts), facts.campaign
    assert awards.first_day is not None
    assert awards.last_day is not None
    least = figure(campaign.publicity_days_min, SHEET)
    blocks: list[Block] = [
        Heading(1, "公示名单"),
        *_scopes(awards),
        Heading(1, "公示时间"),
        Paragraph(
            words(f"{days(awards.first_day, awards.last_day)}，不少于", least, "个工作日，发布当天不算。")
        ),
        Heading(1, "异议"),
        Paragraph(
            "对名单有异议的，可以在公示期内实名提出，写明理由并附证据。由没有参与评选的人核实答复；"
            "名单有变的，重新公示。提出异议的人的信息不公开。"
        ),
        Paragraph("为保护个人信息，名单隐去姓名的一部分，不写电话和证件号码。"),
    ]
    return tuple(blocks), (), (awards_source(awards), sheet_source(campaign))


def commendation_body(facts: Facts) -> Body:
    """The final list. `facts` has awards."""
    awards, campaign = _awards(facts), facts.campaign
    total = sum(winner.amount or 0 for scope in awards.scopes for winner in scope.winners)
    won = sum(len(scope.winners) for scope in awards.scopes)
    if awards.persons == won:
        told = words("共", figure(won, AWARDS), "人受到表彰。")
    else:
        persons = words(figure(awards.persons, AWARDS), "人") if awards.persons else ()
        told = words("共", persons, figure(won, AWARDS), "人次受到表彰。")
    if total:
        capitals = f"元（大写：{money_in_capitals(total)}）。{_approved(campaign)}"
        told = words(told, "奖励合计", figure(total, AWARDS), capitals)
    blocks: list[Block] = [Heading(1, "表彰名单"), Paragraph(told), *_scopes(awards)]
    return tuple(blocks), (), (awards_source(awards),)


def _approved(campaign: CampaignFacts) -> str:
    return f"批准文号：{campaign.approval_number}。" if campaign.approval_number else ""


def _awards(facts: Facts) -> Awards:
    assert facts.awards is not None
    return facts.awards


def _scopes(awards: Awards) -> list[Block]:
    out: list[Block] = []
    for scope in awards.scopes:
        out.append(Heading(2, scope.name))
        out.append(_table(scope) if scope.winners else Paragraph("没有人达到条件。"))
    return out


def _table(scope: ScopeFacts) -> Table:
    """A row a person; a list that gives nobody money has no column for it."""
    has_money = any(each.amount is not None for each in scope.winners)
    columns = (
        column("名次", 1),
        column("姓名", 2),
        column("单位", 3),
        column("传播量", 2),
        column("奖项", 3),
        *((column("金额（元）", 2),) if has_money else ()),
    )
    rows = tuple(
        (
            figure(each.rank, AWARDS),
            words(each.name),
            words(each.unit),
            figure(each.volume, AWARDS),
            words(each.title),
            *((figure(each.amount, AWARDS),) if has_money else ()),
        )
        for each in scope.winners
    )
    return Table(columns, rows)

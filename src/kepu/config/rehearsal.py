"""A whole round rehearsed on simulated data: from the published sheet to the paid list, with an objection."""

from datetime import date, datetime, timedelta
from typing import Any

from kepu.awards import reads, writes
from kepu.awards.reads import payouts
from kepu.awards.rules import Answer, Filed, FinalWinner, Said, Step, Taken
from kepu.awards.rules.payouts import Event, PayList, Review
from kepu.awards.writes.payouts import act_on_line
from kepu.config.command.simulate import CAMPAIGN, play_year
from kepu.kit import clock
from kepu.ledger import reads as ledger
from kepu.people import writes as people
from kepu.people.reads.contacts import phones_of
from kepu.people.rules import Role

ROUND, COUNTY = "annual", "430623"
OFFICERS = (("13700001001", "吴评审"), ("13700001002", "郑复核"), ("13700001003", "王签发"))


def rehearse_round(communicators: int, seed: int) -> dict[str, Any]:
    """{story: [[day, sentence]], winners, certificates, paid_yuan, ranks: [[person, before, after]],
    officers: [[phone, name]], winner: [phone, name]}.

    The moments are those of December 2021; the data folder must be empty. The winner is the county's first.
    """
    play_year(communicators, seed)
    maker, checker, signer = _officers()
    story: list[tuple[str, str]] = []

    def say(day: date, sentence: str) -> None:
        story.append((day.isoformat(), sentence))

    _make_public(maker, date(2021, 12, 1), date(2021, 12, 6), say)
    before = reads.life(CAMPAIGN, ROUND).evaluation
    _uphold_an_objection(checker, say)
    _step(writes.judge_round(CAMPAIGN, ROUND, maker, _at(date(2021, 12, 13))))
    after = reads.life(CAMPAIGN, ROUND).evaluation
    moved = reads.moved_between(before, after, COUNTY)
    say(date(2021, 12, 13), f"重新评出名单，{len(moved)} 人有变化")
    _freeze_and_publish(maker, date(2021, 12, 13), say)
    for officer, day_signed in ((checker, date(2021, 12, 21)), (signer, date(2021, 12, 22))):
        _step(writes.take_step(CAMPAIGN, ROUND, Step.SIGN, officer, _at(day_signed)))
        say(day_signed, "签字定案")
    winners = reads.final_winners(CAMPAIGN, ROUND)
    assert isinstance(winners, tuple), winners
    awarded = writes.issue_certificates(CAMPAIGN, ROUND, signer, _at(date(2021, 12, 27)))
    assert isinstance(awarded, writes.Awarded), awarded
    say(date(2021, 12, 27), f"颁奖：证书 {awarded.certificates} 张，待发 {awarded.lines} 笔")
    paid = _pay(winners, checker, _at(date(2021, 12, 29)))
    _step(writes.close_payout(CAMPAIGN, ROUND, signer, _at(date(2021, 12, 30))))
    say(date(2021, 12, 30), f"发放完毕，共 {paid:,} 元")
    return {
        "story": story,
        "winners": len(winners),
        "certificates": awarded.certificates,
        "paid_yuan": paid,
        "officers": [list(each) for each in OFFICERS],
        "winner": _first_of_county(winners),
        "ranks": [[each.person, each.rank_before, each.rank_after] for each in moved],
    }


def _uphold_an_objection(checker: int, say: Any) -> None:
    """The 31st objects to the 30th, whose corrected volume then is one below theirs."""
    thirtieth, next_one = _ranked(30), _ranked(31)
    drop = thirtieth.volume - next_one.volume + 1
    filed = writes.file_objection(
        CAMPAIGN,
        ROUND,
        Said(
            next_one.person,
            next_one.name,
            thirtieth.person,
            "第30名有几天的数不是本人转发的。",
            "有群聊截图为证。",
        ),
        _at(date(2021, 12, 9)),
    )
    assert isinstance(filed, Filed), filed
    say(date(2021, 12, 9), "第 31 名对第 30 名提出异议")
    volumes = ledger.volume_by_day(thirtieth.person, 1, 20210101, 20211130)
    day = max(volumes, key=lambda each: volumes[each])
    upheld = Answer(True, "截图属实，这些转发不是本人所为。", adds=((day, -drop),))
    answered = writes.answer_objection(filed.id, upheld, checker, _at(date(2021, 12, 10)))
    assert isinstance(answered, Filed), answered
    say(date(2021, 12, 10), f"异议成立，更正 -{drop}，名单撤回")


def _first_of_county(winners: tuple[FinalWinner, ...]) -> list[str]:
    """Phone and name of whoever is first in the county."""
    first = next(each for each in winners if each.division == COUNTY)
    return [phones_of([first.person]).get(first.person, ""), first.name]


def _officers() -> list[int]:
    """They are appointed now, not in 2021: whoever was away so long would find the back office locked."""
    now = clock.now()
    found = []
    for phone, name in OFFICERS:
        account = people.open_staff_account(phone, name, None, int(COUNTY), now)
        assert isinstance(account, int), account
        people.grant_scope(account, Role.COUNTY_OFFICER, COUNTY, now)
        found.append(account)
    return found


def _make_public(maker: int, closed: date, issued: date, say: Any) -> None:
    _step(writes.take_step(CAMPAIGN, ROUND, Step.CLOSE, maker, _at(closed)))
    say(closed, "封账")
    _step(writes.judge_round(CAMPAIGN, ROUND, maker, _at(closed)))
    say(closed, "评出名单")
    _freeze_and_publish(maker, issued, say)


def _freeze_and_publish(maker: int, issued: date, say: Any) -> None:
    _step(writes.freeze_round(CAMPAIGN, ROUND, reads.fresh_list(CAMPAIGN, ROUND), maker, _at(issued)))
    _step(writes.take_step(CAMPAIGN, ROUND, Step.PUBLISH, maker, _at(issued)))
    life = reads.life(CAMPAIGN, ROUND)
    say(issued, f"锁定并公示，{life.public_from} 至 {life.public_until}")


def _ranked(rank: int) -> FinalWinner | Any:
    """Who stands at a rank of the county on the list that is public."""
    stored = reads.standing_evaluation(CAMPAIGN, ROUND)
    assert stored is not None
    winners = next(each for each in stored.content()["scopes"] if each["division"] == COUNTY)["winners"]
    line = next(each for each in winners if each["rank"] == rank)
    return FinalWinner(
        person=line["communicator"],
        name=line["name"],
        unit=line["unit"],
        division=COUNTY,
        scope_name="",
        rank=rank,
        volume=line["volume"],
        title=line["title"],
        amount=line["amount"],
        given_by="",
        has_certificate=False,
    )


def _pay(winners: tuple[FinalWinner, ...], by: int, now: datetime) -> int:
    """Every line is paid by hand, those that wait for a review after it; how many yuan that was."""
    paid = 0
    for division in sorted({each.division for each in winners if each.amount}):
        for line in payouts.roster(PayList(CAMPAIGN, ROUND, division)):
            if line.standing.review is Review.WAITING:
                act_on_line(line.number, Event.CLEAR, "演练：已核实，不属公职人员", by, now)
            act_on_line(line.number, Event.HAND, "演练：当面发放", by, now)
            paid += line.amount
    return paid


def _at(day: date) -> datetime:
    return clock.start_of(day) + timedelta(hours=10)


def _step(taken: object) -> None:
    assert isinstance(taken, Taken), taken

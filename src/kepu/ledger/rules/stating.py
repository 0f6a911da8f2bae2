"""What acts become that state what they are worth: corrections, figures, and points that are moved."""

from kepu.campaigns.rules import Kind, Measure, Reason, Verdict
from kepu.ledger.rules.facts import Facts
from kepu.ledger.rules.lots import YearPoints, balance_of, oldest, rest_up_to, returned
from kepu.ledger.rules.values import Act


def stated(act: Act, facts: Facts) -> Verdict:
    """A spend is refused where the balance is short; an expiry takes what the year still has, at most.

    What is taken back by a correction is taken whole, whatever is left: the balance may become a debt.
    Imported volume counts only where the sheet ranks by it: two measures are never added.
    """
    if act.kind is Kind.SPEND:
        assert act.points < 0, "a spend takes points"
        assert not act.volume, "a spend is no volume"
        if balance_of(facts.lots[act.person]) + act.points < 0:
            return Verdict(0, 0, Reason.BALANCE_SHORT, None)
    if act.kind is Kind.EXPIRY and act.points < 0:
        points = min(-act.points, rest_up_to(facts.lots[act.person], act.day // 10_000))
        return Verdict(-points, 0, Reason.ADJUSTED if points else Reason.BALANCE_SHORT, None)
    if act.kind is Kind.IMPORT and act.volume and not _ranks_by_imports(facts, act.campaign):
        return Verdict(0, 0, Reason.NOT_REWARDED, None)
    return Verdict(act.points, act.volume, Reason.ADJUSTED, None)


def lines_of(act: Act, verdict: Verdict, day: int, facts: Facts) -> tuple[YearPoints, ...]:
    """The years that a spend takes (points below zero) or a refund gives back; () for what has one year."""
    if act.kind is Kind.SPEND and verdict.points:
        taken = oldest(facts.lots[act.person], -verdict.points)
        return tuple(YearPoints(each.year, -each.points) for each in taken)
    if act.kind is Kind.REFUND:
        back = returned(facts.taken[act.ref_book, act.ref_seq], facts.expired_to, day // 10_000)
        assert sum(each.points for each in back) == verdict.points, "a refund returns the whole spend"
        return back
    return ()


def _ranks_by_imports(facts: Facts, campaign: int) -> bool:
    return any(each.number == campaign and each.sheet.measure is Measure.IMPORTED for each in facts.published)

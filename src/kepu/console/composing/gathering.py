"""Reading the figures of a document once, from the rooms that keep them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from kepu.awards import reads as awards
from kepu.awards.rules import FinalWinner, NoRound, Stage
from kepu.campaigns import reads as campaigns
from kepu.campaigns.reads import words
from kepu.campaigns.rules import Policy, Published, Round, RuleSheet, last_day_of, round_of
from kepu.documents.rules.paper import ROWS_MAX
from kepu.kit import clock
from kepu.papers import reads as papers
from kepu.papers.reads import OrganLine
from kepu.papers.rules import (
    Awards,
    CampaignFacts,
    Facts,
    FactsNo,
    Hearing,
    Kind,
    Progress,
    RoundFacts,
    ScopeFacts,
    Target,
    TierFacts,
    UnitFacts,
    WinnerFacts,
)
from kepu.people.rules import masked_name
from kepu.regions import reads as regions
from kepu.standings import reads as standings

TARGETS_OF_A_UNIT = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """What a document is to be about; `round` is "" and `units` empty where the kind has none.

    `units` are divisions: two villages of a county may have one name. `organ` is who would issue it and in
    which division: it commends what it gives.
    """

    kind: Kind
    published: Published
    round: str = ""
    units: tuple[str, ...] = ()
    organ: OrganLine | None = None


def gathered(asked: Asked) -> Facts | FactsNo:
    """The figures as they stand now, or why there are none for such a document. At most fourteen queries."""
    found = _gathered(asked)
    return found if isinstance(found, FactsNo) or _fits(found) else FactsNo.TOO_LONG


def _fits(facts: Facts) -> bool:
    """Whether every table of such a document holds its rows."""
    units = len(facts.progress.units) if facts.progress else 0
    tables = [len(facts.campaign.units), units * (TARGETS_OF_A_UNIT if facts.hearings else 1)]
    tables += [len(scope.winners) for scope in facts.awards.scopes] if facts.awards else []
    return max(tables) <= ROWS_MAX


def _gathered(asked: Asked) -> Facts | FactsNo:
    sheet = asked.published.sheet
    campaign = campaign_facts(asked.published)
    match asked.kind:
        case Kind.NOTICE:
            return Facts(campaign)
        case Kind.BULLETIN:
            progress = progress_facts(asked.published)
            return progress if isinstance(progress, FactsNo) else Facts(campaign, progress)
        case Kind.CRITICISM | Kind.REMINDER:
            return _missing(asked, campaign)
    round_ = round_of(sheet, asked.round)
    if round_ is None:
        return FactsNo.NO_ROUND
    found = _public(sheet, round_) if asked.kind is Kind.PUBLICITY else _final(asked, round_)
    return found if isinstance(found, FactsNo) else Facts(campaign, None, found)


def campaign_facts(published: Published) -> CampaignFacts:
    """The campaign as its newest sheet has it. At most two queries."""
    sheet = published.sheet
    names = unit_names(sheet)
    return CampaignFacts(
        title=sheet.title,
        based_on=sheet.based_on,
        place=regions.full_names([sheet.place]).get(sheet.place, sheet.place),
        place_code=sheet.place,
        opens_on=clock.day_of(sheet.opens_at),
        closes_on=last_day_of(sheet.closes_at),
        measure=campaigns.volume_words(sheet.measure),
        publicity_days_min=sheet.publicity_days_min,
        approval_number=sheet.approval_number,
        version=sheet.version,
        sha256=published.sha256,
        is_voluntary=sheet.policy is Policy.VOLUNTARY,
        certified_only=sheet.certified_only,
        earnings=tuple(
            (words.kind_word(kind), earning.points, earning.per_day_max)
            for kind, earning in sheet.earnings.items()
        ),
        rounds=tuple(_round(each) for each in sheet.rounds),
        units=tuple(
            UnitFacts(
                names[task.division],
                task.division,
                Target(task.backbones),
                Target(task.registrations),
                Target(task.volume),
            )
            for task in sheet.tasks
        ),
    )


def unit_names(sheet: RuleSheet) -> dict[str, str]:
    """What each unit with tasks is called, by division; of two alike each says its town. One query."""
    alike = {name for name, count in Counter(task.unit for task in sheet.tasks).items() if count > 1}
    towns = regions.names({task.division[:9] for task in sheet.tasks if task.unit in alike}) if alike else {}
    return {
        task.division: towns.get(task.division[:9], "") + task.unit if task.unit in alike else task.unit
        for task in sheet.tasks
    }


def progress_facts(published: Published) -> Progress | FactsNo:
    """How far the units are, in the sheet's order, with the cut-off. At most nine queries."""
    if not published.sheet.tasks:
        return FactsNo.NO_TASKS
    cut_off = standings.cut_off(published.number)
    if cut_off is None:
        return FactsNo.NO_CUT_OFF
    names = unit_names(published.sheet)
    units = tuple(
        UnitFacts(
            names.get(each.division, each.name),
            each.division,
            *(Target(task.target, task.actual) for task in (each.backbones, each.registrations, each.volume)),
        )
        for each in standings.unit_progress(published.number)
    )
    return Progress(cut_off, units)


def _missing(asked: Asked, campaign: CampaignFacts) -> Facts | FactsNo:
    """The chosen units' gaps; for a criticism what each said, too."""
    if campaign.is_voluntary:
        return FactsNo.NOT_NOTICE
    progress = progress_facts(asked.published)
    if isinstance(progress, FactsNo):
        return progress
    chosen = tuple(unit for unit in progress.units if unit.division in asked.units)
    if not chosen:
        return FactsNo.NO_UNITS
    if not all(unit.missed for unit in chosen):
        return FactsNo.NOTHING_MISSED
    progress = Progress(progress.cut_off, chosen)
    if asked.kind is Kind.REMINDER:
        return Facts(campaign, progress) if len(chosen) == 1 else FactsNo.ONE_UNIT
    heard: dict[str, Hearing] = {}
    for each in papers.hearings(asked.published.number, [unit.division for unit in chosen]):
        heard.setdefault(each.division, each)  # the newest comes first
    if any(unit.division not in heard for unit in chosen):
        return FactsNo.NOT_HEARD
    return Facts(campaign, progress, None, tuple(heard[unit.division] for unit in chosen))


def _public(sheet: RuleSheet, round_: Round) -> Awards | FactsNo:
    """The masked list that is in publicity now."""
    life = awards.life(sheet.campaign, round_.id)
    stored = awards.standing_evaluation(sheet.campaign, round_.id)
    if life.stage is not Stage.PUBLIC or stored is None or stored.id != life.evaluation:
        return FactsNo.NOT_PUBLIC
    if life.public_until is not None and clock.day_of(clock.now()) > life.public_until:
        return FactsNo.PUBLICITY_OVER
    scopes = tuple(
        ScopeFacts(
            scope["name"],
            tuple(
                WinnerFacts(
                    line["rank"],
                    masked_name(line["name"]),
                    line["unit"],
                    line["volume"],
                    line["title"],
                    line["amount"],
                )
                for line in scope["winners"]
            ),
        )
        for scope in stored.content()["scopes"]
    )
    days = (life.public_from, life.public_until)
    return Awards(round_.title, stored.as_of or "", stored.sha256, scopes, *days)


def _final(asked: Asked, round_: Round) -> Awards | FactsNo:
    """What the organ gives of the list two officers signed, without what was revoked since."""
    sheet = asked.published.sheet
    winners = awards.final_winners(sheet.campaign, round_.id)
    stored = awards.standing_evaluation(sheet.campaign, round_.id)
    if isinstance(winners, NoRound) or stored is None:
        return FactsNo.NOT_FINAL
    own = [each for each in winners if asked.organ is None or _gives(asked.organ, each)]
    if winners and not own:
        return FactsNo.NOT_GIVEN
    persons = len({each.person for each in own})
    return Awards(round_.title, stored.as_of or "", stored.sha256, _by_scope(own), persons=persons)


def _gives(line: OrganLine, won: FinalWinner) -> bool:
    """Whether an award is the organ's own: it is named as the giver, or the award is of its very place."""
    if won.given_by == line.organ.name or won.division == line.division:
        return True
    return not won.given_by and won.division.startswith(line.division)


def _by_scope(winners: Sequence[FinalWinner]) -> tuple[ScopeFacts, ...]:
    return tuple(
        ScopeFacts(
            name,
            tuple(
                WinnerFacts(each.rank, each.name, each.unit, each.volume, each.title, each.amount)
                for each in own
            ),
        )
        for name, own in groupby(winners, lambda each: each.scope_name)
    )


def _round(each: Round) -> RoundFacts:
    scopes = dict(words.choices_of("scope"))
    tiers = tuple(
        TierFacts(scopes[tier.scope], tier.rank_from, tier.rank_to, tier.title, tier.amount, tier.given_by)
        for tier in each.tiers
    )
    return RoundFacts(
        each.title,
        clock.day_of(each.opens_at),
        last_day_of(each.closes_at),
        each.judged_on,
        each.basic_task,
        tiers,
    )

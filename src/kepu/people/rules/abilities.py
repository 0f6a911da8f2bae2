"""What each role may do inside its divisions, and who may hand a scope to whom."""

from enum import StrEnum

from kepu.people.rules.reviewing import may_hold, outermost
from kepu.people.rules.values import Role

Scopes = frozenset[tuple[Role, str]]


class Ability(StrEnum):
    """One thing a member of staff may be allowed to do, always within divisions."""

    LOOK = "look"  # dashboards, lists, statistics; names and masked numbers
    COUNTER = "counter"  # sign people up at the counter
    CERTIFY = "certify"  # decide on applications
    ROSTERS = "rosters"  # people and units: bring in, move, merge, mark
    UNMASK = "unmask"  # see a whole phone number, each time kept in the audit
    COMPLAINTS = "complaints"
    ANNOUNCE = "announce"
    FIGURES = "figures"  # bring official figures in, approve those of another
    CAMPAIGNS = "campaigns"  # rule sheets and tasks
    ROUNDS = "rounds"  # close, judge, publish and sign rounds; answer objections
    PAY = "pay"  # subsidies that were won in the division: lists, batches to the carrier, answers
    HAND_OVER = "hand_over"  # hand out what was ordered in the mall
    MALL = "mall"  # items, their stock and orders
    CLUBS = "clubs"  # approve clubs, judge posts and whoever reports them
    SIGNALS = "signals"  # look into acts that seem arranged
    SITE = "site"  # what holds for the whole site: expiry, levels, switches, barred words
    STAFF = "staff"  # hand scopes down
    AUDIT = "audit"
    WRITE = "write"  # articles
    REVIEW_1 = "review_1"
    REVIEW_2 = "review_2"
    REVIEW_3 = "review_3"


_CLERK = frozenset({Ability.LOOK, Ability.COUNTER, Ability.HAND_OVER})
_TOWN = _CLERK | {
    Ability.CERTIFY,
    Ability.ROSTERS,
    Ability.UNMASK,
    Ability.ANNOUNCE,
    Ability.CLUBS,
    Ability.STAFF,
}
_OFFICER = _TOWN | {
    Ability.COMPLAINTS,
    Ability.FIGURES,
    Ability.CAMPAIGNS,
    Ability.ROUNDS,
    Ability.PAY,
    Ability.MALL,
    Ability.SIGNALS,
    Ability.AUDIT,
}
ABILITIES: dict[Role, frozenset[Ability]] = {
    Role.OPERATOR: frozenset(Ability),
    Role.CITY_OFFICER: _OFFICER,
    Role.COUNTY_OFFICER: _OFFICER,
    Role.TOWN_CLERK: _TOWN,
    Role.UNIT_CLERK: _CLERK,
    Role.EDITOR: frozenset({Ability.WRITE}),
    Role.REVIEWER_1: frozenset({Ability.REVIEW_1}),
    Role.REVIEWER_2: frozenset({Ability.REVIEW_2}),
    Role.REVIEWER_3: frozenset({Ability.REVIEW_3}),
    Role.AUDITOR: frozenset({Ability.LOOK, Ability.AUDIT}),
}
OF_WHOLE_SITE = frozenset({Ability.SITE, Ability.WRITE, Ability.REVIEW_1, Ability.REVIEW_2, Ability.REVIEW_3})
# Whom a member of staff may give a scope to: roles below their own, never their own, never a higher one.
BELOW: dict[Role, frozenset[Role]] = {
    Role.OPERATOR: frozenset(Role) - {Role.OPERATOR},
    Role.CITY_OFFICER: frozenset({Role.COUNTY_OFFICER, Role.TOWN_CLERK, Role.UNIT_CLERK}),
    Role.COUNTY_OFFICER: frozenset({Role.TOWN_CLERK, Role.UNIT_CLERK}),
    Role.TOWN_CLERK: frozenset({Role.UNIT_CLERK}),
}


def divisions_for(scopes: Scopes, ability: Ability) -> tuple[str, ...]:
    """The divisions in which these scopes give the ability, without those inside another; sorted.

    "" is the whole site; empty: nowhere. Articles, and what holds for everybody, are the whole site's: a
    narrower scope gives nothing there.
    """
    held = {division for role, division in scopes if ability in ABILITIES[role]}
    return outermost(held & {""} if ability in OF_WHOLE_SITE else held)


def may(scopes: Scopes, ability: Ability, division: str) -> bool:
    """Whether these scopes give the ability in a division; an account's own division may be of any level."""
    return any(division.startswith(within) for within in divisions_for(scopes, ability))


def may_hand(scopes: Scopes, role: Role, division: str) -> bool:
    """Whether someone with these scopes may give or take away that scope: down only, inside their own."""
    return may_hold(role, division) and any(
        role in BELOW.get(held, frozenset()) and division.startswith(within) for held, within in scopes
    )

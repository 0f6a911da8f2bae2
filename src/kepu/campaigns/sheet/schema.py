"""The fields of a rule sheet: what may stand in the file, what must, and between which bounds."""

from kepu.campaigns.rules import SCOPES, DoubleAward, Kind, Measure, Policy, Switch, TieRule
from kepu.campaigns.sheet.fields import Field, Form, Table

# What a sheet may reward. Adjustments and spends are not acts of a communicator; imports state their volume.
EARNING_KINDS = {
    "sign_in": Kind.SIGN_IN,
    "check_in": Kind.CHECK_IN,
    "browse": Kind.BROWSE,
    "share": Kind.SHARE,
    "open": Kind.OPEN,
    "read": Kind.READ,
    "club_post": Kind.CLUB_POST,
    "like": Kind.LIKE,
    "liked": Kind.LIKED,
    "quiz": Kind.QUIZ,
    "certification": Kind.CERTIFICATION,
}
VOLUME_MAX = 100_000_000
COUNT_MAX = 1_000_000

STREAK_DAYS_MAX = 31

STREAK: Table = {
    "days": Field(Form.NUMBER, least=2, most=STREAK_DAYS_MAX),
    "points": Field(Form.NUMBER, least=1, most=100),
}
EARNING: Table = {
    "points": Field(Form.NUMBER, most=100),
    "per_day_max": Field(Form.NUMBER, least=1, most=10_000),
    "per_article_day_max": Field(Form.NUMBER, required=False, least=1, most=10_000),
    "per_article_max": Field(Form.NUMBER, required=False, least=1, most=10_000),
    "streaks": Field(Form.TABLES, required=False, inside=STREAK),
}
WEIGHT: Table = {
    "title": Field(Form.TEXT, most=60),
    "opens_on": Field(Form.DAY),
    "closes_on": Field(Form.DAY),
    "times": Field(Form.NUMBER, most=10),
    "kinds": Field(Form.CHOICES, least=1, choices=tuple(EARNING_KINDS)),
}
TARGETS: Table = {
    "backbones": Field(Form.NUMBER, most=COUNT_MAX),
    "registrations": Field(Form.NUMBER, most=COUNT_MAX),
    "volume": Field(Form.NUMBER, most=VOLUME_MAX),
}
UNIT: Table = {
    "unit": Field(Form.TEXT, most=80),
    "division": Field(Form.CODE),
    **TARGETS,
}
TASKS: Table = {
    "total": Field(Form.TABLE, inside=TARGETS),
    "units": Field(Form.TABLES, inside=UNIT),
}
TIER: Table = {
    "scope": Field(Form.CHOICE, choices=tuple(SCOPES)),
    "rank_from": Field(Form.NUMBER, least=1, most=COUNT_MAX),
    "rank_to": Field(Form.NUMBER, least=1, most=COUNT_MAX),
    "title": Field(Form.TEXT, most=60),
    "amount": Field(Form.NUMBER, required=False, least=1, most=COUNT_MAX),
    "certificate": Field(Form.FLAG),
    "given_by": Field(Form.TEXT, required=False, otherwise="", most=80),
}
ROUND: Table = {
    "id": Field(Form.SLUG, most=40),
    "title": Field(Form.TEXT, most=60),
    "opens_on": Field(Form.DAY),
    "closes_on": Field(Form.DAY),
    "judged_on": Field(Form.DAY),
    "basic_task": Field(Form.NUMBER, most=VOLUME_MAX),
    "amount_total": Field(Form.NUMBER, required=False, most=VOLUME_MAX),
    "tiers": Field(Form.TABLES, inside=TIER),
}
DECLARATION: Table = {
    "field": Field(Form.TEXT, most=100),
    "why": Field(Form.TEXT, most=600),
}
SHEET: Table = {
    "campaign": Field(Form.SLUG, most=50),
    "title": Field(Form.TEXT, most=80),
    "issuer": Field(Form.TEXT, most=80),
    "document": Field(Form.TEXT, required=False, otherwise="", most=80),
    "based_on": Field(Form.TEXT, required=False, otherwise="", most=80),
    "place": Field(Form.CODE),
    "counts_within": Field(Form.CODE),
    "opens_on": Field(Form.DAY),
    "closes_on": Field(Form.DAY),
    "policy": Field(Form.CHOICE, required=False, otherwise=Policy.VOLUNTARY.value, choices=tuple(Policy)),
    "measure": Field(Form.CHOICE, choices=tuple(Measure)),
    "dwell_seconds_min": Field(Form.NUMBER, required=False, least=1, most=600),
    "certified_only": Field(Form.FLAG, required=False, otherwise=True),
    "tie_rule": Field(Form.CHOICE, choices=tuple(TieRule)),
    "double_award": Field(Form.CHOICE, choices=tuple(DoubleAward)),
    "publicity_days_min": Field(Form.NUMBER, least=5, most=60),
    "late_days": Field(Form.NUMBER, required=False, otherwise=None, least=0, most=60),
    "approval_number": Field(Form.TEXT, required=False, otherwise="", most=80),
    "boards_may_hide": Field(Form.FLAG, required=False, otherwise=False),
    "switched_off": Field(Form.CHOICES, required=False, choices=tuple(Switch)),
    "points_per_day_max": Field(Form.NUMBER, required=False, least=1, most=COUNT_MAX),
    "designated_times": Field(Form.NUMBER, required=False, otherwise=1, least=1, most=10),
    "earnings": Field(
        Form.TABLE, inside={word: Field(Form.TABLE, False, inside=EARNING) for word in EARNING_KINDS}
    ),
    "weights": Field(Form.TABLES, required=False, inside=WEIGHT),
    "tasks": Field(Form.TABLE, required=False, inside=TASKS),
    "rounds": Field(Form.TABLES, required=False, inside=ROUND),
    "declared": Field(Form.TABLES, required=False, inside=DECLARATION),
}


def is_field(name: str) -> bool:
    """Whether a dotted name without numbers ("rounds.tiers.amount") is a field a sheet can have."""
    table: Table = SHEET
    for step in name.split("."):
        if step not in table:
            return False
        table = table[step].inside
    return True

"""The words people see for what stands in a sheet, and for what is wrong with one."""

import re

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kepu.campaigns.policy import Feature
from kepu.campaigns.rules import DoubleAward, Kind, Measure, Policy, Switch, TieRule
from kepu.campaigns.sheet import Allowed, Caution, Fit, SheetTrouble
from kepu.campaigns.sheet.schema import EARNING_KINDS
from kepu.ui.off import PARTS

Words = str | Promise

KINDS: dict[Kind, Words] = {
    Kind.SIGN_IN: _("Signing in"),
    Kind.CHECK_IN: _("Checking in"),
    Kind.BROWSE: _("Browsing an article"),
    Kind.SHARE: _("One share"),
    Kind.OPEN: _("One opening of your link"),
    Kind.READ: _("One reader of your share"),
    Kind.CLUB_POST: _("Posting in a club"),
    Kind.LIKE: _("One like"),
    Kind.QUIZ: _("A quiz answered right"),
    Kind.CERTIFICATION: _("Being certified"),
    Kind.LIKED: _("One like from somebody else"),
}
MEASURES: dict[Measure, Words] = {
    Measure.SHARES: _("Shares: how often someone pressed share. It does not say whether anyone read."),
    Measure.OPENS: _("Openings: how often personal links were opened."),
    Measure.READS: _("Readers: people who really read, each counted once for each communicator and article."),
    Measure.IMPORTED: _("Figures imported from an official back office."),
}
# As few words as stand above a number or under a board; rooms above have them from `reads`.
VOLUME: dict[Measure, Words] = {
    Measure.SHARES: _("Number of shares"),
    Measure.OPENS: _("Links opened"),
    Measure.READS: _("Real readers"),
    Measure.IMPORTED: _("Imported volume"),
}
MEASURES_SHORT: dict[str, Words] = {measure.value: words for measure, words in VOLUME.items()}
TIES: dict[TieRule, Words] = {
    TieRule.SHARED: _("Equal numbers share a place"),
    TieRule.EARLIER: _("Of equal numbers the earlier one stands ahead"),
}
POLICIES: dict[Policy, Words] = {
    Policy.NOTICE: _("As the notice says, with tasks and ranking"),
    Policy.VOLUNTARY: _("Voluntary: no tasks, nobody is criticised"),
}
TIE_RULES: dict[TieRule, Words] = {
    TieRule.SHARED: _("Equal volumes share a place; all of them count at the edge."),
    TieRule.EARLIER: _("Of equal volumes the one reached first stands ahead."),
}
CAUTIONS: dict[Caution, Words] = {
    Caution.ALL_TIED: _(
        "By imported figures everybody reaches their volume at the moment a file is approved, so “reached"
        " first” decides nothing and the order of registration does. Let equal volumes share a place."
    ),
}
# {0}, {1}, {2}: `Fitted.values`.
FITTED: dict[Fit, Words] = {
    Fit.RANGE: _("Volume counts in {0}, which is yours, no longer in a wider division."),
    Fit.TIERS_OUT: _("“{0}”: the tiers of {1} are taken out, for volume does not count there."),
    Fit.TIERS_MOVED: _(
        "“{0}”: the tiers of {1} are now those of {2}. Enter their title and who gives them, and see whether"
        " the places are right."
    ),
}
DOUBLE_AWARDS: dict[DoubleAward, Words] = {
    DoubleAward.BOTH: _("One person may hold awards of several levels."),
    DoubleAward.HIGHEST_ONLY: _("One person holds the award of the highest level only."),
}
SCOPES: dict[str, Words] = {
    "city": _("The whole city"),
    "county": _("The whole county"),
    "town": _("The town"),
}
SWITCHES: dict[Switch, Words] = {switch: PARTS[switch.value] for switch in Switch}
FEATURES: dict[Feature, Words] = {
    Feature.BELOW_COUNTY: _("It is run below the county level."),
    Feature.REPEATED_WORK: _("What another platform counts is to be done here once more."),
    Feature.CHECK_IN: _("Signing in or checking in earns points."),
    Feature.RANKING: _("People are ranked."),
    Feature.REGISTRATION_TASKS: _("Units have a task of new registrations."),
    Feature.UNIT_TASKS: _("Units have tasks and can be criticised for missing them."),
    Feature.VOLUME_TASKS: _("Units have a task of volume."),
    Feature.RESHARE_MEASURE: _("Volume counts shares."),
    Feature.BUSINESS: _("A business gives awards."),
    Feature.SHARE_POINTS: _("Sharing earns points."),
    Feature.RESHARE_AWARDS: _("Awards are given by shares."),
    Feature.NAMES_WITHOUT_CHOICE: _("Lists name people whether they wish it or not."),
    Feature.SHORT_PUBLICITY: _("The list is public for fewer than 5 working days."),
    Feature.MONEY_WITHOUT_APPROVAL: _("Awards of money have no approval number."),
}
# The last word of a field's path; a path is said from the outside in.
FIELDS: dict[str, Words] = {
    "campaign": _("Short name"),
    "title": _("Title"),
    "issuer": _("Issuer"),
    "document": _("Document number"),
    "based_on": _("Based on"),
    "place": _("Place"),
    "counts_within": _("Where volume counts"),
    "opens_on": _("First day"),
    "closes_on": _("Last day"),
    "judged_on": _("Day of judging"),
    "policy": _("Kind of campaign"),
    "measure": _("What volume counts"),
    "dwell_seconds_min": _("Seconds to count as read"),
    "certified_only": _("Certified people only"),
    "tie_rule": _("Rule for ties"),
    "double_award": _("Rule for several awards"),
    "publicity_days_min": _("Working days of publicity"),
    "late_days": _("Days for late entries"),
    "approval_number": _("Approval number of the awards"),
    "boards_may_hide": _("Boards without names for those who wish"),
    "earnings": _("Points"),
    "points": _("Points each"),
    "per_day_max": _("At most a day"),
    "per_article_day_max": _("At most a day for one article"),
    "per_article_max": _("At most in all for one article"),
    "streaks": _("Days in a row"),
    "days": _("From so many days in a row"),
    "points_per_day_max": _("Points a day at most, in all"),
    "designated_times": _("Must-reads of the day earn so many times"),
    "weights": _("Days that earn more or less"),
    "times": _("So many times the points"),
    "kinds": _("For what"),
    "switched_off": _("What this campaign does without"),
    "tasks": _("Tasks"),
    "total": _("Total"),
    "units": _("Units"),
    "unit": _("Name of the unit"),
    "division": _("Division code"),
    "backbones": _("Backbone communicators"),
    "registrations": _("New registrations"),
    "volume": _("Volume"),
    "rounds": _("Rounds"),
    "id": _("Short name"),
    "basic_task": _("Basic task"),
    "amount_total": _("Money in all"),
    "tiers": _("Tiers"),
    "scope": _("Among whom"),
    "rank_from": _("From place"),
    "rank_to": _("To place"),
    "amount": _("Money"),
    "certificate": _("Certificate"),
    "given_by": _("Given by"),
    "declared": _("Declared by us"),
    "field": _("Which field"),
    "why": _("Why"),
    "sign_in": KINDS[Kind.SIGN_IN],
    "check_in": KINDS[Kind.CHECK_IN],
    "browse": KINDS[Kind.BROWSE],
    "share": KINDS[Kind.SHARE],
    "open": KINDS[Kind.OPEN],
    "read": KINDS[Kind.READ],
    "club_post": KINDS[Kind.CLUB_POST],
    "like": KINDS[Kind.LIKE],
    "liked": KINDS[Kind.LIKED],
    "quiz": KINDS[Kind.QUIZ],
    "certification": KINDS[Kind.CERTIFICATION],
}
# {0}, {1}: `SheetTrouble.values`.
ALLOWED: dict[Allowed, Words] = {
    Allowed.TOML: _("cannot be read: see whether a quotation mark, bracket or equals sign is missing"),
    Allowed.ONCE: _("may stand only once (first on line {0})"),
    Allowed.SHORT: _("a file may have {0} characters at most"),
    Allowed.KNOWN_KEY: _("there is no such field; here there are: {0}"),
    Allowed.PRESENT: _("must be filled in"),
    Allowed.TEXT: _("text in quotation marks on one line, {0} characters at most"),
    Allowed.NUMBER: _("a whole number from {0} to {1}"),
    Allowed.FLAG: _("true or false"),
    Allowed.DAY: _("a day without quotation marks, like 2021-06-21"),
    Allowed.CHOICE: _("one of: {0}"),
    Allowed.CHOICES: _("each once, in square brackets: {0}"),
    Allowed.SCOPE_WIDE: _(
        "volume counts in less than this, so that nobody can be ranked there; fitting: {1}"
    ),
    Allowed.SCOPE_DEEP: _("the place is more than one of these; fitting: {1}"),
    Allowed.SLUG: _("small letters, digits and hyphens, beginning with a letter, {0} characters at most"),
    Allowed.CODE: _('a division code in quotation marks, 2, 4, 6, 9 or 12 digits, like "430623110"'),
    Allowed.TABLE: _("a table, written [name]"),
    Allowed.TABLES: _("one or more tables, written [[name]]"),
    Allowed.WITHIN: _("does not go together with {0}: one must lie within the other"),
    Allowed.NOT_BEFORE: _("not before {0}"),
    Allowed.IN_PERIOD: _("within the campaign, {0} to {1}"),
    Allowed.SUM: _("the rows add up to {0}"),
    Allowed.RANK_FROM: _("{0}: places follow each other without gap or overlap"),
    Allowed.RISING: _("more than {0}: each step takes more days than the one before"),
    Allowed.ONCE_A_DAY: _("1, for days in a row are counted by what counts once a day"),
    Allowed.SWITCHED_OFF: _("nothing, for the campaign does without: {0}"),
    Allowed.EARNING: _("what earns points in this sheet; this earns none: {0}"),
    Allowed.WEIGHED_ONCE: _("other days than those of “{0}”, which weighs the same: {1}"),
    Allowed.DECLARABLE: _('the name of a field of this sheet, like "rounds.basic_task"'),
    Allowed.BY_READS: _('a voluntary campaign counts readers: "reads"'),
    Allowed.BARRED: _("none of this in a voluntary campaign: {0}. {1}, {2}: {3}"),
    Allowed.SIGN_OFF: _("conflicts with today's rules; someone must sign it off by name"),
    Allowed.KNOWN_DIVISION: _("a code that exists"),
    Allowed.DIVISION_NAME: _("this code is {0}"),
    Allowed.AS_PUBLISHED: _("{0}, as published; another one needs a new campaign"),
    Allowed.CLOSED_ROUND: _("as published: the round {0} has closed"),
    Allowed.FREE_PERIOD: _("the campaign {0} counts here on the same days"),
    Allowed.FREE_NAME: _("another name: this one belongs to a published campaign"),
    Allowed.OWN_DIVISION: _("a division of yours; whoever answers for a wider one publishes it there"),
}
# What is to be done, at a field of a form; where nothing stands here the words for the file fit as well.
AT_FIELD: dict[Allowed, Words] = {
    Allowed.ONCE: _("This stands here twice. Change one of the two."),
    Allowed.KNOWN_KEY: _("There is no such field."),
    Allowed.PRESENT: _("Fill this in."),
    Allowed.TEXT: _("Write text on one line, {0} characters at most."),
    Allowed.NUMBER: _("Enter a whole number from {0} to {1}."),
    Allowed.FLAG: _("Choose yes or no."),
    Allowed.DAY: _("Enter a day like 2021-06-21."),
    Allowed.CHOICE: _("Choose one from the list."),
    Allowed.CHOICES: _("Tick at least one."),
    Allowed.SCOPE_WIDE: _(
        "Volume counts in less than {0}, so that nobody can be ranked there. Choose {1}, take this tier out,"
        " or widen “Where volume counts”."
    ),
    Allowed.SCOPE_DEEP: _("The place of the campaign is more than one of these. Choose {1}."),
    Allowed.SLUG: _("Use small letters, digits and hyphens; begin with a letter; {0} characters at most."),
    Allowed.CODE: _("Enter a division code of 2, 4, 6, 9 or 12 digits, like 430623110."),
    Allowed.TABLE: _("Fill this part in."),
    Allowed.TABLES: _("Add at least one row."),
    Allowed.WITHIN: _("This does not go together with {0}: one must lie within the other."),
    Allowed.NOT_BEFORE: _("Enter a day not before {0}."),
    Allowed.IN_PERIOD: _("Enter a day within the campaign, {0} to {1}."),
    Allowed.SUM: _("The rows add up to {0}. Enter that, or change the rows."),
    Allowed.RANK_FROM: _("Begin at place {0}: places follow each other without gap or overlap."),
    Allowed.RISING: _("Enter more than {0} days: each step takes more than the one before."),
    Allowed.ONCE_A_DAY: _("Enter 1, or take the steps out: days in a row are of what counts once a day."),
    Allowed.SWITCHED_OFF: _("This campaign does without: {0}. Empty these points, or switch it on again."),
    Allowed.EARNING: _("{0} earns no points here. Take the tick away, or give it points above."),
    Allowed.WEIGHED_ONCE: _("“{0}” holds on these days for the same: {1}. Choose other days."),
    Allowed.DECLARABLE: _("Choose a field from the list."),
    Allowed.BY_READS: _("A voluntary campaign counts readers. Choose them here, or choose the other kind."),
    Allowed.BARRED: _(
        "A voluntary campaign may not have this: {0}. {1}, {2}: {3}. Change it, or choose the other kind."
    ),
    Allowed.SIGN_OFF: _(
        "This conflicts with today's rules. Somebody must sign it off by name when it is published."
    ),
    Allowed.KNOWN_DIVISION: _("There is no division with this code. Look it up among the units."),
    Allowed.DIVISION_NAME: _("This code is {0}. Write that name, or change the code."),
    Allowed.AS_PUBLISHED: _("It was published as {0} and stays so. Anything else needs a new campaign."),
    Allowed.CLOSED_ROUND: _("The round {0} has closed. Its rules stay as they were published."),
    Allowed.FREE_PERIOD: _(
        "The campaign {0} counts here on the same days. Choose other days or another division."
    ),
    Allowed.FREE_NAME: _("This name belongs to a published campaign. Choose another."),
    Allowed.OWN_DIVISION: _(
        "This lies outside your divisions. Enter one of yours, or ask whoever answers for it to publish."
    ),
}


# Their values are words of a sheet: also the file's readers see them as people call them.
WORDED = (Allowed.BARRED, Allowed.SWITCHED_OFF, Allowed.EARNING, Allowed.WEIGHED_ONCE)


def field_text(path: str) -> str:
    """A field's path in words, from the outside in: rounds[2].basic_task → 评选轮次 2 · 基本任务."""
    steps = []
    for step in path.split("."):
        word, index = re.fullmatch(r"(.*?)(?:\[(\d+)\])?", step).groups()  # type: ignore[union-attr]
        steps.append(f"{FIELDS.get(word, word)} {index or ''}".strip())
    return " · ".join(steps)


def at_field(trouble: SheetTrouble) -> str:
    """What is wrong at a form's field and what to do, in a sentence without the field's name."""
    words = AT_FIELD.get(trouble.allowed)
    values = [_choice_text(trouble, each) for each in trouble.values]
    return str(words if words is not None else ALLOWED[trouble.allowed]).format(*values)


def _choice_text(trouble: SheetTrouble, value: str) -> str:
    if trouble.allowed is Allowed.BARRED:
        said = str(FEATURES[Feature(value)]) if value in tuple(Feature) else value
        return said.rstrip("。.")  # the sentences around them have stops of their own
    if trouble.allowed in (Allowed.SCOPE_WIDE, Allowed.SCOPE_DEEP):
        return gettext(" or ").join(str(SCOPES.get(each, each)) for each in value.split(", "))
    if trouble.allowed is Allowed.SWITCHED_OFF:
        return str(SWITCHES[Switch(value)]) if value in tuple(Switch) else value
    if trouble.allowed in (Allowed.EARNING, Allowed.WEIGHED_ONCE):
        return str(FIELDS.get(value, value)) if value in EARNING_KINDS else value
    if trouble.allowed is not Allowed.AS_PUBLISHED:
        return value
    return str(MEASURES_SHORT.get(value, value))


def explained(trouble: SheetTrouble) -> str:
    """A trouble in one sentence: the line, the field, what was found, what is allowed."""
    if trouble.allowed is Allowed.ONCE and trouble.values == ("",):
        allowed = gettext("the same thing stands twice")
    else:
        values = trouble.values
        if trouble.allowed in WORDED:
            values = tuple(_choice_text(trouble, each) for each in values)
        allowed = str(ALLOWED[trouble.allowed]).format(*values)
    words = {"line": trouble.line, "found": trouble.found, "allowed": allowed}
    words["field"] = f"{trouble.field}（{field_text(trouble.field)}）" if trouble.field else ""
    if not trouble.field:
        return gettext("Line %(line)d: found %(found)s; %(allowed)s.") % words
    if not trouble.found:
        return gettext("Line %(line)d, %(field)s: missing; %(allowed)s.") % words
    return gettext("Line %(line)d, %(field)s: found %(found)s; allowed: %(allowed)s.") % words

"""The words of the back office for what speaks against a declaration about points."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kepu.points.rules import ExpiryTrouble, LevelsTrouble, TopicBadgesTrouble

EXPIRY_TROUBLES: dict[ExpiryTrouble, str | Promise] = {
    ExpiryTrouble.DAY_WRONG: _("Choose a day that every year has."),
    ExpiryTrouble.YEARS_WRONG: _("Choose how many years points stay, at most ten."),
    ExpiryTrouble.TOO_SOON: _(
        "Some people would lose points earlier than they were told. Let it begin more than 30 days from now."
    ),
    ExpiryTrouble.UNCHANGED: _("This is how it is already."),
    ExpiryTrouble.WHY_MISSING: _("Write down why it is so; it is kept."),
}
LEVEL_TROUBLES: dict[LevelsTrouble, str | Promise] = {
    LevelsTrouble.NAME_WRONG: _("Give each level a name of at most 12 characters."),
    LevelsTrouble.NAME_TWICE: _("Two levels have the same name."),
    LevelsTrouble.POINTS_WRONG: _("Each level needs its own whole number of points."),
    LevelsTrouble.FIRST_NOT_ZERO: _("One level must begin at 0 points, for those who are new."),
    LevelsTrouble.TOO_MANY: _("There can be at most twelve levels."),
    LevelsTrouble.UNCHANGED: _("This is how it is already."),
}
BADGE_TROUBLES: dict[TopicBadgesTrouble, str | Promise] = {
    TopicBadgesTrouble.NAME_WRONG: _("Give each badge a name of at most 12 characters."),
    TopicBadgesTrouble.NAME_TWICE: _("Two badges have the same name."),
    TopicBadgesTrouble.PASSES_WRONG: _("A badge is given for 1 to 1000 quizzes."),
    TopicBadgesTrouble.TOPIC_WRONG: _("Choose a topic from the list."),
    TopicBadgesTrouble.TOO_MANY: _("There can be at most sixty badges."),
    TopicBadgesTrouble.UNCHANGED: _("This is how it is already."),
}

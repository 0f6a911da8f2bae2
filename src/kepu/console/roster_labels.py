"""The words for rosters and units."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kepu.people.reads.rosters import CERTIFIED, REGISTERED, REVOKED
from kepu.people.rules.headings import RosterColumn
from kepu.people.rules.registers import RegisterNo
from kepu.people.rules.rosters import RowTrouble, RowVerdict

Words = str | Promise

# The headings of the template, of what is exported and of what is told: as counties head their lists.
HEADINGS: dict[RosterColumn, str] = {
    RosterColumn.NAME: "姓名",
    RosterColumn.PHONE: "手机号",
    RosterColumn.TOWN: "乡镇",
    RosterColumn.UNIT: "单位",
    RosterColumn.TYPE: "类型",
    RosterColumn.ASSOCIATION: "机构",
    RosterColumn.BACKBONE: "骨干",
    RosterColumn.CERTIFIED: "认证日期",
}
STATES: dict[str, Words] = {
    CERTIFIED: _("Communicators"),
    REVOKED: _("Revoked"),
    REGISTERED: _("Only signed up"),
}
VERDICTS: dict[RowVerdict, Words] = {
    RowVerdict.NEW: _("Will be entered"),
    RowVerdict.CHANGED: _("Will be changed"),
    RowVerdict.SAME: _("There already, unchanged"),
    RowVerdict.REFUSED: _("Refused"),
}
ROW_TROUBLES: dict[RowTrouble, Words] = {
    RowTrouble.EMPTY: _("Nothing is written here."),
    RowTrouble.NAME_WRONG: _("This is no name: 2 to 20 Chinese characters."),
    RowTrouble.PHONE_WRONG: _("This is no mobile number: 11 digits, starting with 1."),
    RowTrouble.PHONE_TWICE: _("The number stands in row {detail} already."),
    RowTrouble.UNIT_UNKNOWN: _("There is no such unit in your divisions."),
    RowTrouble.UNIT_AMBIGUOUS: _("Several units bear this name. Write the town too."),
    RowTrouble.TYPE_WRONG: _("There is no such type. See the notes of the template."),
    RowTrouble.ASSOCIATION_UNKNOWN: _("There is no association of this name."),
    RowTrouble.BACKBONE_WRONG: _("Write yes or no."),
    RowTrouble.DAY_WRONG: _("This is no day. Write it as 2026-03-05."),
    RowTrouble.DAY_AHEAD: _("This day has not come yet."),
    RowTrouble.OTHER_NAME: _("The number belongs to {detail} here. Check the name and the number."),
    RowTrouble.ELSEWHERE: _(
        "The number belongs to somebody outside your divisions. Ask the county association."
    ),
    RowTrouble.WAITING: _("This person’s application waits. Decide on it under certifications."),
    RowTrouble.REVOKED: _("This person’s certification was revoked. They have to apply themselves."),
    RowTrouble.OWN: _("This is you. A colleague does it."),
    RowTrouble.MOVE_WAITS: _("A move to another unit is arranged for this person already."),
}
REGISTER_NOS: dict[RegisterNo, Words] = {
    RegisterNo.UNKNOWN: _("There is no such thing in your divisions."),
    RegisterNo.OWN: _("This is you. A colleague does it."),
    RegisterNo.UNIT_WRONG: _("Choose an open unit of your divisions."),
    RegisterNo.SAME_UNIT: _("The person belongs to this unit already."),
    RegisterNo.DAY_WRONG: _("Not before the certification or the last change, and a year ahead at most."),
    RegisterNo.CHANGE_WAITS: _("A change is arranged already. Call it off first."),
    RegisterNo.NAME_WRONG: _("Enter a name of 2 to 40 characters."),
    RegisterNo.NAME_TAKEN: _("Another unit there bears this name."),
    RegisterNo.CODE_WRONG: _("A village or community has a code of 12 digits in a town of this county."),
    RegisterNo.CODE_TAKEN: _("Another unit has this code."),
    RegisterNo.NOTHING_CHANGED: _("Name and code are as they were."),
    RegisterNo.UNIT_NOT_EMPTY: _("People still belong, move or apply to this unit. Move them first."),
    RegisterNo.UNIT_CLOSED: _("The unit this person belonged to is closed. Open it again first."),
    RegisterNo.NOT_CERTIFIED: _("The account that is kept must be a communicator’s."),
    RegisterNo.SAME_ACCOUNT: _("Choose two different accounts."),
    RegisterNo.IS_STAFF: _("The other account works for the site. Its roles must end first."),
    RegisterNo.MERGED_ALREADY: _("One of the two was merged already."),
}


def trouble_text(trouble: str, detail: str) -> str:
    """Why a row is refused, in a sentence."""
    return str(ROW_TROUBLES[RowTrouble(trouble)]).format(detail=detail)

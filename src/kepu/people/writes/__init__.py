"""What can be done with people: each function is one use case."""

from kepu.people.rules import Enrolment
from kepu.people.writes.certification import (
    approve_certification,
    return_certification,
    revoke_certification,
    set_backbone,
    submit_certification,
)
from kepu.people.writes.choices import note_download, set_hears_announcements, set_hides_name
from kepu.people.writes.closing import close_account, prove_owner, send_closing_code
from kepu.people.writes.codes import send_code
from kepu.people.writes.enrolment import enroll_many
from kepu.people.writes.holding import holding_statement
from kepu.people.writes.notices import mark_read, notify
from kepu.people.writes.sign_in import (
    change_password,
    reset_password,
    sign_in_with_code,
    sign_in_with_password,
    sign_out_everywhere,
    sign_up,
)
from kepu.people.writes.staff import grant_scope, open_staff_account, revoke_scope
from kepu.people.writes.units import Prepared, prepare_county

__all__ = [
    "Enrolment",
    "Prepared",
    "approve_certification",
    "change_password",
    "close_account",
    "enroll_many",
    "grant_scope",
    "holding_statement",
    "mark_read",
    "note_download",
    "notify",
    "open_staff_account",
    "prepare_county",
    "prove_owner",
    "reset_password",
    "return_certification",
    "revoke_certification",
    "revoke_scope",
    "send_closing_code",
    "send_code",
    "set_backbone",
    "set_hears_announcements",
    "set_hides_name",
    "sign_in_with_code",
    "sign_in_with_password",
    "sign_out_everywhere",
    "sign_up",
    "submit_certification",
]

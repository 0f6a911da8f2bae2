"""The words of the back office for the values it shows."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import registry as wagtails

from kepu.documents.reading import SheetTrouble
from kepu.jobs.rules import JobState
from kepu.people.reads import role_text, state_text
from kepu.people.reads.words import counter_way_text
from kepu.people.rules import CertificationState, CounterWay, Role

JOB_STATES: dict[JobState, str | Promise] = {
    JobState.WAITING: _("Waiting its turn"),
    JobState.RUNNING: _("At work"),
    JobState.DONE: _("Done"),
    JobState.FAILED: _("Failed. Nothing was changed by the part that failed; ask again."),
    JobState.CANCELLED: _("Stopped"),
}
SHEET_TROUBLES: dict[SheetTrouble, str | Promise] = {
    SheetTrouble.EMPTY: _("The file has no rows. Fill it in and send it again."),
    SheetTrouble.TOO_LARGE: _("The file is larger than 10 MB. Split it and send the parts."),
    SheetTrouble.TOO_MANY_ROWS: _("The file has too many rows. Split it and send the parts."),
    SheetTrouble.TOO_MANY_COLUMNS: _("The file has more than 100 columns. Is it the right one?"),
    SheetTrouble.NOT_A_SHEET: _("This is no table. Send an xlsx, xls or csv file."),
}
# What an act of the audit is called; `deeds.keep` names one of these.
ACTS: dict[str, str | Promise] = {
    "approve_certification": _("Application approved"),
    "return_certification": _("Application returned"),
    "revoke_certification": _("Certification taken back"),
    "set_backbone": _("Backbone named or not"),
    "settle_complaint": _("Complaint dealt with"),
    # articles
    "withdraw_article": _("Article withdrawn"),
    "publish_past_review": _("Article published without a review"),
    "add_feed": _("Feed added"),
    "remove_feed": _("Feed taken off the list"),
    "fetch_feed": _("Feed fetched"),
    "fetch_link": _("Article of another site imported"),
    # long work
    "stop_work": _("Long work stopped"),
    "take_work_file": _("File of long work saved"),
    # staff and access
    "grant_scope": _("Role given"),
    "try_to_grant": _("Tried to give a role that is not below theirs"),
    "revoke_scope": _("Role taken away"),
    "open_staff_account": _("Staff account opened"),
    "unlock_staff": _("Dormant account opened again"),
    "reset_second_factor": _("Second factor taken off"),
    "set_second_factor": _("Second factor set up"),
    "spend_recovery_code": _("Recovery code used"),
    "open_staff_session": _("Signed in to the back office"),
    "end_staff_session": _("Session in the back office ended"),
    "unmask_phone": _("Whole phone number looked at"),
    "export_audit": _("Audit exported"),
    # rosters and units
    "enter_roster": _("Roster entered"),
    "export_roster": _("Roster saved as a file"),
    "set_backbones": _("Several backbones named or not"),
    "move_person": _("Moved to another unit"),
    "call_off_move": _("Move called off"),
    "merge_accounts": _("Accounts merged"),
    "undo_merge": _("Merge undone"),
    "add_unit": _("Unit added"),
    "rename_unit": _("Unit named or coded anew"),
    "call_off_renaming": _("Change of a unit called off"),
    "close_unit": _("Unit closed"),
    "reopen_unit": _("Unit opened again"),
    # the counter and announcements
    "enter_at_counter": _("Entered at the counter"),
    "send_counter_code": _("Code sent for the counter"),
    "confirm_at_counter": _("Confirmed at the counter"),
    "drop_counter_entry": _("Entry at the counter thrown away"),
    "send_announcement": _("Announcement sent"),
    "go_on_announcement": _("Announcement gone on with"),
    "close_announcement": _("Announcement closed unfinished"),
    # official figures
    "send_figures": _("Official figures sent"),
    "approve_figures": _("Official figures approved"),
    "turn_down_figures": _("Official figures not used"),
    "ask_withdraw_figures": _("Asked for official figures to be withdrawn"),
    "keep_figures": _("Official figures kept that were to be withdrawn"),
    "withdraw_figures": _("Official figures withdrawn"),
    "go_on_figures": _("Official figures taken up again"),
    "export_figures": _("Report of official figures saved"),
    # campaigns
    "begin_draft": _("Draft of a rule sheet begun"),
    "change_draft": _("Draft of a rule sheet changed"),
    "drop_draft": _("Draft of a rule sheet thrown away"),
    "try_rules": _("Rules tried on past entries"),
    # certificates and subsidies
    "issue_certificates": _("Awards given"),
    "declare_certificates": _("Mark and looks of certificates declared"),
    "print_certificates": _("Certificates saved as a file"),
    "give_certificate_anew": _("Certificate revoked and given anew"),
    "act_on_payout": _("Act on a subsidy"),
    "send_payout_batch": _("Batch of top-ups made"),
    "take_payout_file": _("File of top-ups taken"),
    "apply_payout_answer": _("Answer of the carrier applied"),
    "export_payout_roster": _("Roster of subsidies saved"),
    "close_payout": _("Round paid"),
    # rounds
    "round_step": _("Step of a round taken"),
    "revoke_award": _("Award revoked"),
    "file_objection": _("Objection entered from paper"),
    "answer_objection": _("Objection answered"),
    # official documents
    "declare_organ": _("Organ that issues documents declared"),
    "keep_hearing": _("What a unit said put on record"),
    "begin_paper": _("Draft of a document begun"),
    "change_paper": _("Draft of a document changed"),
    "approve_paper": _("Document approved"),
    "return_paper": _("Document taken back to a draft"),
    "drop_paper": _("Draft of a document thrown away"),
    "issue_paper": _("Document issued"),
    "withdraw_paper": _("Document withdrawn"),
    # the mall
    "keep_mall_item": _("Item of the mall made or changed"),
    "set_mall_item": _("Item put on sale or hidden"),
    "change_mall_pictures": _("Pictures of an item changed"),
    "receive_mall_stock": _("Stock received"),
    "count_mall_stock": _("Stock counted"),
    "load_mall_codes": _("Codes of a voucher loaded"),
    "keep_mall_point": _("Pick-up point made or changed"),
    "ready_mall_order": _("Order got ready"),
    "hand_over_mall_order": _("Order handed over"),
    "cancel_mall_order": _("Order cancelled"),
    "return_mall_order": _("Order taken back"),
    "see_mall_address": _("Address of a delivery looked at"),
    "export_mall_orders": _("List for suppliers saved"),
    # clubs and signals
    "open_club": _("Club approved"),
    "refuse_club": _("Club not approved"),
    "close_club": _("Club closed by the office"),
    "judge_post": _("Post judged"),
    "judge_comment": _("Comment judged"),
    "mute_member": _("Member of a club muted"),
    "ban_member": _("Member banned from a club"),
    "add_barred_words": _("Barred words added"),
    "change_barred_word": _("Barred word changed"),
    "drop_barred_word": _("Barred word taken off the list"),
    "decide_signal": _("Signal decided"),
    # what holds for the whole site
    "turn_switch": _("Part of the site turned on or off"),
    "declare_expiry": _("Expiry of points declared"),
    "declare_levels": _("Levels declared"),
    "declare_badges": _("Topic badges declared"),
    # at the command line
    "enrol_named": _("People of an export enrolled"),
    "reverse_entry": _("Entry of the ledger reversed"),
    "publish_sheet": _("Rule sheet published"),
    "evaluate_round": _("Round evaluated"),
}

STEPS: dict[int, str | Promise] = {1: _("First review"), 2: _("Second review"), 3: _("Third review")}
REVIEW_TROUBLES: dict[str, str | Promise] = {
    "wrote_it": _("You wrote a version of this article. Somebody else has to review it."),
    "decided_before": _("You approved this article at another step. Each step needs another person."),
    "not_waiting": _("This was decided or changed meanwhile."),
    "reason_missing": _("Write down the reason."),
    "not_published": _("This article is not published."),
}
IMPORT_TROUBLES: dict[str, str | Promise] = {
    "name_missing": _("Give the source a name."),
    "address_wrong": _("Enter an address that begins with http:// or https://"),
    "topic_wrong": _("Choose a topic from the list."),
    "known": _("This feed is on the list already."),
    "not_public": _("This address leads into an internal network. It is not fetched."),
    "not_found": _("There is no site of that name. Check the address."),
    "too_slow": _("The site did not answer within ten seconds. Try again later."),
    "too_large": _("The page is larger than 2 MB. It is not fetched."),
    "too_many_redirects": _("The address leads on and on. Enter the one it ends at."),
    "refused": _("The site does not give this page. Open it in a browser to see whether it is there."),
    "broken": _("The site could not be reached. Try again later."),
    "no_feed": _("There is no feed at this address. Look for “RSS” on the site."),
    "too_costly": _("This page is made so that reading it would take too long. It is not imported."),
    "no_text": _("There is no article with a title and a text at this address."),
}


def device_text(device: str) -> str:
    """A browser in a person's words, as `people.rules.second_factor.device_of` names it."""
    if not device:
        return str(_("Unknown device"))
    return device.replace("WeChat", str(_("WeChat"))).replace("QQBrowser", str(_("QQ Browser")))


def act_text(act: str) -> str:
    """What an act of the audit is called: ours, or one of Wagtail's; the word itself for one of old."""
    if act in ACTS:
        return str(ACTS[act])
    wagtails.scan_for_actions()
    known = wagtails.formatters.get(act)
    return str(known.label) if known is not None else act


def every_act() -> list[tuple[str, list[tuple[str, str]]]]:
    """Every act one may look for, with its words: ours, then Wagtail's under a heading of their own."""
    ours = [(act, str(words)) for act, words in ACTS.items()]
    theirs = [(act, str(words)) for act, words in sorted(wagtails.get_choices())]
    return [(str(_("What staff did")), ours), (str(_("At work on articles and pictures")), theirs)]


def changes_text(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """What an act changed, line by line: the field, what it was, what it is."""
    names = [*before, *(name for name in after if name not in before)]
    return [
        (str(FIELDS.get(name, name)), _value_text(name, before.get(name)), _value_text(name, after.get(name)))
        for name in names
    ]


def _value_text(name: str, value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    if isinstance(value, dict):
        return "，".join(f"{FIELDS.get(key, key)} {_value_text(key, each)}" for key, each in value.items())
    if name == "role" and value in set(Role):
        return role_text(Role(value))
    if name == "way" and value in set(CounterWay):
        return counter_way_text(CounterWay(value))
    if name == "state" and value in set(CertificationState):
        return state_text(CertificationState(value))
    return str(value)


# What the fields of a record are called; one that is not here shows its own name.
FIELDS: dict[str, str | Promise] = {
    "role": _("Role"),
    "division": _("Division"),
    "state": _("State"),
    "reason": _("Reason"),
    "is_backbone": _("Backbone"),
    "unit": _("Unit"),
    "code": _("Code"),
    "since": _("From this day on"),
    "accounts": _("Accounts"),
    "whole_numbers": _("Whole numbers"),
    "new": _("New"),
    "changed": _("Changed"),
    "same": _("Unchanged"),
    "refused": _("Refused"),
    "refused_in_file": _("Refused in the whole file"),
    "device": _("Device"),
    "text": _("Text"),
    "link": _("Link"),
    "audience": _("To whom"),
    "people": _("People"),
    "texts": _("Text messages"),
    "way": _("How it was confirmed"),
    "form": _("Number of the form"),
    "person": _("Number of the person"),
    "count": _("How many"),
    "campaign": _("Campaign"),
    "asked_by": _("Asked for by"),
    "by": _("By"),
    "entry": _("Voucher number"),
    "version": _("Version"),
    "sha256": _("Fingerprint"),
    "sign_off": _("Signed off by"),
    "draft": _("Draft"),
    "name": _("Name"),
    "title": _("Heading"),
    "page": _("Page"),
    "revision": _("Revision"),
    "file": _("File name"),
    # what is kept of Wagtail's own pages
    "shown_from": _("Shown from"),
    "shown_until": _("Shown until"),
    "article": _("Article"),
    "slug": _("Address word"),
    "position": _("Place in the order"),
    "description": _("What the picture shows"),
    "file_hash": _("Fingerprint"),
    "focal_point_x": _("Cut of the picture: from the left"),
    "focal_point_y": _("Cut of the picture: from the top"),
    "focal_point_width": _("Cut of the picture: width"),
    "focal_point_height": _("Cut of the picture: height"),
    # what Wagtail keeps of articles
    "id": _("No."),
    "created": _("Made on"),
    "has_live_version": _("Is published"),
    "go_live_at": _("To be published"),
    "workflow": _("Review"),
    "task": _("Step"),
    "next": _("Next step"),
    "status": _("State"),
    "comment": _("Remark"),
    "source": _("Was below"),
    "destination": _("Is below"),
    "task_state_id": _("Number of the step"),
    "result": _("Outcome"),
    # clubs and signals
    "days": _("Days"),
    "words": _("What is said"),
    "effect": _("Effect"),
    # official documents
    "number": _("Number"),
    "addressee": _("Addressed to"),
    "opening": _("Before the figures"),
    "closing": _("After the figures"),
    "deadline": _("To be done by"),
    "note": _("Note below"),
    "copies": _("Copies to"),
    # official figures
    "first_day": _("First day"),
    "last_day": _("Last day"),
    "layout": _("Layout of the file"),
    "rows": _("Rows"),
    "changes": _("Change of the volume"),
    "enrolled": _("People enrolled"),
    "left": _("Rows left out"),
    # certificates and subsidies
    "certificates": _("Certificates"),
    "lines": _("Lines"),
    "amount": _("Yuan"),
    "paid": _("Arrived"),
    "failed": _("Did not arrive"),
    "mark": _("Mark of the serial numbers"),
    "payout_state": _("State of a subsidy"),
    # the mall
    "on_sale": _("On sale"),
    "kind": _("Kind"),
    "points": _("Price in points"),
    "limit": _("At most for one person"),
    "limit_span": _("Counted over"),
    "seen_within": _("Who may have it"),
    "certified_only": _("For certified people only"),
    "opens_at": _("From when"),
    "closes_at": _("Until when"),
    "delivers": _("Can be sent"),
    "pick_up_points": _("Pick-up points"),
    "supplier": _("Supplier"),
    "picture": _("Picture"),
    "address": _("Address"),
    "hours": _("Opening hours"),
    "is_open": _("Open"),
    "sellable": _("Back on the shelf"),
}

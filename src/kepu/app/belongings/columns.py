"""What the columns of each part are called."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Columns = dict[str, str | Promise]

ACCOUNT: Columns = {
    "number": _("Number"),
    "name": _("Name"),
    "phone": _("Phone number"),
    "created_at": _("Signed up"),
    "hears_announcements": _("Wants announcements"),
    "hides_name": _("Name left out on boards"),
    "points": _("Points"),
    "debt": _("Still to make up"),
    "earned": _("Points ever earned"),
}
AGREEMENTS: Columns = {"notice": _("Document"), "edition": _("Edition"), "at": _("Time")}
CODES: Columns = {"sent_at": _("Time")}
CERTIFICATION: Columns = {
    "name": _("Name"),
    "town": _("Town"),
    "unit": _("Unit"),
    "type": _("Type"),
    "association": _("Association"),
    "state": _("State"),
    "submitted_at": _("Submitted on"),
    "decided_at": _("Decided on"),
    "reason": _("Reason"),
    "is_backbone": _("Backbone"),
}
STEPS: Columns = {
    "at": _("Time"),
    "state": _("State"),
    "by_me": _("By me"),
    "reason": _("Reason"),
}
ENTRIES: Columns = {
    "entry": _("Entry"),
    "at": _("Time"),
    "act": _("Act"),
    "article": _("Article"),
    "campaign": _("Campaign"),
    "version": _("Version of the rules"),
    "points": _("Points"),
    "volume": _("Volume"),
    "verdict": _("Verdict"),
    "note": _("Note"),
    "hash": _("Check value"),
}
POINTS: Columns = {
    "year": _("Year"),
    "points": _("Points"),
    "expires_on": _("Expires at the end of"),
}
TOLD: Columns = {
    "year": _("Year"),
    "points": _("Points"),
    "expires_on": _("Expires at the end of"),
    "at": _("Time"),
    "is_over": _("Over"),
}
BADGES: Columns = {"name": _("Name"), "kind": _("Kind"), "is_reached": _("Reached")}
QUIZZES: Columns = {
    "article": _("Article"),
    "wrong_at": _("Last wrong"),
    "passed_at": _("All answered right"),
    "link": _("Link"),
}
SAVED: Columns = {"article": _("Article"), "link": _("Link")}
LIKES: Columns = {"article": _("Article"), "at": _("Time"), "link": _("Link")}
MESSAGES: Columns = {
    "at": _("Time"),
    "text": _("Text"),
    "link": _("Link"),
    "is_read": _("Read"),
}
COMPLAINTS: Columns = {
    "number": _("Number"),
    "at": _("Time"),
    "words": _("Text"),
    "contact": _("Contact"),
    "settled_at": _("Dealt with on"),
}
ORDERS: Columns = {
    "order": _("Number"),
    "at": _("Time"),
    "item": _("Item"),
    "points": _("Points"),
    "state": _("State"),
    "way": _("How it comes"),
    "pick_up": _("Pick-up place"),
    "name": _("Receiver"),
    "phone": _("Phone number"),
    "address": _("Address"),
}
CLUBS: Columns = {
    "kind": _("Kind"),
    "at": _("Time"),
    "club": _("Club"),
    "state": _("State"),
    "words": _("Text"),
}

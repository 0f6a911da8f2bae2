"""What long work counts, and the page it is asked for on, by its kind."""

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from kepu.jobs.rules import Job

_ROWS = pgettext_lazy("counted", "rows")
_PEOPLE = pgettext_lazy("counted", "people")
COUNTED: dict[str, str | Promise] = {
    "send_announcement": _PEOPLE,
    "tell_sharers": _PEOPLE,
    "look_at_roster": _ROWS,
    "enter_roster": _ROWS,
    "export_roster": _PEOPLE,
    "export_audit": pgettext_lazy("counted", "records"),
    "try_rules": pgettext_lazy("counted", "entries"),
    "parse_figures": _ROWS,
    "read_figures": _ROWS,
    "enter_figures": _ROWS,
    "withdraw_figures": _ROWS,
    "report_figures": _ROWS,
    "print_certificates": pgettext_lazy("counted", "sheets"),
    "payout_roster": _ROWS,
    "mall_supplier_list": pgettext_lazy("counted", "steps"),
}
_ASKED_ON = {
    "send_announcement": "console_announcements",
    "fetch_feed": "console_feeds",
    "fetch_link": "console_feeds",
    "look_at_roster": "console_roster_send",
    "export_roster": "console_rosters",
    "export_audit": "console_audit",
    "parse_figures": "console_figures",
    "read_figures": "console_figures",
    "enter_figures": "console_figures",
    "withdraw_figures": "console_figures",
    "report_figures": "console_figures",
    "try_rules": "console_campaigns",
    "judge_round": "console_rounds",
    "print_certificates": "console_rounds",
    "payout_roster": "console_payouts",
    "mall_supplier_list": "console_mall_orders",
}


def asked_on(job: Job) -> str:
    """The address of the page on which work of this kind is asked for; "" where there is none."""
    if job.kind == "enter_roster":
        return reverse("console_roster_file", args=[job.wants["roster"]])
    return reverse(_ASKED_ON[job.kind]) if job.kind in _ASKED_ON else ""

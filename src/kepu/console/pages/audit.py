"""What members of staff did: searched, read, exported. Nothing here changes or removes a record."""

from datetime import date, datetime, timedelta

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kepu.audit import reads
from kepu.audit.rules import Record, Search
from kepu.console import deeds, labels
from kepu.console.scope import me, within
from kepu.jobs.writes import ask_job
from kepu.kit import clock
from kepu.kit.paging import whole_number
from kepu.people.rules import Ability
from kepu.regions import reads as regions

PAGE_SIZE = 25
WORDS_MAX = 40
EXPORT_ROWS_MAX = 1_000_000
KEPT = ("words", "act", "account", "since", "until")


@require_safe
def audit_page(request: HttpRequest) -> HttpResponse:
    """Records of my divisions, newest first; ?words=, act=, account=, since=, until= (days), before=."""
    divisions = within(request, Ability.AUDIT)
    before = whole_number(request.GET.get("before"), 1, 2**53, 0) or None
    rows = reads.records(divisions, search_of(request.GET), before, PAGE_SIZE + 1)
    places = regions.full_names({row.deed.division for row in rows if row.deed.division})
    asked = {name: request.GET.get(name, "") for name in KEPT}
    more = rows[PAGE_SIZE - 1].number if len(rows) > PAGE_SIZE else None
    context = {
        "header_title": _("Audit"),
        "header_icon": "history",
        "rows": [shown(row, places) for row in rows[:PAGE_SIZE]],
        "asked": asked,
        "is_asked": any(asked.values()),
        "acts": labels.every_act(),
        "first": before is None,
        "query": urlencode({name: value for name, value in asked.items() if value}),
        "more": more,
    }
    return render(request, "console/audit.html", context)


@require_POST
def export_page(request: HttpRequest) -> HttpResponse:
    """The records asked for as an xlsx file, made as long work; that somebody took them is kept too."""
    divisions, now = within(request, Ability.AUDIT), clock.now()
    count = reads.how_many(divisions, search_of(request.POST))
    if count > EXPORT_ROWS_MAX:
        messages.error(request, _("More than a million records. Choose fewer days."))
        return redirect("console_audit")
    wants = {"divisions": list(divisions)} | {name: request.POST.get(name, "") for name in KEPT}
    with transaction.atomic():
        job = ask_job("export_audit", _("Export of the audit"), wants, me(request), now)
        if job is not None:
            deeds.keep(request, "export_audit", _("%(count)s records") % {"count": count}, divisions[0], now)
    if job is None:
        messages.error(request, _("Too much long work of yours is under way. Wait until some is done."))
        return redirect("console_audit")
    return redirect("console_job", job)


def search_of(asked: QueryDict | dict[str, str]) -> Search:
    """What a query asks for; what cannot be read asks for everything. `until` is the last day."""
    until = _day(asked.get("until"))
    return Search(
        words=str(asked.get("words") or "").strip()[:WORDS_MAX].replace("\x00", ""),
        act=str(asked.get("act") or "")[:40].replace("\x00", ""),
        account=_account(asked.get("account")),
        since=_start(_day(asked.get("since"))),
        until=_start(until + timedelta(days=1)) if until is not None else None,
    )


def shown(row: Record, places: dict[str, str]) -> dict[str, object]:
    """A record in a person's words."""
    deed = row.deed
    return {
        "row": row,
        "act": labels.act_text(deed.act),
        "who": deed.name or _("Number %(account)s") % {"account": deed.account},
        "is_typed": not deed.account,
        "place": places.get(deed.division, deed.division) or _("The whole site"),
        "changes": labels.changes_text(deed.before, deed.after),
    }


def _account(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 16 else None


def _day(text: str | None) -> date | None:
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if 2000 <= day.year < 9000 else None


def _start(day: date | None) -> datetime | None:
    return clock.start_of(day) if day is not None else None

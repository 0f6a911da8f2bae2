"""补贴发放: a list's sums and lines, one line's story, batches to the carrier, the roster, the end."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from kepu.awards import reads as awards
from kepu.awards import writes
from kepu.awards.reads import payouts as reads
from kepu.awards.reads.payouts import Line, ListSums
from kepu.awards.rules import Stage, Taken
from kepu.awards.rules.payouts import Event, LineState, PayList, Review, Unpaid, possible
from kepu.awards.writes.payouts import Batch, act_on_line, make_batch
from kepu.campaigns import reads as campaigns
from kepu.campaigns.rules import RuleSheet, round_of
from kepu.console import deeds
from kepu.console import payout_labels as labels
from kepu.console.scope import is_able, is_inside, me, within
from kepu.jobs.writes import ask_job
from kepu.kit import clock
from kepu.kit.paging import whole_number
from kepu.people import reads as people
from kepu.people.rules import Ability
from kepu.regions import reads as regions

PAGE_SIZE = 50
START_MAX = 1_000_000


@require_safe
def payouts_page(request: HttpRequest) -> HttpResponse:
    """The lists won in my divisions, with their sums. At most 15 queries."""
    lists = reads.pay_lists(within(request, Ability.PAY))
    names = regions.names([each.of.division for each in lists])
    sheets = {each.sheet.campaign: each.sheet for each in campaigns.published()}
    rows = [
        {
            "list": each,
            "place": names.get(each.of.division, each.of.division),
            "title": _title(each.of, sheets.get(each.of.campaign)),
        }
        for each in lists
    ]
    context = {"header_title": _("Subsidies to pay"), "header_icon": "clipboard-list", "rows": rows}
    return render(request, "console/payouts.html", context)


@require_safe
def payout_page(request: HttpRequest, slug: str, round_id: str, division: str) -> HttpResponse:
    """One list: sums, lines (?state=, start=), batches and answers. At most 20 queries."""
    found = asked_list(request, slug, round_id, division)
    asked = next((state for state in found.counts if state.value == request.GET.get("state")), None)
    start = whole_number(request.GET.get("start"), 0, START_MAX, 0)
    page = reads.lines(found.of, asked, start, PAGE_SIZE)
    context = {
        "header_title": _("Subsidies to pay"),
        "header_icon": "clipboard-list",
        "list": found,
        "title": title_of(found.of),
        "place": regions.full_name(division),
        "views": [
            {"state": state, "label": words, "count": found.counts[state], "current": state is asked}
            for state, words in labels.STATES.items()
            if state in found.counts
        ],
        "asked": asked.value if asked is not None else "",
        "lines": [_shown(line) for line in page.rows],
        "batches": reads.batches(found.of),
        "answers": reads.answers(found.of),
        "may_unmask": is_able(request, Ability.UNMASK),
        "may_close": found.is_settled and awards.life(slug, round_id).stage is Stage.AWARDED,
        "previous_start": max(0, start - PAGE_SIZE) if start else None,
        "next_start": page.next_start,
    }
    return render(request, "console/payout.html", context)


@require_safe
def line_page(request: HttpRequest, line: int) -> HttpResponse:
    """One line: what happened to it, and what I may do now. At most 15 queries."""
    found = _line(request, line)
    told = reads.happened(line)
    names = people.account_names({each.by for each in told}) | {0: _("Command line")}
    context = {
        "header_title": f"{found.name} · {found.amount} 元",
        "header_icon": "clipboard-list",
        **_shown(found),
        "title": title_of(found.of),
        "story": [
            {"each": each, "label": labels.EVENTS[each.event], "who": names.get(each.by) or each.by}
            for each in told
        ],
        "acts": [(event.value, labels.EVENTS[event]) for event in possible(found.standing)],
        "to_list": _address(found.of),
    }
    return render(request, "console/payout_line.html", context)


@require_POST
def act_page(request: HttpRequest, line: int) -> HttpResponse:
    """An act on one line, with its reason; a correction is one more act, never a change."""
    found, now = _line(request, line), clock.now()
    event = next((each for each in Event if each.value == request.POST.get("event")), None)
    reason = request.POST.get("reason", "").replace("\x00", "").strip()[:200]
    with transaction.atomic():
        done = Unpaid.NOT_NOW if event is None else act_on_line(line, event, reason, me(request), now)
        if not isinstance(done, Unpaid) and event is not None:
            before = {"payout_state": str(labels.STATES[found.standing.state])}
            after = {"payout_state": str(labels.STATES[done.state]), "reason": reason}
            subject = f"{labels.EVENTS[event]} {found.name} {found.amount} 元"
            deeds.keep(request, "act_on_payout", subject, found.of.division, now, (before, after))
    if isinstance(done, Unpaid):
        messages.error(request, labels.trouble_text(done))
    return redirect("console_payout_line", line)


@require_POST
def batch_page(request: HttpRequest, slug: str, round_id: str, division: str) -> HttpResponse:
    """The lines that may be paid go into a file for the carrier; its whole numbers are asked for apart."""
    found, now = asked_list(request, slug, round_id, division), clock.now()
    with transaction.atomic():
        made = make_batch(found.of, me(request), now)
        if isinstance(made, Batch):
            subject = f"{title_of(found.of)} {_batch_text(made.number)}"
            after = {"lines": made.lines, "amount": made.amount}
            deeds.keep(request, "send_payout_batch", subject, division, now, ({}, after))
    if isinstance(made, Unpaid):
        messages.error(request, labels.trouble_text(made))
        return redirect(_address(found.of))
    said = ngettext(
        "Batch %(batch)s with %(count)s line, %(amount)s yuan. Take its file below.",
        "Batch %(batch)s with %(count)s lines, %(amount)s yuan. Take its file below.",
        made.lines,
    )
    messages.success(request, said % {"batch": made.number, "count": made.lines, "amount": made.amount})
    if made.left_out:
        words = _("Without a mobile number, so not in the batch: %(names)s")
        messages.warning(request, words % {"names": "、".join(made.left_out[:20])})
    return redirect(_address(found.of))


@never_cache
@require_POST
def batch_file_page(request: HttpRequest, batch: int) -> HttpResponse:
    """The file of a batch with whole numbers, the same bytes each time; that I took it is kept."""
    divisions, now = within(request, Ability.PAY), clock.now()
    found = reads.batch(batch, divisions)
    if found is None or not is_inside(found.of.division, within(request, Ability.UNMASK)):
        raise Http404
    content = reads.batch_content(batch)
    if content is None:
        messages.error(request, labels.trouble_text(Unpaid.FILE_GONE))
        return redirect(_address(found.of))
    with transaction.atomic():
        subject = f"{title_of(found.of)} {_batch_text(batch)}"
        after = {"whole_numbers": True, "lines": found.lines}
        deeds.keep(request, "take_payout_file", subject, found.of.division, now, ({}, after))
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="top-up-{batch:06d}.csv"'
    return response


@require_POST
def roster_page(request: HttpRequest, slug: str, round_id: str, division: str) -> HttpResponse:
    """The roster to sign, as xlsx or PDF, made as long work; whole numbers only where I may see them."""
    found, now = asked_list(request, slug, round_id, division), clock.now()
    form = "pdf" if request.POST.get("form") == "pdf" else "xlsx"
    whole = request.POST.get("whole") == "1"
    if whole and not is_inside(division, within(request, Ability.UNMASK)):
        raise Http404
    wants = {"slug": slug, "round": round_id, "division": division, "form": form, "whole": whole}
    with transaction.atomic():
        job = ask_job("payout_roster", _("Roster of subsidies"), wants, me(request), now)
        if job is not None:
            after = {"whole_numbers": whole}
            deeds.keep(request, "export_payout_roster", title_of(found.of), division, now, ({}, after))
    if job is None:
        messages.error(request, _("Too much long work of yours is under way. Wait until some is done."))
        return redirect(_address(found.of))
    return redirect("console_job", job)


@require_POST
def close_page(request: HttpRequest, slug: str, round_id: str, division: str) -> HttpResponse:
    """The whole round is paid: every line of it, in every division, is settled."""
    found, now = asked_list(request, slug, round_id, division), clock.now()
    with transaction.atomic():
        done = writes.close_payout(slug, round_id, me(request), now)
        if isinstance(done, Taken):
            deeds.keep(request, "close_payout", title_of(found.of), division, now)
    if isinstance(done, Taken):
        messages.success(request, _("The round is paid."))
    else:
        messages.error(request, labels.trouble_text(done))
    return redirect(_address(found.of))


def asked_list(request: HttpRequest, slug: str, round_id: str, division: str) -> ListSums:
    """The list that is asked about; 404 outside my divisions and where nothing was won. Two queries."""
    divisions = within(request, Ability.PAY)
    found = reads.pay_list(PayList(slug, round_id, division)) if is_inside(division, divisions) else None
    if found is None:
        raise Http404
    return found


def title_of(of: PayList) -> str:
    """The campaign's and the round's title. One query."""
    published = campaigns.campaign(of.campaign)
    return _title(of, published.sheet if published is not None else None)


def _title(of: PayList, sheet: RuleSheet | None) -> str:
    round_ = round_of(sheet, of.round) if sheet is not None else None
    title = sheet.title if sheet is not None else of.campaign
    return f"{title} · {round_.title if round_ is not None else of.round}"


def _address(of: PayList) -> str:
    return reverse("console_payout", args=[of.campaign, of.round, of.division])


def _batch_text(number: int) -> str:
    return f"{number:06d}"


def _line(request: HttpRequest, number: int) -> Line:
    found = reads.line(number, within(request, Ability.PAY))
    if found is None:
        raise Http404
    return found


def _shown(line: Line) -> dict[str, Any]:
    return {
        "line": line,
        "label": labels.STATES[line.standing.state],
        "flag": labels.FLAGS[line.flag] if line.flag is not None else "",
        "is_waiting": line.standing.review is Review.WAITING,
        "is_cleared": line.standing.review is Review.CLEARED,
        "is_to_recover": line.standing.state is LineState.TO_RECOVER,
    }

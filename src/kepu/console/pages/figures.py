"""Official figures: the files that were sent, what became of their rows, and the second person's decision."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kepu.campaigns import reads as campaigns
from kepu.console import deeds
from kepu.console.scope import me, within
from kepu.figures import reads, writes
from kepu.figures.reads import FileRow
from kepu.figures.rules import CHANGING, NOT_IN_KEPU, UNNAMED, FileState, Line, Refused, Verdict
from kepu.jobs import reads as jobs
from kepu.jobs import writes as job_writes
from kepu.jobs.rules import ENDED
from kepu.kit import clock
from kepu.kit.paging import whole_number
from kepu.people import reads as people
from kepu.people.rules import Ability
from kepu.regions import reads as regions

PAGE_SIZE = 25
START_MAX = 1_000_000
MOVING = (
    FileState.READING,
    FileState.CHECKING,
    FileState.RENEWING,
    FileState.ENTERING,
    FileState.WITHDRAWING,
)
VIEWS: dict[str, tuple[Verdict, ...]] = {"here": tuple(sorted(NOT_IN_KEPU)), "there": tuple(sorted(UNNAMED))}
WORK = {
    FileState.READING: "read_figures",
    FileState.CHECKING: "enter_figures",
    FileState.RENEWING: "enter_figures",
    FileState.ENTERING: "enter_figures",
    FileState.WITHDRAWING: "withdraw_figures",
}


@require_safe
def figures_page(request: HttpRequest) -> HttpResponse:
    """The files of my divisions, newest first."""
    divisions = within(request, Ability.FIGURES)
    start = whole_number(request.GET.get("start"), 0, START_MAX, 0)
    page = reads.files(divisions, start, PAGE_SIZE)
    titles = {each.number: each.sheet.title for each in campaigns.published()}
    context = {
        "header_title": _("Official figures"),
        "rows": [
            {"file": row, "campaign": titles.get(row.campaign, ""), "state": reads.state_text(row.state)}
            for row in page.rows
        ],
        "previous_start": max(0, start - PAGE_SIZE) if start else None,
        "next_start": page.next_start,
    }
    return render(request, "console/figures.html", context)


@require_safe
def file_page(request: HttpRequest, file: int) -> HttpResponse:
    """One file of my divisions, its rows by verdict (?verdict=), and what I may do. At most 20 queries."""
    found = _file(request, file)
    counts = reads.verdict_counts(found.number)
    asked = request.GET.get("verdict", "")
    chosen = next((verdict for verdict in counts if verdict.value == asked), None)
    start = whole_number(request.GET.get("start"), 0, START_MAX, 0)
    page = reads.lines(found.number, (chosen,) if chosen else _of_rows(counts), start, PAGE_SIZE)
    context = {
        "header_title": _("File %(number)s") % {"number": found.number},
        "file": found,
        **_facts(request, found),
        "counts": [_counted(found, verdict, counts, chosen) for verdict in Verdict if verdict in counts],
        "changes": sum(count.delta for verdict, count in counts.items() if verdict in CHANGING),
        "refused": sum(count.rows for verdict, count in counts.items() if verdict in _REFUSED),
        "lines": [_shown(line) for line in page.rows],
        "asked": chosen.value if chosen else "",
        "previous_start": max(0, start - PAGE_SIZE) if start else None,
        "next_start": page.next_start,
    }
    part_only = request.headers.get("HX-Request") == "true"
    template = "console/_figures_file.html" if part_only else "console/figures_file.html"
    response = render(request, template, context)
    patch_vary_headers(response, ("HX-Request",))
    return response


@require_POST
def approve_page(request: HttpRequest, file: int) -> HttpResponse:
    """What I saw becomes entries, signed by me; a second person's part."""
    found, now = _file(request, file), clock.now()
    with transaction.atomic():
        seen = whole_number(request.POST.get("seen"), 0, START_MAX, 0)
        refused = writes.approve_file(found.number, me(request), now, seen=seen)
        if refused is None:
            _set_to_work(request, found, FileState.CHECKING, now)
            counts = reads.verdict_counts(found.number)
            entered = [count for verdict, count in counts.items() if verdict in CHANGING]
            after = {
                "rows": sum(count.rows for count in entered),
                "changes": sum(count.delta for count in entered),
            }
            deeds.keep(request, "approve_figures", _subject(found), found.division, now, ({}, after))
    return _answered(request, found, refused)


@require_POST
def turn_down_page(request: HttpRequest, file: int) -> HttpResponse:
    """The file is not used, and why."""
    found, now, why = _file(request, file), clock.now(), request.POST.get("reason", "")
    with transaction.atomic():
        refused = writes.turn_down_file(found.number, me(request), why, now)
        if refused is None:
            after = {"reason": why.strip()[: writes.REASON_MAX]}
            deeds.keep(request, "turn_down_figures", _subject(found), found.division, now, ({}, after))
    return _answered(request, found, refused)


@require_POST
def ask_withdrawal_page(request: HttpRequest, file: int) -> HttpResponse:
    """I ask for what the file entered to be taken back, with my reason; another person confirms."""
    found, now, why = _file(request, file), clock.now(), request.POST.get("reason", "")
    with transaction.atomic():
        refused = writes.ask_withdrawal(found.number, me(request), why, now)
        if refused is None:
            after = {"reason": why.strip()[: writes.REASON_MAX]}
            deeds.keep(request, "ask_withdraw_figures", _subject(found), found.division, now, ({}, after))
    return _answered(request, found, refused)


@require_POST
def keep_entered_page(request: HttpRequest, file: int) -> HttpResponse:
    """The file stays entered: the withdrawal somebody asked for is off."""
    found, now = _file(request, file), clock.now()
    with transaction.atomic():
        refused = writes.drop_withdrawal(found.number)
        if refused is None:
            before = {"reason": found.reason, "by": found.asked_by}
            deeds.keep(request, "keep_figures", _subject(found), found.division, now, (before, {}))
    return _answered(request, found, refused)


@require_POST
def withdraw_page(request: HttpRequest, file: int) -> HttpResponse:
    """What the file entered is taken back by reversals, as somebody else asked; signed by me."""
    found, now = _file(request, file), clock.now()
    with transaction.atomic():
        refused = writes.withdraw_file(found.number, me(request), now)
        if refused is None:
            _set_to_work(request, found, FileState.WITHDRAWING, now)
            after = {"reason": found.reason, "asked_by": found.asked_by}
            deeds.keep(request, "withdraw_figures", _subject(found), found.division, now, ({}, after))
    return _answered(request, found, refused)


@require_POST
def go_on_page(request: HttpRequest, file: int) -> HttpResponse:
    """Entering or withdrawing that stopped half-way goes on; nothing is done twice, nor by two workers."""
    found, now = _file(request, file), clock.now()
    if _has_stopped(found) and found.state is not FileState.READING:
        with transaction.atomic():
            _set_to_work(request, found, found.state, now)
            deeds.keep(request, "go_on_figures", _subject(found), found.division, now)
    return redirect("console_figures_file", found.number)


@require_safe
def differences_page(request: HttpRequest, file: int) -> HttpResponse:
    """Who is in one and not in the other, and whose figures differ: ?view= here, there or differs."""
    found = _file(request, file)
    view = request.GET.get("view", "here")
    view = view if view in VIEWS else "differs" if view == "differs" else "here"
    start = whole_number(request.GET.get("start"), 0, START_MAX, 0)
    page = reads.lines(found.number, VIEWS.get(view, _DIFFER), start, PAGE_SIZE, differing=view == "differs")
    views = (
        ("here", _("In the file, not here")),
        ("there", _("Here, not in the file")),
        ("differs", _("Figures differ")),
    )
    context = {
        "header_title": _("What differs: file %(number)s") % {"number": found.number},
        "file": found,
        "views": [{"name": name, "label": label, "current": name == view} for name, label in views],
        "view": view,
        "lines": [_shown(line) for line in page.rows],
        "previous_start": max(0, start - PAGE_SIZE) if start else None,
        "next_start": page.next_start,
    }
    return render(request, "console/figures_differences.html", context)


@require_POST
def report_page(request: HttpRequest, file: int) -> HttpResponse:
    """All rows with their verdicts as an xlsx file, made by the worker."""
    found, now = _file(request, file), clock.now()
    name = f"官方数据核对-{found.number}.xlsx"
    wants = {"file": found.number, "name": name}
    with transaction.atomic():
        job = job_writes.ask_job("report_figures", name, wants, me(request), now)
        if job is not None:
            deeds.keep(request, "export_figures", _subject(found), found.division, now)
    if job is None:
        messages.error(
            request, _("Too much of your long work is under way. Wait until some of it has ended.")
        )
        return redirect("console_figures_file", found.number)
    return redirect("console_job", job)


def _file(request: HttpRequest, number: int) -> FileRow:
    found = reads.file(number, within(request, Ability.FIGURES))
    if found is None:
        raise Http404
    return found


def _set_to_work(request: HttpRequest, found: FileRow, state: FileState, now: datetime) -> None:
    """The worker has it; where I have too much under way, somebody presses 继续 later."""
    title = _("Official figures, file %(number)s") % {"number": found.number}
    job = job_writes.ask_job(WORK[state], title, {"file": found.number}, me(request), now)
    writes.keep_job(found.number, job or 0)


def _answered(request: HttpRequest, found: FileRow, refused: Refused | None) -> HttpResponse:
    if refused is not None:
        messages.error(request, reads.trouble_text(refused))
    return redirect("console_figures_file", found.number)


def _subject(found: FileRow) -> str:
    return f"{found.number} {found.name} sha256:{found.sha256[:16]}"


def _facts(request: HttpRequest, found: FileRow) -> dict[str, Any]:
    """The file's campaign, people and place in words; what I may do with it. At most ten queries."""
    published = next(each for each in campaigns.published() if each.number == found.campaign)
    job = jobs.job(found.job, me(request)) if found.job and found.state in MOVING else None
    hands, has_stopped = people.hands_of(me(request)), _has_stopped(found)
    mine, is_asked = found.sent_by in hands, found.state is FileState.ENTERED and found.asked_by > 0
    return {
        "campaign": published.sheet.title,
        "place": regions.full_name(found.division),
        "state_label": reads.state_text(found.state),
        "match_label": dict(reads.choices(type(found.layout.match)))[found.layout.match],
        "span_label": dict(reads.choices(type(found.layout.span)))[found.layout.span],
        "sender": _name(found.sent_by),
        "decider": _name(found.decided_by),
        "asker": _name(found.asked_by),
        "withdrawer": _name(found.withdrawn_by),
        "job": job,
        "moves": found.state in MOVING and not has_stopped,
        "was_renewed": found.state is FileState.WAITING and found.edition > 0,
        "may_approve": found.state is FileState.WAITING and not mine,
        "waits_for_other": found.state is FileState.WAITING and mine,
        "may_turn_down": found.state in _UNDECIDED,
        "may_ask_withdrawal": found.state is FileState.ENTERED and not is_asked,
        "is_asked": is_asked,
        "may_withdraw": is_asked and found.asked_by not in hands,
        "may_go_on": has_stopped and found.state is not FileState.READING,
        "must_resend": has_stopped and found.state is FileState.READING,
    }


def _has_stopped(found: FileRow) -> bool:
    """Whether a file should be moving and nobody's work for it is under way. At most one query."""
    if found.state not in MOVING:
        return False
    return all(state in ENDED for state in jobs.states_of(WORK[found.state], "file", found.number))


def _name(account: int) -> str:
    found = people.account(account) if account else None
    return found.name if found is not None else ""


def _counted(
    found: FileRow, verdict: Verdict, counts: dict[Verdict, reads.VerdictCount], chosen: Verdict | None
) -> dict[str, Any]:
    return {
        "verdict": verdict.value,
        "label": reads.verdict_text(verdict),
        "rows": counts[verdict].rows,
        "current": verdict is chosen,
        "refused": verdict in _REFUSED,
    }


def _shown(line: Line) -> dict[str, Any]:
    refused = line.verdict in _REFUSED
    return {
        "line": line,
        "label": reads.verdict_text(line.verdict),
        "refused": refused,
        "has_figures": not refused or line.before > 0,
    }


def _of_rows(counts: dict[Verdict, reads.VerdictCount]) -> tuple[Verdict, ...]:
    return tuple(verdict for verdict in counts if verdict not in UNNAMED)


_UNDECIDED = (FileState.WAITING, FileState.READING, FileState.RENEWING, FileState.COMPARED)
_DIFFER = (Verdict.COUNTS, Verdict.LESS, Verdict.COMPARED)
_FINE = (*_DIFFER, Verdict.SAME, Verdict.CARRIED, Verdict.SUM_ROW, Verdict.DUPLICATE, Verdict.ABSENT)
_REFUSED = frozenset(set(Verdict) - set(_FINE))

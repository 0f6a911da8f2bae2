"""A 通知 whose work stopped before everybody had their turn: gone on with for exactly the rest, or closed."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kepu.console import announcing, deeds
from kepu.console.pages.announcements import announcement_of
from kepu.console.scope import me
from kepu.jobs import reads as jobs
from kepu.jobs.writes import ask_job
from kepu.kit import clock
from kepu.people.reads.announcements import not_yet_told
from kepu.people.writes.announcements import close_unfinished, note_job, take_up


@require_POST
def go_on_page(request: HttpRequest, number: int) -> HttpResponse:
    """New work goes on with the rest, once however often this is pressed; not while other work is at it."""
    row, now = announcement_of(request, number), clock.now()
    trouble = announcing.trouble_of(row.announced, now)
    with transaction.atomic():
        is_mine = (
            not trouble and announcing.is_stopped(row, jobs.states([row.job])) and take_up(number, row.job)
        )
        if is_mine:
            left = not_yet_told(number, announcing.done_with(row.announced))
            title = f"{_('Announcement')} {number}"
            job = ask_job("send_announcement", title, {"announcement": number}, me(request), now)
            if job is None:
                transaction.set_rollback(True)
                trouble = _("Too much long work of yours waits. Try again later.")
            else:
                note_job(number, job)
                change: deeds.Change = ({}, {"people": left.hearing})
                deeds.keep(request, "go_on_announcement", f"#{number}", row.announced.division, now, change)
    if trouble:
        messages.error(request, trouble)
    elif is_mine:
        messages.success(request, _("It is being sent to those left."))
    else:
        messages.warning(request, _("Nothing to go on with: it is being sent, or has ended."))
    return redirect("console_announcement", number)


@require_POST
def close_page(request: HttpRequest, number: int) -> HttpResponse:
    """Nobody more is told, and the result says so; not while work is at it."""
    row, now = announcement_of(request, number), clock.now()
    with transaction.atomic():
        done = announcing.done_with(row.announced)
        is_closed = announcing.is_stopped(row, jobs.states([row.job])) and close_unfinished(number, done, now)
        if is_closed:
            deeds.keep(request, "close_announcement", f"#{number}", row.announced.division, now)
    if is_closed:
        messages.success(request, _("Closed. Nobody more is told."))
    else:
        messages.warning(request, _("It is not closed: it is being sent, or has ended."))
    return redirect("console_announcement", number)

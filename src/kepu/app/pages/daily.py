"""What counts once a day: the check-in a person asks for, and the sign-in noted when they come."""

import logging

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from kepu.app import labels, reads
from kepu.app.pages.readers import account_of, book_of, session_of
from kepu.campaigns.rules import COUNTED, Kind
from kepu.kit import clock
from kepu.ledger import writes as ledger
from kepu.ledger.rules import Receipt
from kepu.ui.off import part_of

COOKIE = "kepu_day"
log = logging.getLogger("kepu.app")


@part_of("check_in")
@require_POST
@login_required
def check_in_page(request: HttpRequest) -> HttpResponse:
    """Record the day's check-in, say what it earned and go back to where the person was."""
    session, now = session_of(request), clock.now()
    if reads.today(session.account, book_of(request), now).counts_nothing:
        # Not recorded: the day's one check-in stays free for after the certification.
        messages.info(request, gettext("Certify first; then check in."))
        return redirect("/me/certification/")
    answer = ledger.record_daily(session.account, Kind.CHECK_IN, now, session.version)
    if not isinstance(answer, Receipt):
        messages.error(request, labels.said(answer))
    elif answer.reason not in COUNTED:
        messages.info(request, labels.said(answer))
    elif answer.repeated:
        messages.info(request, gettext("You have already checked in today. See you tomorrow."))
    else:
        messages.success(request, gettext("Checked in. %(points)s points today.") % {"points": answer.points})
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return redirect(back if safe else "/")


def note_sign_in(request: HttpRequest, response: HttpResponse) -> None:
    """The day's sign-in is in the ledger: one write the first time a browser comes on a day, then none."""
    now = clock.now()
    mark = f"{account_of(request)}.{clock.day_of(now):%Y%m%d}"
    if request.method == "HEAD" or request.COOKIES.get(COOKIE) == mark:
        return
    try:
        session = session_of(request)
        ledger.record_daily(session.account, Kind.SIGN_IN, now, session.version)
    except DatabaseError:
        log.exception("sign-in not recorded")
        return
    response.set_cookie(COOKIE, mark, max_age=86_400, secure=settings.SECURE, httponly=True, samesite="Lax")

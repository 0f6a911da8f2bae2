"""The complaint entry, reachable from the foot of every page."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from kepu.app import writes
from kepu.app.forms import ComplaintForm
from kepu.app.pages.readers import network_of, person_of
from kepu.kit import clock, crypto


@require_http_methods(["GET", "HEAD", "POST"])
def complaint_page(request: HttpRequest) -> HttpResponse:
    """Take a complaint and say its number, or show the form with what was typed and what is missing."""
    if request.method != "POST":
        path = urlsplit(request.headers.get("Referer", "")).path[:200]
        return render(request, "app/complaint.html", {"form": ComplaintForm(initial={"path": path})})
    form = ComplaintForm(request.POST)
    if not form.is_valid():
        return render(request, "app/complaint.html", {"form": form}, status=422)
    number = writes.send_complaint(
        form.cleaned_data["words"],
        form.cleaned_data["contact"],
        path=form.cleaned_data["path"],
        account=person_of(request),
        network_mark=crypto.blind_index(settings.KEPU_KEYS.reader, f"network {network_of(request)}").hex(),
        now=clock.now(),
    )
    if isinstance(number, writes.Unheard):
        form.add_error(None, gettext("Several were sent from your network just now. Please wait an hour."))
        return render(request, "app/complaint.html", {"form": form}, status=429)
    messages.success(request, gettext("We have it. Its number is %(number)s.") % {"number": number})
    return redirect("complaint")

"""The complaint entry, reachable from the foot of every page, and the report of an error under an article."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from kepu.app.forms import ComplaintForm, ReportForm
from kepu.app.pages.readers import network_of, person_of
from kepu.content import reads as content
from kepu.content.rules import article_path
from kepu.kit import clock, crypto
from kepu.people.writes.complaints import Unheard, send_complaint


@require_http_methods(["GET", "HEAD", "POST"])
def complaint_page(request: HttpRequest) -> HttpResponse:
    """Take a complaint and say its number, or show the form with what was typed and what is missing."""
    if request.method != "POST":
        path = urlsplit(request.headers.get("Referer", "")).path[:200]
        return render(request, "app/complaint.html", {"form": ComplaintForm(initial={"path": path})})
    form = ComplaintForm(request.POST)
    if not form.is_valid():
        return render(request, "app/complaint.html", {"form": form}, status=422)
    number = _sent(request, form, form.cleaned_data["path"])
    if number is None:
        return render(request, "app/complaint.html", {"form": form}, status=429)
    messages.success(request, gettext("We have it. Its number is %(number)s.") % {"number": number})
    return redirect("complaint")


@require_http_methods(["GET", "HEAD", "POST"])
def report_page(request: HttpRequest, article: int) -> HttpResponse:
    """Take what is wrong in an article and go back to it, or show the form with what was typed."""
    shown = content.article(article)
    if shown is None:
        raise Http404
    form = ReportForm(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_bound:
        number = _sent(request, form, article_path(article)) if form.is_valid() else None
        if number is not None:
            said = gettext("Thank you. An editor looks at it. Its number is %(number)s.")
            messages.success(request, said % {"number": number})
            return redirect(article_path(article))
        status = 429 if not form.errors.keys() - {NON_FIELD_ERRORS} else 422
    context = {"form": form, "article": shown, "back": article_path(article)}
    return render(request, "app/report.html", context, status=status)


def _sent(request: HttpRequest, form: ComplaintForm | ReportForm, path: str) -> int | None:
    """The number of the complaint; None, and the form says so, when too many came from this network."""
    number = send_complaint(
        form.cleaned_data["words"],
        form.cleaned_data["contact"],
        path=path,
        account=person_of(request),
        network_mark=crypto.blind_index(settings.KEPU_KEYS.reader, f"network {network_of(request)}").hex(),
        now=clock.now(),
    )
    if isinstance(number, Unheard):
        form.add_error(None, gettext("Several were sent from your network just now. Please wait an hour."))
        return None
    return number

"""Everything of mine to take away: one JSON file, or one page to read."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from kepu.app.belongings import as_json, as_page, pieces
from kepu.app.pages.readers import account_of
from kepu.kit import clock
from kepu.people import writes
from kepu.people.rules import Refused


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def download_page(request: HttpRequest) -> HttpResponseBase:
    """What is mine, streamed (POST), once a minute; GET says what it holds. `form`: json or page."""
    if request.method != "POST":
        return render(request, "app/download.html")
    person, now = account_of(request), clock.now()
    refused = writes.note_download(person, now)
    if isinstance(refused, Refused):
        response: HttpResponse = render(request, "app/download.html", {"too_soon": True}, status=429)
        response["Retry-After"] = "60"
        return response
    if request.POST.get("form") == "page":
        return StreamingHttpResponse(pieces(as_page(person, now)), content_type="text/html; charset=utf-8")
    name = f"kepu-{person}-{clock.day_of(now):%Y%m%d}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(
        pieces(as_json(person, now)), content_type="application/json", headers=headers
    )

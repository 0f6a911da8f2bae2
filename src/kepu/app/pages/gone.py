"""What a link to an article shows that was published once and is not any more."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from kepu.content.reads.reviewing import absence


def gone_page(request: HttpRequest, article: int) -> HttpResponse:
    """410 with the reason the editors gave; 404 for an article that never was. Two queries."""
    found = absence(article)
    if found is None:
        raise Http404
    response = render(request, "app/gone.html", {"absence": found}, status=410)
    response["Cache-Control"] = "private, no-store"
    return response

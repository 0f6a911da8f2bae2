"""Who is in front of a page of clubs, and how a refusal is told."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from kepu.clubs.reads import refusal_text
from kepu.clubs.rules import Refused, Viewer
from kepu.people import reads as people


def account_of(request: HttpRequest) -> int:
    """The signed-in account's number; 0 for a visitor. One query the first time a request asks."""
    return int(request.user.pk) if request.user.is_authenticated else 0


def viewer_of(request: HttpRequest) -> Viewer:
    """Who looks. What staff may judge they see in the back office, not here."""
    return Viewer(account_of(request))


def division_of(request: HttpRequest) -> str:
    """Where whoever asks belongs: their unit's division, their county, or the site's. One query at most."""
    account = account_of(request)
    if not account:
        return str(settings.KEPU_DIVISION)
    profile = people.profile(account)
    return profile.division if profile is not None else str(getattr(request.user, "book", ""))


def answered(request: HttpRequest, refused: object, to: str, done: str = "") -> HttpResponse:
    """Back to a page that says what became of a deed."""
    if isinstance(refused, Refused):
        messages.error(request, refusal_text(refused))
    elif done:
        messages.success(request, done)
    return redirect(to)


def part_only(request: HttpRequest) -> bool:
    """Whether htmx asks for more rows of a list."""
    return request.headers.get("HX-Request") == "true" and "start" in request.GET

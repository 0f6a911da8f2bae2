"""Doors of the back office: one way in and out for the whole site, Wagtail's own are closed."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.http import urlencode


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Our sign-in page instead of Wagtail's, coming back to where one wanted to go."""
    return redirect("/sign-in/?" + urlencode({"next": request.GET.get("next") or "/admin/"}))


def to_sign_out(request: HttpRequest) -> HttpResponse:
    """Wagtail's sign-out button ends our session: the POST is repeated at our own page."""
    if request.method != "POST":
        return redirect("/sign-out/")
    answer = HttpResponseRedirect("/sign-out/")
    answer.status_code = 307
    return answer


def to_own_account(_request: HttpRequest) -> HttpResponse:
    """One's account and password are kept on the site's own pages."""
    return redirect("/me/")


def not_here(_request: HttpRequest) -> HttpResponse:
    """404: the site has no passwords by e-mail and no page that fails on purpose."""
    raise Http404

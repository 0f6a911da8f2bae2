"""How the site comes to a home screen: help for each browser, and a sheet for the wall of an office."""

from ipaddress import ip_address
from urllib.parse import urlsplit

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from kepu.app.browsers import NAMES, STEPS, Browser, browser_of
from kepu.app.posters import qr_path


@require_safe
def install_page(request: HttpRequest) -> HttpResponse:
    """What to tap in the browser that asks, the others below, and the code for other phones."""
    mine = browser_of(request.headers.get("User-Agent", ""))
    others = [_help(browser) for browser in Browser if browser is not mine]
    context = {"mine": _help(mine), "others": others, "in_wechat": mine is Browser.WECHAT}
    response = render(request, "app/install.html", context | _code(request))
    patch_vary_headers(response, ["User-Agent"])
    return response


@require_safe
def install_poster_page(request: HttpRequest) -> HttpResponse:
    """The code on a sheet of A4, with three steps in large letters."""
    return render(request, "app/install_poster.html", _code(request))


def _help(browser: Browser) -> dict[str, object]:
    return {"name": NAMES[browser], "steps": STEPS[browser]}


def _code(request: HttpRequest) -> dict[str, object]:
    """The QR code of the install page, as a path; level Q: a sheet on a wall fades and gets torn.

    No path where only the machine itself can open the address: the page then says what to set.
    """
    site = settings.KEPU_SITE_URL or f"{request.scheme}://{request.get_host()}"
    if opens_here_only(site):
        return {"address": site}
    code = segno.make(f"{site}/install/", error="q", micro=False)
    shown = site.partition("://")[2]
    return {"qr_path": qr_path(code), "qr_size": code.symbol_size(border=0)[0], "address": shown}


def opens_here_only(site: str) -> bool:
    """Whether an address leads back to the machine that opens it: localhost, 127.0.0.1, ::1, 0.0.0.0."""
    host = (urlsplit(site).hostname or "").rstrip(".")
    try:
        address = ip_address(host)
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
    return address.is_loopback or address.is_unspecified

"""Certificates: the public check page, one's own papers and credentials, and what verifiers ask for."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kepu.awards import labels
from kepu.awards.reads import certificates as reads
from kepu.awards.rules.certificates import CHECKS_PER_MINUTE_MAX, Certificate
from kepu.awards.rules.credentials import STATUS_SECONDS
from kepu.documents.typesetting import TypesettingBusyError
from kepu.kit import clock, crypto
from kepu.people.rules import client_network, masked_name

MINUTE = 60
CREDENTIAL_TYPE = "application/vc"


@never_cache
@require_safe
def check_page(request: HttpRequest, code: str) -> HttpResponse:
    """Whether the certificate with this code is valid, for whoever holds the paper; the name is masked.

    A network may ask CHECKS_PER_MINUTE_MAX times a minute of one process; above that it is 429. One query.
    """
    if _asks_too_often(request):
        response = render(request, "awards/certificate_wait.html", status=429)
        response["Retry-After"] = str(MINUTE)
    else:
        found = reads.certificate_with(code)
        context = {
            "certificate": found,
            "name": masked_name(found.name) if found is not None else "",
            "why": labels.REVOKED_FOR[found.revoked_for] if found is not None and found.revoked_for else "",
        }
        status = 200 if found is not None else 404
        response = render(request, "awards/certificate.html", context, status=status)
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response


@never_cache
@require_safe
@login_required
def paper_page(request: HttpRequest, code: str) -> HttpResponse:
    """My certificate as a PDF; a revoked one says so across the page. One query."""
    mine = _mine(request, code)
    try:
        content = reads.certificates_pdf([mine], site_address(request))
    except TypesettingBusyError:
        words = _("The certificate is not ready yet. Please try again in a moment.")
        busy = HttpResponse(words, content_type="text/plain; charset=utf-8", status=503)
        busy["Retry-After"] = "5"
        return busy
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="certificate-{mine.number}.pdf"'
    return response


@never_cache
@require_safe
@login_required
def credential_page(request: HttpRequest, code: str) -> HttpResponse:
    """My certificate as a signed Open Badges 3.0 credential. One query."""
    mine = _mine(request, code)
    response = JsonResponse(
        reads.signed_credential(mine, site_address(request)),
        content_type=CREDENTIAL_TYPE,
        json_dumps_params={"ensure_ascii": False, "indent": 1},
    )
    response["Content-Disposition"] = f'attachment; filename="certificate-{mine.number}.json"'
    return response


@require_safe
def issuer_page(request: HttpRequest, organ: int) -> JsonResponse:
    """The public document of an organ: its name and the key that its credentials are signed with."""
    return _public(reads.issuer(organ, site_address(request)), "application/ld+json")


@require_safe
def status_page(request: HttpRequest, organ: int, number: int) -> JsonResponse:
    """A status list of an organ, signed: which credentials in it are revoked. It names nobody."""
    return _public(reads.status_list(organ, number, site_address(request)), CREDENTIAL_TYPE)


def site_address(request: HttpRequest) -> str:
    """The site's public address, else the one that was asked."""
    address: str = settings.KEPU_SITE_URL or f"{request.scheme}://{request.get_host()}"
    return address


def _public(found: dict[str, Any] | None, content_type: str) -> JsonResponse:
    if found is None:
        raise Http404
    response = JsonResponse(found, content_type=content_type, json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = f"public, max-age={STATUS_SECONDS}"
    response["Access-Control-Allow-Origin"] = "*"  # verifiers run in browsers too
    response["X-Robots-Tag"] = "noindex"
    return response


def _mine(request: HttpRequest, code: str) -> Certificate:
    found = reads.certificate_with(code)
    if found is None or found.person != request.user.pk:
        raise Http404
    return found


def _asks_too_often(request: HttpRequest) -> bool:
    """Whether the network has asked this process more than it may in this minute."""
    forwarded = request.headers.get("X-Forwarded-For", "")
    network = client_network(request.META.get("REMOTE_ADDR", ""), forwarded, settings.KEPU_PROXIES)
    mark = crypto.blind_index(settings.KEPU_KEYS.reader, f"network {network}").hex()
    key = f"certificate-checks-{mark}-{clock.milliseconds(clock.now()) // (MINUTE * 1000)}"
    cache.add(key, 0, timeout=2 * MINUTE)
    try:
        return bool(cache.incr(key) > CHECKS_PER_MINUTE_MAX)
    except ValueError:  # thrown out of a full cache in between
        return False

"""证书: rounds whose awards are to be given or were, their certificates, serial marks and looks, files."""

from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from kepu.awards import writes
from kepu.awards.reads import certificates as reads
from kepu.awards.reads.certificates import Organ, certificates_pdf, final_rounds
from kepu.awards.rules.certificates import PAGES_AT_ONCE_MAX, Certificate, Design, NoCertificate
from kepu.awards.writes.certificates import declare_organ, give_anew
from kepu.campaigns import reads as campaigns
from kepu.campaigns.rules import Published, Round, round_of
from kepu.console import deeds
from kepu.console import payout_labels as labels
from kepu.console.scope import is_inside, me, within
from kepu.documents.typesetting import TypesettingBusyError
from kepu.jobs.writes import ask_job
from kepu.kit import clock
from kepu.kit.paging import whole_number
from kepu.people.rules import Ability

PAGE_SIZE = 50
START_MAX = 1_000_000


@require_safe
def certificates_page(request: HttpRequest) -> HttpResponse:
    """Rounds that are final and not yet awarded, and rounds with certificates, of my divisions.

    At most 15 queries.
    """
    divisions = within(request, Ability.ROUNDS)
    sheets = {each.sheet.campaign: each.sheet for each in campaigns.published()}
    final = []
    for slug, round_id in final_rounds():
        sheet = sheets.get(slug)
        round_ = round_of(sheet, round_id) if sheet is not None else None
        if sheet is not None and round_ is not None and is_inside(sheet.place, divisions):
            final.append((sheet, round_))
    waiting = [
        {"sheet": sheet, "round": round_, "organs": _formed(organs)}
        for (sheet, round_), organs in zip(final, reads.organs_awarding(final), strict=True)
    ]
    context = {
        "header_title": _("Certificates"),
        "header_icon": "doc-full",
        "waiting": waiting,
        "rounds": reads.certified_rounds(divisions),
        "only_here": _only_here(request),
        "designs": [(design.value, words) for design, words in labels.DESIGNS.items()],
    }
    return render(request, "console/certificates.html", context)


@require_safe
def round_certificates_page(request: HttpRequest, slug: str, round_id: str) -> HttpResponse:
    """The certificates of a round in my divisions; ?start=. At most 15 queries."""
    published, round_ = _round(request, slug, round_id)
    divisions = within(request, Ability.ROUNDS)
    start = whole_number(request.GET.get("start"), 0, START_MAX, 0)
    page = reads.certificates(slug, round_id, divisions, start, PAGE_SIZE)
    given, at_once = reads.how_many(slug, round_id, divisions), PAGES_AT_ONCE_MAX
    context = {
        "header_title": _("Certificates"),
        "header_icon": "doc-full",
        "sheet": published.sheet,
        "round": round_,
        "rows": page.rows,
        "only_here": _only_here(request),
        "starts": [(first, first + 1, min(first + at_once, given)) for first in range(0, given, at_once)],
        "organs": _formed(reads.organs_of(slug, round_id, divisions)),
        "designs": [(design.value, words) for design, words in labels.DESIGNS.items()],
        "previous_start": max(0, start - PAGE_SIZE) if start else None,
        "next_start": page.next_start,
    }
    return render(request, "console/round_certificates.html", context)


@require_POST
def issue_page(request: HttpRequest, slug: str, round_id: str) -> HttpResponse:
    """The awards of a final round are given: certificates numbered as declared here, payout lines opened."""
    published, round_ = _round(request, slug, round_id)
    now = clock.now()
    with transaction.atomic():
        [organs] = reads.organs_awarding([(published.sheet, round_)])
        trouble = _declared(request, organs)
        done = trouble or writes.issue_certificates(slug, round_id, me(request), now)
        if not isinstance(done, writes.Awarded):
            transaction.set_rollback(True)
        if isinstance(done, writes.Awarded):
            after = {"certificates": done.certificates, "lines": done.lines}
            subject = f"{published.sheet.title} · {round_.title}"
            deeds.keep(request, "issue_certificates", subject, published.sheet.place, now, ({}, after))
    if not isinstance(done, writes.Awarded):
        messages.error(request, labels.trouble_text(done))
        return redirect("console_certificates")
    words = _("%(certificates)s certificates were given, %(lines)s subsidies are to be paid.")
    messages.success(request, words % {"certificates": done.certificates, "lines": done.lines})
    return redirect("console_round_certificates", slug, round_id)


@require_POST
def organ_page(request: HttpRequest, slug: str, round_id: str, organ: int) -> HttpResponse:
    """The mark of an organ's serial numbers and the look of its awards, for certificates from now on."""
    _round(request, slug, round_id)
    divisions, now = within(request, Ability.ROUNDS), clock.now()
    found = next((each for each in reads.organs_of(slug, round_id, divisions) if each.number == organ), None)
    if found is None:
        raise Http404
    with transaction.atomic():
        trouble = _declared(request, [found])
        if trouble is None:
            change = ({"mark": found.mark}, {"mark": request.POST.get("mark-0", "")[:100]})
            deeds.keep(request, "declare_certificates", found.name, divisions[0], now, change)
    if trouble is not None:
        messages.error(request, labels.trouble_text(trouble))
    else:
        messages.success(request, _("Kept. It counts for certificates from now on."))
    return redirect("console_round_certificates", slug, round_id)


@require_POST
def print_page(request: HttpRequest, slug: str, round_id: str) -> HttpResponse:
    """Up to a hundred certificates in one PDF, from ?start=, made as long work."""
    published, round_ = _round(request, slug, round_id)
    now, base = clock.now(), _base(request)
    start = whole_number(request.POST.get("start"), 0, START_MAX, 0)
    wants = {"slug": slug, "round": round_id, "start": start, "base": base}
    title = _("Certificates from number %(first)s") % {"first": start + 1}
    with transaction.atomic():
        job = ask_job("print_certificates", title, wants, me(request), now)
        if job is not None:
            subject = f"{published.sheet.title} · {round_.title} {start + 1}–{start + PAGES_AT_ONCE_MAX}"
            deeds.keep(request, "print_certificates", subject, published.sheet.place, now)
    if job is None:
        messages.error(request, _("Too much long work of yours is under way. Wait until some is done."))
        return redirect("console_round_certificates", slug, round_id)
    return redirect("console_job", job)


@never_cache
@require_safe
def paper_page(request: HttpRequest, certificate: int) -> HttpResponse:
    """One certificate of my divisions as PDF."""
    found = _certificate(request, certificate)
    base = _base(request)
    try:
        content = certificates_pdf([found], base)
    except TypesettingBusyError:
        messages.error(request, _("The certificate is not ready yet. Please try again in a moment."))
        return redirect("console_round_certificates", found.campaign, found.round)
    response = HttpResponse(content, content_type="application/pdf")
    name = f"{found.serial} {found.name}.pdf"
    response["Content-Disposition"] = (
        content_disposition_header(as_attachment=False, filename=name) or "inline"
    )
    return response


@require_POST
def anew_page(request: HttpRequest, certificate: int) -> HttpResponse:
    """A certificate that is wrong is revoked and given anew with the name of the register."""
    found, now = _certificate(request, certificate), clock.now()
    reason = request.POST.get("reason", "").replace("\x00", "").strip()[:200]
    with transaction.atomic():
        done = give_anew(certificate, reason, me(request), now)
        if isinstance(done, int):
            change: tuple[dict[str, Any], dict[str, Any]] = ({}, {"reason": reason})
            subject = f"{found.serial} {found.name}"
            deeds.keep(request, "give_certificate_anew", subject, found.division, now, change)
    if isinstance(done, NoCertificate):
        messages.error(request, labels.trouble_text(done))
    else:
        messages.success(request, _("The old one is revoked, a new one was given."))
    return redirect("console_round_certificates", found.campaign, found.round)


def _base(request: HttpRequest) -> str:
    """The address that the code on a certificate leads to."""
    found: str = settings.KEPU_SITE_URL or f"{request.scheme}://{request.get_host()}"
    return found


def _only_here(request: HttpRequest) -> str:
    """That address where it is this machine's own, which no phone reaches; else ""."""
    base = _base(request)
    host = urlsplit(base).hostname or ""
    try:
        return base if ip_address(host).is_loopback else ""
    except ValueError:  # a name
        return base if host == "localhost" or host.endswith(".localhost") else ""


def _formed(organs: list[Organ]) -> list[dict[str, Any]]:
    """What the form of an organ's mark and looks shows."""
    formed: list[dict[str, Any]] = [
        {"organ": organ, "looks": [(title, design.value) for title, design in organ.designs.items()]}
        for organ in organs
    ]
    return [{**each, "alone": [each]} for each in formed]


def _declared(request: HttpRequest, organs: list[Organ]) -> NoCertificate | None:
    """What the form says of each organ counts from now on, or what is wrong with it."""
    for place, organ in enumerate(organs):
        wished = request.POST.getlist(f"design-{place}")
        looks = {
            title: next((each for each in Design if each.value == value), design)
            for (title, design), value in zip(organ.designs.items(), wished, strict=False)
        }
        mark = request.POST.get(f"mark-{place}", "")[:100].replace("\x00", "")
        trouble = declare_organ(organ.name, mark, looks)
        if trouble is not None:
            return trouble
    return None


def _certificate(request: HttpRequest, number: int) -> Certificate:
    found = reads.certificate(number, within(request, Ability.ROUNDS))
    if found is None:
        raise Http404
    return found


def _round(request: HttpRequest, slug: str, round_id: str) -> tuple[Published, Round]:
    """The round, where its campaign's place or one of its certificates is mine; else 404."""
    divisions = within(request, Ability.ROUNDS)
    published = campaigns.campaign(slug)
    round_ = round_of(published.sheet, round_id) if published is not None else None
    if published is None or round_ is None:
        raise Http404
    is_mine = is_inside(published.sheet.place, divisions)
    if not is_mine and not reads.certificates(slug, round_id, divisions, 0, 1).rows:
        raise Http404
    return published, round_

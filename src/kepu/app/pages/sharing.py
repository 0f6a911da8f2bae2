"""Sharing without a script, the shared page a reader opens, and the poster for the wall."""

import logging
import uuid

import segno
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from kepu.app import labels, reads, writes
from kepu.app.pages.readers import account_of, asked_by_person, person_of, reader_of, remember_reader
from kepu.app.posters import PAGE, poster, qr_path
from kepu.app.rules import link_of, reader_of_account
from kepu.content import reads as content
from kepu.kit import clock
from kepu.ledger import reads as ledger
from kepu.ledger.links import Link, Stamp, link_token, read_link, stamp_token
from kepu.ledger.rules import Channel, Refusal, receipt_of

CHANNELS = {
    "copy_link": Channel.COPY_LINK,
    "system": Channel.SYSTEM,
    "wechat": Channel.WECHAT,
    "poster": Channel.POSTER,
}
log = logging.getLogger("kepu.app")


@require_POST
@login_required
def share_page(request: HttpRequest, article: int) -> HttpResponse:
    """Without a script: record the share, then show its link (or its poster, if that was asked for)."""
    if article not in content.published_ids():
        raise Http404
    person, parent = account_of(request), read_link(settings.KEPU_KEYS.link, request.POST.get("via", ""))
    channel = CHANNELS.get(request.POST.get("channel", ""), Channel.PAGE)
    answer = writes.record_share(
        person, article, channel=channel, event_id=_event_id(request), parent=parent, now=clock.now()
    )
    if isinstance(answer, Refusal):
        return render(
            request, "app/not_shared.html", {"said": labels.said(answer), "article": article}, status=409
        )
    entry = ledger.entry(answer.book, answer.seq)
    assert entry is not None
    token = link_token(settings.KEPU_KEYS.link, link_of(entry))
    return redirect("poster" if channel is Channel.POSTER else "my_link", token)


@require_safe
@login_required
def my_link_page(request: HttpRequest, token: str) -> HttpResponse:
    """The sharer's own link: what became of it, the address to copy, and its QR code."""
    link = _link(token)
    if link.person != account_of(request):
        raise Http404
    entry, shown = ledger.entry(link.book, link.seq), content.article(link.article)
    if entry is None or shown is None:
        raise Http404
    address = _address(request, token)
    code = segno.make(address, error="m", micro=False)
    context = {
        "article": shown,
        "said": labels.said(receipt_of(entry)),
        "counted": entry.volume > 0,
        "address": address,
        "token": token,
        "qr_path": qr_path(code),
        "qr_size": code.symbol_size(border=0)[0],
    }
    return render(request, "app/my_link.html", context)


@require_safe
def shared_page(request: HttpRequest, token: str) -> HttpResponse:
    """An article opened by a personal link: no word of rewards, one open for the sharer, and a beacon.

    The sharer, previews and robots get the same page, but nothing is recorded and no beacon is set.
    """
    link, now = _link(token), clock.now()
    shown = content.article(link.article)
    if shown is None:
        raise Http404
    reader = reader_of(request)
    counts = asked_by_person(request) and reader != reader_of_account(settings.KEPU_KEYS.reader, link.person)
    context = {
        "article": shown,
        "related": content.related(link.article, 3),
        "token": token,
        "address": _address(request, token),
        "cover": request.build_absolute_uri(shown.cover_url),
    }
    if counts:
        stamp = Stamp(link.book, link.seq, link.person, link.article, clock.milliseconds(now), reader)
        context["stamp"] = stamp_token(settings.KEPU_KEYS.link, stamp)
        context["seconds"] = reads.dwell_seconds(link.book, now)
        _record_open(link, reader)
    response = render(request, "app/shared.html", context)
    response["Cache-Control"] = "private, no-store"
    if counts:
        remember_reader(response, reader)
    return response


@require_safe
def poster_page(request: HttpRequest, token: str) -> HttpResponse:
    """A poster for printing on A4 or keeping as a picture; its QR code opens the personal link."""
    link = _link(token)
    shown = content.article(link.article)
    if shown is None:
        raise Http404
    drawn = poster(shown.title, shown.summary, _address(request, token))
    mine = person_of(request) == link.person
    context = {"article": shown, "poster": drawn, "page": PAGE, "token": token, "mine": mine}
    return render(request, "app/poster.html", context)


def _link(token: str) -> Link:
    link = read_link(settings.KEPU_KEYS.link, token)
    if link is None:
        raise Http404
    return link


def _address(request: HttpRequest, token: str) -> str:
    base: str = settings.KEPU_SITE_URL or f"{request.scheme}://{request.get_host()}"
    return f"{base}/s/{token}/"


def _event_id(request: HttpRequest) -> bytes:
    try:
        return uuid.UUID(request.POST.get("event_id", "")).bytes
    except ValueError:
        return uuid.uuid4().bytes


def _record_open(link: Link, reader: bytes) -> None:
    """Reading goes before counting: when the ledger cannot be reached the article is shown all the same."""
    try:
        writes.record_open(link, reader, clock.now())
    except DatabaseError:
        log.exception("open not recorded: %d/%d", link.book, link.seq)

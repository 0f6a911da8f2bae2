"""Sharing without a script, and the shared page a reader opens."""

import logging
import uuid
from datetime import timedelta

import segno
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from kepu.app import labels, reads, writes
from kepu.app.pages import wechat
from kepu.app.pages.gone import gone_page
from kepu.app.pages.readers import (
    account_of,
    asked_by_person,
    reader_of,
    remember_reader,
    session_of,
)
from kepu.app.posters import qr_path
from kepu.app.rules import link_of
from kepu.campaigns.rules import Reason
from kepu.content import reads as content
from kepu.kit import clock
from kepu.ledger import reads as ledger
from kepu.ledger.links import Link, Stamp, link_token, read_link, stamp_token
from kepu.ledger.rules import Channel, Receipt, Refusal, is_reported_event, receipt_of
from kepu.people.rules.readers import reader_of_account

CHANNELS = {
    "copy_link": Channel.COPY_LINK,
    "system": Channel.SYSTEM,
    "wechat": Channel.WECHAT,
    "poster": Channel.POSTER,
}
JUST_SHARED = timedelta(minutes=10)
log = logging.getLogger("kepu.app")


@require_POST
@login_required
def share_page(request: HttpRequest, article: int) -> HttpResponse:
    """Without a script: record the share, then show its link (or its poster, if that was asked for)."""
    if article not in content.published_ids():
        raise Http404
    parent = read_link(settings.KEPU_KEYS.link, request.POST.get("via", ""))
    channel = CHANNELS.get(request.POST.get("channel", ""), Channel.PAGE)
    answer = writes.record_share(
        session_of(request),
        article,
        channel=channel,
        event_id=_event_id(request),
        parent=parent,
        now=clock.now(),
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
    """The sharer's own link: what became of it, the address to copy, and its QR code.

    How many more count today is said just after the share only: later it is no longer true.
    """
    link = link_or_404(token)
    if link.person != account_of(request):
        raise Http404
    entry, shown = ledger.entry(link.book, link.seq), content.article(link.article)
    if entry is None:
        raise Http404
    if shown is None:
        return gone_page(request, link.article)
    address, now, shared_at = address_of(request, token), clock.now(), clock.from_milliseconds(entry.at_ms)
    code = segno.make(address, error="m", micro=False)
    context = {
        "article": shown,
        "said": labels.said(receipt_of(entry)) if now - shared_at < JUST_SHARED else "",
        "shared_at": shared_at,
        "reason": labels.REASONS[Reason(entry.reason)],
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
    link, now = link_or_404(token), clock.now()
    shown = content.article(link.article)
    if shown is None:
        return gone_page(request, link.article)
    reader = reader_of(request)
    counts = asked_by_person(request) and reader != reader_of_account(settings.KEPU_KEYS.reader, link.person)
    context = {
        "article": shown,
        "related": content.related(link.article, 3),
        "token": token,
        "address": address_of(request, token),
        "cover": wechat.picture_of(request, shown),
    }
    campaign = _record_open(link, reader) if counts else None
    if campaign is not None:
        seconds = reads.dwell_seconds()[campaign]
        stamp = Stamp(*link[:4], clock.milliseconds(now), seconds, campaign, reader)
        context["stamp"] = stamp_token(settings.KEPU_KEYS.link, stamp)
        context["seconds"] = seconds
    card = wechat.card_of(request, shown, address_of(request, token))
    response = render(request, "app/shared.html", context | {"card": card})
    wechat.let_in(response, card)
    response["Cache-Control"] = "private, no-store"
    if counts:
        remember_reader(response, reader)
    return response


@require_safe
def for_readers_page(request: HttpRequest, article: int) -> HttpResponse:
    """A shared article as every reader gets it: nothing of a link, a reader or an account is in it.

    What the ASGI door of shared pages keeps and serves (`intake.shared`); asked here, it counts nothing.
    """
    shown = content.article(article)
    if shown is None:
        return gone_page(request, article)
    card = wechat.card_of(request, shown, "")
    context = {
        "article": shown,
        "related": content.related(article, 3),
        "cover": wechat.picture_of(request, shown),
        "card": card,
        "for_all": True,
        "back": "",
    }
    response = render(request, "app/shared.html", context)
    wechat.let_in(response, card)
    return response


def link_or_404(token: str) -> Link:
    """The link in a token of this site; anything else is not found."""
    link = read_link(settings.KEPU_KEYS.link, token)
    if link is None:
        raise Http404
    return link


def address_of(request: HttpRequest, token: str) -> str:
    """The whole address of a personal link, as it stands in chats and QR codes."""
    base: str = settings.KEPU_SITE_URL or f"{request.scheme}://{request.get_host()}"
    return f"{base}/s/{token}/"


def _event_id(request: HttpRequest) -> bytes:
    """The id the form was given, or a new one where it carries none that a phone may choose."""
    try:
        event_id = uuid.UUID(request.POST.get("event_id", "")).bytes
    except ValueError:
        return uuid.uuid4().bytes
    return event_id if is_reported_event(event_id) else uuid.uuid4().bytes


def _record_open(link: Link, reader: bytes) -> int | None:
    """The campaign in which a read of this page counts, 0 for none; None where nothing could be recorded.

    Reading goes before counting: when the ledger cannot be reached the article is shown all the same.
    """
    try:
        answer = writes.record_open(link, reader, clock.now())
    except DatabaseError:
        log.exception("open not recorded: %d/%d", link.book, link.seq)
        return None
    return answer.counts_in if isinstance(answer, Receipt) else None

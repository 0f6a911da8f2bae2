"""Where articles are imported from: the list of feeds, fetching one now, a pasted link."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kepu.console import deeds, labels
from kepu.console.scope import me, within
from kepu.content.reads import feeds as reads
from kepu.content.writes.feeds import add_feed, remove_feed
from kepu.jobs.writes import ask_job
from kepu.kit import clock
from kepu.kit.paging import whole_number
from kepu.people.rules import Ability

NUMBER_MAX = 2**53


@require_safe
def feeds_page(request: HttpRequest) -> HttpResponse:
    """The feeds with what their last fetch came to, a form for another, and one for a link. Two queries."""
    within(request, Ability.WRITE)
    return _page(request, {}, 200)


@require_POST
def add_feed_page(request: HttpRequest) -> HttpResponse:
    """The feed is on the list, or the page says why not."""
    within(request, Ability.WRITE)
    name, address, now = request.POST.get("name", ""), request.POST.get("address", ""), clock.now()
    with transaction.atomic():
        trouble = add_feed(name, address, _topic(request), me(request), now)
        if trouble is None:
            deeds.keep(request, "add_feed", f"{name.strip()} {address.strip()}", "", now)
    if trouble is not None:
        messages.error(request, str(labels.IMPORT_TROUBLES[trouble]))
        return _page(request, {"name": name, "address": address, "topic": _topic(request)}, 400)
    messages.success(request, _("Added. Fetch it now to see what it has."))
    return redirect("console_feeds")


@require_POST
def remove_feed_page(request: HttpRequest, feed: int) -> HttpResponse:
    """The feed is off the list."""
    within(request, Ability.WRITE)
    row, now = _feed(feed), clock.now()
    with transaction.atomic():
        remove_feed(feed)
        deeds.keep(request, "remove_feed", f"{row.name} {row.address}", "", now)
    messages.success(request, _("Taken off the list. What came from it stays."))
    return redirect("console_feeds")


@require_POST
def fetch_feed_page(request: HttpRequest, feed: int) -> HttpResponse:
    """Fetching the feed is asked for as long work."""
    within(request, Ability.WRITE)
    row = _feed(feed)
    title = _("Fetch %(name)s") % {"name": row.name}
    return _asked(request, "fetch_feed", title, {"feed": feed}, f"{row.name} {row.address}")


@require_POST
def fetch_link_page(request: HttpRequest) -> HttpResponse:
    """Importing the article at a pasted link is asked for as long work."""
    within(request, Ability.WRITE)
    link, topic = request.POST.get("link", "").strip(), _topic(request)
    choices = dict(reads.topic_choices())
    if not link.startswith(("http://", "https://")) or topic not in choices:
        wrong = "topic_wrong" if topic not in choices else "address_wrong"
        messages.error(request, str(labels.IMPORT_TROUBLES[wrong]))
        return _page(request, {"link": link, "topic": topic}, 400)
    wants = {"link": link[:500], "topic": topic}
    return _asked(request, "fetch_link", _("Import %(link)s") % {"link": link[:80]}, wants, link)


def _asked(
    request: HttpRequest, kind: str, title: str, wants: dict[str, object], subject: str
) -> HttpResponse:
    now = clock.now()
    with transaction.atomic():
        job = ask_job(kind, title, wants, me(request), now)
        if job is not None:
            deeds.keep(request, kind, subject, "", now)
    if job is None:
        messages.error(request, _("Too much long work of yours is under way. Wait until some is done."))
        return redirect("console_feeds")
    return redirect("console_job", job)


def _page(request: HttpRequest, filled: dict[str, object], status: int) -> HttpResponse:
    rows = [
        {"row": row, "trouble": labels.IMPORT_TROUBLES[row.trouble] if row.trouble else ""}
        for row in reads.feeds()
    ]
    context = {
        "header_title": _("Import of articles"),
        "header_icon": "download",
        "rows": rows,
        "topics": reads.topic_choices(),
        "filled": filled,
    }
    return render(request, "console/feeds.html", context, status=status)


def _topic(request: HttpRequest) -> int:
    return whole_number(request.POST.get("topic"), 0, NUMBER_MAX, 0)


def _feed(number: int) -> reads.FeedRow:
    row = reads.feed(number)
    if row is None:
        raise Http404
    return row

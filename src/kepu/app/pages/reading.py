"""Finding and reading articles: home, discover, one article."""

import uuid

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from kepu.app import labels, reads
from kepu.app.pages.daily import note_sign_in
from kepu.app.pages.readers import account_of, know_account
from kepu.app.rules import once, part_of_day
from kepu.content import reads as content
from kepu.kit import clock
from kepu.kit.paging import whole_number
from kepu.ledger.links import read_link

SIZE = 20
START_MAX = 10_000
QUERY_LENGTH_MAX = 40
VIA_LENGTH_MAX = 120


@require_safe
def home_page(request: HttpRequest) -> HttpResponse:
    """The newest articles under a greeting; htmx asks for the same address and gets only more rows."""
    start = whole_number(request.GET.get("start"), 0, START_MAX, 0)
    found = content.articles(start=start, size=SIZE)
    more = f"/?start={found.next_start}" if found.next_start else ""
    if _wants_rows(request):
        return _rows(request, {"articles": found.rows, "more": more})
    today = _today(request)
    name = today.profile.name if today and today.profile else ""
    context = {
        "articles": found.rows,
        "more": more,
        "topics": content.topics(),
        "greeting": labels.greeting(part_of_day(clock.now()), name),
        "today": today,
        "first_page": start == 0,
    }
    response = render(request, "app/home.html", context)
    if today and today.published:
        note_sign_in(request, response)
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_safe
def discover_page(request: HttpRequest) -> HttpResponse:
    """Topics, and what a search or a topic finds; htmx gets only more rows."""
    start = whole_number(request.GET.get("start"), 0, START_MAX, 0)
    topic = request.GET.get("topic", "")[:QUERY_LENGTH_MAX]
    query = request.GET.get("q", "").strip()[:QUERY_LENGTH_MAX]
    found = content.articles(topic=topic, query=query, start=start, size=SIZE)
    more = ""
    if found.next_start:
        asked = request.GET.copy()
        asked["start"] = str(found.next_start)
        more = f"/discover/?{asked.urlencode()}"
    if _wants_rows(request):
        return _rows(request, {"articles": found.rows, "more": more})
    topics = content.topics()
    context = {
        "articles": found.rows,
        "more": more,
        "topics": topics,
        "topic": next((one for one in topics if one.slug == topic), None),
        "query": query,
        "asked": bool(topic or query),
    }
    response = render(request, "app/discover.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_safe
def article_page(request: HttpRequest, article: int) -> HttpResponse:
    """An article with its share sheet; `via` names the link by which the person came to it."""
    shown = content.article(article)
    if shown is None:
        raise Http404
    now = clock.now()
    via = request.GET.get("via", "")[:VIA_LENGTH_MAX]
    if read_link(settings.KEPU_KEYS.link, via) is None:
        via = ""
    context = {
        "article": shown,
        "related": content.related(article, 3),
        "today": _today(request),
        "via": via,
        "sentences": labels.sentences(),
        "browse_id": uuid.UUID(bytes=once("browse", article, clock.day_of(now).isoformat())),
    }
    response = render(request, "app/article.html", context)
    know_account(request, response)
    return response


def _today(request: HttpRequest) -> reads.Today | None:
    if not request.user.is_authenticated:
        return None
    return reads.today(account_of(request), request.user.book, clock.now())


def _wants_rows(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true" and "start" in request.GET


def _rows(request: HttpRequest, context: dict[str, object]) -> HttpResponse:
    response = render(request, "app/_articles.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response

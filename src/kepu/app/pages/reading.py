"""Finding and reading articles: discover, one article."""

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from kepu.app import labels, reads
from kepu.app.pages import wechat
from kepu.app.pages.gone import gone_page
from kepu.app.pages.quizzes import quiz_of
from kepu.app.pages.readers import account_of, know_account, person_of
from kepu.campaigns.rules.sheets import seconds_to_read
from kepu.content import reads as content
from kepu.kit import clock
from kepu.kit.paging import whole_number
from kepu.ledger.browsing import PageStamp, browse_event, page_token
from kepu.ledger.links import read_link

SIZE = 20
START_MAX = 10_000
QUERY_LENGTH_MAX = 40
VIA_LENGTH_MAX = 120


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
def suggest_page(request: HttpRequest) -> HttpResponse:
    """What somebody typing in a search box may mean, for htmx; without a script the search itself."""
    query = request.GET.get("q", "").strip()[:QUERY_LENGTH_MAX]
    if request.headers.get("HX-Request") == "true":
        found = content.suggestions(query)
        response = render(request, "app/_suggestions.html", {"suggestions": found, "query": query})
    else:
        response = redirect(f"/discover/?{urlencode({'q': query})}")
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_safe
def article_page(request: HttpRequest, article: int) -> HttpResponse:
    """An article with its share sheet; `via` names the link by which the person came to it."""
    person = person_of(request)
    shown = content.article(article, person)
    if shown is None:
        return gone_page(request, article)
    now = clock.now()
    via = request.GET.get("via", "")[:VIA_LENGTH_MAX]
    if read_link(settings.KEPU_KEYS.link, via) is None:
        via = ""
    today = _today(request)
    context = {
        "article": shown,
        "quiz": quiz_of(shown, person, today, now),
        "related": content.related(article, 3),
        "today": today,
        "via": via,
        "sentences": labels.sentences(),
        "page_stamp": _stamp(person, article, today, now) if person else None,
    }
    card = wechat.card_of(request, shown, request.build_absolute_uri(request.path))
    response = render(request, "app/article.html", context | {"card": card})
    wechat.let_in(response, card)
    know_account(request, response)
    return response


def _stamp(person: int, article: int, today: reads.Today | None, now: datetime) -> dict[str, object]:
    """What the page sends back once it was open long enough (decision 37)."""
    sheet = today.published.sheet if today is not None and today.published is not None else None
    stamp = PageStamp(person, article, clock.milliseconds(now), seconds_to_read(sheet))
    token = page_token(settings.KEPU_KEYS.link, stamp)
    return {"event": browse_event(stamp), "token": token, "seconds": stamp.seconds}


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

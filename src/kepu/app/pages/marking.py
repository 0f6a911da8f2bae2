"""What a signed-in person does with an article: save it to find it again, or like it."""

import logging

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from kepu.app import reads, writes
from kepu.app.pages.readers import account_of, book_of, session_of
from kepu.content import reads as content
from kepu.content import writes as articles
from kepu.content.rules import article_path
from kepu.kit import clock
from kepu.kit.paging import whole_number

SIZE = 20
START_MAX = 10_000
log = logging.getLogger("kepu.app")


@require_POST
def save_page(request: HttpRequest, article: int) -> HttpResponse:
    """The article is saved, or no longer with `wanted` 0; asked again it stays so."""
    if not request.user.is_authenticated:
        return _sign_in_first(request, article)
    account = account_of(request)
    if request.POST.get("wanted") == "0":
        articles.unsave_article(account, article)
    else:
        articles.save_article(account, article, clock.now())
    return _marked(request, article)


@require_POST
def like_page(request: HttpRequest, article: int) -> HttpResponse:
    """The article is liked, or no longer with `wanted` 0; the first like goes into the ledger, once."""
    if not request.user.is_authenticated:
        return _sign_in_first(request, article)
    account = account_of(request)
    if request.POST.get("wanted") == "0":
        articles.unlike_article(account, article)
    elif articles.like_article(account, article, clock.now()):
        _record_like(request, article)
    return _marked(request, article)


@require_safe
@login_required
def saved_page(request: HttpRequest) -> HttpResponse:
    """What I saved, the last one first; htmx gets only more rows."""
    start = whole_number(request.GET.get("start"), 0, START_MAX, 0)
    found = content.saved(account_of(request), start, SIZE)
    more = f"/me/saved/?start={found.next_start}" if found.next_start else ""
    part_only = request.headers.get("HX-Request") == "true" and "start" in request.GET
    template = "app/_articles.html" if part_only else "app/saved.html"
    response = render(request, template, {"articles": found.rows, "more": more})
    patch_vary_headers(response, ["HX-Request"])
    return response


def _marked(request: HttpRequest, article: int) -> HttpResponse:
    marks = content.marks(article, account_of(request))
    if marks is None:
        raise Http404
    if request.headers.get("HX-Request") == "true":
        return render(request, "app/_marks.html", {"number": article, "marks": marks})
    return redirect(f"{article_path(article)}#marks")


def _sign_in_first(request: HttpRequest, article: int) -> HttpResponse:
    to = f"{settings.LOGIN_URL}?{urlencode({'next': article_path(article)})}"
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(headers={"HX-Redirect": to})
    return redirect(to)


def _record_like(request: HttpRequest, article: int) -> None:
    """Like first, count afterwards: when the ledger cannot be reached the like stands all the same."""
    session, now = session_of(request), clock.now()
    try:
        # Not recorded before the certification: the article's one like stays free for after it.
        if not reads.today(session.account, book_of(request), now).counts_nothing:
            writes.record_like(session, article, now)
    except DatabaseError:
        log.exception("like not recorded: %d", article)

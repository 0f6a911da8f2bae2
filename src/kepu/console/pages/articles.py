"""审稿, and what is done with published articles: withdrawing, the emergency way, statistics, the days."""

from datetime import date, timedelta

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kepu.console import deeds, labels
from kepu.console.scope import is_able, me, scopes_of, within
from kepu.content import reads as content
from kepu.content.reads import reviewing as reviews
from kepu.content.rules import DESIGNATED_PER_DAY_MAX, REASON_CHARS_MAX, REVIEW_STEPS, article_path
from kepu.content.writes.reviewing import decide_review, publish_without_review, withdraw_article
from kepu.kit import clock
from kepu.kit.paging import whole_number
from kepu.people.rules import Ability, Role
from kepu.standings.reads.articles import article_days, article_total
from kepu.ui.charts import columns

PAGE_SIZE = 25
START_MAX = 100_000
DAYS_SHOWN = 30
WEEKS_SHOWN = 4
STEP_ABILITIES = (Ability.REVIEW_1, Ability.REVIEW_2, Ability.REVIEW_3)


@require_safe
def reviews_page(request: HttpRequest) -> HttpResponse:
    """Articles that wait at my steps of the review, the longest first. 404 for whoever reviews nothing."""
    _reviewer(request)
    start = whole_number(request.GET.get("start"), 0, START_MAX, 0)
    page = reviews.waiting(me(request), start, PAGE_SIZE)
    context = {
        "header_title": _("Review of articles"),
        "header_icon": "glasses",
        "rows": [{"row": row, "step": labels.STEPS[row.step]} for row in page.rows],
        "previous_start": max(0, start - PAGE_SIZE) if start else None,
        "next_start": page.next_start,
    }
    return render(request, "console/reviews.html", context)


@require_safe
def review_page(request: HttpRequest, state: int) -> HttpResponse:
    """One article under review as readers will see it, with what its earlier steps said, and my decision."""
    return _review(request, state, 200)


@require_POST
def decide_page(request: HttpRequest, state: int) -> HttpResponse:
    """The step is decided, or the page says why not."""
    _reviewer(request)
    action = "reject" if request.POST.get("action") == "reject" else "approve"
    trouble = decide_review(state, me(request), action, request.POST.get("comment", ""))
    if trouble is not None:
        messages.error(request, str(labels.REVIEW_TROUBLES[str(trouble)]))
        if trouble == "not_waiting":
            return redirect("console_reviews")
        return _review(request, state, 400)
    done = _("Approved.") if action == "approve" else _("Returned to its writer.")
    messages.success(request, done)
    return redirect("console_reviews")


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_page(request: HttpRequest, article: int) -> HttpResponse:
    """Withdrawing a published article: readers see why, and whoever shared it is told."""
    within(request, Ability.WRITE)
    shown = content.article(article)
    if shown is None:
        raise Http404
    reason, now, trouble = request.POST.get("reason", "")[:REASON_CHARS_MAX], clock.now(), None
    if request.method == "POST":
        with transaction.atomic():
            trouble = withdraw_article(article, reason, me(request), now)
            if trouble is None:
                change = {"state": "published"}, {"state": "withdrawn", "reason": reason.strip()}
                deeds.keep(request, "withdraw_article", f"{article} {shown.title}", "", now, change)
        if trouble is None:
            messages.success(request, _("Withdrawn. Whoever shared it will be told within minutes."))
            return redirect("console_article_statistics", article)
    context = {
        "header_title": _("Withdraw an article"),
        "header_icon": "download",
        "article": shown,
        "shares": article_total(article).shares,
        "trouble": labels.REVIEW_TROUBLES[trouble] if trouble else "",
        "reason_max": REASON_CHARS_MAX,
    }
    return render(request, "console/withdraw.html", context, status=400 if trouble else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def emergency_page(request: HttpRequest, article: int) -> HttpResponse:
    """The operator publishes the newest version past the review, with a reason that the audit keeps."""
    title = content.titles([article]).get(article)
    if (Role.OPERATOR, "") not in scopes_of(request) or title is None:
        raise Http404
    reason, now, trouble = request.POST.get("reason", "").strip()[:REASON_CHARS_MAX], clock.now(), ""
    if request.method == "POST" and not reason:
        trouble = str(labels.REVIEW_TROUBLES["reason_missing"])
    elif request.method == "POST":
        with transaction.atomic():
            publish_without_review(article, me(request))
            deeds.keep(
                request, "publish_past_review", f"{article} {title}", "", now, ({}, {"reason": reason})
            )
        messages.success(request, _("Published without a review. The audit keeps your reason."))
        return redirect("console_article_statistics", article)
    context = {
        "header_title": _("Publish without a review"),
        "header_icon": "warning",
        "article": article,
        "title": title,
        "trouble": trouble,
        "reason_max": REASON_CHARS_MAX,
    }
    return render(request, "console/emergency.html", context, status=400 if trouble else 200)


@require_safe
def statistics_page(request: HttpRequest, article: int) -> HttpResponse:
    """Shares, opens and reads of an article: all of them, and day by day of the last month."""
    title = content.titles([article]).get(article)
    _writer_or_reviewer(request)
    if title is None:
        raise Http404
    today = clock.day_of(clock.now())
    days = [today - timedelta(days=back) for back in range(DAYS_SHOWN - 1, -1, -1)]
    held = {row.day: row for row in article_days(article, _number(days[0]))}
    numbers = [_number(day) for day in days]
    rows = [
        {"day": day, "row": held[number]} for day, number in zip(days, numbers, strict=True) if number in held
    ]
    reads = [held[number].reads if number in held else 0 for number in numbers]
    context = {
        "header_title": _("Statistics of an article"),
        "header_icon": "list-ul",
        "title": title,
        "article": article,
        "address": article_path(article),
        "is_live": content.article(article) is not None,
        "absence": reviews.absence(article),
        "total": article_total(article),
        "columns": columns(reads),
        "rows": rows[::-1],
        "may_withdraw": is_able(request, Ability.WRITE),
        "may_publish": (Role.OPERATOR, "") in scopes_of(request),
    }
    return render(request, "console/article_statistics.html", context)


@require_safe
def days_page(request: HttpRequest) -> HttpResponse:
    """今日必读 for four weeks from ?from=: what is set for each day, and how many may be added."""
    within(request, Ability.WRITE)
    today = clock.day_of(clock.now())
    first = _monday(request.GET.get("from"), today)
    days = [first + timedelta(days=ahead) for ahead in range(WEEKS_SHOWN * 7)]
    set_for = content.designated_between(days[0], days[-1])
    shown = [
        {
            "day": day,
            "articles": set_for.get(day, []),
            "room": DESIGNATED_PER_DAY_MAX - len(set_for.get(day, [])),
            "is_today": day == today,
            "is_over": day < today,
        }
        for day in days
    ]
    context = {
        "header_title": _("Must-reads of the day"),
        "header_icon": "calendar-check",
        "weeks": [shown[start : start + 7] for start in range(0, len(shown), 7)],
        "earlier": first - timedelta(weeks=WEEKS_SHOWN),
        "later": first + timedelta(weeks=WEEKS_SHOWN),
    }
    return render(request, "console/article_days.html", context)


def _review(request: HttpRequest, state: int, status: int) -> HttpResponse:
    _reviewer(request)
    found = reviews.review(state, me(request))
    if found is None:
        raise Http404
    context = {
        "header_title": found.shown.title,
        "header_icon": "glasses",
        "review": found,
        "article": found.shown,
        "steps": [(labels.STEPS[step], step == found.waiting.step) for step in REVIEW_STEPS],
        "taken": [{"row": row, "step": labels.STEPS[row.step]} for row in found.taken],
        "trouble": labels.REVIEW_TROUBLES[found.trouble] if found.trouble else "",
        "comment": request.POST.get("comment", ""),
        "reason_max": REASON_CHARS_MAX,
    }
    return render(request, "console/review.html", context, status=status)


def _reviewer(request: HttpRequest) -> None:
    if not any(is_able(request, ability) for ability in STEP_ABILITIES):
        raise Http404


def _writer_or_reviewer(request: HttpRequest) -> None:
    if not is_able(request, Ability.WRITE):
        _reviewer(request)


def _number(day: date) -> int:
    return int(day.strftime("%Y%m%d"))


def _monday(text: str | None, today: date) -> date:
    """The Monday of the day asked for; of today's week where none can be read."""
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        day = today
    day = day if 2000 <= day.year < 9000 else today
    return day - timedelta(days=day.weekday())

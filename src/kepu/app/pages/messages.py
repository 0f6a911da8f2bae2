"""What the site told me: newest first, and seen once it was shown."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from kepu.app.pages.readers import account_of
from kepu.kit import clock
from kepu.kit.paging import whole_number
from kepu.people import reads as people
from kepu.people import writes
from kepu.people.rules import NoticeKind

SIZE = 20
START_MAX = 10_000
ICONS = {
    NoticeKind.APPROVED: ("good", "leaf"),
    NoticeKind.RETURNED: ("edit", "sun"),
    NoticeKind.REVOKED: ("warn", "accent"),
    NoticeKind.ANNOUNCED: ("bell", "sky"),
    NoticeKind.ORDER_SHIPPED: ("gift", "leaf"),
    NoticeKind.COUNTER: ("bell", "sky"),
    NoticeKind.ARTICLE_CORRECTED: ("edit", "sun"),
    NoticeKind.ARTICLE_WITHDRAWN: ("warn", "accent"),
    NoticeKind.OBJECTION_UPHELD: ("good", "leaf"),
    NoticeKind.OBJECTION_REJECTED: ("bell", "sky"),
    NoticeKind.AWARDED: ("medal", "sun"),
    NoticeKind.PAID_OUT: ("gift", "leaf"),
    NoticeKind.POINTS_EXPIRE: ("clock", "sun"),
    NoticeKind.CLUB_OPENED: ("people", "leaf"),
    NoticeKind.CLUB_REFUSED: ("people", "sky"),
    NoticeKind.CLUB_CLOSED: ("people", "sky"),
    NoticeKind.CLUB_JOINED: ("people", "leaf"),
    NoticeKind.CLUB_BANNED: ("warn", "accent"),
    NoticeKind.POST_REMOVED: ("warn", "accent"),
    NoticeKind.COMMENT_REMOVED: ("warn", "accent"),
    NoticeKind.POST_RESTORED: ("good", "leaf"),
    NoticeKind.LIKES_NOT_COUNTED: ("warn", "accent"),
    NoticeKind.ORDER_READY: ("gift", "leaf"),
    NoticeKind.ORDER_CANCELLED: ("gift", "sun"),
    NoticeKind.ORDER_RETURNED: ("gift", "sky"),
}


@require_safe
@login_required
def messages_page(request: HttpRequest) -> HttpResponse:
    """My messages; those shown are read from then on. htmx gets only older ones. Two queries."""
    person = account_of(request)
    start = whole_number(request.GET.get("start"), 0, START_MAX, 0)
    page = people.notices(person, start, SIZE)
    fresh = [row.id for row in page.rows if row.is_unread]
    if fresh and request.method == "GET":
        writes.mark_read(person, fresh, clock.now())
    lines = [(row, *ICONS[row.kind]) for row in page.rows]
    more = f"/me/messages/?start={page.next_start}" if page.next_start else ""
    part_only = request.headers.get("HX-Request") == "true" and "start" in request.GET
    template = "app/_messages.html" if part_only else "app/messages.html"
    response = render(request, template, {"lines": lines, "more": more})
    patch_vary_headers(response, ["HX-Request"])
    return response

"""Posts and comments of clubs that wait for a judgement: seen as people saw them, let stand or removed."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from kepu.clubs import reads
from kepu.clubs.reads import judging, office
from kepu.clubs.rules import MUTE_DAYS_MAX, REASON_CHARS_MAX, Refusal, Refused, ReportReason, Verdict, Viewer
from kepu.clubs.writes import office as writes
from kepu.clubs.writes import settle_post
from kepu.console import deeds
from kepu.console.pages.clubs import clubs_are_off, jpeg, judging_clubs, refusal_status, typed_reason
from kepu.console.scope import me, scopes_of, within
from kepu.kit import clock
from kepu.kit.paging import whole_number
from kepu.people import reads as people
from kepu.people.reads.merges import hands_of
from kepu.people.rules import Ability, Scopes, may

PAGE_SIZE = 25
START_MAX = 100_000
MUTE_DAYS = (1, 3, 7, 30)
Piece = Any  # a JudgedPost or a JudgedComment: what both have is all that is asked of it


@dataclass(frozen=True, slots=True)
class Sort:
    """What posts and comments differ in, for these pages; `address` begins the names of their addresses."""

    address: str
    title: Any
    deed: str
    page: Callable[..., Any]
    one: Callable[[Scopes, int], Piece | None]
    seen: Callable[[list[int]], dict[int, str]]
    following: Callable[[Scopes, int], int]
    judge: Callable[..., Refused | None]


POSTS = Sort(
    "console_post",
    gettext_lazy("Club posts"),
    "judge_post",
    judging.to_judge,
    judging.post_to_judge,
    office.posts_seen,
    office.next_post,
    writes.judge_seen_post,
)
COMMENTS = Sort(
    "console_comment",
    gettext_lazy("Comments in clubs"),
    "judge_comment",
    judging.comments_to_judge,
    judging.comment_to_judge,
    office.comments_seen,
    office.next_comment,
    writes.judge_seen_comment,
)


@require_safe
def posts_page(request: HttpRequest) -> HttpResponse:
    """Posts that wait in my divisions, the oldest first, or those removed with ?view=removed.

    At most 24 queries.
    """
    return _queue(request, POSTS)


@require_safe
def comments_page(request: HttpRequest) -> HttpResponse:
    """Comments that wait in my divisions, the oldest first. At most 24 queries."""
    return _queue(request, COMMENTS)


@require_safe
def post_page(request: HttpRequest, post: int) -> HttpResponse:
    """One post of my divisions, and what may be decided about it; else 404. At most 28 queries."""
    return _detail(request, POSTS, _found(request, POSTS, post), {}, 200)


@require_safe
def comment_page(request: HttpRequest, comment: int) -> HttpResponse:
    """One comment of my divisions, and what may be decided about it; else 404. At most 28 queries."""
    return _detail(request, COMMENTS, _found(request, COMMENTS, comment), {}, 200)


@require_safe
def post_picture(request: HttpRequest, picture: int) -> FileResponse:
    """A picture of a post in my divisions; ?small=1: cut to a square."""
    viewer = Viewer(me(request), within(request, Ability.CLUBS))
    return jpeg(reads.picture_file(picture, viewer, small=request.GET.get("small") == "1"))


@require_POST
def judge_post_page(request: HttpRequest, post: int) -> HttpResponse:
    """The post stands or is removed with a reason, and the next one opens; or the page says why not."""
    return _judged(request, POSTS, post)


@require_POST
def judge_comment_page(request: HttpRequest, comment: int) -> HttpResponse:
    """As of a post."""
    return _judged(request, COMMENTS, comment)


@require_POST
def posts_stand_page(request: HttpRequest) -> HttpResponse:
    """Every ticked post has its own verdict: it stands, or why not; the queue says how many of each."""
    return _let_stand(request, POSTS)


@require_POST
def comments_stand_page(request: HttpRequest) -> HttpResponse:
    """As of posts."""
    return _let_stand(request, COMMENTS)


@require_POST
def post_author_page(request: HttpRequest, post: int) -> HttpResponse:
    """Whoever wrote the post is muted in its club for days, or banned from it, with a reason."""
    return _author(request, POSTS, post)


@require_POST
def comment_author_page(request: HttpRequest, comment: int) -> HttpResponse:
    """As of a post."""
    return _author(request, COMMENTS, comment)


def _found(request: HttpRequest, sort: Sort, number: int) -> Piece:
    found = sort.one(judging_clubs(request), number)
    if found is None:
        raise Http404
    return found


def _queue(request: HttpRequest, sort: Sort) -> HttpResponse:
    scopes = judging_clubs(request)
    removed = sort is POSTS and request.GET.get("view") == "removed"
    start = whole_number(request.GET.get("start"), 0, START_MAX, 0)
    page = (judging.decided if removed else sort.page)(scopes, start, PAGE_SIZE)
    posts, comments = office.waiting_counts(scopes)
    view = "view=removed&" if removed else ""
    context = {
        "header_title": sort.title,
        "header_icon": "comment",
        "sort": sort,
        "rows": _shown(request, sort, page.rows),
        "posts_waiting": posts,
        "comments_waiting": comments,
        "removed": removed,
        "is_off": clubs_are_off(),
        "may_tick": bool(page.rows) and not removed,
        "here": f"?start={start}" if start else "",
        "previous": f"?{view}start={max(0, start - PAGE_SIZE)}" if start else "",
        "next": f"?{view}start={page.next_start}" if page.next_start is not None else "",
    }
    return render(request, "console/clubs_queue.html", context)


def _shown(request: HttpRequest, sort: Sort, pieces: Any) -> list[dict[str, Any]]:
    """Pieces with why they are here, who wrote them and whether I may judge them. Six queries."""
    seen = sort.seen([each.number for each in pieces])
    past = office.past_of(each.author for each in pieces)
    hands = hands_of(me(request))
    mine = office.clubs_managed(hands, {each.club for each in pieces})
    profiles = people.profiles({each.author for each in pieces})
    rows = []
    for each in pieces:
        profile = profiles.get(each.author)
        asks = sort is POSTS and each.review_asked_at is not None and each.reviewed_at is None
        rows.append(
            {
                "row": each,
                "seen": seen.get(each.number, ""),
                "past": past.get(each.author, office.Past()),
                "unit_name": profile.unit_name if profile else "",
                "division": profile.division if profile else "",
                "state_label": office.post_state_text(each.state),
                "why": _why(sort, each),
                "asks_review": asks,
                "is_removed": each.state == "removed",
                "is_own": each.author in hands,
                "is_own_club": each.club in mine,
                "may_judge": each.author not in hands and each.club not in mine,
            }
        )
    return rows


def _why(sort: Sort, piece: Piece) -> list[str]:
    """Why a post or comment is here, each reason on a line."""
    found = []
    if sort is POSTS and piece.review_asked_at is not None and piece.reviewed_at is None:
        found.append(_("The author asks for a review: %(words)s") % {"words": piece.review_words or "—"})
    reasons = Counter(office.report_reason_text(each.reason) for each in piece.reports)
    for words, count in reasons.most_common():
        told = ngettext(
            "Reported by %(count)s person: %(why)s", "Reported by %(count)s people: %(why)s", count
        )
        found.append(told % {"count": count, "why": words})
    found += [f"“{each.words}”" for each in piece.reports if each.words]
    if piece.marks:
        held = _("Held back: has the barred words %(words)s")
        passed = _("Has the barred words %(words)s")
        found.append((held if piece.held else passed) % {"words": "、".join(piece.marks)})
    elif piece.held:
        found.append(office.held_text(piece.held))
    return found


def _judged(request: HttpRequest, sort: Sort, number: int) -> HttpResponse:
    found = _found(request, sort, number)
    verdict = {each.value: each for each in Verdict}.get(request.POST.get("verdict", ""))
    if verdict is None:
        return _detail(request, sort, found, {"refusal": _("Choose: let it stand, or remove it.")}, 422)
    reason = _removal_reason(request) if verdict is Verdict.REMOVE else ""
    seen = request.POST.get("seen", "")
    refused = _judge(request, sort, found, (verdict, reason), seen)
    if refused is not None:
        if refused.refusal is Refusal.UNKNOWN:
            raise Http404
        more = {
            "refusal": reads.refusal_text(refused),
            "typed": typed_reason(request),
            "ticked": _ticked(request),
        }
        return _detail(request, sort, _found(request, sort, number), more, refusal_status(refused))
    messages.success(
        request, _("It stands.") if verdict is Verdict.SHOW else _("Removed. The author is told why.")
    )
    following = sort.following(scopes_of(request), number)
    return redirect(sort.address, following) if following else redirect(f"{sort.address}s")


def _judge(
    request: HttpRequest, sort: Sort, found: Piece, judged: tuple[Verdict, str], seen: str
) -> Refused | None:
    """The verdict stands and is in the audit; what it means for the ledger is done at once, or soon."""
    now = clock.now()
    if sort is POSTS:
        settle_post(found.number, now)
    with transaction.atomic():
        refused = sort.judge(found.number, judged, seen, me(request), now)
        if refused is None:
            verdict, reason = judged
            after = {"result": _("Stands") if verdict is Verdict.SHOW else _("Removed")}
            change = (
                {"state": office.post_state_text(found.state)},
                after | ({"reason": reason} if reason else {}),
            )
            subject = f"#{found.number} {found.club_name} {found.author_name}"
            deeds.keep(request, sort.deed, subject, found.division, now, change)
    if refused is None and sort is POSTS:
        settle_post(found.number, now)
    return refused


def _removal_reason(request: HttpRequest) -> str:
    """The ticked reasons in their order, then what was typed."""
    parts = [office.report_reason_text(each) for each in ReportReason if each.value in _ticked(request)]
    return "；".join([*parts, *filter(None, [typed_reason(request)])])


def _ticked(request: HttpRequest) -> list[str]:
    offered = {each.value for each in ReportReason if each is not ReportReason.OTHER}
    return [each for each in request.POST.getlist("reasons") if each in offered]


def _let_stand(request: HttpRequest, sort: Sort) -> HttpResponse:
    scopes = judging_clubs(request)
    given = [request.POST["only"]] if "only" in request.POST else request.POST.getlist("ticked")
    told: Counter[str] = Counter()
    for text in given[:PAGE_SIZE]:
        number, _colon, seen = text.partition(":")
        found = sort.one(scopes, whole_number(number, 0, 2**53, 0))
        if found is None:
            continue
        refused = _judge(request, sort, found, (Verdict.SHOW, ""), seen)
        told[reads.refusal_text(refused) if refused else ""] += 1
    stand = told.pop("", 0)
    if stand:
        words = ngettext("%(count)s stands.", "%(count)s stand.", stand)
        messages.success(request, words % {"count": stand})
    for trouble, count in told.items():
        messages.warning(request, f"{trouble}（{count}）")
    if not given:
        messages.warning(request, _("Tick some first."))
    start = whole_number(request.GET.get("start"), 0, START_MAX, 0)
    to = redirect(f"{sort.address}s")
    to.headers["Location"] += f"{f'?start={start}' if start else ''}#queue"
    return to


def _author(request: HttpRequest, sort: Sort, number: int) -> HttpResponse:
    found, now, reason = _found(request, sort, number), clock.now(), typed_reason(request)
    act = request.POST.get("act", "")
    days = whole_number(request.POST.get("days"), 0, MUTE_DAYS_MAX + 1, 0) if act == "mute" else 0
    if act not in ("mute", "unmute", "ban") or (act == "mute" and not days):
        return _detail(request, sort, found, {"refusal": _("Choose for how many days.")}, 422)
    who = (found.club, found.author)
    with transaction.atomic():
        if act == "ban":
            refused = writes.ban_by_office(*who, reason, me(request), now)
        else:
            refused = writes.mute_by_office(*who, days, reason, me(request), now)
        if refused is None:
            _keep_author(request, found, act, (days, reason), now)
    if refused is None:
        messages.success(request, _AUTHOR_DONE[act] % {"name": found.author_name, "days": days})
        return redirect(sort.address, number)
    more = {"refusal": reads.refusal_text(refused), "typed_author": reason}
    return _detail(request, sort, found, more, refusal_status(refused))


def _keep_author(request: HttpRequest, found: Piece, act: str, said: tuple[int, str], now: datetime) -> None:
    days, reason = said
    after = {"reason": reason} | ({"days": days} if act != "ban" else {})
    subject = f"{found.author_name}（{found.club_name}）"
    deed = "ban_member" if act == "ban" else "mute_member"
    deeds.keep(request, deed, subject, found.division, now, ({}, after))


_AUTHOR_DONE = {
    "mute": gettext_lazy("%(name)s cannot write in this club for %(days)s days."),
    "unmute": gettext_lazy("%(name)s can write in this club again."),
    "ban": gettext_lazy("%(name)s is no longer in this club and cannot come back."),
}


def _detail(
    request: HttpRequest, sort: Sort, piece: Piece, more: dict[str, Any], status: int
) -> HttpResponse:
    scopes = scopes_of(request)
    (shown,) = _shown(request, sort, [piece])
    place = office.places_of([(piece.club, piece.author)]).get((piece.club, piece.author), office.Place())
    muted = place.muted_until if place.muted_until is not None and place.muted_until > clock.now() else None
    context = {
        "header_title": sort.title,
        "header_icon": "comment",
        "sort": sort,
        "shown": shown,
        "place": place,
        "role_label": office.role_text(place.role) if place.role else "",
        "muted_until": muted,
        "may_open_author": bool(shown["division"]) and may(scopes, Ability.LOOK, shown["division"]),
        "following": sort.following(scopes, piece.number),
        "reasons": [
            (each.value, office.report_reason_text(each))
            for each in ReportReason
            if each is not ReportReason.OTHER
        ],
        "mute_days": MUTE_DAYS,
        "reason_chars_max": REASON_CHARS_MAX,
    }
    return render(request, "console/clubs_piece.html", context | more, status=status)

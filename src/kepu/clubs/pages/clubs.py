"""The list of clubs, one club, founding and changing one."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kepu.clubs import labels, reads, writes
from kepu.clubs.forms import ClubForm, RuleForm, sent_pictures
from kepu.clubs.pages.visitors import account_of, answered, division_of, part_only, viewer_of
from kepu.clubs.reads import ClubHead
from kepu.clubs.rules import ClubState, MemberState, Posting, Refused, Showing
from kepu.kit import clock
from kepu.kit.paging import whole_number
from kepu.people import reads as people
from kepu.regions import reads as regions
from kepu.regions.rules import Level
from kepu.ui.off import part_of

SIZE = 20
POSTS = 10
PLACES = 10
START_MAX = 10_000
NOT_FIRST = {"posting": Posting.MEMBERS, "showing": Showing.AT_ONCE, "joining": "open"}


@part_of("clubs")
@require_safe
def clubs_page(request: HttpRequest) -> HttpResponse:
    """My clubs, then those near me; htmx gets only more of these. At most nine queries."""
    start = whole_number(request.GET.get("start"), 0, START_MAX, 0)
    account, division = account_of(request), division_of(request)
    near = reads.clubs_near(division, account, start, SIZE)
    context: dict[str, Any] = {
        "near": near.rows,
        "more": f"/clubs/?start={near.next_start}" if near.next_start else "",
        "county": division[:6],
    }
    if part_only(request):
        response = render(request, "clubs/_clubs.html", context)
    else:
        if account:
            context |= {"mine": reads.my_clubs(account), "refused": reads.refused_club(account)}
            context["is_certified"] = people.profile(account) is not None
        response = render(request, "clubs/clubs.html", context)
    patch_vary_headers(response, ["HX-Request", "Cookie"])
    return response


@part_of("clubs")
@require_safe
def club_page(request: HttpRequest, club: int) -> HttpResponse:
    """One club: what it is, its tasks, posts and board; htmx gets only more posts. At most 27 queries."""
    viewer, now = viewer_of(request), clock.now()
    head = _head(request, club)
    start = whole_number(request.GET.get("start"), 0, START_MAX, 0)
    posts = reads.club_posts(club, viewer, start, POSTS)
    more = f"/clubs/{club}/?start={posts.next_start}" if posts.next_start else ""
    context: dict[str, Any] = {"posts": posts.rows, "more": more, "in_club": True}
    if part_only(request):
        response = render(request, "clubs/_posts.html", context)
    else:
        is_open = head.state is ClubState.OPEN
        context |= {
            "head": head,
            "rule": (labels.POSTING[head.rule.posting], labels.SHOWING[head.rule.showing]),
            "joining": labels.JOINING[head.rule.joining],
            "may_write": is_open and (head.manages or (head.role and head.rule.posting is Posting.MEMBERS)),
            "is_muted": head.muted_until is not None and now < head.muted_until,
            "tasks": reads.club_tasks(club, clock.day_of(now)) if is_open and head.role else [],
            "board": reads.club_board(club, viewer.account, PLACES, now) if is_open and head.role else None,
        }
        response = render(request, "clubs/club.html", context)
    patch_vary_headers(response, ["HX-Request", "Cookie"])
    return response


@part_of("clubs")
@require_POST
@login_required
def join_page(request: HttpRequest, club: int) -> HttpResponse:
    """I am in, or ask to be; with `wanted` 0 I leave."""
    account, now, to = account_of(request), clock.now(), f"/clubs/{club}/"
    if request.POST.get("wanted") == "0":
        left = writes.leave_club(club, account, now)
        return answered(request, left, to, gettext("You have left the club."))
    joined = writes.join_club(club, account, now)
    said = gettext("You are in. Welcome!")
    if joined is MemberState.ASKED:
        said = gettext("You have asked. A manager will let you in.")
    return answered(request, joined, to, said)


@part_of("clubs")
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new_page(request: HttpRequest) -> HttpResponse:
    """Ask for a club; the staff of its division open it."""
    account = account_of(request)
    profile = people.profile(account)
    if profile is None:
        return render(request, "clubs/not_certified.html")
    codes = [profile.division[:level] for level in (Level.VILLAGE, Level.TOWN, Level.COUNTY)]
    codes = list(dict.fromkeys(code for code in codes if len(code) in tuple(Level)))
    names = regions.full_names(codes)
    divisions = [(code, names.get(code, code)) for code in codes]
    if request.method != "POST":
        form = ClubForm(divisions, initial=NOT_FIRST | {"division": codes[0]})
        return render(request, "clubs/new.html", {"form": form})
    form = ClubForm(divisions, request.POST, request.FILES)
    if form.is_valid():
        sent = sent_pictures(request.FILES.getlist("picture"))
        made: int | Refused = sent if isinstance(sent, Refused) else 0
        if not isinstance(sent, Refused):
            made = writes.found_club(account, form.draft(sent[0] if sent else None), clock.now())
        if not isinstance(made, Refused):
            messages.success(request, gettext("Asked. Staff look at it soon, and you get a message."))
            return redirect(f"/clubs/{made}/")
        form.refuse(made)
    return render(request, "clubs/new.html", {"form": form}, status=422)


@part_of("clubs")
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def settings_page(request: HttpRequest, club: int) -> HttpResponse:
    """A manager changes what the club says of itself and its rule."""
    head = _managed(request, club)
    if request.method != "POST":
        rule = head.rule
        shown = {"text": head.text, "posting": rule.posting, "showing": rule.showing, "joining": rule.joining}
        return render(request, "clubs/settings.html", {"form": RuleForm(initial=shown), "head": head})
    form = RuleForm(request.POST, request.FILES)
    if form.is_valid():
        sent = sent_pictures(request.FILES.getlist("picture"))
        refused = sent if isinstance(sent, Refused) else None
        if not isinstance(sent, Refused):
            draft = form.draft(sent[0] if sent else None, head.name, head.division)
            refused = writes.change_club(club, account_of(request), draft, clock.now())
        if refused is None:
            messages.success(request, gettext("Kept."))
            return redirect(f"/clubs/{club}/")
        form.refuse(refused)
    return render(request, "clubs/settings.html", {"form": form, "head": head}, status=422)


@part_of("clubs")
@require_POST
@login_required
def end_page(request: HttpRequest, club: int) -> HttpResponse:
    """The founder closes the club for good."""
    if request.POST.get("sure") != "1":
        messages.error(request, gettext("Tick that you are sure first."))
        return redirect(f"/clubs/{club}/settings/")
    refused = writes.end_club(club, account_of(request), clock.now())
    return answered(request, refused, "/clubs/", gettext("The club is closed."))


def _head(request: HttpRequest, club: int) -> ClubHead:
    head = reads.club(club, viewer_of(request))
    if head is None:
        raise Http404
    return head


def _managed(request: HttpRequest, club: int) -> ClubHead:
    head = _head(request, club)
    if not head.manages or head.state is not ClubState.OPEN:
        raise Http404
    return head

"""Who is in a club, and what its managers do with members and tasks."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kepu.clubs import labels, reads, writes
from kepu.clubs.forms import TaskForm, days_of
from kepu.clubs.pages.clubs import SIZE, START_MAX
from kepu.clubs.pages.visitors import account_of, answered, division_of, part_only, viewer_of
from kepu.clubs.reads import ClubHead
from kepu.clubs.rules import ClubState, MemberState, Refused, Role
from kepu.kit import clock
from kepu.kit.paging import whole_number
from kepu.regions import reads as regions
from kepu.ui.off import is_off, part_of

Deed = Callable[[int, int, int, HttpRequest, datetime], Refused | None]
NUMBER_MAX = 2**62
BANNED_SHOWN_MAX = 50


@part_of("clubs")
@require_safe
@login_required
def members_page(request: HttpRequest, club: int) -> HttpResponse:
    """The members, for members; managers also see who asks and who was barred. At most 14 queries."""
    head = _of_members(request, club)
    start = whole_number(request.GET.get("start"), 0, START_MAX, 0)
    page = reads.members(club, MemberState.IN, start, SIZE, whole=True)
    more = f"/clubs/{club}/members/?start={page.next_start}" if page.next_start else ""
    now, me = clock.now(), account_of(request)
    context: dict[str, Any] = {"head": head, "members": page.rows, "more": more, "now": now, "me": me}
    context["roles"] = {role.value: label for role, label in labels.ROLES.items()}
    if part_only(request):
        return render(request, "clubs/_members.html", context)
    if head.manages and not start:
        context["asking"] = reads.members(club, MemberState.ASKED, 0, SIZE, whole=True).rows
        context["banned"] = reads.members(club, MemberState.BANNED, 0, BANNED_SHOWN_MAX, whole=True).rows
    return render(request, "clubs/members.html", context)


@part_of("clubs")
@require_POST
@login_required
def member_page(request: HttpRequest, club: int) -> HttpResponse:
    """What a manager does with one person: `deed` names it, `person` is their number."""
    head = _of_members(request, club)
    deed = DEEDS.get(request.POST.get("deed", ""))
    person = whole_number(request.POST.get("person"), 0, NUMBER_MAX, 0)
    if deed is None or not person:
        raise Http404
    refused = deed(head.number, account_of(request), person, request, clock.now())
    return answered(request, refused, f"/clubs/{club}/members/", gettext("Done."))


@part_of("clubs")
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def tasks_page(request: HttpRequest, club: int) -> HttpResponse:
    """What the club reaches together; managers set and withdraw tasks."""
    head, now = _of_members(request, club), clock.now()
    withdrawn = whole_number(request.POST.get("withdraw"), 0, NUMBER_MAX, 0)
    if withdrawn:
        refused = writes.withdraw_task(withdrawn, account_of(request), now)
        return answered(request, refused, f"/clubs/{club}/tasks/", gettext("Withdrawn."))
    form = TaskForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        made = writes.set_task(
            club, account_of(request), form.chosen(), said["target"], said["last_day"], now
        )
        if not isinstance(made, Refused):
            messages.success(request, gettext("The task is set. It is counted within the hour."))
            return redirect(f"/clubs/{club}/tasks/")
        form.refuse(made)
    today = clock.day_of(now)
    context = {
        "head": head,
        "form": form,
        "tasks": reads.club_tasks(club, today),
        "over": reads.club_tasks(club, today, is_running=False),
    }
    return render(request, "clubs/tasks.html", context, status=422 if form.is_bound else 200)


@part_of("clubs")
@require_safe
def board_page(request: HttpRequest) -> HttpResponse:
    """The clubs of a county by volume a member, as last counted. At most nine queries."""
    if is_off(request, "boards"):
        raise Http404
    county = division_of(request)[:6]
    start, now = whole_number(request.GET.get("start"), 0, START_MAX, 0), clock.now()
    page = reads.clubs_board(county, start, SIZE, now)
    more = f"/clubs/board/?start={page.next_start}" if page.next_start else ""
    context: dict[str, Any] = {"places": page.rows, "more": more}
    if part_only(request):
        return render(request, "clubs/_places.html", context)
    context["counted_at"] = reads.clubs_counted_at(county)
    context["is_listed"] = reads.ranks_people(reads.shown_campaign(county, now))
    context["place"] = regions.names([county]).get(county, "")
    return render(request, "clubs/board.html", context)


def _of_members(request: HttpRequest, club: int) -> ClubHead:
    head = reads.club(club, viewer_of(request))
    if head is None or head.role is None or head.state is not ClubState.OPEN:
        raise Http404
    return head


DEEDS: dict[str, Deed] = {
    "let_in": lambda club, by, who, _request, now: writes.let_in(club, by, who, now),
    "turn_away": lambda club, by, who, _request, now: writes.turn_away(club, by, who, now),
    "manager": lambda club, by, who, _request, _now: writes.set_role(club, by, who, Role.MANAGER),
    "member": lambda club, by, who, _request, _now: writes.set_role(club, by, who, Role.MEMBER),
    "hand_over": lambda club, by, who, _request, _now: writes.hand_over_club(club, by, who),
    "mute": lambda club, by, who, request, now: writes.mute_member(
        club, by, who, days_of(request.POST.get("days", "")), now
    ),
    "ban": lambda club, by, who, request, now: writes.ban_member(
        club, by, who, request.POST.get("reason", ""), now
    ),
    "lift_ban": lambda club, by, who, _request, _now: writes.lift_ban(club, by, who),
}

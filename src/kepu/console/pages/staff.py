"""Staff within my divisions: roles handed down and taken back, lost phones, accounts away too long."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kepu.console import deeds
from kepu.console.pages.doors import shown_session
from kepu.console.scope import is_inside, me, scopes_of, within
from kepu.kit import clock
from kepu.kit.paging import whole_number
from kepu.people import reads
from kepu.people.reads.members import StaffMember, staff_member, staff_within, stands_below
from kepu.people.reads.staff_sessions import at_the_door, staff_sessions
from kepu.people.rules import BELOW, ROLE_DIGITS, Ability, Refusal, Refused, Role, may_hand
from kepu.people.writes.appointing import appoint, dismiss
from kepu.people.writes.second_factor import reset_second_factor
from kepu.people.writes.staff_sessions import end_staff_sessions, wake_staff
from kepu.regions import reads as regions
from kepu.regions.rules import DivisionName, Level

PAGE_SIZE = 25
START_MAX = 100_000
WORDS_MAX = 40
PLACES_MAX = 20
TYPED = ("phone", "name", "role", "place", "division")


@require_safe
def staff_page(request: HttpRequest) -> HttpResponse:
    """Members of staff within my divisions by name; ?words= a part of the name, or a whole number."""
    divisions, now = within(request, Ability.STAFF), clock.now()
    words = request.GET.get("words", "").strip()[:WORDS_MAX].replace("\x00", "")
    start = whole_number(request.GET.get("start"), 0, START_MAX, 0)
    page = staff_within(divisions, words, start, PAGE_SIZE)
    doors = at_the_door((row.account for row in page.rows), now)
    places = regions.full_names({division for row in page.rows for _role, division in row.scopes})
    context = {
        "header_title": _("Staff and roles"),
        "header_icon": "group",
        "rows": [{"row": row, "door": doors[row.account], "roles": _roles(row, places)} for row in page.rows],
        "words": words,
        "previous_start": max(0, start - PAGE_SIZE) if start else None,
        "next_start": page.next_start,
    }
    return render(request, "console/staff.html", context)


@sensitive_post_parameters("phone")
@require_http_methods(["GET", "HEAD", "POST"])
def appoint_page(request: HttpRequest) -> HttpResponse:
    """A role is given: number, name, role, and a division found by name; what was typed stays."""
    within(request, Ability.STAFF)
    if request.method != "POST":
        return _form(request, QueryDict(), "")
    role = _role(request.POST.get("role"))
    if request.POST.get("do") != "give":
        return _form(request, request.POST, "")
    if role is None:
        return _form(request, request.POST, reads.refusal_text(Refusal.ROLE_WRONG))
    phone, name = request.POST.get("phone", ""), request.POST.get("name", "")
    division, now = request.POST.get("division", ""), clock.now()
    with transaction.atomic():
        outcome = appoint(phone, name, (role, division), me(request), now)
        if not isinstance(outcome, Refused):
            row = reads.account(outcome)
            after = {"role": role.value, "division": division}
            deeds.keep(request, "grant_scope", row.name if row else name, division, now, ({}, after))
    if isinstance(outcome, Refused):
        if outcome.refusal is Refusal.NOT_BELOW:
            _keep_attempt(request, name, (role, division), now)
        return _form(request, request.POST, reads.refusal_text(outcome.refusal))
    messages.success(request, _("The role is given. The person signs in with a code sent to the phone."))
    return redirect("console_staff_member", outcome)


@require_safe
def member_page(request: HttpRequest, account: int) -> HttpResponse:
    """One member of staff: roles, when last seen, sessions, and what I may do about them; else 404."""
    return _member_page(request, _found(request, account), "")


@require_POST
def dismiss_page(request: HttpRequest, account: int) -> HttpResponse:
    """A role is taken away; 404 for one I do not see."""
    found, now = _found(request, account), clock.now()
    role, division = _role(request.POST.get("role")), request.POST.get("division", "")
    if role is None or (role, division) not in found.scopes:
        raise Http404
    with transaction.atomic():
        refused = dismiss(account, (role, division), me(request))
        if refused is None:
            before = {"role": role.value, "division": division}
            deeds.keep(request, "revoke_scope", found.name, division, now, (before, {}))
    if refused is not None:
        return _member_page(request, found, reads.refusal_text(refused.refusal))
    messages.success(request, _("The role is taken away, and the person's sessions are over."))
    return redirect("console_staff")


@require_POST
def wake_page(request: HttpRequest, account: int) -> HttpResponse:
    """A dormant account is open again."""
    return _act_below(request, account, "unlock_staff", wake_staff, _("The account is open again."))


@require_POST
def reset_page(request: HttpRequest, account: int) -> HttpResponse:
    """The second factor is off: the person sets one up at the next sign-in."""
    return _act_below(
        request, account, "reset_second_factor", reset_second_factor, _("The second factor is taken off.")
    )


@require_POST
def end_sessions_page(request: HttpRequest, account: int) -> HttpResponse:
    """The person is out of the back office everywhere."""
    return _act_below(
        request, account, "end_staff_session", end_staff_sessions, _("All sessions of the person are over.")
    )


@transaction.atomic
def _keep_attempt(request: HttpRequest, name: str, scope: tuple[Role, str], now: datetime) -> None:
    """That somebody reached for a role above their own is kept: where they stand, if it lies outside."""
    role, division = scope
    mine = within(request, Ability.STAFF)
    place = division if is_inside(division, mine) else mine[0]
    change: deeds.Change = {}, {"role": role.value, "division": division or _("The whole site")}
    deeds.keep(request, "try_to_grant", name.strip()[:WORDS_MAX], place, now, change)


def _act_below(
    request: HttpRequest, account: int, act: str, write: Callable[[int, datetime], object], done: str
) -> HttpResponse:
    found, now = _found(request, account), clock.now()
    if not _is_below(request, account):
        return _member_page(request, found, reads.refusal_text(Refusal.NOT_BELOW))
    with transaction.atomic():
        write(account, now)
        deeds.keep(request, act, found.name, found.scopes[0][1], now)
    messages.success(request, done)
    return redirect("console_staff_member", account)


def _found(request: HttpRequest, account: int) -> StaffMember:
    found = staff_member(account, within(request, Ability.STAFF))
    if found is None:
        raise Http404
    return found


def _is_below(request: HttpRequest, account: int) -> bool:
    """Whether all of the person's scopes, those I do not see as well, are below mine. One query."""
    return stands_below(scopes_of(request), reads.scopes_of(account))


def _member_page(request: HttpRequest, found: StaffMember, refusal: str) -> HttpResponse:
    now = clock.now()
    places = regions.full_names({division for _role, division in found.scopes})
    context = {
        "header_title": found.name or _("No name"),
        "header_icon": "user",
        "row": found,
        "roles": [
            shown | {"is_mine_to_take": may_hand(scopes_of(request), shown["role"], shown["division"])}
            for shown in _roles(found, places)
        ],
        "door": at_the_door([found.account], now)[found.account],
        "sessions": [shown_session(each, None) for each in staff_sessions(found.account, now)],
        "is_below": _is_below(request, found.account),
        "refusal": refusal,
    }
    return render(request, "console/staff_member.html", context, status=409 if refusal else 200)


def _roles(row: StaffMember, places: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "role": role,
            "division": division,
            "words": reads.role_text(role),
            "place": places.get(division, division) or _("The whole site"),
        }
        for role, division in row.scopes
    ]


def _form(request: HttpRequest, typed: QueryDict, refusal: str) -> HttpResponse:
    """The form with what was typed, and the divisions that fit the role and the words."""
    roles = [role for role in Role if any(role in BELOW.get(held, ()) for held, _ in scopes_of(request))]
    role = _role(typed.get("role"))
    places = _places(request, role, typed.get("place", "")) if role is not None else []
    context = {
        "header_title": _("Give a role"),
        "header_icon": "user",
        "typed": {name: typed.get(name, "") for name in TYPED},
        "roles": [{"value": each.value, "words": reads.role_text(each)} for each in roles],
        "places": places,
        "hands_articles": Role.EDITOR in roles,
        "is_asked": role is not None,
        "refusal": refusal,
    }
    return render(request, "console/appoint.html", context, status=422 if refusal else 200)


def _places(request: HttpRequest, role: Role, words: str) -> list[dict[str, str]]:
    """The divisions in which I may give the role, by name, at most PLACES_MAX; "" is the whole site."""
    mine = scopes_of(request)
    found: dict[str, DivisionName] = {}
    for level in (Level(digits) for digits in sorted(ROLE_DIGITS[role]) if digits):
        for division in within(request, Ability.STAFF):
            if words.strip():
                some = regions.search(words, division, level, PLACES_MAX)
            else:
                some = regions.within(division, level)[:PLACES_MAX] if division else []
            found |= {each.code: each for each in some if may_hand(mine, role, each.code)}
    codes = list(found)[:PLACES_MAX]
    names = regions.full_names(codes)
    site = [{"code": "", "name": _("The whole site")}] if may_hand(mine, role, "") else []
    return site + [{"code": code, "name": names.get(code, code)} for code in codes]


def _role(text: str | None) -> Role | None:
    return next((role for role in Role if role.value == text), None)

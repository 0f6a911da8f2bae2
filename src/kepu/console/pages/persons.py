"""One person of the roster: how they came to be certified, where they belonged, and what may be done."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kepu.campaigns import reads as campaigns
from kepu.console import deeds
from kepu.console import roster_labels as labels
from kepu.console.pages.unmask import may_unmask
from kepu.console.scope import is_inside, me, scopes_of, within
from kepu.kit import clock
from kepu.kit.paging import whole_number
from kepu.ledger import reads as ledger
from kepu.ledger.reads import archived
from kepu.ledger.reads.points import account_of_points
from kepu.people import reads
from kepu.people.reads.rosters import Person, doubles_of, memberships, merges_of, person
from kepu.people.reads.words import applicant_type_text, state_text
from kepu.people.rules import Ability, ApplicantType, CertificationState, may
from kepu.people.rules.registers import RegisterNo
from kepu.people.writes.merging import merge_accounts, undo_merge
from kepu.people.writes.moves import arrange_move, call_off_move

CAMPAIGNS_SHOWN_MAX = 3
NUMBER_MAX = 2**53
LAST_DAY = 99_991_231


@require_safe
def person_page(request: HttpRequest, account: int) -> HttpResponse:
    """Somebody of my divisions; 404 for anybody else. At most 25 queries, whoever it is."""
    return _shown(request, _person(request, account, Ability.LOOK), {}, 200)


@require_POST
def move_page(request: HttpRequest, account: int) -> HttpResponse:
    """The person belongs to another unit from a day on."""
    found, now = _person(request, account, Ability.ROSTERS), clock.now()
    unit = reads.unit(whole_number(request.POST.get("unit"), 1, NUMBER_MAX, 0))
    since = day_of(request.POST.get("since"))
    if unit is None or since is None:
        no: RegisterNo | None = RegisterNo.UNIT_WRONG if unit is None else RegisterNo.DAY_WRONG
        return _answered(request, found, no, "")
    with transaction.atomic():
        no = arrange_move(account, unit.id, since, me(request), now)
        if no is None:
            change = {"unit": found.unit_name}, {"unit": unit.name, "since": f"{since}"}
            deeds.keep(request, "move_person", _subject(found), found.division, now, change)
    return _answered(request, found, no, _("Belongs to %(unit)s from the day you set.") % {"unit": unit.name})


@require_POST
def call_off_page(request: HttpRequest, account: int) -> HttpResponse:
    """The move that waits for its day is off."""
    found, now = _person(request, account, Ability.ROSTERS), clock.now()
    with transaction.atomic():
        no = call_off_move(account, me(request))
        if no is None:
            deeds.keep(request, "call_off_move", _subject(found), found.division, now)
    return _answered(request, found, no, _("The move is called off."))


@require_POST
def merge_page(request: HttpRequest, account: int) -> HttpResponse:
    """The account named in the form is closed into this one."""
    found, now = _person(request, account, Ability.ROSTERS), clock.now()
    other = person(
        whole_number(request.POST.get("other"), 1, NUMBER_MAX, 0), within(request, Ability.ROSTERS)
    )
    if other is None:
        return _answered(request, found, RegisterNo.UNKNOWN, "")
    with transaction.atomic():
        merge = merge_accounts(account, other.account, me(request), now)
        if not isinstance(merge, RegisterNo):
            change = {"accounts": f"{account}、{other.account}"}, {"accounts": f"{account}"}
            deeds.keep(request, "merge_accounts", _subject(found), found.division, now, change)
    no = merge if isinstance(merge, RegisterNo) else None
    return _answered(request, found, no, _("The other account is closed into this one."))


@require_POST
def undo_merge_page(request: HttpRequest, account: int, merge: int) -> HttpResponse:
    """A merge of this account is undone."""
    found, now = _person(request, account, Ability.ROSTERS), clock.now()
    known = next((each for each in merges_of(account) if each.number == merge), None)
    if known is None:
        raise Http404
    with transaction.atomic():
        no = undo_merge(merge, me(request), now)
        if no is None:
            change = {"accounts": f"{account}"}, {"accounts": f"{account}、{known.other}"}
            deeds.keep(request, "undo_merge", _subject(found), found.division, now, change)
    return _answered(request, found, no, _("The two accounts stand apart again."))


def day_of(text: str | None) -> date | None:
    """A day as a form sends it, or None."""
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if 2000 <= day.year < 9000 else None


def _person(request: HttpRequest, account: int, ability: Ability) -> Person:
    found = person(account, within(request, ability))
    if found is None:
        raise Http404
    return found


def _subject(found: Person) -> str:
    return f"{found.name} {found.phone} #{found.account}"


def _answered(request: HttpRequest, found: Person, no: RegisterNo | None, done: str) -> HttpResponse:
    if no is None:
        messages.success(request, done)
        return redirect("console_person", found.account)
    return _shown(request, found, {"refusal": labels.REGISTER_NOS[no]}, 409)


def _shown(request: HttpRequest, found: Person, more: Mapping[str, Any], status: int) -> HttpResponse:
    scopes = scopes_of(request)
    keeps = may(scopes, Ability.ROSTERS, found.division)
    rostered = within(request, Ability.ROSTERS) if keeps else ()
    history = memberships(found.account)
    kind = next((each for each in ApplicantType if each == found.applicant_type), None)
    merges = merges_of(found.account)
    context = {
        "header_title": found.name or _("Number %(account)s") % {"account": found.account},
        "header_icon": "user",
        "person": found,
        "type_label": applicant_type_text(kind) if kind is not None else "",
        "steps": [
            {"step": step, "label": _step_label(step)} for step in reads.steps_of(found.account, names=True)
        ],
        "history": history,
        "move_waits": any(not each.is_applied for each in history),
        "points": account_of_points(found.account),
        "totals": _totals(found.account),
        "archived": archived.held_of(found.account),
        "merges": merges,
        "is_closed_into": any(not each.is_kept and each.undone_at is None for each in merges),
        "is_own": found.account == me(request),
        "keeps": keeps,
        "decides": may(scopes, Ability.CERTIFY, found.division),
        "may_unmask": may_unmask(request, found.division),
        "units": _units(found, rostered) if keeps and found.unit else [],
        "doubles": doubles_of(found.account, rostered) if keeps else [],
        "today": f"{clock.day_of(clock.now())}",
        **more,
    }
    return render(request, "console/person.html", context, status=status)


def _units(found: Person, rostered: tuple[str, ...]) -> list[reads.UnitRow]:
    """Where the person may be moved: the other units of the town, and of the county where I keep it."""
    county = found.division[:6]
    near = county if is_inside(county, rostered) else found.division[:9]
    return [
        row for row in reads.units_within(near) if row.id != found.unit and is_inside(row.division, rostered)
    ]


def _totals(account: int) -> list[dict[str, Any]]:
    """What the statement adds up to in the newest campaigns; nothing where a file of it cannot be read."""
    newest = sorted(campaigns.published(), key=lambda each: -each.number)[:CAMPAIGNS_SHOWN_MAX]
    found = []
    for each in newest:
        try:
            counts = ledger.reason_counts(account, each.number, 0, LAST_DAY)
        except archived.ArchiveUnreadableError:
            return []
        if counts:
            found.append(
                {
                    "title": each.sheet.title,
                    "entries": sum(count.entries for count in counts),
                    "volume": sum(count.volume for count in counts),
                    "points": sum(count.points for count in counts),
                }
            )
    return found


def _step_label(step: reads.StepRow) -> str:
    if step.is_backbone is not None:
        return _("Named a backbone.") if step.is_backbone else _("No longer a backbone.")
    if step.by_applicant and step.state is CertificationState.SUBMITTED:
        return _("Submitted")
    return state_text(step.state)

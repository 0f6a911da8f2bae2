"""Questions about members of staff, for those who hand roles down."""

from dataclasses import dataclass

from django.db.models import Q

from kepu.kit.paging import Page, page_of
from kepu.people.accounts import index_of, opened_phone
from kepu.people.models import Account, StaffScope
from kepu.people.rules import Ability, Role, Scopes, masked_phone, may, may_hand, phone_of

SCOPES_SHOWN_MAX = 500


@dataclass(frozen=True, slots=True)
class StaffMember:
    """Somebody on the staff, with the scopes that lie inside the asker's divisions, by division and role."""

    account: int
    name: str
    phone_masked: str
    scopes: tuple[tuple[Role, str], ...]


def staff_within(divisions: tuple[str, ...], words: str, start: int, size: int) -> Page[StaffMember]:
    """Members of staff with a scope in these divisions, by name; `words`: in the name, or the whole number.

    Two queries, none without divisions.
    """
    if not divisions:
        return Page((), None)
    inside = _inside(divisions)
    found = Account.objects.filter(is_active=True, pk__in=StaffScope.objects.filter(inside).values("account"))
    if words:
        number = phone_of(words)
        found = (
            found.filter(phone_index=index_of(number))
            if number
            else found.filter(display_name__contains=words)
        )
    rows = list(found.order_by("display_name", "pk")[start : start + size + 1])
    held: dict[int, list[tuple[Role, str]]] = {}
    scopes = StaffScope.objects.filter(inside, account__in=[row.pk for row in rows])
    for account, role, division in scopes.order_by("division", "role").values_list(
        "account_id", "role", "division"
    )[:SCOPES_SHOWN_MAX]:
        held.setdefault(account, []).append((Role(role), division))
    return page_of([_member(row, tuple(held.get(row.pk, ()))) for row in rows], start, size)


def staff_member(account: int, divisions: tuple[str, ...]) -> StaffMember | None:
    """The member of staff when one of their scopes lies in these divisions. Two queries."""
    scopes = StaffScope.objects.filter(_inside(divisions), account=account, account__is_active=True)
    held = [
        (Role(role), division)
        for role, division in scopes.order_by("division", "role").values_list("role", "division")
    ]
    row = Account.objects.filter(pk=account).first() if held and divisions else None
    return _member(row, tuple(held)) if row is not None else None


def staff_able(ability: Ability, division: str) -> list[tuple[int, str]]:
    """Who of the staff has the ability in a division: (account, name), by name. One query."""
    above = Q(division="")
    for length in range(1, len(division) + 1):
        above |= Q(division=division[:length])
    held: dict[tuple[int, str], set[tuple[Role, str]]] = {}
    rows = StaffScope.objects.filter(above, account__is_active=True, account__is_staff=True)
    for account, name, role, where in rows.values_list(
        "account", "account__display_name", "role", "division"
    ):
        held.setdefault((account, name), set()).add((Role(role), where))
    able = [who for who, scopes in held.items() if may(frozenset(scopes), ability, division)]
    return sorted(able, key=lambda each: (each[1], each[0]))


def stands_below(mine: Scopes, theirs: Scopes) -> bool:
    """Whether I may hand down every scope of theirs: then I may end their sessions and second factor."""
    return bool(theirs) and all(may_hand(mine, role, division) for role, division in theirs)


def _inside(divisions: tuple[str, ...]) -> Q:
    inside = Q(pk__in=())
    for division in divisions:
        inside |= Q(division__startswith=division)
    return inside


def _member(row: Account, scopes: tuple[tuple[Role, str], ...]) -> StaffMember:
    phone = opened_phone(row.phone_sealed, row.phone_index)
    return StaffMember(row.pk, row.display_name, masked_phone(phone) if phone else "", scopes)

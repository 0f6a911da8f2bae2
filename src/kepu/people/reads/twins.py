"""Who may have come twice: another person of the same name in the same unit.

The same number twice cannot be: an account's number is unique, and an entry at the counter goes to the
account that has it. So whoever comes twice comes with two numbers, and the name in the unit tells.
"""

from collections.abc import Iterable

from django.db.models import Q

from kepu.people.models import Certification, Communicator
from kepu.people.reads.certifications import CertificationRow

TWINS_MAX = 200


def twins_of(rows: Iterable[CertificationRow]) -> dict[int, list[int]]:
    """The accounts that have the name and the unit of each row's person, by that person's account.

    Applications in any state and communicators where they are now; closed accounts are left out. Rows
    without a twin are absent. Two queries, none for no rows; at most TWINS_MAX twins in all.
    """
    rows = list(rows)
    wanted = {(row.unit, row.name) for row in rows if row.name}
    if not wanted:
        return {}
    same = Q()
    for unit, name in wanted:
        same |= Q(unit=unit, name=name)
    applied = Certification.objects.filter(same, account__closed_at=None)
    certified = Communicator.objects.filter(same, account__closed_at=None)
    seen: dict[tuple[int, str], set[int]] = {}
    for found in (applied, certified):
        for account, unit, name in found.values_list("account_id", "unit_id", "name")[:TWINS_MAX]:
            seen.setdefault((unit, name), set()).add(account)
    return {
        row.account: others
        for row in rows
        if (others := sorted(seen.get((row.unit, row.name), set()) - {row.account}))
    }

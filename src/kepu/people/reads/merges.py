"""Whose accounts are one person's: what was merged and stands, along the whole chain."""

from collections.abc import Iterable

from kepu.people.accounts import index_of
from kepu.people.models import Account, Merge


def merged_into() -> dict[int, int]:
    """Each account that was merged into another → the one kept at the end of its chain. One query.

    A merge is an officer's act on one pair, so that there are few, whatever the number of people.
    """
    standing = dict(Merge.objects.filter(undone_at=None).values_list("closed", "kept"))
    found = {}
    for closed in standing:
        kept = closed
        while kept in standing:
            kept = standing[kept]
        found[closed] = kept
    return found


def hands_of(account: int) -> frozenset[int]:
    """The account and all that are one person's with it by merges that stand. One query."""
    kept = merged_into()
    person = kept.get(account, account)
    return frozenset({account, person, *(closed for closed, into in kept.items() if into == person)})


def merged_with_phones(phones: Iterable[str]) -> dict[str, int]:
    """Of these numbers (11 digits each) those of merged accounts → the account that was kept.

    Two queries; one where nothing is merged.
    """
    kept = merged_into()
    if not kept:
        return {}
    rows = Account.objects.filter(pk__in=list(kept), closed_at=None).values_list("phone_index", "pk")
    by_index = dict(rows)
    indexed = ((phone, by_index.get(index_of(phone))) for phone in phones)
    return {phone: kept[account] for phone, account in indexed if account is not None}

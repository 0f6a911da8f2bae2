"""Keeping people as they are while their acts are written down."""

from collections.abc import Collection

from django.db import connection

from kepu.people.models import Account, Unit


def holding_statement(accounts: Collection[int], *, alone: bool = False) -> tuple[str, list[object]] | None:
    """The statement after which these accounts' sessions, certification and unit stay as they are until the
    transaction ends, with its values; None on SQLite, where writers follow one another anyway.

    Whoever changes them locks the account first (`lock_account`). `alone`: nobody else holds them meanwhile.
    """
    if connection.vendor != "postgresql":
        return None
    strength = "NO KEY UPDATE" if alone else "SHARE"
    sql = f"SELECT id FROM people_account WHERE id = ANY(%s) ORDER BY id FOR {strength}"  # noqa: S608
    return sql, [sorted(accounts)]


def lock_account(account: int) -> None:
    """Nothing is written down for this account until the transaction ends. One query."""
    lock_accounts([account])


def lock_accounts(accounts: Collection[int]) -> None:
    """As `lock_account` for several, always in one order, so that no two wait for each other. One query."""
    list(Account.objects.select_for_update().filter(pk__in=sorted(accounts)).order_by("pk").values_list("pk"))


def lock_units(units: Collection[int]) -> dict[int, Unit]:
    """These units as they are now; their name, code and closing stay so until the transaction ends.

    Whoever puts somebody into a unit asks this after `lock_account` and before any other row of theirs is
    written: a unit is closed, named anew or given another code under the same lock. One query.
    """
    held = Unit.objects.select_for_update(no_key=True).filter(pk__in=sorted(units)).order_by("pk")
    return {unit.pk: unit for unit in held}

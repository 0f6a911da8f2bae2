"""Keeping people as they are while their acts are written down."""

from collections.abc import Collection

from django.db import connection

from kepu.people.models import Account


def hold_accounts(accounts: Collection[int]) -> None:
    """These accounts' sessions, certification and unit stay as they are until the transaction ends.

    Whoever changes them locks the account first (`lock_account`). One statement on PostgreSQL; on SQLite
    nothing, where writers follow one another anyway.
    """
    if connection.vendor != "postgresql" or not accounts:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM people_account WHERE id = ANY(%s) ORDER BY id FOR SHARE", [sorted(accounts)]
        )


def lock_account(account: int) -> None:
    """Nothing is written down for this account until the transaction ends. One query."""
    list(Account.objects.select_for_update().filter(pk=account).values_list("pk"))

"""A county with as many registered communicators as a benchmark asks for, made by two statements."""

from django.db import connection
from django.db.models import Model

from kepu.config.bench.crowd import hurry
from kepu.people.models import Account, Communicator, Unit

FIRST = 10_000_000  # the number of the first account made


def register(count: int, like: int) -> range:
    """`count` certified communicators are there, in the county's units in turn, else copies of `like`.

    The numbers of their accounts.
    """
    county = Account.objects.get(pk=like).book
    units = (
        "SELECT id, division, row_number() OVER (ORDER BY id) - 1 AS place FROM people_unit"  # noqa: S608
        f" WHERE division LIKE '{county}%%'"
    )
    size = Unit.objects.filter(division__startswith=str(county)).count()
    numbers = (
        f"SELECT generate_series(0, {count - 1}) AS i"
        if connection.vendor == "postgresql"
        else f"SELECT 0 AS i UNION ALL SELECT i + 1 FROM n WHERE i < {count - 1}"  # noqa: S608
    )
    own = {"id": f"{FIRST} + n.i", "account_id": f"{FIRST} + n.i", "phone_index": "'bench' || n.i"}
    hurry(on=True)
    with connection.cursor() as cursor:
        for model in (Account, Communicator):
            values = own | ({"unit_id": "u.id", "division": "u.division"} if model is Communicator else {})
            cursor.execute(
                f"WITH RECURSIVE n AS ({numbers}), u AS ({units}) {_copies(model, values)}"
                f" AS t JOIN n ON true JOIN u ON u.place = n.i %% {size} WHERE t.{_key(model)} = %s",
                [like],
            )
        cursor.execute("ANALYZE")
    hurry(on=False)
    return range(FIRST, FIRST + count)


def _copies(model: type[Model], values: dict[str, str]) -> str:
    """Insert copies of rows t, with some columns' own values."""
    columns = [str(field.column) for field in model._meta.concrete_fields]
    table, named = model._meta.db_table, ", ".join(columns)
    taken = ", ".join(values.get(column, f"t.{column}") for column in columns)
    return f"INSERT INTO {table} ({named}) SELECT {taken} FROM {table}"  # noqa: S608


def _key(model: type[Model]) -> str:
    assert model._meta.pk is not None
    return str(model._meta.pk.column)

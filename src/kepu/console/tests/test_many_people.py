"""A roster of a hundred thousand people as a file."""

import resource
from dataclasses import asdict
from pathlib import Path

from django.db import connection

from kepu.console.tasks import WORKS
from kepu.jobs import reads as jobs
from kepu.jobs.writes import ask_job
from kepu.kit import clock
from kepu.people import writes
from kepu.people.reads.rosters import RosterSearch
from kepu.people.tests import land
from kepu.people.tests.land import TOWN, unit_in


def test_a_hundred_thousand_people_are_saved_in_the_memory_of_a_few(clerk, db):
    """Rows are read and written as they come: from the first thousand on the process hardly grows."""
    writes.enroll_many([land.enrolled(1, unit_in(TOWN, "同福村"))], now=clock.now())
    multiply(100_000)
    number = ask_job(
        "export_roster", "名册", {"search": asdict(RosterSearch()), "whole": True}, clerk, clock.now()
    )
    job, sizes = jobs.job(number, clerk), []
    outcome = WORKS["export_roster"](job, lambda done, total: sizes.append((done, resident_bytes())))
    assert "100001" in outcome.words["said"]
    assert (jobs.folder() / outcome.file).stat().st_size > 1_000_000
    assert len(sizes) == 101
    assert sizes[-1][1] - sizes[2][1] < 30_000_000, sizes[::20]


def resident_bytes() -> int:
    """How much memory this process holds now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def multiply(many: int) -> None:
    """As many more communicators as the one there is, in two statements."""
    numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %s)"
    with connection.cursor() as cursor:
        for table, key, changed in (
            ("people_account", "id", {"id": "id + 1000 + i", "phone_index": "'many' || i"}),
            ("people_communicator", "account_id", {"account_id": "account_id + 1000 + i"}),
        ):
            cursor.execute(f"SELECT * FROM {table} LIMIT 0")
            columns = [each[0] for each in cursor.description]
            taken = ", ".join(changed.get(column, column) for column in columns)
            cursor.execute(
                f"{numbers} INSERT INTO {table} ({', '.join(columns)}) SELECT {taken} FROM {table}, n "
                f"WHERE {key} = (SELECT max(account_id) FROM people_communicator WHERE name = '赵大勇')"
                if table == "people_account"
                else f"{numbers} INSERT INTO {table} ({', '.join(columns)}) SELECT {taken} FROM {table}, n",
                [many],
            )

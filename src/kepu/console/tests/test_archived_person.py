"""A person's page says in which file the entries of archived years lie, and how to print them."""

import pytest

from kepu.console.tests.conftest import enter
from kepu.console.tests.test_rosters import enrolled, text
from kepu.kit import clock
from kepu.ledger.models import ArchivedPart, ArchivedPerson
from kepu.ledger.reads import archived
from kepu.people.rules import Role
from kepu.people.tests import land
from kepu.people.tests.land import COUNTY, TOWN, unit_in

pytestmark = pytest.mark.django_db


def test_the_file_of_an_archived_year_stands_on_the_persons_page(client):
    land.settle()
    enter(client, 90, Role.COUNTY_OFFICER, COUNTY)
    (account,) = enrolled(land.enrolled(1, unit_in(TOWN, "同福村"), name="王秀英"))
    page = f"/admin/rosters/{account}/"
    assert "已归档" not in text(client.get(page))
    part = ArchivedPart.objects.create(
        book=int(COUNTY), year=2021, first_seq=1, last_seq=90, before=bytes(32), hash=bytes(32), taken_to=90,
        file=f"{COUNTY}-2021-1-90.parquet", sha256="0" * 64, at=clock.now(),
    )  # fmt: skip
    ArchivedPerson.objects.create(person=account, part=part.pk, entries=17, points=31, volume=12)
    archived.forget_belief()
    shown = text(client.get(page))
    archived.forget_belief()
    for said in (
        "已归档",
        f"{COUNTY}-2021-1-90.parquet",
        f"kepu archive 2021 --book {COUNTY} --person {account}",
    ):
        assert said in shown

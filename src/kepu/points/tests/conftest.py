"""A small site whose sheet rewards quizzes and certifications, at noon of a day in June 2021."""

import re
from datetime import UTC, datetime
from importlib import resources

import pytest

from kepu.campaigns import writes as campaigns
from kepu.ledger import writes as ledger
from kepu.people import reads as people
from kepu.people import writes as enrolment
from kepu.people.rules import ApplicantType, Enrolment
from kepu.regions import facts
from kepu.regions.models import Division

NOON = datetime(2021, 6, 21, 4, 0, tzinfo=UTC)
REWARDS = """
[earnings.quiz]
points = 5
per_day_max = 3

[earnings.certification]
points = 20
per_day_max = 1

[tasks.total]
"""


def sheet_text() -> str:
    """The reference campaign, with points for quizzes and for being certified."""
    text = resources.files("kepu.campaigns").joinpath("samples/chaqi-2021.toml").read_text("utf-8")
    text = re.sub(r"(?m)^\[earnings\.(quiz|certification)\][^\[]*", "", text)
    assert "\n[tasks.total]\n" in text
    return text.replace("\n[tasks.total]\n", REWARDS, 1)


def enrol(phone: str, name: str, at: datetime) -> int:
    """Somebody of 插旗村, certified at a moment."""
    unit = next(row for row in people.units_within("430623110") if row.name == "插旗村")
    association = people.associations("华容", 1)[0]
    wanted = Enrolment(phone, name, unit.id, association.id, ApplicantType.TOWN, False, at)
    return enrolment.enroll_many([wanted], now=at)[0]


@pytest.fixture(scope="package")
def packaged() -> list[tuple[str, str]]:
    """The county's divisions, unpacked once: the whole country is unpacked for them."""
    return list(facts.rows(("430623",)))


@pytest.fixture
def county(db, packaged) -> None:
    """The county with its rules published and its book open."""
    Division.objects.bulk_create(Division(code=code, name=name) for code, name in packaged)
    enrolment.prepare_county("430623", NOON)
    ledger.open_book(430623, NOON)


@pytest.fixture
def sheet(county):
    published = campaigns.publish_sheet(sheet_text(), by="张三", signed_off_by="李四", now=NOON)
    assert not isinstance(published, list), published
    return published


@pytest.fixture
def wang(sheet) -> int:
    return enrol("13800001234", "王秀英", NOON)


@pytest.fixture
def li(sheet) -> int:
    return enrol("13800005678", "李建国", NOON)

"""A small land for tests: two towns of the reference county, a neighbour county, and people in them."""

from datetime import UTC, datetime, timedelta

from django.test import Client

from kepu.kit import clock
from kepu.people import reads, writes
from kepu.people.models import Unit
from kepu.people.rules import ApplicantType, Application, Enrolment, Refused, Role
from kepu.people.sessions import COOKIE
from kepu.regions.models import Division

NOW = datetime(2021, 7, 1, 1, tzinfo=UTC)  # 09:00 in Shanghai
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NETWORK = "192.0.2.7"
PASSWORD = "wanwan-2021"

COUNTY, OTHER_COUNTY = "430623", "430624"
TOWN, OTHER_TOWN, FAR_TOWN = "430623110", "430623101", "430624100"
DIVISIONS = {
    "43": "湖南省",
    "4306": "岳阳市",
    "430623": "华容县",
    "430624": "湘阴县",
    "430623101": "三封寺镇",
    "430623110": "插旗镇",
    "430624100": "文星镇",
    "430623101200": "华一村村民委员会",
    "430623110001": "向阳街社区居委会",
    "430623110215": "同福村民委员会",
    "430623110217": "插旗村",
    "430624100201": "太傅村委会",
}


def phone(number: int) -> str:
    """The `number`th test phone."""
    return f"138{number:08}"


def settle() -> None:
    """The divisions are there and both counties are prepared."""
    Division.objects.bulk_create(Division(code=code, name=name) for code, name in DIVISIONS.items())
    for county in (COUNTY, OTHER_COUNTY):
        writes.prepare_county(county, NOW)


def unit_in(town: str, name: str = "") -> int:
    """The id of a unit in `town`, by name or its first village."""
    units = [
        unit for unit in reads.units_within(town) if (unit.name == name if name else len(unit.division) == 12)
    ]
    return units[0].id


def application(place: str = TOWN, **changes: object) -> Application:
    """A complete application for the first village of the town `place`."""
    stated = {
        "name": "王秀英",
        "town": place,
        "unit": unit_in(place),
        "applicant_type": ApplicantType.COUNTY.value,
        "association": reads.associations("华容", 1)[0].id,
    }
    return Application(**(stated | changes))  # type: ignore[arg-type]


def newcomer(number: int, name: str = "李新") -> int:
    """An account that is not certified."""
    account = writes.open_staff_account(phone(number), name, None, int(COUNTY), NOW)
    assert isinstance(account, int)
    return account


def sign_in(client: Client, number: int) -> None:
    """The browser is that of the person with this phone, by password."""
    answer = writes.sign_in_with_password(phone(number), PASSWORD, NETWORK, clock.now())
    client.cookies[COOKIE] = answer.token


def staff(number: int, role: Role, division: str, name: str = "审核员") -> int:
    """A member of staff with one scope."""
    account = newcomer(number, name)
    assert writes.grant_scope(account, role, division, NOW) is None
    return account


def applicant(number: int, town: str = TOWN) -> int:
    """An account whose application waits."""
    account = newcomer(number)
    assert not isinstance(writes.submit_certification(account, application(town), NOW), Refused)
    return account


def enrolled(number: int, unit: int, **changes: object) -> Enrolment:
    """One line of a bulk enrolment."""
    stated = {
        "phone": phone(number),
        "name": "赵大勇",
        "unit_id": unit,
        "association_id": reads.associations("华容", 1)[0].id,
        "applicant_type": ApplicantType.COUNTY,
        "is_backbone": False,
        "certified_at": NOW,
    }
    return Enrolment(**(stated | changes))  # type: ignore[arg-type]


def units() -> dict[str, Unit]:
    """Every unit by name."""
    return {unit.name: unit for unit in Unit.objects.exclude(kind="departments")}

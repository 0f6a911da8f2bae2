"""A small county in a small city, with the reference campaign published: what tests of counting stand on."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from importlib.resources import files
from itertools import count

from django.conf import settings
from django.test import Client

from kepu.campaigns import reads
from kepu.campaigns import writes as campaigns
from kepu.campaigns.rules import Kind, Published
from kepu.kit import clock
from kepu.ledger import writes as ledger
from kepu.ledger.rules import Act, Channel, Receipt
from kepu.people import writes as people
from kepu.people.models import Account, Association, Unit
from kepu.people.rules import ApplicantType, Enrolment, Session, UnitKind, session_token
from kepu.people.sessions import COOKIE
from kepu.regions.models import Division

JANUARY = clock.start_of(date(2021, 1, 1))
TONGFU, ZHUBEI, ELSEWHERE = "430623110215", "430623110203", "430602001001"
NAMES = {
    "43": "湖南省",
    "4306": "岳阳市",
    "430623": "华容县",
    "430602": "岳阳楼区",
    "430623110": "插旗镇",
    "430602001": "岳阳楼街道",
    TONGFU: "同福村",
    ZHUBEI: "注北村",
    ELSEWHERE: "洞庭社区",
    "430623110217": "插旗村",
    "430623110210": "大湾村",
    "430623110209": "曙光村",
    "430623110205": "众城村",
    "430623110202": "千和村",
    "430623110001": "向阳街社区",
}
SAMPLE = files("kepu.campaigns").joinpath("samples/chaqi-2021.toml").read_text("utf-8")
_numbers = count(1)


def build(text: str = SAMPLE) -> Published:
    """Divisions, one unit a village and one of departments, the books of both counties, the campaign."""
    Division.objects.bulk_create([Division(code=code, name=name) for code, name in NAMES.items()])
    for code, name in ((TONGFU, "同福村"), (ZHUBEI, "注北村"), (ELSEWHERE, "洞庭社区")):
        Unit.objects.create(name=name, kind=UnitKind.VILLAGE, division=code)
    Unit.objects.create(name="机关、站所", kind=UnitKind.DEPARTMENTS, division="430623110")
    Association.objects.create(name="华容县科学技术协会", division="430623")
    for book in (430623, 430602):
        ledger.open_book(book, JANUARY)
    published = campaigns.publish_sheet(text, "测试", "测试签发人", JANUARY - timedelta(days=30))
    assert isinstance(published, Published), published
    return published


def enrol(number: int, village: str = TONGFU, backbones: int = 0) -> list[int]:
    """Account ids of `number` certified people of a village (or of a town's departments)."""
    unit = Unit.objects.get(division=village)
    association = Association.objects.get()
    start = next(_numbers) * 1_000
    return people.enroll_many(
        [
            Enrolment(
                phone=f"139{start + each:08d}",
                name=f"王{'一二三四五六七八九十'[each % 10]}明",
                unit_id=unit.pk,
                association_id=association.pk,
                applicant_type=ApplicantType.TOWN,
                is_backbone=each < backbones,
                certified_at=JANUARY,
            )
            for each in range(number)
        ],
        now=JANUARY,
    )


def act(person: int, at: datetime, kind: Kind = Kind.SHARE) -> Act:
    """One act with an event id of its own."""
    event = next(_numbers).to_bytes(16, "big")
    return Act(person, event, kind, 7, Channel.PAGE, clock.milliseconds(at))


def share(person: int, times: int, day: date = date(2021, 3, 5), hour: int = 9) -> list[Receipt]:
    """Receipts of `times` shares, a second apart."""
    start = clock.start_of(day) + timedelta(hours=hour)
    return record([act(person, start + timedelta(seconds=second)) for second in range(times)])


def record(acts: Sequence[Act]) -> list[Receipt]:
    """The receipts of a batch that is recorded whole."""
    answers = ledger.commit_batch(acts)
    assert all(isinstance(answer, Receipt) for answer in answers)
    return answers  # type: ignore[return-value]


def credit(person: int, volume: int, day: date = date(2021, 3, 5), second: int = 0) -> list[Receipt]:
    """One adjustment that states a volume of its own: thousands of shares are slow to play."""
    at = clock.start_of(day) + timedelta(hours=9, seconds=second)
    number = int(day.strftime("%Y%m%d"))
    (published,) = reads.published()
    stated = act(person, at, Kind.ADJUSTMENT)._replace(volume=volume, campaign=published.number, day=number)
    return record([stated._replace(version=published.sheet.version)])


def sign_in(client: Client, person: int) -> None:
    """The browser is this person's."""
    session = Session(person, Account.objects.get(pk=person).session_version, int(clock.now().timestamp()))
    client.cookies[COOKIE] = session_token(settings.KEPU_KEYS.session, session)


def moved(published: Published, **changes: object) -> Published:
    """A published sheet with some fields changed, for pages that only look."""
    return replace(published, sheet=replace(published.sheet, **changes))

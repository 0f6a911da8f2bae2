"""Units, associations, communicators: prepared for a county, entered in bulk, read back."""

import pytest

from kepu.people import reads, writes
from kepu.people.models import Account, Association, Certification, CertificationStep, Unit
from kepu.people.rules import CertificationState, Role, UnitKind
from kepu.people.tests.land import (
    COUNTY,
    DAY,
    FAR_TOWN,
    HOUR,
    NOW,
    OTHER_COUNTY,
    TOWN,
    enrolled,
    newcomer,
    phone,
    staff,
    units,
)
from kepu.regions.models import Division

pytestmark = pytest.mark.django_db


def test_a_prepared_county_has_its_association_its_villages_and_its_towns_departments(country):
    assert [(row.name, row.division) for row in reads.associations("华容")] == [
        ("华容县科学技术协会", COUNTY)
    ]
    assert [(unit.name, unit.kind, unit.division) for unit in reads.units_within(TOWN)] == [
        ("机关、站所", UnitKind.DEPARTMENTS, TOWN),
        ("向阳街社区", UnitKind.COMMUNITY, "430623110001"),
        ("同福村", UnitKind.VILLAGE, "430623110215"),
        ("插旗村", UnitKind.VILLAGE, "430623110217"),
    ]


def test_preparing_again_makes_nothing_twice_and_leaves_names_given_by_people(country):
    Unit.objects.filter(division="430623110215").update(name="同福新村")
    Association.objects.filter(division=COUNTY).update(name="华容县科协")
    before = Unit.objects.count()
    prepared = writes.prepare_county(COUNTY, NOW)
    assert (prepared.towns, prepared.units) == (2, 6)
    assert Unit.objects.count() == before
    assert Unit.objects.get(division="430623110215").name == "同福新村"
    assert Association.objects.filter(division=COUNTY).count() == 1


def test_a_village_that_is_new_gets_its_unit(country):
    Division.objects.create(code="430623110299", name="新村村委会")
    assert writes.prepare_county(COUNTY, NOW).units == 7
    assert reads.units_within("430623110299")[0].name == "新村"


def test_counties_of_one_name_have_associations_of_two(country):
    Division.objects.bulk_create(
        Division(code=code, name=name)
        for code, name in {"11": "北京市", "1101": "市辖区", "110199": "华容县"}.items()
    )
    writes.prepare_county("110199", NOW)
    assert {row.name for row in reads.associations("华容县")} == {
        "华容县科学技术协会",
        "北京市华容县科学技术协会",
    }


def test_an_association_is_found_by_a_part_of_its_name_near_ones_first(country):
    everywhere = [row.division for row in reads.associations("科学", near=FAR_TOWN)]
    assert everywhere == [OTHER_COUNTY, COUNTY]
    assert [row.division for row in reads.associations("", near=TOWN)] == [COUNTY]
    assert [row.division for row in reads.associations(COUNTY)] == [COUNTY]
    assert reads.associations("") == []
    assert len(reads.associations("科学", 1)) == 1
    for nonsense in ("%", "_", "\x00", "x" * 10_000, "' OR 1=1 --", "   "):
        assert reads.associations(nonsense) == []


def test_enrolled_people_are_certified_with_history_and_sign_in_by_code(country):
    unit = units()["同福村"]
    people = [
        enrolled(number, unit.pk, is_backbone=number == 2, certified_at=NOW - DAY) for number in (2, 1, 3)
    ]
    ids = writes.enroll_many(people, now=NOW)
    profiles = reads.profiles(ids)
    assert [profiles[account].is_backbone for account in ids] == [True, False, False]
    assert all(profile.certified_at == NOW - DAY for profile in profiles.values())
    assert [reads.account_with_phone(phone(number)) for number in (2, 1, 3)] == ids
    assert reads.standing_many(ids)[ids[0]].book == int(COUNTY)
    assert not any(account.has_usable_password() for account in Account.objects.all())
    assert {row.state for row in Certification.objects.all()} == {CertificationState.APPROVED}
    assert CertificationStep.objects.count() == 3
    assert [step.actor for step in reads.steps_of(ids[0], names=True)] == [""]


def test_a_number_known_already_is_left_alone(country):
    known = newcomer(1, "李新")
    unit = units()["同福村"].pk
    first = writes.enroll_many([enrolled(1, unit), enrolled(2, unit)], now=NOW)
    again = writes.enroll_many([enrolled(2, unit), enrolled(1, unit), enrolled(2, unit)], now=NOW)
    assert first[0] == known
    assert again == [first[1], known, first[1]]
    assert reads.profile(known) is None
    assert writes.enroll_many([], now=NOW) == []


def test_thousands_are_entered_in_few_statements(country, django_assert_max_num_queries):
    """Measured: 0.6 s for 2,000 on an idle machine."""
    unit = units()["同福村"].pk
    people = [enrolled(number, unit) for number in range(2_000)]
    with django_assert_max_num_queries(120):
        ids = writes.enroll_many(people, now=NOW)
    assert len(set(ids)) == 2_000


def test_how_many_people_a_unit_has(country):
    one, two, far = units()["同福村"].pk, units()["插旗村"].pk, units()["太傅村"].pk
    writes.enroll_many(
        [
            enrolled(1, one, is_backbone=True, certified_at=NOW - DAY),
            enrolled(2, one, certified_at=NOW),
            enrolled(3, one, certified_at=NOW + HOUR),
            enrolled(4, two, certified_at=NOW + DAY),
            enrolled(5, far),
        ],
        now=NOW,
    )
    officer = staff(90, Role.COUNTY_OFFICER, COUNTY)
    writes.revoke_certification(reads.account_with_phone(phone(3)), officer, "重复", NOW)
    counted = reads.unit_people(COUNTY, NOW, NOW + DAY)
    assert {unit: (row.backbones, row.registrations) for unit, row in counted.items()} == {one: (1, 1)}
    assert set(reads.unit_people("43", NOW, NOW + 2 * DAY)) == {one, two, far}
    assert reads.unit_people("4306x", NOW, NOW + DAY) == {}


def test_communicators_are_read_in_order(country):
    one, far = units()["同福村"].pk, units()["太傅村"].pk
    ids = writes.enroll_many(
        [enrolled(number, far if number == 3 else one) for number in range(1, 8)], now=NOW
    )
    assert [profile.account for profile in reads.profiles_within(COUNTY)] == sorted(set(ids) - {ids[2]})
    assert reads.profiles_within("") == []
    assert reads.profile(10**12) is None
    assert reads.unit(one).name == "同福村"
    assert reads.unit(0) is None


def test_what_the_reads_cost(country, django_assert_num_queries):
    unit = units()["同福村"].pk
    ids = writes.enroll_many([enrolled(number, unit) for number in range(1, 8)], now=NOW)
    for read in (
        lambda: reads.profile(ids[0]),
        lambda: reads.profiles(ids),
        lambda: reads.profiles_within(COUNTY),
        lambda: reads.unit(unit),
        lambda: reads.units_within(COUNTY),
        lambda: reads.unit_people(COUNTY, NOW, NOW + DAY),
        lambda: reads.associations("华容", near=TOWN),
        lambda: reads.association(1),
        lambda: reads.standing_many(ids),
        lambda: reads.account(ids[0]),
        lambda: reads.account_with_phone(phone(1)),
        lambda: reads.staff(),
    ):
        with django_assert_num_queries(1):
            read()
    with django_assert_num_queries(0):
        assert reads.profiles([]) == {}
        assert reads.standing_many([]) == {}
    with django_assert_num_queries(8):
        writes.prepare_county(COUNTY, NOW)

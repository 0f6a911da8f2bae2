"""Roles are handed down on a page: never up, never sideways, never outside, and each time kept."""

from datetime import timedelta

import pytest
from django.test import Client

from kepu.console.tests.conftest import enter
from kepu.console.tests.test_deeds import acts, kept
from kepu.kit import clock
from kepu.people import reads, writes
from kepu.people.models import Account, StaffSession, StaffWatch
from kepu.people.reads.staff_sessions import has_second_factor, is_dormant
from kepu.people.rules import Role
from kepu.people.tests import land
from kepu.people.tests.land import (
    COUNTY,
    FAR_TOWN,
    NOW,
    OTHER_TOWN,
    TOWN,
    newcomer,
    phone,
)
from kepu.people.tests.test_second_factor import code
from kepu.people.writes.second_factor import begin_second_factor, confirm_second_factor

pytestmark = pytest.mark.django_db
LIST, GIVE = "/admin/staff/", "/admin/staff/give/"
VILLAGE = "430623110215"


@pytest.fixture
def officer(db: None, client: Client) -> int:
    land.settle()
    return enter(client, 90, Role.COUNTY_OFFICER, COUNTY)


def text(response) -> str:
    return response.content.decode()


def give(client: Client, role: str, division: str, number: int = 1, **more: str):
    form = {"phone": phone(number), "name": "王建国", "role": role, "division": division, "do": "give"}
    return client.post(GIVE, form | more)


def held(number: int) -> set[tuple[Role, str]]:
    account = reads.account_with_phone(phone(number))
    return set(reads.scopes_of(account)) if account is not None else set()


def member(number: int, role: Role, division: str, name: str = "李新") -> int:
    account = newcomer(number, name)
    assert writes.grant_scope(account, role, division, clock.now()) is None
    return account


def test_a_role_is_given_with_a_division_found_by_name(client, officer):
    found = text(client.post(GIVE, {"phone": phone(1), "role": "town_clerk", "place": "插旗", "do": "find"}))
    assert phone(1) in found
    assert f'value="{TOWN}"' in found
    assert OTHER_TOWN not in found
    answer = give(client, "town_clerk", TOWN)
    assert answer.status_code == 302
    assert held(1) == {(Role.TOWN_CLERK, TOWN)}
    deed = kept(TOWN)[0].deed
    assert (deed.act, deed.subject, deed.after["role"]) == ("grant_scope", "王建国", "town_clerk")
    assert "王建国" in text(client.get(LIST))


@pytest.mark.parametrize(
    ("role", "division"),
    [
        ("county_officer", COUNTY),  # sideways
        ("city_officer", "4306"),  # up
        ("operator", ""),
        ("editor", ""),
        ("auditor", COUNTY),
        ("town_clerk", FAR_TOWN),  # outside
        ("town_clerk", COUNTY),  # of another level
        ("town_clerk", "430623999"),  # not there
        ("town_clerk", "\0"),
        ("nobody", TOWN),
    ],
)
def test_never_up_never_sideways_never_outside(client, officer, role, division):
    answer = give(client, role, division, name="<王>建国")
    answer = give(client, role, division)
    assert answer.status_code == 422
    assert "王建国" in text(answer)
    assert phone(1) in text(answer)
    assert held(1) == set()
    assert not Account.objects.filter(display_name="王建国").exists()
    # what somebody reached for is kept, where they stand; what no role or division is, is not
    is_reach = division in ("", COUNTY, "4306", FAR_TOWN) and (role, division) != ("town_clerk", COUNTY)
    assert acts() == ["try_to_grant"] * is_reach
    for record in kept(COUNTY):
        deed = record.deed
        assert (deed.subject, deed.division, deed.after["role"]) == ("王建国", COUNTY, role)


def test_what_cannot_be_read_is_told_and_stays(client, officer):
    page = give(client, "town_clerk", TOWN, phone="123", name="王建国")
    assert (page.status_code, "11 位" in text(page), 'value="123"' in text(page)) == (422, True, True)
    assert f'value="{TOWN}" checked' in text(page)


def test_whoever_gives_a_role_renames_nobody(client, officer):
    account = newcomer(1, "赵大勇")
    give(client, "town_clerk", TOWN, name="王建国")
    row = reads.account(account)
    assert row is not None
    assert row.name == "赵大勇"


def test_a_role_is_taken_away_and_the_sessions_end(client, officer):
    account = member(1, Role.TOWN_CLERK, TOWN)
    version = Account.objects.get(pk=account).session_version
    form = {"role": "town_clerk", "division": TOWN}
    assert client.post(f"{LIST}{account}/take/", form).status_code == 302
    assert held(1) == set()
    assert Account.objects.get(pk=account).session_version == version + 1
    assert client.post(f"{LIST}{account}/take/", form).status_code == 404
    assert acts() == ["revoke_scope"]


@pytest.mark.parametrize(
    ("role", "division", "status"),
    [
        (Role.COUNTY_OFFICER, COUNTY, 409),  # a colleague: seen, not touched
        (Role.TOWN_CLERK, FAR_TOWN, 404),
        (Role.CITY_OFFICER, "4306", 404),
        (Role.OPERATOR, "", 404),
    ],
)
def test_nothing_is_done_to_whoever_is_not_below(client, officer, role, division, status):
    account = member(1, role, division)
    form = {"role": role.value, "division": division}
    for act in ("take/", "wake/", "second-factor/off/", "sessions/end/"):
        assert client.post(f"{LIST}{account}/{act}", form).status_code == status, act
    assert client.get(f"{LIST}{account}/").status_code == (200 if status == 409 else 404)
    assert held(1) == {(role, division)}
    assert acts() == []


def test_somebody_with_a_higher_role_elsewhere_is_not_below(client, officer):
    account = member(1, Role.TOWN_CLERK, TOWN)
    writes.grant_scope(account, Role.CITY_OFFICER, "4306", clock.now())
    assert client.post(f"{LIST}{account}/second-factor/off/").status_code == 409
    assert "岳阳市级" not in text(client.get(f"{LIST}{account}/"))
    assert client.post(f"{LIST}{account}/take/", {"role": "town_clerk", "division": TOWN}).status_code == 302
    assert held(1) == {(Role.CITY_OFFICER, "4306")}


def test_a_lost_phone_a_dormant_account_and_sessions_are_an_officers_to_mend(client, officer):
    other = Client()
    account = enter(other, 1, Role.TOWN_CLERK, TOWN, "李新")
    key, before = begin_second_factor(account), clock.now() - timedelta(minutes=5)
    confirm_second_factor(account, code(key, before), "", before)
    StaffWatch.objects.filter(account=account).update(awake_at=NOW)
    page = text(client.get(f"{LIST}{account}/"))
    assert "Windows · Edge" in page
    for act in ("sessions/end/", "second-factor/off/", "wake/"):
        assert client.post(f"{LIST}{account}/{act}").status_code == 302
    assert not has_second_factor(account)
    assert not is_dormant(account, clock.now())
    assert not StaffSession.objects.filter(account=account, ended_at=None).exists()
    assert other.get("/admin/certifications/").status_code == 302
    assert acts() == ["end_staff_session", "reset_second_factor", "unlock_staff"]


def test_one_sees_staff_within_ones_divisions_and_finds_them(client, officer):
    member(1, Role.TOWN_CLERK, TOWN, "王建国")
    member(2, Role.TOWN_CLERK, FAR_TOWN, "赵大勇")
    member(3, Role.EDITOR, "", "钱编辑")
    page = text(client.get(LIST))
    assert "王建国" in page
    assert "138****0001" in page
    assert phone(1) not in page
    assert "赵大勇" not in page
    assert "钱编辑" not in page
    assert "王建国" in text(client.get(LIST, {"words": phone(1)}))
    assert "王建国" in text(client.get(LIST, {"words": "建国"}))
    assert "王建国" not in text(client.get(LIST, {"words": "张"}))


@pytest.mark.parametrize(
    ("role", "division"),
    [(Role.UNIT_CLERK, VILLAGE), (Role.EDITOR, ""), (Role.AUDITOR, COUNTY), (Role.REVIEWER_1, "")],
)
def test_who_hands_nothing_down_finds_nothing(client, db, role, division):
    land.settle()
    account = enter(client, 91, role, division)
    assert client.get(LIST).status_code == 404
    assert client.get(GIVE).status_code == 404
    assert give(client, "unit_clerk", VILLAGE).status_code == 404
    assert client.get(f"{LIST}{account}/").status_code == 404


def test_a_town_clerk_names_clerks_of_villages(client, clerk):
    assert give(client, "unit_clerk", VILLAGE).status_code == 302
    assert held(1) == {(Role.UNIT_CLERK, VILLAGE)}


def test_the_operator_names_reviewers_for_the_whole_site(client, db):
    land.settle()
    enter(client, 91, Role.OPERATOR, "")
    for role in ("reviewer_1", "reviewer_2", "reviewer_3", "editor"):
        assert give(client, role, "").status_code == 302
    assert len(held(1)) == 4
    assert give(client, "operator", "", 2).status_code == 422


def test_the_list_costs_the_same_however_many_there_are(client, officer, django_assert_max_num_queries):
    for number in range(1, 31):
        member(number, Role.TOWN_CLERK, TOWN, "李新")
    client.get(LIST)
    with django_assert_max_num_queries(16):
        client.get(LIST)

"""Members of staff: scopes, access to the back office, and the command that grants them."""

import json

import pytest
from click.testing import CliRunner

from kepu.config.command.staff import command
from kepu.people import reads, writes
from kepu.people.models import Account
from kepu.people.rules import Refusal, Refused, Role, SignedIn
from kepu.people.tests.land import COUNTY, NETWORK, NOW, PASSWORD, TOWN, newcomer, phone

pytestmark = pytest.mark.django_db


def access(account):
    row = Account.objects.get(pk=account)
    return row.is_staff, row.has_perm("wagtailadmin.access_admin"), row.is_superuser


def test_a_scope_lets_into_the_back_office_and_its_end_leads_out(country):
    account = newcomer(1)
    assert access(account) == (False, False, False)
    assert writes.grant_scope(account, Role.TOWN_CLERK, TOWN, NOW) is None
    assert writes.grant_scope(account, Role.TOWN_CLERK, TOWN, NOW) is None
    assert access(account) == (True, True, False)
    assert reads.scopes_of(account) == {(Role.TOWN_CLERK, TOWN)}
    version = Account.objects.get(pk=account).session_version
    assert writes.revoke_scope(account, Role.TOWN_CLERK, TOWN) is None
    assert access(account) == (False, False, False)
    assert reads.scopes_of(account) == frozenset()
    assert Account.objects.get(pk=account).session_version == version + 1
    assert writes.revoke_scope(account, Role.TOWN_CLERK, TOWN) == Refused(Refusal.UNKNOWN)


def test_an_editor_may_edit_and_publish_pages_a_clerk_may_not(country):
    editor, clerk = newcomer(1), newcomer(2)
    writes.grant_scope(editor, Role.EDITOR, "", NOW)
    writes.grant_scope(clerk, Role.TOWN_CLERK, TOWN, NOW)
    assert set(Account.objects.get(pk=editor).groups.values_list("name", flat=True)) >= {
        "Editors",
        "Moderators",
    }
    assert set(Account.objects.get(pk=clerk).groups.values_list("name", flat=True)) == {"Kepu staff"}
    writes.revoke_scope(editor, Role.EDITOR, "")
    assert not Account.objects.get(pk=editor).groups.exists()


@pytest.mark.parametrize(
    ("role", "division"),
    [
        (Role.TOWN_CLERK, COUNTY),
        (Role.TOWN_CLERK, "430623999"),
        (Role.COUNTY_OFFICER, ""),
        (Role.COUNTY_OFFICER, "999999"),
        (Role.CITY_OFFICER, COUNTY),
        (Role.OPERATOR, "<b>"),
    ],
)
def test_a_scope_is_a_division_of_the_roles_level(country, role, division):
    account = newcomer(1)
    assert writes.grant_scope(account, role, division, NOW) == Refused(Refusal.DIVISION_WRONG)
    assert access(account) == (False, False, False)


def test_scopes_of_a_closed_account_are_none(country):
    account = newcomer(1)
    writes.grant_scope(account, Role.TOWN_CLERK, TOWN, NOW)
    Account.objects.update(is_active=False)
    assert reads.scopes_of(account) == frozenset()


def kepu(*words, stdin=""):
    return CliRunner().invoke(command, words, input=stdin)


GRANT = ("grant", "--phone", phone(1), "--name", "王建国", "--role", "county_officer", "--division", COUNTY)


def test_the_command_grants_with_a_password_and_lists_with_numbers_masked(country):
    done = kepu(*GRANT, "--password-stdin", stdin=PASSWORD + "\n")
    assert done.exit_code == 0, done.output
    assert "华容县" in done.output
    assert PASSWORD not in done.output
    assert isinstance(writes.sign_in_with_password(phone(1), PASSWORD, NETWORK, NOW), SignedIn)
    listed = json.loads(kepu("list", "--json").output)
    assert [(row["name"], row["phone"], row["role"], row["division"]) for row in listed] == [
        ("王建国", "138****0001", "county_officer", COUNTY)
    ]
    assert "138****0001" in kepu("list").output
    assert (
        kepu("revoke", "--phone", phone(1), "--role", "county_officer", "--division", COUNTY).exit_code == 0
    )
    assert json.loads(kepu("list", "--json").output) == []


@pytest.mark.parametrize(
    ("words", "stdin"),
    [
        ((*GRANT, "--password-stdin"), "short\n"),
        ((*GRANT[:-1], "430623110"), ""),
        (("grant", "--phone", "123", *GRANT[3:]), ""),
        (("grant", *GRANT[1:3], "--name", "<b>", *GRANT[5:]), ""),
        (("revoke", "--phone", phone(8), "--role", "editor", "--division", COUNTY), ""),
    ],
)
def test_the_command_says_no_and_changes_nothing(country, words, stdin):
    done = kepu(*words, stdin=stdin)
    assert done.exit_code == 1
    assert "Error" in done.output
    assert not Account.objects.exists()

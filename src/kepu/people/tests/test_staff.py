"""Members of staff: scopes, access to the back office, and the command that grants them."""

import json

import pytest
from click.testing import CliRunner

from kepu.config.command.staff import command
from kepu.jobs import reads as jobs
from kepu.jobs.rules import JobState, Outcome
from kepu.jobs.writes import ask_job, keep_upload, run_next
from kepu.people import reads, writes
from kepu.people.models import Account
from kepu.people.rules import Refusal, Refused, Role, SignedIn
from kepu.people.tests.land import (
    COUNTY,
    NETWORK,
    NOW,
    OTHER_TOWN,
    PASSWORD,
    TOWN,
    enrolled,
    newcomer,
    phone,
    staff,
    unit_in,
)
from kepu.people.writes.appointing import appoint
from kepu.people.writes.merging import merge_accounts
from kepu.people.writes.staff import renew_access

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


def groups_of(account):
    """The names of the groups somebody is in."""
    return set(Account.objects.get(pk=account).groups.values_list("name", flat=True))


def test_an_editor_may_edit_pages_a_clerk_may_not(country):
    editor, clerk = newcomer(1), newcomer(2)
    writes.grant_scope(editor, Role.EDITOR, "", NOW)
    writes.grant_scope(clerk, Role.TOWN_CLERK, TOWN, NOW)
    assert groups_of(editor) == {"Kepu staff", "Editors"}
    assert groups_of(clerk) == {"Kepu staff"}
    writes.revoke_scope(editor, Role.EDITOR, "")
    assert not Account.objects.get(pk=editor).groups.exists()


@pytest.mark.parametrize("step", [1, 2, 3])
def test_a_reviewer_is_in_the_group_of_the_own_step_alone(country, step):
    reviewer = newcomer(1)
    writes.grant_scope(reviewer, Role(f"reviewer_{step}"), "", NOW)
    assert groups_of(reviewer) == {"Kepu staff", f"Reviewers {step}"}


def test_an_update_puts_everybody_into_the_groups_their_scopes_give(country):
    editor = newcomer(1)
    writes.grant_scope(editor, Role.EDITOR, "", NOW)
    Account.objects.get(pk=editor).groups.clear()
    assert renew_access() == 1
    assert groups_of(editor) == {"Kepu staff", "Editors"}


def test_an_operator_of_a_county_does_not_write_for_the_whole_site(country):
    operator = newcomer(1)
    writes.grant_scope(operator, Role.OPERATOR, COUNTY, NOW)
    assert groups_of(operator) == {"Kepu staff"}
    writes.grant_scope(operator, Role.OPERATOR, "", NOW)
    assert Account.objects.get(pk=operator).groups.filter(name="Editors").exists()


@pytest.mark.parametrize(
    ("role", "division"),
    [
        (Role.TOWN_CLERK, COUNTY),
        (Role.TOWN_CLERK, "430623999"),
        (Role.COUNTY_OFFICER, ""),
        (Role.COUNTY_OFFICER, "999999"),
        (Role.CITY_OFFICER, COUNTY),
        (Role.EDITOR, COUNTY),
        (Role.OPERATOR, "<b>"),
    ],
)
def test_a_scope_is_a_division_of_the_roles_level(country, role, division):
    account = newcomer(1)
    unknown = {"430623999", "999999"}
    wrong = Refusal.DIVISION_WRONG if division in unknown else Refusal.LEVEL_WRONG
    assert writes.grant_scope(account, role, division, NOW) == Refused(wrong)
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
    revoke = ("revoke", "--phone", phone(1), "--role", "county_officer", "--division", COUNTY)
    gone = kepu(*revoke)
    assert gone.exit_code == 0
    assert "已收回：县级工作人员 · 湖南省岳阳市华容县" in gone.output
    again = kepu(*revoke)
    assert again.exit_code == 1
    assert "没有可收回的" in again.output
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


def test_whoever_loses_a_scope_loses_the_files_made_under_it_and_what_waits(country):
    account = newcomer(1)
    for division in (TOWN, OTHER_TOWN):
        assert writes.grant_scope(account, Role.TOWN_CLERK, division, NOW) is None
    done, waiting = (ask_job("export_roster", "名册", {}, account, NOW) for _ in range(2))

    def work(_job, _report):
        return Outcome(file=keep_upload(b"x"), file_name="名册.xlsx")

    assert run_next({"export_roster": work}, lambda: NOW)
    assert jobs.job(done, account).file_name == "名册.xlsx"
    assert writes.revoke_scope(account, Role.TOWN_CLERK, TOWN) is None
    assert reads.scopes_of(account) == {(Role.TOWN_CLERK, OTHER_TOWN)}
    assert (jobs.job(done, account).file, jobs.job(done, account).file_name) == ("", "")
    run_next({"export_roster": work}, lambda: NOW)
    assert (jobs.job(waiting, account).state, jobs.job(waiting, account).file) == (JobState.CANCELLED, "")


def test_a_role_is_given_to_the_account_its_owner_signs_in_to(country):
    """The number of an account that was merged stands for the one that was kept."""
    officer = staff(90, Role.COUNTY_OFFICER, COUNTY)
    kept, double = writes.enroll_many([enrolled(1, unit_in(TOWN)), enrolled(2, unit_in(TOWN))], now=NOW)
    assert isinstance(merge_accounts(kept, double, officer, NOW), int)
    assert appoint(phone(2), "赵大勇", (Role.TOWN_CLERK, TOWN), officer, NOW) == kept
    assert reads.scopes_of(kept) == {(Role.TOWN_CLERK, TOWN)}
    assert writes.open_staff_account(phone(2), "赵大勇", None, int(COUNTY), NOW) == kept
    assert writes.grant_scope(double, Role.TOWN_CLERK, TOWN, NOW) == Refused(Refusal.UNKNOWN)
    assert access(double) == (False, False, False)

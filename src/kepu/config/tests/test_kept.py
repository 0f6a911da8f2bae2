"""What is done at the command line is in the audit: once, and only when something was done."""

from datetime import date

import pytest
from click.testing import CliRunner

from kepu.audit import reads as audit
from kepu.audit.rules import Deed, Search
from kepu.campaigns.tests.samples import reference_text
from kepu.config.command import reverse, sheet, staff
from kepu.config.command import round as rounds
from kepu.people.tests.land import COUNTY, phone
from kepu.standings.tests import town

pytestmark = pytest.mark.django_db
STAFF = ("--phone", phone(1), "--role", "county_officer", "--division", COUNTY)


def run(command, *words):
    return CliRunner().invoke(command.command, [str(word) for word in words])


def kept() -> list[Deed]:
    found = [record.deed for record in audit.records(("",), Search(), None, 50)][::-1]
    assert all(deed.account == 0 and deed.name for deed in found)
    return found


@pytest.fixture
def county():
    town.build()


def test_roles_given_and_taken(county):
    run(staff, "grant", *STAFF, "--name", "王建国")
    run(staff, "revoke", *STAFF)
    assert run(staff, "revoke", *STAFF).exit_code == 1
    given, taken = kept()
    role = {"role": "county_officer", "division": COUNTY}
    assert (given.act, given.subject, given.division, given.after) == ("grant_scope", "王建国", COUNTY, role)
    assert (taken.act, taken.subject, taken.before, taken.after) == ("revoke_scope", "王建国", role, {})


def test_an_entry_is_reversed_once(county):
    (person,) = town.enrol(1)
    (receipt,) = town.share(person, 1)
    run(staff, "grant", *STAFF, "--name", "王建国")
    for _ in range(2):
        run(reverse, receipt.book, receipt.seq, "--by", phone(1), "--reason", "重复计数")
    (deed,) = [deed for deed in kept() if deed.act == "reverse_entry"]
    assert deed.subject == f"{receipt.book}-{receipt.seq}"
    assert deed.after["reason"] == "重复计数"


def test_a_sheet_is_published_once(db, tmp_path):
    path = tmp_path / "sheet.toml"
    path.write_text(reference_text(), "utf-8")
    officer = ("--phone", phone(2), "--role", "operator", "--division", "")
    run(staff, "grant", *officer, "--name", "李建国")
    for words in ((), ("--sign-off", "李建国"), ("--sign-off", "李建国")):
        run(sheet, "publish", path, "--by", "王秀英", *words)
    _granted, deed = kept()
    assert (deed.act, deed.subject, deed.after["sign_off"]) == ("publish_sheet", "chaqi-2021", "李建国")


def test_a_round_is_kept_when_its_list_is_another(county):
    (person,) = town.enrol(1)
    town.credit(person, 3000, date(2021, 8, 2))
    for _ in range(2):
        assert run(rounds, "evaluate", "chaqi-2021", "annual").exit_code == 0
    town.credit(person, 10, date(2021, 8, 3))
    run(rounds, "evaluate", "chaqi-2021", "annual")
    first, second = kept()
    assert (first.act, first.before, second.before) == ("evaluate_round", {}, first.after)

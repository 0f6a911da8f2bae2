"""Every act of staff is in the audit, with what it changed, and only acts that were done."""

import ast
from pathlib import Path

import pytest
from django.db import transaction

from kepu.audit import reads as audit
from kepu.audit.rules import Record, Search
from kepu.console import deeds, labels
from kepu.console.tests.conftest import enter
from kepu.kit import clock
from kepu.people import reads
from kepu.people.rules import Role
from kepu.people.tests.land import COUNTY, TOWN, applicant
from kepu.people.writes.complaints import send_complaint

pytestmark = pytest.mark.django_db
PACKAGE = Path(deeds.__file__).parent.parent


def kept(*divisions: str) -> list[Record]:
    return audit.records(divisions or ("",), Search(), None, 100)


def acts() -> list[str]:
    return [record.deed.act for record in kept()][::-1]


def seen(person: int) -> dict[str, int]:
    row = reads.certification_of(person)
    assert row is not None
    return {"seen": row.step}


def test_decisions_on_an_application_are_kept_with_before_and_after(client, clerk):
    person = applicant(1)
    one = f"/admin/certifications/{person}/"
    client.post(one + "approve/", seen(person), REMOTE_ADDR="10.1.2.3")
    client.post(one + "backbone/", {"is_backbone": "1"})
    client.post(one + "revoke/", {"reason": "已搬离", **seen(person)})
    assert acts() == ["approve_certification", "set_backbone", "revoke_certification"]
    revoked, named, approved = (record.deed for record in kept(TOWN))
    assert (approved.account, approved.name, approved.network) == (clerk, "周审", "10.1.2.3")
    assert (approved.subject, approved.division) == ("王秀英", TOWN)
    assert (approved.before, approved.after) == ({"state": "submitted"}, {"state": "approved"})
    assert (named.before, named.after) == ({"is_backbone": False}, {"is_backbone": True})
    assert revoked.after == {"state": "revoked", "reason": "已搬离"}


def test_a_refused_decision_leaves_no_record(client, clerk):
    person = applicant(1)
    one = f"/admin/certifications/{person}/"
    client.post(one + "approve/", {"seen": "1" + "0" * 9})
    client.post(one + "return/", {"reason": "", **seen(person)})
    assert acts() == []


def test_a_settled_complaint_is_kept_once(client, clerk):
    number = send_complaint("数字不对", "", path="", account=None, network_mark="n", now=clock.now())
    officer = enter(client, 91, Role.COUNTY_OFFICER, COUNTY)
    for _ in range(2):
        client.post(f"/admin/complaints/{number}/settle/")
    (record,) = kept(COUNTY)
    assert (record.deed.act, record.deed.account, record.deed.subject) == (
        "settle_complaint",
        officer,
        f"#{number}",
    )


def test_an_act_stands_or_falls_with_its_record(transactional_db):
    with pytest.raises(AssertionError, match="stand or fall"):
        deeds.keep_typed("grant_scope", "x", "", clock.now())
    with pytest.raises(AssertionError, match="no words"), transaction.atomic():
        deeds.keep_typed("never_heard_of", "x", "", clock.now())


def test_the_command_line_acts_under_the_systems_user(db):
    with transaction.atomic():
        deeds.keep_typed("grant_scope", "x", "", clock.now())
    (record,) = kept()
    assert record.deed.account == 0
    assert record.deed.name


def named_acts() -> set[str]:
    """Every act written out as a word in a call of `deeds.keep` or `deeds.keep_typed`."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        if "tests" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            place = {"keep": 1, "keep_typed": 0}.get(node.func.attr)
            if place is None or ast.unparse(node.func.value) != "deeds" or len(node.args) <= place:
                continue
            act = node.args[place]
            if isinstance(act, ast.Constant):
                found.add(str(act.value))
    return found


def test_every_act_kept_has_words():
    assert named_acts() >= {"settle_complaint", "set_backbone"}
    assert named_acts() - set(labels.ACTS) == set()


def test_nobody_deletes_from_the_audit():
    """Records are kept whole: no job forgets them, no room but the audit's own knows their table."""
    for path in PACKAGE.rglob("*.py"):
        if "tests" not in path.parts and "audit" not in path.parts:
            assert "audit.models" not in path.read_text("utf-8"), path
    sources = [path.read_text("utf-8") for path in (PACKAGE / "audit").glob("*.py")]
    assert not any(".delete()" in source or ".update(" in source for source in sources)

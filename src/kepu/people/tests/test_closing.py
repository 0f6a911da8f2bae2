"""Closing an account: what names the person is gone from every table, what was counted stays a number's."""

import pytest
from django.apps import apps
from django.db import models

from kepu.kit import clock
from kepu.people import reads, writes
from kepu.people.accounts import index_of
from kepu.people.models import (
    Account,
    Certification,
    CertificationStep,
    Complaint,
    CounterEntry,
    SignInGuard,
    SmsCode,
    StaffScope,
)
from kepu.people.reads.certifications import Sought, waiting_and_overdue
from kepu.people.rules import NoticeKind, Refusal, Refused, Role, SignedIn, SmsPurpose
from kepu.people.tests import land
from kepu.people.tests.land import DAY, MINUTE, NETWORK, NOW, PASSWORD, phone
from kepu.people.writes.merging import merge_accounts
from kepu.people.writes.moves import apply_moves, arrange_move
from kepu.people.writes.renaming import close_unit

pytestmark = pytest.mark.django_db
PHONE = phone(1)


@pytest.fixture
def clerk(country):
    return land.staff(90, Role.TOWN_CLERK, land.TOWN)


@pytest.fixture
def member(clerk, texted):
    """Somebody with all that this room can keep of a person: certified, returned once, told, complaining."""
    writes.send_code(PHONE, SmsPurpose.SIGN_UP, NETWORK, NOW)
    made = writes.sign_up(PHONE, texted(), PASSWORD, agreed=True, now=NOW)
    assert isinstance(made, SignedIn)
    account = made.account
    stated = land.application(name="欧阳翠花")
    writes.submit_certification(account, stated, NOW)
    writes.return_certification(account, clerk, "欧阳翠花住在河边第三家", NOW)
    writes.submit_certification(account, stated, NOW)
    writes.approve_certification(account, clerk, NOW)
    writes.set_backbone(account, True, clerk, NOW)
    writes.notify(account, NoticeKind.RETURNED, {"reason": "欧阳翠花请看"}, "/", NOW)
    Complaint.objects.create(
        words="计数不对", contact="微信 cuihua", account_id=account, division=land.COUNTY, sent_at=NOW
    )
    CounterEntry.objects.create(
        stated={"name": "欧阳翠花"},
        division=land.TOWN,
        entered_by_id=clerk,
        entered_at=NOW,
        confirmed_at=NOW,
        account_id=account,
    )
    return account


def kept() -> str:
    """Every value of every column of this room's tables, as text."""
    found = []
    for model in apps.get_app_config("people").get_models():
        names = [field.attname for field in model._meta.concrete_fields]
        for row in model.objects.values_list(*names):
            found += [
                bytes(one).decode("latin-1") if isinstance(one, memoryview | bytes) else str(one)
                for one in row
            ]
    return "\n".join(found)


def test_before_closing_the_tables_hold_what_the_next_test_looks_for(member):
    text = kept()
    assert all(word in text for word in ("欧阳翠花", index_of(PHONE), "河边第三家", "微信 cuihua", "argon2$"))


def test_nothing_that_names_the_person_stays_in_any_column(member):
    sealed = bytes(Account.objects.get(pk=member).phone_sealed).decode("latin-1")
    assert writes.close_account(member, NOW + DAY) is None
    text = kept()
    for word in ("欧阳翠花", PHONE, "河边第三家", "微信 cuihua", sealed):
        assert word not in text, word
    stated = Certification.objects.get(account=member)
    assert (stated.name, stated.town, stated.applicant_type, stated.reason) == ("", "", "", "")
    row = Account.objects.get(pk=member)
    assert (row.phone_sealed, row.phone_index, row.display_name) == (None, f"closed:{member}", "")
    assert not row.has_usable_password()
    assert (row.is_active, row.closed_at) == (False, NOW + DAY)
    assert index_of(PHONE) not in text.replace(
        "\n".join(SmsCode.objects.values_list("phone_index", flat=True)), ""
    )


def test_every_text_column_of_the_room_is_known_to_the_test_above(member):
    """A column added later must be erased too: whoever adds one fills it in `member` and says so here."""
    known = {
        "Account": {"password", "phone_index", "display_name", "agreed_notice"},
        "Communicator": {"name", "division"},
        "Certification": {"name", "town", "applicant_type", "state", "reason"},
        "CertificationStep": {"state", "reason", "stated"},
        "Notice": {"kind", "words", "link"},
        "CounterEntry": {"phone_index", "stated", "division", "way"},
        # Written by staff for many.
        "Announcement": {"seal", "text", "link", "audience", "division", "goal", "shown", "result"},
        "Delivery": {"text_state"},
        "Complaint": {"words", "contact", "path", "division", "network_mark"},
        "StaffScope": {"role", "division"},
        "SmsCode": {"phone_index", "purpose", "network"},
        "SignInGuard": {"subject"},
        "Association": {"name", "division"},
        "Unit": {"name", "kind", "division"},
        "SmsDay": set(),
        # Of staff alone, who cannot close: they go with the last role, or after their days.
        "SecondFactor": set(),
        "StaffWatch": set(),
        "RecoveryCode": {"digest"},
        "StaffSession": {"digest", "network", "device"},
        "UnitName": {"name", "division"},
        "UnitMembership": set(),
        "Merge": {"before"},  # flags and moments only
        "RosterFile": {"sha256", "file_name", "upload", "counts", "situation"},
    }
    for model in apps.get_app_config("people").get_models():
        texts = {
            field.attname
            for field in model._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField | models.JSONField)
        }
        assert texts == known[model.__name__], model.__name__


def test_who_closed_is_nobody_to_boards_reviewers_and_sign_in(member, clerk, texted):
    scopes = reads.scopes_of(clerk)
    before = Account.objects.get(pk=member).session_version
    writes.close_account(member, NOW)
    standing = reads.standing_many([member])[member]
    assert (standing.is_active, standing.is_certified, standing.session_version) == (False, False, before + 1)
    assert reads.profile(member) is None
    assert reads.account(member) is None
    assert reads.account_with_phone(PHONE) is None
    assert reads.application(member, scopes) is None
    assert not reads.queue(scopes, 0, 20, Sought(state=None)).rows
    assert reads.unread(member) == 0
    assert writes.sign_in_with_password(PHONE, PASSWORD, NETWORK, NOW) == Refused(Refusal.SIGN_IN_WRONG)
    assert writes.approve_certification(member, clerk, NOW) == Refused(Refusal.UNKNOWN)


def test_a_waiting_application_leaves_the_queue(clerk):
    person = land.applicant(2)
    assert waiting_and_overdue(reads.scopes_of(clerk), NOW)[0] == 1
    writes.close_account(person, NOW)
    assert waiting_and_overdue(reads.scopes_of(clerk), NOW)[0] == 0
    assert writes.approve_certification(person, clerk, NOW) == Refused(Refusal.UNKNOWN)


def test_those_who_decided_stay_answerable(member, clerk):
    writes.close_account(member, NOW)
    steps = CertificationStep.objects.filter(certification__account=member)
    assert steps.filter(acted_by=clerk).count() == 3
    assert all(step.stated == {"name": ""} and not step.reason for step in steps)
    assert [step.actor for step in reads.steps_of(member, names=True)]


def test_the_phone_signs_up_anew_as_somebody_else(member, texted):
    writes.close_account(member, NOW + DAY)
    writes.send_code(PHONE, SmsPurpose.SIGN_UP, NETWORK, NOW + DAY)
    made = writes.sign_up(PHONE, texted(), PASSWORD, agreed=True, now=NOW + DAY)
    assert isinstance(made, SignedIn)
    assert made.account != member
    assert reads.certification_of(made.account) is None
    assert reads.unread(made.account) == 0
    assert writes.close_account(made.account, NOW + DAY) is None


def test_closing_lifts_no_limit_and_leaves_no_code_alive(member, texted):
    writes.send_code(PHONE, SmsPurpose.SIGN_IN, NETWORK, NOW + MINUTE)
    writes.close_account(member, NOW + MINUTE)
    assert not SmsCode.objects.filter(phone_index=index_of(PHONE), used_at=None).exists()
    assert writes.send_code(PHONE, SmsPurpose.SIGN_UP, NETWORK, NOW + MINUTE).refusal is Refusal.TOO_SOON


def test_staff_end_their_work_first(clerk):
    assert writes.close_account(clerk, NOW) == Refused(Refusal.STILL_STAFF)
    assert reads.account(clerk) is not None
    writes.revoke_scope(clerk, Role.TOWN_CLERK, land.TOWN)
    assert writes.close_account(clerk, NOW) is None


def test_closing_twice_is_closing_once(member):
    writes.close_account(member, NOW)
    writes.close_account(member, NOW + DAY)
    assert Account.objects.get(pk=member).closed_at == NOW


def test_others_keep_everything(member, clerk):
    other = land.applicant(2)
    writes.return_certification(other, clerk, "错", NOW)
    writes.close_account(member, NOW)
    row = reads.certification_of(other)
    assert (row.name, row.reason) == ("王秀英", "错")
    assert reads.account(other).phone_masked
    assert reads.unread(other) == 1


def test_the_password_proves_and_wrong_ones_lock(member):
    def prove(password, at=NOW):
        return writes.prove_owner(member, password=password, code="", now=at)

    assert prove(PASSWORD) is None
    assert not SignInGuard.objects.exists()
    for _ in range(5):
        assert prove("falsch-2021") == Refused(Refusal.SIGN_IN_WRONG)
    assert prove(PASSWORD).refusal is Refusal.LOCKED


def test_a_code_sent_for_closing_proves_once_and_no_other_code_does(member, texted):
    writes.send_code(PHONE, SmsPurpose.SIGN_IN, NETWORK, NOW + MINUTE)
    other = texted()
    sent = writes.prove_owner(member, password="", code=other, now=NOW + MINUTE)
    assert sent == Refused(Refusal.CODE_SPENT)
    at = NOW + 2 * MINUTE
    assert not isinstance(writes.send_closing_code(member, NETWORK, at), Refused)
    code = texted()
    assert writes.prove_owner(member, password="", code=code, now=at) is None
    assert writes.prove_owner(member, password="", code=code, now=at) == Refused(Refusal.CODE_SPENT)


def test_what_is_ones_own_may_be_taken_once_a_minute(country):
    person, other = land.newcomer(1), land.newcomer(2)
    assert writes.note_download(person, NOW) is None
    refused = writes.note_download(person, NOW + MINUTE / 2)
    assert refused.refusal is Refusal.TOO_SOON
    assert writes.note_download(other, NOW) is None
    assert writes.note_download(person, NOW + MINUTE) is None


def test_a_move_that_waited_is_off_and_holds_no_unit_open(member, clerk):
    other = land.unit_in(land.TOWN, "插旗村")
    assert arrange_move(member, other, clock.day_of(NOW + 10 * DAY), clerk, NOW) is None
    writes.close_account(member, NOW + DAY)
    assert close_unit(other, True, clerk, NOW + DAY) is None
    assert apply_moves(NOW + 11 * DAY) == 0
    assert Certification.objects.get(account=member).town == ""


def test_who_works_for_the_site_under_either_of_two_merged_accounts_ends_that_first(member, clerk):
    (double,) = writes.enroll_many([land.enrolled(2, land.unit_in(land.TOWN))], now=NOW)
    assert isinstance(merge_accounts(member, double, clerk, NOW), int)
    StaffScope.objects.create(
        account_id=double, role=Role.UNIT_CLERK, division="430623110215", granted_at=NOW
    )
    assert writes.close_account(member, NOW) == Refused(Refusal.STILL_STAFF)
    assert not Account.objects.exclude(closed_at=None).exists()

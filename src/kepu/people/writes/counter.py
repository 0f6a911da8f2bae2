"""Signing somebody up at the counter (代办登记): the clerk enters, the person confirms, a colleague decides.

Until they confirm, nothing but the entry is written: no account, no application. Whether their number is
registered already nobody at the counter can tell before; after it, the clerk learns no more than that an
application of their own division exists.
"""

from dataclasses import asdict
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction

from kepu.people.accounts import index_of, opened_phone, sealed_phone
from kepu.people.models import Account, Certification, CounterEntry, Unit
from kepu.people.notice import EDITION
from kepu.people.reads import scopes_of
from kepu.people.rules import (
    Ability,
    Application,
    CodeSent,
    CounterWay,
    NoticeKind,
    Refusal,
    Refused,
    SmsPurpose,
    may,
    name_of,
    phone_of,
)
from kepu.people.writes.certification import submit_certification, trouble_in
from kepu.people.writes.codes import send_code, spend_code
from kepu.people.writes.notices import notify
from kepu.regions import reads as regions


@transaction.atomic
def enter_at_counter(phone: str, application: Application, by: int, now: datetime) -> int | Refused:
    """What the clerk typed is kept until the person confirms it: the entry's number, or which field is wrong.

    UNIT_WRONG for a unit where the clerk has no counter. The same answer for every number. Five queries.
    """
    number = phone_of(phone)
    if number is None:
        return Refused(Refusal.PHONE_WRONG)
    refusal = trouble_in(application)
    if refusal is not None:
        return Refused(refusal)
    if not _has_counter(application.unit, by):
        return Refused(Refusal.UNIT_WRONG)
    kept = CounterEntry.objects.create(
        phone_sealed=sealed_phone(number),
        phone_index=index_of(number),
        stated=asdict(application) | {"name": name_of(application.name)},
        division=Unit.objects.get(pk=application.unit).division,
        entered_by_id=by,
        entered_at=now,
    )
    return kept.pk


def send_counter_code(entry: int, by: int, network: str, now: datetime) -> CodeSent | Refused:
    """A code that says what it is for is on its way to the person's phone; refusals as `send_code`.

    UNKNOWN for an entry that is not the clerk's own, or confirmed.
    """
    phone = _phone_of(entry, by)
    if phone is None:
        return Refused(Refusal.UNKNOWN)
    return send_code(phone, SmsPurpose.COUNTER, network, now)


def prove_presence(entry: int, by: int, code: str, now: datetime) -> Refused | None:
    """None when the code the person read out is right; it is spent then. Outside any transaction."""
    phone = _phone_of(entry, by)
    if phone is None:
        return Refused(Refusal.UNKNOWN)
    refusal = spend_code(phone, SmsPurpose.COUNTER, code, now)
    return Refused(refusal) if refusal is not None else None


@transaction.atomic
def confirm_entry(entry: int, way: CounterWay, by: int, now: datetime) -> int | Refused:
    """The application waits for a colleague's decision, in the person's name, entered by the clerk (`entry`).

    Call it once the code was proved or the form is signed. A new number becomes an account that agreed to
    the present privacy notice and signs in by code. Of somebody who has an account the application is
    submitted there, and they are told; when theirs waits or is approved already, nothing changes:
    ALREADY_SUBMITTED, ALREADY_CERTIFIED inside the clerk's division; outside they only are told, and the
    entry looks confirmed like any other. UNKNOWN as `send_counter_code`; UNIT_WRONG where the clerk has no
    counter any more. Seventeen queries at most.
    """
    kept = CounterEntry.objects.select_for_update().filter(pk=entry, entered_by=by, confirmed_at=None).first()
    phone = opened_phone(kept.phone_sealed, kept.phone_index) if kept is not None else None
    if kept is None or phone is None:
        return Refused(Refusal.UNKNOWN)
    if not _has_counter(kept.stated["unit"], by):
        return Refused(Refusal.UNIT_WRONG)
    account = _account_of(phone, kept, now)
    outcome: int | Refused = Refused(Refusal.LOCKED)
    if account.is_active:
        outcome = submit_certification(account.pk, Application(**kept.stated), now, by)
        if isinstance(outcome, Refused) and _may_be_told(outcome.refusal, account.pk, by):
            return outcome
    town = regions.names([kept.stated["town"]]).get(kept.stated["town"], "")
    if account.created_at != now:
        notify(account.pk, NoticeKind.COUNTER, {"town": town}, "/me/certification/", now)
    kept.is_submitted = not isinstance(outcome, Refused)
    kept.account = account if kept.is_submitted else None
    kept.way, kept.confirmed_at, kept.phone_sealed, kept.phone_index = way.value, now, None, ""
    kept.save()
    return kept.pk


@transaction.atomic
def drop_entry(entry: int, by: int) -> bool:
    """The clerk's own entry that nobody confirmed is gone with all that was typed."""
    return bool(CounterEntry.objects.filter(pk=entry, entered_by=by, confirmed_at=None).delete()[0])


def _phone_of(entry: int, by: int) -> str | None:
    kept = CounterEntry.objects.filter(pk=entry, entered_by=by, confirmed_at=None).first()
    return opened_phone(kept.phone_sealed, kept.phone_index) if kept is not None else None


def _has_counter(unit: int, by: int) -> bool:
    return may(scopes_of(by), Ability.COUNTER, Unit.objects.get(pk=unit).division)


def _may_be_told(refusal: Refusal, account: int, by: int) -> bool:
    """Whether the clerk may learn this: what is wrong with the form, and applications of their division."""
    if refusal not in (Refusal.ALREADY_SUBMITTED, Refusal.ALREADY_CERTIFIED):
        return True
    known = Certification.objects.select_related("unit").get(account=account)
    return may(scopes_of(by), Ability.COUNTER, known.unit.division)


def _account_of(phone: str, kept: CounterEntry, now: datetime) -> Account:
    account: Account = Account.objects.get_or_create(
        phone_index=index_of(phone),
        defaults={
            "phone_sealed": sealed_phone(phone),
            "password": make_password(None),
            "book": int(kept.division[:6]),
            "agreed_at": now,
            "agreed_notice": EDITION,
            "created_at": now,
        },
    )[0]
    return account

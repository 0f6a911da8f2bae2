"""Codes, accounts, sessions and certifications."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja import Router, Status

from kepu.api import errors
from kepu.api.errors import Bearer, Problem
from kepu.api.values import (
    AssociationRow,
    CertificationState,
    CodeOnItsWay,
    CodeWanted,
    DivisionRow,
    NewAccount,
    NewCertification,
    NewSession,
    SessionMade,
    UnitRow,
)
from kepu.campaigns.rules import Kind
from kepu.kit import clock
from kepu.ledger import writes as ledger
from kepu.people import reads as people
from kepu.people import writes as people_writes
from kepu.people.rules import Application, Refused, SmsPurpose, client_network
from kepu.regions import reads as regions
from kepu.regions.rules import is_code

router = Router(tags=["accounts"])
bearer = Bearer()
START_MAX = 10_000
Answer = Status[Any]


@router.post(
    "/sms-codes", response={202: CodeOnItsWay, 400: Problem, 415: Problem, 429: Problem, 503: Problem}
)
def send_code(request: HttpRequest, body: CodeWanted) -> Answer:
    """Text a code to a phone. The answer never tells whether the number is registered."""
    sent = people_writes.send_code(body.phone, SmsPurpose(body.purpose), _network(request), clock.now())
    return errors.refused(sent) if isinstance(sent, Refused) else Status(202, sent)


@router.post("/accounts", response={201: SessionMade, 400: Problem, 415: Problem, 429: Problem, 503: Problem})
def sign_up(request: HttpRequest, body: NewAccount) -> Answer:
    """Make an account with a phone, the code sent to it and a password; signed in at once."""
    made = people_writes.sign_up(body.phone, body.code, body.password, agreed=body.agreed, now=clock.now())
    return _session(made)


@router.post(
    "/sessions",
    response={201: SessionMade, 400: Problem, 401: Problem, 415: Problem, 429: Problem, 503: Problem},
)
def sign_in(request: HttpRequest, body: NewSession) -> Answer:
    """Sign in with a password, or with a code sent for `sign_in`."""
    now = clock.now()
    if body.code is not None:
        return _session(people_writes.sign_in_with_code(body.phone, body.code, now))
    made = people_writes.sign_in_with_password(body.phone, body.password or "", _network(request), now)
    return _session(made)


@router.delete("/sessions", auth=bearer, response={204: None, 401: Problem})
def sign_out_everywhere(request: HttpRequest) -> Answer:
    """Every session of this account ends, this one too."""
    people_writes.sign_out_everywhere(_me(request), clock.now())
    return Status(204, None)


@router.get("/certifications", auth=bearer, response={200: CertificationState, 401: Problem, 404: Problem})
def my_certification(request: HttpRequest) -> Answer:
    """My application as it stands."""
    row = people.certification_of(_me(request))
    return Status(200, row) if row is not None else errors.unknown()


@router.post(
    "/certifications",
    auth=bearer,
    response={201: CertificationState, 400: Problem, 401: Problem, 404: Problem, 409: Problem, 415: Problem},
)
def submit_certification(request: HttpRequest, body: NewCertification) -> Answer:
    """Submit, or submit again what was returned."""
    application = Application(body.name, body.town, body.unit, body.applicant_type, body.association)
    outcome = people_writes.submit_certification(_me(request), application, clock.now())
    if isinstance(outcome, Refused):
        return errors.refused(outcome)
    return Status(201, people.certification_of(_me(request)))


@router.get("/divisions", response={200: list[DivisionRow], 404: Problem})
def divisions(request: HttpRequest, within: str = "", start: int = 0) -> Answer:
    """The divisions one level below `within` ("" for the provinces), 100 at a time."""
    if within and not is_code(within):
        return errors.unknown()
    return Status(200, list(regions.children(within, min(max(start, 0), START_MAX), 100).rows))


@router.get("/units", response={200: list[UnitRow], 400: Problem})
def units(request: HttpRequest, town: str) -> Answer:
    """The units of a town (9 digits)."""
    return Status(200, people.units_within(town) if len(town) == 9 else [])


@router.get("/associations", response={200: list[AssociationRow]})
def associations(request: HttpRequest, name: str = "") -> Answer:
    """Associations (机构) whose name contains `name`, those near this site first, 20 at most."""
    return Status(200, people.associations(name, 20, near=settings.KEPU_DIVISION))


def _session(made: Any) -> Answer:
    """201 with the token; the first sign-in of a day is an entry in the ledger."""
    if isinstance(made, Refused):
        return errors.refused(made)
    ledger.record_daily(made.account, Kind.SIGN_IN, clock.now())
    return Status(201, made)


def _me(request: HttpRequest) -> int:
    account: int = request.auth  # type: ignore[attr-defined]
    return account


def _network(request: HttpRequest) -> str:
    forwarded = request.headers.get("X-Forwarded-For", "")
    return client_network(request.META.get("REMOTE_ADDR", ""), forwarded, settings.KEPU_PROXIES)

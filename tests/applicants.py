"""People who apply for certification, and people who sign in."""

from datetime import timedelta

from kepu.kit import clock
from kepu.people import reads, writes
from kepu.people.rules import ApplicantType, Application, SignedIn

PASSWORD = "wanwan-2021"


def apply(account: int, name: str, town: str) -> None:
    """An application from a village of `town` waits."""
    unit = next(unit.id for unit in reads.units_within(town) if len(unit.division) == 12)
    association = reads.associations("华容", 1)[0].id
    stated = Application(name, town, unit, ApplicantType.COUNTY.value, association)
    assert isinstance(writes.submit_certification(account, stated, clock.now() - timedelta(days=1)), int)


def sign_in(number: int) -> str:
    """A session token."""
    signed_in = writes.sign_in_with_password(f"138{number:08}", PASSWORD, "", clock.now())
    assert isinstance(signed_in, SignedIn)
    return signed_in.token

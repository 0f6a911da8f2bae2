"""The signed token that says who asks."""

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from kepu.kit import crypto, varint

SESSION_LIFE = timedelta(days=30)
STAFF_SESSION_LIFE = timedelta(days=1)
_SESSION_SECONDS = SESSION_LIFE.total_seconds()

SESSION_COOKIE = "kepu_session"


@dataclass(frozen=True, slots=True)
class Session:
    """What a session token says: whose it is, which version of the account, and since when."""

    account: int
    version: int
    issued_at_s: int


def session_token(key: bytes, session: Session) -> str:
    """The session as signed text for a cookie or a bearer header."""
    return crypto.sign(key, "session", varint.pack([session.account, session.version, session.issued_at_s]))


def read_session(key: bytes, token: str, now_s: int) -> Session | None:
    """The session in a token we signed and that is not past its life, else None.

    Whether the account still has this version is for the database to say.
    """
    session = _signed_session(key, token)
    fresh = session is not None and 0 <= now_s - session.issued_at_s < _SESSION_SECONDS
    return session if fresh else None


@lru_cache(65_536)
def _signed_session(key: bytes, token: str) -> Session | None:
    """Remembered, for a phone sends the same token with everything: this says who signed it, no more."""
    body = crypto.unsign(key, "session", token) if len(token) < 120 else None
    numbers = varint.unpack(body) if body is not None else None
    return Session(*numbers) if numbers is not None and len(numbers) == 3 else None


def is_spent_for_staff(session: Session, now_s: int) -> bool:
    """Whether the session is too old for a member of staff, who signs in once a day."""
    return now_s - session.issued_at_s >= STAFF_SESSION_LIFE.total_seconds()


def account_mark(key: bytes, account: int) -> str:
    """Sixteen letters by which a browser tells its accounts apart without learning a number of ours."""
    return crypto.blind_index(key, f"browser of {account}")[:8].hex()

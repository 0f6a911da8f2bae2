"""Who reads a shared page: an account's browser, one known by a cookie of ours, or one of a network's."""

from kepu.kit import crypto
from kepu.kit.robots import is_robot

READER_COOKIE = "kepu_reader"
READER_COOKIE_SECONDS = 365 * 24 * 3600
READER_BYTES = 16
READERS_PER_NETWORK_DAY_MAX = 64


def reader_of_account(key: bytes, account: int) -> bytes:
    """The reader (16 bytes) that every browser of this account is, signed in or not any more."""
    return crypto.blind_index(key, f"account {account}")[:READER_BYTES]


def reader_of_network(key: bytes, network: str, user_agent: str, day: str) -> bytes:
    """The reader (16 bytes) that a browser without our cookie is on its first visit.

    A network has READERS_PER_NETWORK_DAY_MAX of them a day: a script that drops its cookies is soon one
    it was before, and of many new readers behind one address a few are taken for one (decision 14).
    """
    slot = crypto.blind_index(key, f"browser {user_agent}")[0] % READERS_PER_NETWORK_DAY_MAX
    return crypto.blind_index(key, f"network {network} {day} {slot}")[:READER_BYTES]


def reader_token(key: bytes, reader: bytes) -> str:
    """A reader as signed text for a cookie: nobody can make readers up without asking us."""
    return crypto.sign(key, "reader", reader)


def read_reader(key: bytes, token: str) -> bytes | None:
    """The reader in a cookie this site made, else None."""
    reader = crypto.unsign(key, "reader", token) if 0 < len(token) < 80 else None
    return reader if reader is not None and len(reader) == READER_BYTES else None


def is_person(method: str, user_agent: str, purpose: str) -> bool:
    """Whether a request for a personal link is a person's: not HEAD, a preview, a prefetch or a known robot.

    `purpose`: the Purpose, X-Purpose or Sec-Purpose header. An empty user agent counts as a robot.
    """
    return method == "GET" and not is_robot(user_agent, purpose)

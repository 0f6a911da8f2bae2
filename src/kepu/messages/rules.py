"""What sending a text message means, whichever way it goes."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Trouble(StrEnum):
    """Why a message did not go out."""

    REFUSED = "refused"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Sent:
    """The way out took the message; `reference` is its own name for it (may be empty)."""

    reference: str


@dataclass(frozen=True, slots=True)
class Failed:
    """The message is not known to have gone out: after a time-out it still may arrive."""

    trouble: Trouble


class SmsWay(Protocol):
    """One way for a text message to leave."""

    def send(self, phone: str, text: str, now: datetime) -> Sent | Failed:
        """`text` is on its way to `phone` (11 digits), or why not. Never raises, never logs either."""
        ...


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One message kept in the outbox."""

    phone: str
    text: str
    sent_at: datetime


@dataclass(frozen=True, slots=True, repr=False)
class Issued:
    """What WeChat handed out, and for how many seconds it is good. `repr` is off: no log shows it."""

    value: str
    seconds: int


class WechatOffice(Protocol):
    """Where WeChat hands out what a site needs to sign its pages. Never raises, never logs a secret."""

    def token(self) -> Issued | Failed:
        """The site's access token."""
        ...

    def ticket(self, token: str) -> Issued | Failed:
        """The ticket that signatures are made with (jsapi_ticket), for an access token."""
        ...


def wechat_signature(ticket: str, nonce: str, timestamp: int, url: str) -> str:
    """The signature by which WeChat lets the page at `url` (without its #part) use the JS-SDK.

    Source: 微信 JS-SDK 说明文档, 附录1; its own example is in the tests.
    """
    words = f"jsapi_ticket={ticket}&noncestr={nonce}&timestamp={timestamp}&url={url.partition('#')[0]}"
    return hashlib.sha1(words.encode()).hexdigest()  # noqa: S324 WeChat asks for SHA-1

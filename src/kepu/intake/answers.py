"""What the hot path says, as bytes ready to send; every no tells a person what to do next."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, NamedTuple

import msgspec
from django.utils.translation import gettext, gettext_noop

from kepu.campaigns.rules import Reason
from kepu.ledger.rules import Receipt

NO_SESSION = ("no_session", gettext_noop("Please sign in first."))
SIGNED_OUT = ("signed_out", gettext_noop("You have been signed out. Please sign in again."))
OTHER_ACCOUNT = (
    "other_account",
    gettext_noop("Somebody else has signed in here. Sign in as the one who did this, and it is recorded."),
)
NO_BOOK = (
    "no_book",
    gettext_noop("Nothing is recorded for your county here yet. Ask your county's association."),
)
NOT_JSON = ("not_json", gettext_noop("Send the activity as application/json."))
BAD_REPORT = (
    "bad_report",
    gettext_noop("The activity is not filled in correctly. Please update and try again."),
)
SWITCHED_OFF = ("switched_off", gettext_noop("Checking in is switched off at present. Nothing was recorded."))
NO_ARTICLE = ("no_article", gettext_noop("Say which article it is."))
UNKNOWN_ARTICLE = ("unknown_article", gettext_noop("This article is not here or has been withdrawn."))
FORGED_LINK = ("forged_link", gettext_noop("This link was not made by us. Please ask for a new one."))
FORGED_STAMP = (
    "forged_stamp",
    gettext_noop("This is no stamp of a page you opened yourself. Please open the article again."),
)
CONFLICT = ("conflict", gettext_noop("This activity was already recorded with other content."))
TOO_LARGE = ("too_large", gettext_noop("What was sent is too large."))
ONLY_POST = ("only_post", gettext_noop("This address only takes POST."))
LINE_FULL = ("line_full", gettext_noop("Too many people at once. Please try again in a moment."))
NOT_RECORDED = ("not_recorded", gettext_noop("It was not recorded. Please try again."))
TOO_SOON = ("too_soon", gettext_noop("The page was not open long enough yet."))
TOO_LATE = ("too_late", gettext_noop("The page was open too long. Please open the link again."))


class Answer(NamedTuple):
    """A status, a JSON body and, where the phone should wait, how many seconds."""

    status: int
    body: bytes
    retry_after: int | None = None


class _Receipt(msgspec.Struct):
    book: int
    seq: int
    points: int
    volume: int
    reason: str
    left_today: int | None
    link: str | msgspec.UnsetType


def problem(
    status: int, what: tuple[str, str], *, detail: str = "", retry_after: int | None = None
) -> Answer:
    """A no: {error, message, detail?}; `message` is for the person, `detail` for a programmer."""
    error, message = what
    body = {"error": error, "message": gettext(message)} | ({"detail": detail} if detail else {})
    return Answer(status, msgspec.json.encode(body), retry_after)


def receipt(receipt: Receipt, link: str | None) -> Answer:
    """What was recorded: 201 the first time, 200 with the same body for a retry."""
    body = _Receipt(
        receipt.book,
        receipt.seq,
        receipt.points,
        receipt.volume,
        REASON_WORDS[receipt.reason],
        receipt.left_today,
        msgspec.UNSET if link is None else f"/s/{link}/",
    )
    return Answer(200 if receipt.repeated else 201, _encoded(body))


def counted() -> Answer:
    """A read that counted for the first time."""
    return Answer(201, b'{"counted":true}')


def uncounted(why: str) -> Answer:
    """A read that is fine but counts for nothing: the sharer's own, a robot's, one known already."""
    return Answer(200, msgspec.json.encode({"counted": False, "reason": why}))


async def send_answer(send: Callable[[MutableMapping[str, Any]], Awaitable[None]], answer: Answer) -> None:
    """Put the answer on the wire."""
    headers = [
        (b"content-type", b"application/json; charset=utf-8"),
        (b"content-length", str(len(answer.body)).encode()),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
    ]
    if answer.retry_after is not None:
        headers.append((b"retry-after", str(answer.retry_after).encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})


REASON_WORDS = {reason: reason.name.lower() for reason in Reason}
_encoded = msgspec.json.Encoder().encode

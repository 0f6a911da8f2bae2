"""The ASGI door of the hot path: check the report, stand in line, answer when it is durable."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import msgspec
from django.http import parse_cookie

from kepu.campaigns.rules import COUNTED, Kind
from kepu.intake import answers
from kepu.intake.answers import Answer
from kepu.intake.rules import (
    BODY_MAX,
    CHANNELS,
    NEEDS_ARTICLE,
    REPORTED_KINDS,
    Report,
    decode_beacon,
    decode_report,
)
from kepu.kit.crypto import Keyring
from kepu.kit.robots import is_robot
from kepu.ledger.browsing import browse_event, read_page_token
from kepu.ledger.committer import Committer, LineFullError, NotRecordedError
from kepu.ledger.links import Link, Stamp, link_token, parent_of, read_link, read_stamp
from kepu.ledger.rules import Act, Channel, Receipt, Refusal, is_reported_event, own_event
from kepu.people.rules import SESSION_COOKIE, Session, account_mark, read_session

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

PATHS = frozenset({"/v1/activities", "/v1/reads"})
# Why a read counts for nothing that the sharer could not have had recorded: no matter of the reader's.
UNCOUNTED = {401: "closed_account", 403: "no_book"}


class Intake:
    """Answers POST /v1/activities and POST /v1/reads.

    `may_share` says which articles are published, `may_check_in` whether the site and an account's campaign
    have check-ins.
    """

    def __init__(
        self,
        keys: Keyring,
        committer: Committer,
        may_share: Callable[[int], Awaitable[bool]],
        may_check_in: Callable[[int], Awaitable[bool]],
        now_ms: Callable[[], int],
    ) -> None:
        self._keys = keys
        self._committer = committer
        self._may_share = may_share
        self._may_check_in = may_check_in
        self._now_ms = now_ms

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request of `PATHS`."""
        if scope["method"] != "POST":
            answer = answers.problem(405, answers.ONLY_POST)
        else:
            headers = headers_of(scope)
            body = await read_body(headers, receive)
            if body is None:
                answer = answers.problem(413, answers.TOO_LARGE)
            elif scope["path"] == "/v1/activities":
                answer = await self._activity(headers, body)
            else:
                answer = await self._read(headers, body)
        await answers.send_answer(send, answer)

    async def _activity(self, headers: dict[bytes, bytes], body: bytes) -> Answer:
        if not headers.get(b"content-type", b"").startswith(b"application/json"):
            return answers.problem(415, answers.NOT_JSON)
        session = self._session(headers)
        if session is None:
            return answers.problem(401, answers.NO_SESSION)
        if not self._did_it(session, headers):
            return answers.problem(403, answers.OTHER_ACCOUNT)
        try:
            report = decode_report(body)
        except msgspec.MsgspecError as trouble:
            return answers.problem(400, answers.BAD_REPORT, detail=str(trouble))
        return await self._refused(report, session) or await self._reported(report, session)

    async def _refused(self, report: Report, session: Session) -> Answer | None:
        """Why this report is not recorded; None where nothing speaks against it but perhaps its parent."""
        if not is_reported_event(report.event_id.bytes):
            return answers.problem(400, answers.BAD_REPORT, detail="event_id: a UUID of RFC 9562")
        if report.kind == "check_in" and not await self._may_check_in(session.account):
            return answers.problem(403, answers.SWITCHED_OFF)
        if report.kind in NEEDS_ARTICLE and report.article is None:
            return answers.problem(400, answers.NO_ARTICLE)
        if report.article is not None and not await self._may_share(report.article):
            return answers.problem(404, answers.UNKNOWN_ARTICLE)
        return self._unread(report, session) if report.kind == "browse" else None

    def _unread(self, report: Report, session: Session) -> Answer | None:
        """Why an article was not read by its page's stamp (decision 37); None where it was."""
        stamp = read_page_token(self._keys.link, report.stamp)
        told = (session.account, report.article, report.event_id)
        if stamp is None or told != (stamp.person, stamp.article, browse_event(stamp)):
            return answers.problem(400, answers.FORGED_STAMP)
        return self._untimely(stamp.opened_ms, stamp.seconds)

    def _untimely(self, opened_ms: int, seconds: int) -> Answer | None:
        """Why a page was not open for the right time; None where it was."""
        open_ms = self._now_ms() - opened_ms
        if open_ms < 1000 * seconds:
            return answers.problem(409, answers.TOO_SOON)
        return answers.problem(410, answers.TOO_LATE) if open_ms > STAMP_LIFE_MS else None

    async def _reported(self, report: Report, session: Session) -> Answer:
        parent = read_link(self._keys.link, report.parent) if report.parent else None
        if report.parent and parent is None:
            return answers.problem(400, answers.FORGED_LINK)
        parent = parent_of(parent, report.article or 0, session.account)
        outcome = await self._recorded(_act(report, session, parent, self._now_ms()))
        if not isinstance(outcome, Receipt):
            return outcome
        return answers.receipt(outcome, self._link(outcome, session, report, parent))

    async def _read(self, headers: dict[bytes, bytes], body: bytes) -> Answer:
        try:
            beacon = decode_beacon(body)
        except msgspec.MsgspecError as trouble:
            return answers.problem(400, answers.BAD_REPORT, detail=str(trouble))
        stamp = read_stamp(self._keys.link, beacon.stamp)
        if stamp is None:
            return answers.problem(400, answers.FORGED_LINK)
        untimely = self._untimely(stamp.opened_ms, stamp.seconds)
        if untimely is not None:
            return untimely
        session = self._session(headers)
        if session is not None and session.account == stamp.person:
            return answers.uncounted("sharer")
        agent = headers.get(b"user-agent", b"").decode("latin-1")
        if is_robot(agent, headers.get(b"sec-purpose", b"").decode("latin-1")):
            return answers.uncounted("robot")
        outcome = await self._recorded(
            Act(
                person=stamp.person,
                event_id=read_event(stamp),
                kind=Kind.READ,
                article=stamp.article,
                channel=Channel.PAGE,
                at_ms=self._now_ms(),
                ref_book=stamp.book,
                ref_seq=stamp.seq,
            )
        )
        if not isinstance(outcome, Receipt):
            why = UNCOUNTED.get(outcome.status)
            return answers.uncounted(why) if why else outcome
        if outcome.reason not in COUNTED:
            return answers.uncounted(answers.REASON_WORDS[outcome.reason])
        return answers.uncounted("known") if outcome.repeated else answers.counted()

    async def _recorded(self, act: Act) -> Receipt | Answer:
        try:
            outcome = await self._committer.record(act)
        except LineFullError:
            return answers.problem(503, answers.LINE_FULL, retry_after=1)
        except NotRecordedError:
            return answers.problem(503, answers.NOT_RECORDED, retry_after=5)
        if isinstance(outcome, Receipt):
            return outcome
        if outcome is Refusal.CONFLICT:
            return answers.problem(409, answers.CONFLICT)
        if outcome is Refusal.NO_BOOK:
            return answers.problem(403, answers.NO_BOOK)
        return answers.problem(401, answers.SIGNED_OUT)

    def _session(self, headers: dict[bytes, bytes]) -> Session | None:
        scheme, _, token = headers.get(b"authorization", b"").partition(b" ")
        text = token.decode("latin-1") if scheme.lower() == b"bearer" else _cookie(headers)
        return read_session(self._keys.session, text, self._now_ms() // 1000) if text else None

    def _did_it(self, session: Session, headers: dict[bytes, bytes]) -> bool:
        """Whether the act is the session's own: a phone that kept it names the account it belongs to."""
        named = headers.get(b"kepu-account", b"").decode("latin-1")
        return not named or named == account_mark(self._keys.reader, session.account)

    def _link(self, receipt: Receipt, session: Session, report: Report, parent: Link | None) -> str | None:
        if report.kind != "share" or report.article is None:
            return None
        above = (parent.book, parent.seq) if parent else (0, 0)
        link = Link(receipt.book, receipt.seq, session.account, report.article, *above)
        return link_token(self._keys.link, link)


def read_event(stamp: Stamp) -> bytes:
    """The event id of a read: one per sharer, article, campaign and reader, so that a reader counts once."""
    numbers = (stamp.person, stamp.article, stamp.campaign)
    return own_event(b"read", *(number.to_bytes(8, "big") for number in numbers), stamp.reader)


def _act(report: Report, session: Session, parent: Link | None, at_ms: int) -> Act:
    return Act(
        person=session.account,
        event_id=report.event_id.bytes,
        kind=REPORTED_KINDS[report.kind],
        article=report.article or 0,
        channel=CHANNELS[report.channel],
        at_ms=at_ms,
        ref_book=parent.book if parent else 0,
        ref_seq=parent.seq if parent else 0,
        session_version=session.version,
    )


def headers_of(scope: Scope) -> dict[bytes, bytes]:
    """The headers by name, repeated ones as one list, as Django reads them; cookies may come in several."""
    headers: dict[bytes, bytes] = {}
    for name, value in scope["headers"]:
        between = b"; " if name == b"cookie" else b","
        headers[name] = headers[name] + between + value if name in headers else value
    return headers


def _cookie(headers: dict[bytes, bytes]) -> str:
    """The session cookie, read as the pages read it."""
    return parse_cookie(headers.get(b"cookie", b"").decode("latin-1")).get(SESSION_COOKIE, "")


async def read_body(headers: dict[bytes, bytes], receive: Receive) -> bytes | None:
    """The whole body, or None when it is larger than any honest report; the rest is not read."""
    length = headers.get(b"content-length", b"0")
    if not length.isdigit() or int(length) > BODY_MAX:
        return None
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > BODY_MAX:
            return None
        if not message.get("more_body"):
            return bytes(body)


STAMP_LIFE_MS = 6 * 3_600_000

"""The door itself: a full line, a broken database, and who is no reader."""

import asyncio
import json
import threading
import uuid
from collections.abc import Sequence
from typing import Any

import pytest
from django.conf import settings

from kepu.campaigns.rules import Kind, Reason
from kepu.intake.app import Intake
from kepu.ledger.browsing import PageStamp, browse_event, page_token
from kepu.ledger.committer import Committer
from kepu.ledger.links import Link, Stamp, link_token, stamp_token
from kepu.ledger.rules import Act, Receipt, Refusal
from kepu.ledger.tests import beside
from kepu.people.rules import Session, account_mark, session_token

NOW = 1_800_000_000_000
SHARER, OTHER, ARTICLE, WITHOUT_CHECK_INS = 5, 6, 9, 7
PHONE = "Mozilla/5.0 (Linux; Android 10; V1818A) AppleWebKit/537.36 Chrome/86.0 Mobile MicroMessenger/8.0"


def token(account: int) -> str:
    """A session of this account."""
    return session_token(settings.KEPU_KEYS.session, Session(account, 1, NOW // 1000 - 60))


def stamp(opened_ms: int) -> str:
    """What a shared page of the sharer was served with."""
    return stamp_token(
        settings.KEPU_KEYS.link, Stamp(430623, 1, SHARER, ARTICLE, opened_ms, 15, 1, bytes(16))
    )


class Door:
    """An intake over a ledger that keeps acts in a list, credits the first of each id, and can be held."""

    def __init__(self, line_max: int = 10) -> None:
        self.acts: list[Act] = []
        self.gate = threading.Event()
        self.gate.set()
        self.broken = False
        self.refusal: Refusal | None = None
        self.intake = Intake(
            settings.KEPU_KEYS,
            Committer(beside.ledger(self._commit), line_max),
            self._may_share,
            self._may_check_in,
            now_ms=lambda: NOW,
        )

    async def post(self, path: str, body: Any, **headers: str) -> tuple[int, dict[str, str], Any]:
        """Status, headers and JSON body of a POST."""
        sent = json.dumps(body).encode()
        head = {"content-type": "application/json", "content-length": str(len(sent)), "user-agent": PHONE}
        head |= {name.replace("_", "-"): value for name, value in headers.items()}
        scope = {
            "method": "POST",
            "path": path,
            "headers": [(name.encode(), value.encode()) for name, value in head.items()],
        }
        answer: dict[str, Any] = {}

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": sent}

        async def send(message: Any) -> None:
            answer.update(message)

        await self.intake(scope, receive, send)
        told = {name.decode(): value.decode() for name, value in answer["headers"]}
        return answer["status"], told, json.loads(answer["body"])

    def _commit(self, acts: Sequence[Act]) -> list[Receipt | Refusal]:
        self.gate.wait(5)
        if self.broken:
            raise OSError("disk")
        if self.refusal is not None:
            return [self.refusal for _ in acts]
        answers: list[Receipt | Refusal] = []
        for act in acts:
            known = any((each.person, each.event_id) == (act.person, act.event_id) for each in self.acts)
            answers.append(Receipt(430623, len(self.acts) + 1, 1, 1, Reason.CREDITED, 299, known))
            self.acts += [] if known else [act]
        return answers

    async def _may_share(self, article: int) -> bool:
        return article == ARTICLE

    async def _may_check_in(self, account: int) -> bool:
        return account != WITHOUT_CHECK_INS


def share() -> dict[str, Any]:
    """A report with a fresh id."""
    return {"event_id": str(uuid.uuid4()), "kind": "share", "article": ARTICLE}


def test_a_full_line_says_when_to_try_again() -> None:
    async def scene() -> None:
        door = Door(line_max=2)
        door.gate.clear()
        bearer = f"Bearer {token(SHARER)}"
        first = asyncio.create_task(door.post("/v1/activities", share(), authorization=bearer))
        await asyncio.sleep(0.05)
        second = asyncio.create_task(door.post("/v1/activities", share(), authorization=bearer))
        await asyncio.sleep(0.05)
        status, headers, body = await door.post("/v1/activities", share(), authorization=bearer)
        assert (status, headers["retry-after"], body["error"]) == (503, "1", "line_full")
        door.gate.set()
        assert [(await each)[0] for each in (first, second)] == [201, 201]

    asyncio.run(scene())


def test_what_the_database_refused_may_be_sent_again() -> None:
    async def scene() -> None:
        door = Door()
        door.broken = True
        body, bearer = share(), f"Bearer {token(SHARER)}"
        status, headers, said = await door.post("/v1/activities", body, authorization=bearer)
        assert (status, headers["retry-after"], said["error"]) == (503, "5", "not_recorded")
        door.broken = False
        assert (await door.post("/v1/activities", body, authorization=bearer))[0] == 201

    asyncio.run(scene())


@pytest.mark.parametrize(
    ("refusal", "status", "error", "words", "read"),
    [
        (Refusal.SIGNED_OUT, 401, "signed_out", "重新登录", "closed_account"),
        (Refusal.UNKNOWN_PERSON, 401, "signed_out", "重新登录", "closed_account"),
        (Refusal.NO_BOOK, 403, "no_book", "没有为您所在的县开账", "no_book"),
    ],
)
def test_whoever_cannot_be_recorded_is_told_why_and_a_reader_is_not_troubled(
    refusal: Refusal, status: int, error: str, words: str, read: str
) -> None:
    async def scene() -> None:
        door = Door()
        door.refusal = refusal
        bearer = f"Bearer {token(SHARER)}"
        got, _headers, said = await door.post("/v1/activities", share(), authorization=bearer)
        assert (got, said["error"]) == (status, error)
        assert words in said["message"]
        got, _headers, said = await door.post("/v1/reads", {"stamp": stamp(NOW - 60_000)})
        assert (got, said) == (200, {"counted": False, "reason": read})

    asyncio.run(scene())


@pytest.mark.parametrize(
    ("opened_before_ms", "headers", "status", "said"),
    [
        (15_000, {}, 201, {"counted": True}),
        (14_999, {}, 409, None),
        (7 * 3_600_000, {}, 410, None),
        (60_000, {"authorization": f"Bearer {token(SHARER)}"}, 200, {"counted": False, "reason": "sharer"}),
        (60_000, {"cookie": f"kepu_session={token(SHARER)}"}, 200, {"counted": False, "reason": "sharer"}),
        (60_000, {"authorization": f"Bearer {token(OTHER)}"}, 201, {"counted": True}),
        (60_000, {"user_agent": "Googlebot/2.1"}, 200, {"counted": False, "reason": "robot"}),
        (60_000, {"user_agent": ""}, 200, {"counted": False, "reason": "robot"}),
        (60_000, {"sec_purpose": "prefetch"}, 200, {"counted": False, "reason": "robot"}),
    ],
)
def test_who_is_a_reader(
    opened_before_ms: int, headers: dict[str, str], status: int, said: dict[str, Any] | None
) -> None:
    door = Door()
    answer = asyncio.run(door.post("/v1/reads", {"stamp": stamp(NOW - opened_before_ms)}, **headers))
    assert answer[0] == status
    assert said is None or answer[2] == said
    assert len(door.acts) == (status == 201)


def test_a_reader_counts_once_for_a_sharer_and_an_article() -> None:
    async def scene() -> None:
        door = Door()
        first = await door.post("/v1/reads", {"stamp": stamp(NOW - 20_000)})
        again = await door.post("/v1/reads", {"stamp": stamp(NOW - 90_000)})
        assert (first[0], again[0], again[2]) == (201, 200, {"counted": False, "reason": "known"})
        assert [(act.kind, act.person, act.ref_seq) for act in door.acts] == [(Kind.READ, SHARER, 1)]

    asyncio.run(scene())


@pytest.mark.parametrize("forged", ["", "x", stamp(NOW - 20_000).swapcase(), "Ω"])
def test_a_forged_stamp_counts_nothing(forged: str) -> None:
    door = Door()
    status, _headers, body = asyncio.run(door.post("/v1/reads", {"stamp": forged}))
    assert (status, body["error"], door.acts) == (400, "forged_link", [])


@pytest.mark.parametrize(
    ("article", "person", "parent"), [(ARTICLE, OTHER, 7), (8, OTHER, 0), (ARTICLE, SHARER, 0)]
)
def test_a_share_names_the_share_it_came_by(article: int, person: int, parent: int) -> None:
    door = Door()
    came_by = link_token(settings.KEPU_KEYS.link, Link(430623, 7, person, article))
    body = share() | {"parent": came_by}
    status, _headers, _said = asyncio.run(
        door.post("/v1/activities", body, authorization=f"Bearer {token(SHARER)}")
    )
    assert status == 201
    assert door.acts[0].ref_seq == parent


def test_an_act_kept_on_a_phone_counts_for_nobody_but_the_account_that_did_it() -> None:
    async def scene() -> None:
        door, body = Door(), share()
        mine = {"kepu-account": account_mark(settings.KEPU_KEYS.reader, SHARER)}
        status, _, said = await door.post(
            "/v1/activities", body, authorization=f"Bearer {token(OTHER)}", **mine
        )
        assert (status, said["error"], door.acts) == (403, "other_account", [])
        assert (await door.post("/v1/activities", body, authorization=f"Bearer {token(SHARER)}", **mine))[
            0
        ] == 201
        assert [act.person for act in door.acts] == [SHARER]

    asyncio.run(scene())


def test_a_check_in_is_not_recorded_where_it_is_switched_off() -> None:
    async def scene() -> None:
        door, body = Door(), {"event_id": str(uuid.uuid4()), "kind": "check_in"}
        bearer = f"Bearer {token(WITHOUT_CHECK_INS)}"
        status, _headers, said = await door.post("/v1/activities", body, authorization=bearer)
        assert (status, said["error"], door.acts) == (403, "switched_off", [])
        assert (await door.post("/v1/activities", body, authorization=f"Bearer {token(SHARER)}"))[0] == 201

    asyncio.run(scene())


def browse(opened_ms: int, account: int = SHARER, article: int = ARTICLE, **instead: Any) -> dict[str, Any]:
    """A report that the article was read which an account was served then; it has to stay 15 s."""
    served = PageStamp(account, article, opened_ms, 15)
    event, stamp = str(browse_event(served)), page_token(settings.KEPU_KEYS.link, served)
    return {"event_id": event, "kind": "browse", "article": ARTICLE, "stamp": stamp} | instead


HOUR = 3_600_000
READ = browse(NOW - 15_000)


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        (READ, 201, None),
        (browse(NOW - 6 * HOUR), 201, None),
        (browse(NOW - 14_999), 409, "too_soon"),
        (browse(NOW - 6 * HOUR - 1), 410, "too_late"),
        (browse(NOW - 15_000, account=OTHER), 400, "forged_stamp"),
        (browse(NOW - 15_000, article=8), 400, "forged_stamp"),
        (READ | {"event_id": str(uuid.uuid4())}, 400, "forged_stamp"),
        (READ | {"event_id": browse(NOW - 30 * HOUR)["event_id"]}, 400, "forged_stamp"),
        (READ | {"stamp": READ["stamp"].swapcase()}, 400, "forged_stamp"),
        (READ | {"stamp": stamp(NOW - 60_000)}, 400, "forged_stamp"),
        ({name: value for name, value in READ.items() if name != "stamp"}, 400, "forged_stamp"),
    ],
)
def test_reading_is_told_by_the_time_the_page_was_open(
    body: dict[str, Any], status: int, error: str | None
) -> None:
    door = Door()
    answer = asyncio.run(door.post("/v1/activities", body, authorization=f"Bearer {token(SHARER)}"))
    assert (answer[0], answer[2].get("error"), len(door.acts)) == (status, error, int(status == 201))


def test_reloading_an_article_earns_nothing_more_that_day() -> None:
    async def scene() -> None:
        door, bearer = Door(), f"Bearer {token(SHARER)}"
        told = [
            (await door.post("/v1/activities", browse(NOW - ago), authorization=bearer))[0]
            for ago in (15_000, 16_000, 90_000)
        ]
        assert told == [201, 200, 200]
        assert [(act.kind, act.article) for act in door.acts] == [(Kind.BROWSE, ARTICLE)]

    asyncio.run(scene())

"""The hot path over HTTP: caps exact under concurrency, retries free, every bad report told and harmless."""

import asyncio
import json
import socket
import uuid
from collections import Counter
from typing import Any

import httpx
import pytest

from tests.live import LiveSite

pytestmark = pytest.mark.both_databases
PHONE = "Mozilla/5.0 (Linux; Android 10; V1818A) AppleWebKit/537.36 Chrome/86.0 Mobile MicroMessenger/8.0"
COUNT = "SELECT count(*) FROM ledger_entry"


def report(site: LiveSite, **changes: Any) -> dict[str, Any]:
    """A share of the first article with a fresh id."""
    return {"event_id": str(uuid.uuid4()), "kind": "share", "article": site.articles[0]} | changes


def post(site: LiveSite, body: Any, token: str | None, **headers: str) -> httpx.Response:
    """One report, as JSON unless it is bytes already."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    sent = {"Content-Type": "application/json", "User-Agent": PHONE} | headers
    if token is not None:
        sent["Authorization"] = f"Bearer {token}"
    return httpx.post(site.url + "/v1/activities", content=content, headers=sent, timeout=20)


@pytest.fixture(scope="module")
def tokens(site: LiveSite) -> list[str]:
    return site.tokens()


def test_three_hundred_and_one_shares_from_eight_clients(site: LiveSite, tokens: list[str]) -> None:
    reports = [report(site, article=site.articles[n % 3]) for n in range(301)]

    async def scene() -> list[dict[str, Any]]:
        line = list(reports)
        answers: list[dict[str, Any]] = []

        async def client() -> None:
            async with httpx.AsyncClient(base_url=site.url, timeout=20) as http:
                while line:
                    answer = await http.post(
                        "/v1/activities",
                        json=line.pop(),
                        headers={"Authorization": f"Bearer {tokens[0]}"},
                    )
                    assert answer.status_code == 201, answer.text
                    answers.append(answer.json())

        await asyncio.gather(*(client() for _ in range(8)))
        return answers

    answers = asyncio.run(scene())
    assert Counter(answer["reason"] for answer in answers) == {"credited": 300, "day_cap": 1}
    assert sum(answer["volume"] for answer in answers) == 300
    assert sorted(a["left_today"] for a in answers if a["reason"] == "credited") == list(range(300))
    assert len({(answer["book"], answer["seq"]) for answer in answers}) == 301


def test_a_retry_gets_the_first_receipt(site: LiveSite, tokens: list[str]) -> None:
    body = report(site)
    first, again = post(site, body, tokens[1]), post(site, body, tokens[1])
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.content == again.content


def test_the_same_id_with_another_article_is_a_conflict(site: LiveSite, tokens: list[str]) -> None:
    body = report(site)
    first = post(site, body, tokens[1])
    other = post(site, body | {"article": site.articles[1]}, tokens[1])
    assert (first.status_code, other.status_code, other.json()["error"]) == (201, 409, "conflict")


def test_an_id_belongs_to_its_person(site: LiveSite, tokens: list[str]) -> None:
    body = report(site)
    assert post(site, body, tokens[1]).status_code == post(site, body, tokens[2]).status_code == 201


HARMFUL = "'; DROP TABLE ledger_entry; -- <script>alert(1)</script>"
BAD = [
    # what is wrong, body, signed in, status, error
    ("no session", {}, False, 401, "no_session"),
    ("no JSON", b"\xff\xfe{", True, 400, "bad_report"),
    ("a list", b"[]", True, 400, "bad_report"),
    ("nothing", b"", True, 400, "bad_report"),
    ("no id", {"event_id": None}, True, 400, "bad_report"),
    ("an id that is none", {"event_id": "1"}, True, 400, "bad_report"),
    ("SQL as id", {"event_id": HARMFUL}, True, 400, "bad_report"),
    ("an unknown kind", {"kind": "adjustment"}, True, 400, "bad_report"),
    ("SQL as kind", {"kind": HARMFUL}, True, 400, "bad_report"),
    ("text as article", {"article": HARMFUL}, True, 400, "bad_report"),
    ("a fraction as article", {"article": 1.5}, True, 400, "bad_report"),
    ("a huge article", {"article": 10**30}, True, 400, "bad_report"),
    ("a negative article", {"article": -1}, True, 400, "bad_report"),
    ("an unknown article", {"article": 9_999_999}, True, 404, "unknown_article"),
    ("no article", {"article": None}, True, 400, "no_article"),
    ("an unknown channel", {"channel": HARMFUL}, True, 400, "bad_report"),
    ("points of one's own", {"points": 1000}, True, 400, "bad_report"),
    ("another's name", {"person": 1}, True, 400, "bad_report"),
    ("a forged parent", {"parent": "AAAA"}, True, 400, "forged_link"),
    ("5 MB", b'{"event_id":"' + b"0" * 5_000_000, True, 413, "too_large"),
]


@pytest.mark.parametrize(("what", "body", "signed_in", "status", "error"), BAD, ids=[row[0] for row in BAD])
def test_bad_reports_are_told_and_change_nothing(
    site: LiveSite, tokens: list[str], what: str, body: Any, signed_in: bool, status: int, error: str
) -> None:
    before = site.number(COUNT)
    sent = body if isinstance(body, bytes) else report(site, **body)
    answer = post(site, sent, tokens[3] if signed_in else None)
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert answer.json()["message"], "a person must be told what to do"
    assert not answer.json()["message"].isascii(), "in Chinese"
    assert site.number(COUNT) == before


@pytest.mark.parametrize("forge", ["x", "{token}x", "{token}=", "{swapped}", "AAAA.BBBB", "Ω"])
def test_a_forged_session_is_no_session(site: LiveSite, tokens: list[str], forge: str) -> None:
    token = forge.format(token=tokens[3], swapped=tokens[3].swapcase())
    answer = httpx.post(
        site.url + "/v1/activities",
        json=report(site),
        headers=[(b"Authorization", f"Bearer {token}".encode())],
    )
    assert (answer.status_code, answer.json()["error"]) == (401, "no_session")


def test_only_json_from_elsewhere_is_taken(site: LiveSite, tokens: list[str]) -> None:
    answer = post(site, report(site), tokens[3], **{"Content-Type": "text/plain"})
    assert (answer.status_code, answer.json()["error"]) == (415, "not_json")


def test_a_session_ends_everywhere_at_once(site: LiveSite, tokens: list[str]) -> None:
    token = tokens[4]
    assert post(site, report(site), token).status_code == 201
    gone = httpx.delete(site.url + "/v1/sessions", headers={"Authorization": f"Bearer {token}"})
    assert gone.status_code == 204
    answer = post(site, report(site), token)
    assert (answer.status_code, answer.json()["error"]) == (401, "signed_out")
    assert httpx.get(site.url + "/v1/me", headers={"Authorization": f"Bearer {token}"}).status_code == 401


def test_a_query_in_plain_chinese_is_read_like_an_encoded_one(site: LiveSite) -> None:
    encoded = httpx.get(site.url + "/v1/articles", params={"q": "血压"}, timeout=20)
    with socket.create_connection(("127.0.0.1", site.port), timeout=20) as plain:
        plain.sendall(
            "GET /v1/articles?q=血压 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()
        )
        answer = b"".join(iter(lambda: plain.recv(65_536), b""))
    assert answer.startswith(b"HTTP/1.1 200")
    assert encoded.content in answer

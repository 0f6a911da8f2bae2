"""What the real server does with senders who are slow, send too much, or speak another protocol."""

import re
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress

import httpx
import pytest

from tests.live import LiveSite

SENDERS = 12


def opened(site: LiveSite, *lines: str) -> socket.socket:
    """A connection on which the lines of a request's head and an empty one were sent."""
    connection = socket.create_connection(("127.0.0.1", site.port), timeout=30)
    connection.sendall("\r\n".join([*lines, "Host: localhost", "", ""]).encode())
    return connection


@pytest.fixture
def slow_senders(site: LiveSite) -> Iterator[list[socket.socket]]:
    """Many more than there are page threads, each with the first byte of a form."""
    with ExitStack() as stack:
        connections = [
            stack.enter_context(
                opened(
                    site,
                    "POST /sign-in/ HTTP/1.1",
                    "Content-Type: application/x-www-form-urlencoded",
                    "Content-Length: 1000",
                )
            )
            for _ in range(SENDERS)
        ]
        for connection in connections:
            connection.sendall(b"a")
        time.sleep(0.3)
        yield connections


def test_slow_senders_stop_no_page_and_are_given_up(
    site: LiveSite, slow_senders: list[socket.socket]
) -> None:
    began = time.monotonic()
    assert httpx.get(site.url + "/", timeout=5).status_code == 200
    assert time.monotonic() - began < 3
    answers = [connection.recv(65_536) for connection in slow_senders]
    assert all(answer.startswith(b"HTTP/1.1 408") for answer in answers)
    assert "请检查网络".encode() in answers[0]


@pytest.mark.parametrize(
    ("path", "kind"), [("/complaints/", "text/html"), ("/v1/sms-codes", "application/json")]
)
def test_more_than_a_megabyte_is_refused_unread(site: LiveSite, path: str, kind: str) -> None:
    with opened(site, f"POST {path} HTTP/1.1", "Content-Length: 1048577") as connection:
        answer = connection.recv(65_536)
    assert answer.startswith(b"HTTP/1.1 413")
    assert kind.encode() in answer
    pieces = (b"x" * 100_000 for _ in range(12))
    with suppress(httpx.TransportError):  # the connection may end while we are still sending
        assert httpx.post(site.url + path, content=pieces, timeout=20).status_code == 413


GRANT = """
from kepu.kit import clock
from kepu.people import writes
from kepu.people.rules import Role
assert writes.grant_scope({account}, Role.COUNTY_OFFICER, "430623", clock.now()) is None
"""


def test_only_staff_send_two_megabytes_to_the_back_office(site: LiveSite) -> None:
    """Two megabytes said and none sent: who is refused is told at once, who is not is waited for."""
    staff, communicator = site.accounts[-1], site.accounts[-2]
    site.python(GRANT.format(account=staff))
    tokens = dict(zip(site.accounts, site.tokens(), strict=True))
    for account, is_told in ((communicator, True), (staff, False)):
        head = f"Cookie: kepu_session={tokens[account]}", "Content-Length: 2097152"
        with opened(site, "POST /admin/images/add/ HTTP/1.1", *head) as connection:
            connection.settimeout(1.5)
            if is_told:
                assert connection.recv(65_536).startswith(b"HTTP/1.1 413")
            else:
                with pytest.raises(TimeoutError):
                    connection.recv(65_536)


def test_a_form_in_pieces_is_read_like_one_in_one(site: LiveSite) -> None:
    answer = httpx.post(
        site.url + "/complaints/",
        content=iter([b"words=", "数字".encode(), b"&contact="]),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert answer.status_code == 403  # read, and then refused for want of a token


def test_another_protocol_is_turned_away(site: LiveSite) -> None:
    upgrade = (
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==",
    )
    for path in ("/v1/activities", "/"):
        with opened(site, f"GET {path} HTTP/1.1", *upgrade) as connection:
            status = int(connection.recv(65_536).split()[1])
        assert 400 <= status < 500


def test_an_article_with_all_it_needs_is_light(site: LiveSite) -> None:
    """60 kB over the wire: a farmer's telephone on a slow line."""
    with httpx.Client(base_url=site.url, headers={"Accept-Encoding": "gzip"}) as browser:
        page = browser.get(f"/a/{site.articles[0]}/")
        parts = set(re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js))"', page.text))
        assert parts
        answers = [page, *(browser.get(part) for part in parts)]
    for answer in answers:
        assert answer.status_code == 200
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        if int(answer.headers.get("Content-Length", "9999")) > 1000:
            assert answer.headers["Content-Encoding"] == "gzip"
    assert sum(answer.num_bytes_downloaded for answer in answers) < 60_000


@pytest.mark.parametrize("path", ["/static/.version", "/static/staticfiles.json", "/media/"])
def test_what_is_nobodys_business_is_not_there(site: LiveSite, path: str) -> None:
    assert httpx.get(site.url + path).status_code == 404


MANY_MESSAGES = """
from kepu.kit import clock
from kepu.people.models import Notice
from kepu.people.rules import NoticeKind
words = {{"text": "长" * 2000}}
Notice.objects.bulk_create(
    Notice(account_id=account, kind=NoticeKind.ANNOUNCED, words=words, link="/", at=clock.now())
    for account in {accounts} for _ in range(2000))
"""
CSRF = "a" * 32


def test_downloads_nobody_reads_stop_no_page(site: LiveSite) -> None:
    """One account for each page thread; 12 MB each, more than the sockets between take in."""
    tokens = site.tokens()[:4]
    site.python(MANY_MESSAGES.format(accounts=site.accounts[:4]))
    with ExitStack() as stack:
        unread = [
            stack.enter_context(
                opened(
                    site,
                    "POST /me/download/ HTTP/1.1",
                    f"Cookie: kepu_session={token}; csrftoken={CSRF}",
                    f"X-CSRFToken: {CSRF}",
                    "Content-Length: 0",
                )
            )
            for token in tokens
        ]
        assert all(connection.recv(15) == b"HTTP/1.1 200 OK" for connection in unread)
        time.sleep(2)
        assert httpx.get(site.url + "/", timeout=5).status_code == 200
        head = unread[0].recv(4000).partition(b"\r\n\r\n")[0].lower()
        assert int(head.partition(b"content-length: ")[2].split()[0]) > 12_000_000

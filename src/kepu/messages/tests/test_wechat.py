"""One suite for WeChat's office, real and pretended; and what is kept of its answers."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from kepu.messages import writes
from kepu.messages.models import WechatCredential
from kepu.messages.rules import Failed, Issued, Trouble, WechatOffice, wechat_signature
from kepu.messages.wechat import HttpOffice, PretendedOffice

NOW = datetime(2021, 7, 1, 8, tzinfo=UTC)
VECTOR = {
    "ticket": "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg",
    "nonce": "Wm3WZYTPz0wzccnW",
    "timestamp": 1414587457,
    "url": "http://mp.weixin.qq.com?params=value",
}


def test_wechats_own_example_is_signed_as_wechat_says():
    assert wechat_signature(**VECTOR) == "0f9de62fce790f9a083d5c99e95740ceb90c27ed"


def test_the_part_of_the_page_is_not_signed():
    assert wechat_signature(**VECTOR | {"url": VECTOR["url"] + "#share"}) == wechat_signature(**VECTOR)


@dataclass
class Wechat:
    """A real HTTP server that answers as WeChat does; keeps what it was asked."""

    status: int = 200
    answers: dict[str, object] = field(default_factory=dict)
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    url: str = ""


@pytest.fixture
def wechat() -> Iterator[Wechat]:
    kept = Wechat()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            good = body == {"grant_type": "client_credential", "appid": "wx1", "secret": "s"}
            self.answer({"access_token": "token-1", "expires_in": 7200} if good else {"errcode": 40125})

        def do_GET(self) -> None:
            query = parse_qs(urlsplit(self.path).query)
            good = query == {"access_token": ["token-1"], "type": ["jsapi"]}
            self.answer(
                {"errcode": 0, "errmsg": "ok", "ticket": "ticket-1", "expires_in": 7200}
                if good
                else {"errcode": 40001, "errmsg": "invalid credential"}
            )

        def answer(self, usual: object) -> None:
            path = urlsplit(self.path).path
            kept.asked.append((self.command, path, self.headers.get("Content-Type", "")))
            said = kept.answers.get(path, usual)
            self.send_response(kept.status)
            self.send_header("Location", "http://127.0.0.1:9/elsewhere")
            self.end_headers()
            self.wfile.write(said if isinstance(said, bytes) else json.dumps(said).encode())

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    kept.url = f"http://127.0.0.1:{server.server_port}"
    yield kept
    server.shutdown()
    server.server_close()


@pytest.fixture(params=["pretended", "http"])
def office_of(request: pytest.FixtureRequest, wechat: Wechat) -> Callable[[str], WechatOffice]:
    """The office as an account with this secret sees it."""
    if request.param == "pretended":
        return lambda secret: PretendedOffice(secret)
    return lambda secret: HttpOffice("wx1", secret, wechat.url)


def test_a_token_and_with_it_a_ticket_are_handed_out(office_of):
    office = office_of("s")
    token = office.token()
    assert isinstance(token, Issued)
    assert token.seconds == 7200
    ticket = office.ticket(token.value)
    assert isinstance(ticket, Issued)
    assert ticket.value


def test_a_wrong_secret_or_token_is_refused(office_of):
    assert office_of("wrong").token() == Failed(Trouble.REFUSED)
    assert office_of("s").ticket("another") == Failed(Trouble.REFUSED)


def test_no_repr_shows_a_secret(office_of):
    office = office_of("a-secret-word")
    assert "a-secret-word" not in repr(office)
    assert "token-1" not in repr(Issued("token-1", 1))


def test_the_stable_token_is_asked_for_with_json(wechat):
    HttpOffice("wx1", "s", wechat.url).token()
    assert wechat.asked == [("POST", "/cgi-bin/stable_token", "application/json")]


@pytest.mark.parametrize("status", [302, 400, 500])
def test_another_status_is_a_refusal(wechat, status, caplog):
    wechat.status = status
    assert HttpOffice("wx1", "s", wechat.url).token() == Failed(Trouble.REFUSED)
    assert len(wechat.asked) == 1
    assert '"s"' not in caplog.text


@pytest.mark.parametrize(
    "answer",
    [b"", b"<html>", [], {}, {"access_token": "", "expires_in": 9}, {"access_token": "t"},
     {"access_token": "t", "expires_in": "soon"}, {"access_token": 7, "expires_in": 9}],
)  # fmt: skip
def test_an_answer_of_another_shape_is_a_refusal(wechat, answer):
    wechat.answers["/cgi-bin/stable_token"] = answer
    assert HttpOffice("wx1", "s", wechat.url).token() == Failed(Trouble.REFUSED)


def test_nobody_there_is_unreachable():
    assert HttpOffice("wx1", "s", "http://127.0.0.1:9").token() == Failed(Trouble.UNREACHABLE)


@dataclass
class Counting:
    """An office that counts and can be away."""

    tickets: int = 0
    tokens: int = 0
    away: bool = False
    refused: bool = False

    def token(self) -> Issued | Failed:
        self.tokens += 1
        return Failed(Trouble.UNREACHABLE) if self.away else Issued(f"token-{self.tokens}", 7200)

    def ticket(self, token: str) -> Issued | Failed:
        if self.refused:
            return Failed(Trouble.REFUSED)
        self.tickets += 1
        return Failed(Trouble.UNREACHABLE) if self.away else Issued(f"ticket-{self.tickets} by {token}", 7200)


@pytest.fixture
def office(db) -> Counting:
    return Counting()


def at(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def test_a_ticket_is_kept_until_five_minutes_before_its_end(office, django_assert_num_queries):
    assert writes.wechat_ticket(NOW, office) == "ticket-1 by token-1"
    with django_assert_num_queries(1):
        assert writes.wechat_ticket(at(114), office) == "ticket-1 by token-1"
    assert writes.wechat_ticket(at(115.1), office) == "ticket-2 by token-2"
    assert (office.tickets, office.tokens) == (2, 2)


def test_while_one_asks_the_others_use_the_old_ticket_as_long_as_it_is_good(office):
    writes.wechat_ticket(NOW, office)

    class Slow(Counting):
        def token(self) -> Issued | Failed:
            assert writes.wechat_ticket(at(116), office) == "ticket-1 by token-1"
            return super().token()

    assert writes.wechat_ticket(at(116), Slow()) == "ticket-1 by token-1"
    assert office.tokens == 1


def test_the_first_ticket_is_asked_for_once_too(office):
    class Slow(Counting):
        def token(self) -> Issued | Failed:
            assert writes.wechat_ticket(NOW, office) is None
            return super().token()

    assert writes.wechat_ticket(NOW, Slow()) == "ticket-1 by token-1"
    assert office.tokens == 0


def test_an_office_that_is_away_is_asked_again_after_half_a_minute_only(office):
    writes.wechat_ticket(NOW, office)
    office.away = True
    assert [writes.wechat_ticket(at(116), office) for _ in range(3)] == ["ticket-1 by token-1"] * 3
    assert office.tokens == 2
    assert writes.wechat_ticket(at(121), office) is None
    assert office.tokens == 3
    office.away = False
    assert writes.wechat_ticket(at(121.6), office) == "ticket-2 by token-4"


def test_a_token_that_ended_early_is_asked_for_anew(office):
    office.refused = True
    assert writes.wechat_ticket(NOW, office) is None
    office.refused = False
    assert writes.wechat_ticket(at(1), office) == "ticket-1 by token-2"


def test_another_accounts_ticket_is_not_used(office, settings):
    writes.wechat_ticket(NOW, office)
    settings.KEPU_WECHAT_APP_ID = "wx-another"
    assert writes.wechat_ticket(at(1), office) == "ticket-2 by token-2"


def test_what_is_kept_is_sealed(office):
    writes.wechat_ticket(NOW, office)
    kept = [bytes(row.sealed) for row in WechatCredential.objects.all()]
    assert len(kept) == 2
    assert all(b"token-1" not in sealed and b"ticket" not in sealed for sealed in kept)

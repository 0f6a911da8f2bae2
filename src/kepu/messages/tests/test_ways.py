"""One suite for every way out: what the rest of the site may rely on, whichever is chosen."""

import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from kepu.messages import reads
from kepu.messages.models import OutboxMessage
from kepu.messages.rules import Failed, Sent, SmsWay, Trouble
from kepu.messages.ways import (
    OUTBOX_KEPT_MAX,
    SEND_SECONDS_MAX,
    SENDS_AT_ONCE_MAX,
    HttpGateway,
    Nowhere,
    Outbox,
)

NOW = datetime(2021, 7, 1, 8, tzinfo=UTC)
PHONE = "13812341234"
TEXT = "【科普】验证码 042137，5 分钟内有效。"


@dataclass
class Service:
    """A real HTTP server standing where a gateway stands; keeps what it was asked."""

    status: int = 200
    answer: bytes = b'{"id": "m-1"}'
    delay: threading.Event | None = None
    asked: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    url: str = ""


@pytest.fixture
def service() -> Iterator[Service]:
    kept = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kept.asked.append((self.path, dict(self.headers), body))
            if kept.delay is not None:
                kept.delay.wait(5)
            self.send_response(kept.status)
            self.send_header("Location", "http://127.0.0.1:9/elsewhere")
            self.end_headers()
            self.wfile.write(kept.answer)

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    kept.url = f"http://127.0.0.1:{server.server_port}/send?from=kepu"
    yield kept
    if kept.delay is not None:
        kept.delay.set()
    server.shutdown()
    server.server_close()


Delivered = Callable[[], list[tuple[str, str]]]


@pytest.fixture(params=["outbox", "gateway"])
def way(request: pytest.FixtureRequest, service: Service, db: None) -> tuple[SmsWay, Delivered]:
    """A way out and a look at what it delivered, oldest first."""
    if request.param == "outbox":
        return Outbox(), lambda: [(row.phone, row.text) for row in reversed(reads.outbox())]
    delivered = lambda: [(said["phone"], said["text"]) for said in (json.loads(a[2]) for a in service.asked)]  # noqa: E731
    return HttpGateway(service.url, "token-1"), delivered


def test_a_message_arrives_as_it_was_given(way):
    sending, delivered = way
    assert isinstance(sending.send(PHONE, TEXT, NOW), Sent)
    assert delivered() == [(PHONE, TEXT)]


def test_messages_arrive_in_order_and_each_once(way):
    sending, delivered = way
    texts = [f"第 {n} 条 “引号” <b>&</b> 😀" for n in range(5)]
    for text in texts:
        sending.send(PHONE, text, NOW)
    assert [text for _, text in delivered()] == texts


def test_every_message_has_a_reference(way):
    assert way[0].send(PHONE, TEXT, NOW).reference


def test_neither_number_nor_text_is_logged(way, caplog):
    caplog.set_level(logging.DEBUG)
    way[0].send(PHONE, TEXT, NOW)
    assert PHONE not in caplog.text
    assert "042137" not in caplog.text


def test_neither_token_nor_number_shows_in_a_repr(way):
    assert "token-1" not in repr(way[0])


@pytest.mark.parametrize("status", [400, 401, 429, 500, 503, 302])
def test_a_gateway_that_says_no_or_sends_us_elsewhere_has_refused(service, status, caplog):
    service.status = status
    assert HttpGateway(service.url, "t").send(PHONE, TEXT, NOW) == Failed(Trouble.REFUSED)
    assert len(service.asked) == 1
    assert PHONE not in caplog.text


def test_a_gateway_that_is_not_there_is_unreachable(service, caplog):
    assert HttpGateway("http://127.0.0.1:9/", "t").send(PHONE, TEXT, NOW) == Failed(Trouble.UNREACHABLE)
    assert PHONE not in caplog.text


def test_a_gateway_that_never_answers_is_given_up(service):
    service.delay = threading.Event()
    sending = HttpGateway(service.url, "t", timeout_seconds=0.2)
    assert sending.send(PHONE, TEXT, NOW) == Failed(Trouble.UNREACHABLE)


def test_the_gateway_gets_the_token_and_the_whole_address(service):
    HttpGateway(service.url, "token-1").send(PHONE, TEXT, NOW)
    path, headers, _ = service.asked[0]
    assert path == "/send?from=kepu"
    assert headers["Authorization"] == "Bearer token-1"


@pytest.mark.parametrize("answer", [b"", b"OK", b"[1]", b"\xff", b'{"ok": true}'])
def test_a_2xx_answer_of_any_shape_means_taken(service, answer):
    service.answer = answer
    assert HttpGateway(service.url, "t").send(PHONE, TEXT, NOW) == Sent("")


def test_the_outbox_keeps_only_the_newest(db):
    for number in range(OUTBOX_KEPT_MAX + 5):
        Outbox().send(PHONE, str(number), NOW)
    assert OutboxMessage.objects.count() == OUTBOX_KEPT_MAX
    assert reads.outbox(1)[0].text == str(OUTBOX_KEPT_MAX + 4)


def test_the_outbox_keeps_numbers_and_codes_sealed(db):
    Outbox().send(PHONE, TEXT, NOW)
    sealed = bytes(OutboxMessage.objects.get().sealed)
    assert PHONE.encode() not in sealed
    assert b"042137" not in sealed


def test_a_message_sealed_with_another_key_is_left_out(db):
    OutboxMessage.objects.create(sealed=b"x" * 60, sent_at=NOW)
    assert reads.outbox() == []


def test_a_site_without_a_gateway_says_that_nothing_goes_out(caplog):
    assert Nowhere().send(PHONE, TEXT, NOW) == Failed(Trouble.UNREACHABLE)
    assert "KEPU_SMS_GATEWAY_URL" in caplog.text
    assert PHONE not in caplog.text


def test_a_hanging_gateway_holds_two_senders_and_no_third(service):
    service.delay = threading.Event()
    sending = HttpGateway(service.url, "t", timeout_seconds=SEND_SECONDS_MAX)
    held = [threading.Thread(target=sending.send, args=(PHONE, TEXT, NOW)) for _ in range(SENDS_AT_ONCE_MAX)]
    for each in held:
        each.start()
    while len(service.asked) < SENDS_AT_ONCE_MAX:
        time.sleep(0.01)
    began = time.monotonic()
    assert sending.send(PHONE, TEXT, NOW) == Failed(Trouble.UNREACHABLE)
    assert time.monotonic() - began < 0.5
    assert len(service.asked) == SENDS_AT_ONCE_MAX
    service.delay.set()
    for each in held:
        each.join()
    assert sending.send(PHONE, TEXT, NOW) == Sent("m-1")

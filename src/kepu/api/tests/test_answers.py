"""What a program gets from /v1: its description, its lists and its noes."""

from datetime import date
from threading import BoundedSemaphore

import pytest
from django.db import OperationalError

from kepu.content import reads as content
from kepu.kit import clock
from kepu.ledger import reads as ledger
from kepu.people import reads as people
from kepu.people.rules import CertificationState, Role, Session, session_token
from kepu.people.tests import land
from kepu.people.writes import turns
from kepu.standings.tests import town

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> int:
    """Somebody certified, in a county whose campaign has run."""
    town.build()
    return town.enrol(1)[0]


def test_the_description_holds_the_whole_contract(client):
    paths = client.get("/v1/openapi.json").json()["paths"]
    asked = {(path, method) for path, methods in paths.items() for method in methods}
    assert asked >= {
        ("/v1/sms-codes", "post"),
        ("/v1/accounts", "post"),
        ("/v1/sessions", "post"),
        ("/v1/certifications", "post"),
        ("/v1/activities", "post"),
        ("/v1/activities", "get"),
        ("/v1/reads", "post"),
        ("/v1/articles", "get"),
        ("/v1/boards/{campaign}", "get"),
        ("/v1/me", "get"),
    }


def test_the_readable_description_asks_nothing_of_other_sites(client):
    page = client.get("/v1/docs").content.decode()
    assert "swagger-ui-bundle.js" in page
    assert "https://" not in page


@pytest.mark.parametrize(
    ("method", "path", "status", "error"),
    [
        ("get", "/v1/nothing", 404, "unknown"),
        ("get", "/v1/articles/0", 404, "unknown"),
        ("get", "/v1/boards/none", 404, "unknown"),
        ("put", "/v1/articles", 405, "wrong_method"),
        ("get", "/v1/sms-codes", 405, "wrong_method"),
        ("get", "/v1/me", 401, "no_session"),
        ("get", "/v1/articles?start=x", 400, "bad_request"),
        ("get", "/v1/boards/chaqi-2021?window=none", 400, "bad_request"),
        ("get", "/v1/boards/chaqi-2021?window=2021-13", 400, "bad_request"),
        ("get", "/v1/boards/chaqi-2021?division=43", 400, "bad_request"),
        ("get", "/v1/boards/chaqi-2021?division=430699", 400, "bad_request"),
        ("get", "/v1/boards/chaqi-2021?division=x", 400, "bad_request"),
        ("get", "/v1/divisions?within=x", 404, "unknown"),
        ("get", "/v1/divisions?within=%00", 400, "bad_request"),
        ("get", "/v1/articles?q=%00", 400, "bad_request"),
        ("get", "/v1/boards/%00", 404, "unknown"),
    ],
)
def test_every_no_is_a_problem_a_program_can_read(client, person, method, path, status, error):
    answer = getattr(client, method)(path)
    assert answer.status_code == status
    problem = answer.json()
    assert problem["error"] == error
    assert problem["message"] > "一"


@pytest.mark.parametrize("window", ["all", "annual", "2021-03", "2021-03-05"])
def test_a_board_that_has_not_begun_is_empty_and_no_mistake(client, person, window):
    answer = client.get(f"/v1/boards/chaqi-2021?window={window}&division=430623110")
    assert answer.status_code == 200
    assert answer.json()["places"] == []


@pytest.mark.parametrize("query", ["", "?name=科学", "?name=430623"])
def test_associations_are_found_by_part_of_the_name_by_code_and_by_nearness(client, person, query):
    assert [row["name"] for row in client.get(f"/v1/associations{query}").json()] == ["华容县科学技术协会"]


def test_a_statement_goes_on_where_it_stopped_even_within_one_millisecond(client, person):
    at = town.clock.start_of(date(2021, 3, 5))
    town.record([town.act(person, at) for _ in range(120)])
    town.sign_in(client, person)
    token = client.cookies[town.COOKIE].value
    seen, before = [], ""
    while before is not None:
        answer = client.get(f"/v1/activities?before={before}", headers={"Authorization": f"Bearer {token}"})
        seen += [row["seq"] for row in answer.json()["entries"]]
        before = answer.json()["next_before"]
    assert seen == list(range(120, 0, -1))
    assert {entry.at_ms for entry in ledger.statement(person, None, 200)} == {town.clock.milliseconds(at)}
    newest = client.get("/v1/activities", headers={"Authorization": f"Bearer {token}"}).json()["entries"][0]
    assert (newest["campaign"], newest["version"]) == ("chaqi-2021", 1)
    wrong = client.get("/v1/activities?before=7", headers={"Authorization": f"Bearer {token}"})
    assert wrong.status_code == 400


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]
)
@pytest.mark.parametrize("path", ["sms-codes", "accounts", "sessions", "certifications"])
def test_another_site_cannot_make_a_visitor_send_for_it(client, path, kind):
    body = '{"phone": "13800001234"}'
    answer = client.generic("POST", f"/v1/{path}", body, content_type=kind)
    assert (answer.status_code, answer.json()["error"]) == (415, "not_json")
    assert not answer.json()["message"].isascii()
    described = client.get("/v1/openapi.json").json()["paths"][f"/v1/{path}"]["post"]["responses"]
    assert "415" in described


def test_json_with_a_charset_is_json(client):
    answer = client.generic("POST", "/v1/sessions", "{}", content_type="application/json; charset=utf-8")
    assert answer.status_code == 400


@pytest.mark.parametrize("start", ["99999999999999999999999", "-1", "0"])
def test_a_list_starts_somewhere(client, person, start):
    for path in ("divisions?within=43", "articles?q=", "boards/chaqi-2021?window=all"):
        assert client.get(f"/v1/{path}&start={start}").status_code == 200


def test_no_code_is_sent_that_no_address_takes(client):
    body = {"phone": "13800001234", "purpose": "new_password"}
    assert client.post("/v1/sms-codes", body, content_type="application/json").status_code == 400


@pytest.mark.parametrize(
    ("trouble", "status", "error"),
    [("database is locked", 503, "busy"), ("disk I/O error", 500, "our_mistake")],
)
def test_a_database_that_is_too_busy_asks_for_patience(client, monkeypatch, trouble, status, error):
    def broken(*_: object, **__: object) -> None:
        raise OperationalError(trouble)

    monkeypatch.setattr(content, "articles", broken)
    client.raise_request_exception = False
    answer = client.get("/v1/articles")
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert ("Retry-After" in answer.headers) is (status == 503)


def test_when_too_many_sign_in_a_program_is_told_to_wait(client, monkeypatch):
    monkeypatch.setattr(turns, "_line", BoundedSemaphore(1))
    with turns._line:
        answer = client.post(
            "/v1/sessions", {"phone": "13800001234", "password": "x"}, content_type="application/json"
        )
    assert (answer.status_code, answer.json()["error"]) == (503, "busy")


def test_a_session_token_alone_decides_on_nobody(client, settings):
    """Decisions are made in the back office, behind its second factor, and audited (decision 21)."""
    settings.PASSWORD_HASHERS = ["kepu.people.tests.hashing.QuickArgon2"]
    land.settle()
    person, clerk = land.applicant(1), land.staff(90, Role.TOWN_CLERK, land.TOWN)
    session = Session(clerk, 1, int(clock.now().timestamp()))
    bearer = {"Authorization": f"Bearer {session_token(settings.KEPU_KEYS.session, session)}"}
    address = f"/v1/certifications/{person}"
    body = {"decision": "approve", "seen": 1}
    answer = client.post(f"{address}/decisions", body, content_type="application/json", headers=bearer)
    assert (client.get(address, headers=bearer).status_code, answer.status_code) == (404, 404)
    assert people.certification_of(person).state is CertificationState.SUBMITTED

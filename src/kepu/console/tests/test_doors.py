"""The door of the back office: nothing under /admin/ without a second factor, once a working day."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from kepu.console.pages import doors
from kepu.console.tests.conftest import enter
from kepu.console.tests.test_deeds import acts
from kepu.kit import clock
from kepu.people.models import StaffSession, StaffWatch
from kepu.people.reads.staff_sessions import has_second_factor
from kepu.people.rules import Role
from kepu.people.rules.second_factor import STAFF_COOKIE
from kepu.people.sessions import COOKIE
from kepu.people.tests import land
from kepu.people.tests.land import newcomer
from kepu.people.tests.test_second_factor import code
from kepu.people.writes.second_factor import begin_second_factor, confirm_second_factor

pytestmark = pytest.mark.django_db
DOOR, SET_UP, QUEUE, MINE = (
    "/admin/second-factor/",
    "/admin/second-factor/set-up/",
    "/admin/certifications/",
    "/admin/sessions/",
)


@pytest.fixture
def outside(client: Client, clerk: int) -> int:
    """The clerk, signed in by password alone."""
    del client.cookies[STAFF_COOKIE]
    StaffSession.objects.all().delete()
    return clerk


def set_up(account: int) -> str:
    """The key of a second factor confirmed some steps ago."""
    key, before = begin_second_factor(account), clock.now() - timedelta(minutes=5)
    confirm_second_factor(account, code(key, before), "", before)
    return key


def text(response) -> str:
    return response.content.decode()


def test_the_password_alone_opens_no_page_no_act_and_no_api(client, outside):
    for path in ("/admin/", QUEUE, "/admin/pages/", "/admin/jobs/", "/admin/audit/", "/admin/nothing/"):
        answer = client.get(path)
        assert answer.status_code == 302, path
        assert answer.headers["Location"].startswith(DOOR), path
    assert client.post(QUEUE + "1/approve/").status_code == 403
    assert client.post("/admin/pages/1/delete/").status_code == 403
    for answer in (
        client.get("/admin/api/main/pages/"),
        client.get("/admin/pages/", headers={"X-Requested-With": "XMLHttpRequest"}),
        client.get("/admin/jobs/", headers={"HX-Request": "true"}),
    ):
        assert (answer.status_code, answer.json()["error"]) == (403, "second_factor")


def test_the_first_time_leads_to_the_set_up_and_in(client, outside):
    answer = client.get(QUEUE)
    answer = client.get(answer.headers["Location"])
    assert answer.headers["Location"].startswith(SET_UP)
    page = text(client.get(answer.headers["Location"]))
    key = re.search(r'console-key">([A-Z2-7 ]+)<', page)[1].replace(" ", "")  # type: ignore[index]
    assert "<svg" in page
    wrong = client.post(SET_UP, {"code": "000000", "next": QUEUE})
    assert wrong.status_code == 422
    assert key in text(wrong).replace(" ", "")
    done = client.post(SET_UP, {"code": code(key, clock.now()), "next": QUEUE})
    assert len(re.findall(r"<code>[A-Z2-9]{5}-[A-Z2-9]{5}</code>", text(done))) == 10
    assert f'href="{QUEUE}"' in text(done)
    assert client.get(QUEUE).status_code == 200
    assert acts() == ["set_second_factor", "open_staff_session"]
    cookie = client.cookies[STAFF_COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/admin/")


def test_the_code_opens_where_one_wanted_to_go_and_only_once(client, outside):
    key = set_up(outside)
    typed = {"code": code(key, clock.now()), "next": QUEUE}
    assert client.post(DOOR, typed).headers["Location"] == QUEUE
    assert client.get(QUEUE).status_code == 200
    other = Client()
    land_token = client.cookies[COOKIE].value
    other.cookies[COOKIE] = land_token
    assert other.post(DOOR, typed).status_code == 422
    assert other.get(QUEUE).status_code == 302
    for away in ("https://evil.example/", "//evil.example/admin/", "/me/", "/admin/\\evil"):
        page = text(other.get(DOOR, {"next": away}))
        assert "evil" not in page.replace("/admin/\\evil", ""), away


def test_whoever_has_a_factor_sets_no_other_up_from_outside(client, outside):
    key = set_up(outside)
    assert client.get(SET_UP).headers["Location"].startswith(DOOR)
    fresh = begin_second_factor(outside)
    answer = client.post(SET_UP, {"code": code(fresh, clock.now()), "present": code(key, clock.now())})
    assert answer.status_code == 302
    assert client.get(QUEUE).status_code == 302


def test_too_many_tries_lock_the_door(client, outside):
    key = set_up(outside)
    for _ in range(5):
        assert client.post(DOOR, {"code": "000000"}).status_code == 422
    page = client.post(DOOR, {"code": code(key, clock.now())})
    assert (page.status_code, "30" in text(page)) == (422, True)
    assert client.get(QUEUE).status_code == 302


def test_an_ended_session_opens_nothing(client, clerk):
    assert client.get(QUEUE).status_code == 200
    page = text(client.get(MINE))
    assert "Windows · Edge" in page
    number = StaffSession.objects.get().pk
    assert client.post(f"{MINE}{number}/end/").headers["Location"] == MINE
    assert client.get(QUEUE).status_code == 302
    assert acts() == ["end_staff_session"]


def test_all_others_are_ended_and_not_this_one(client, clerk):
    from kepu.people.writes.staff_sessions import open_staff_session

    away = Client()
    away.cookies[COOKIE] = client.cookies[COOKIE].value
    away.cookies[STAFF_COOKIE] = open_staff_session(clerk, "10.0.0.9", "", clock.now())
    assert away.get(QUEUE).status_code == 200
    assert client.post(MINE + "end-others/").status_code == 302
    assert away.get(QUEUE).status_code == 302
    assert client.get(QUEUE).status_code == 200


def test_the_session_of_another_is_not_mine_to_end(client, clerk):
    mine = StaffSession.objects.get().pk
    other = Client()
    enter(other, 91, Role.COUNTY_OFFICER, land.COUNTY)
    assert other.post(f"{MINE}{mine}/end/").status_code == 404
    stolen = Client()
    stolen.cookies[COOKIE] = other.cookies[COOKIE].value
    stolen.cookies[STAFF_COOKIE] = client.cookies[STAFF_COOKIE].value
    assert stolen.get(QUEUE).status_code == 302


def test_a_session_is_over_after_the_working_day_and_after_signing_out(client, clerk):
    StaffSession.objects.update(opened_at=clock.now() - timedelta(hours=12))
    assert client.get(QUEUE).status_code == 302
    StaffSession.objects.update(opened_at=clock.now())
    assert client.get(QUEUE).status_code == 200
    client.post("/sign-out/")
    land.sign_in(client, 90)
    assert client.get(QUEUE).status_code == 302


def test_an_account_away_too_long_is_locked_in_every_way(client, outside):
    key = set_up(outside)
    StaffWatch.objects.update(awake_at=clock.now() - timedelta(days=90))
    for path in (QUEUE, DOOR, SET_UP, "/admin/pages/"):
        page = client.get(path)
        assert (page.status_code, "90" in text(page)) == (403, True), path
    assert client.post(DOOR, {"code": code(key, clock.now())}).status_code == 403
    assert not StaffSession.objects.exists()


def test_in_development_staff_without_a_factor_walk_in_and_are_told(client, outside, settings):
    settings.KEPU_DEVELOPMENT = True
    page = client.get(QUEUE)
    assert page.status_code == 200
    assert "console-walks-in" in text(page)
    set_up(outside)
    assert client.get(QUEUE).status_code == 302


def test_others_meet_the_sign_in_page_as_before(client, db):
    land.settle()
    newcomer(3)
    for path in (DOOR, SET_UP, MINE, QUEUE):
        assert client.get(path).headers["Location"].startswith("/sign-in/"), path


def test_the_gate_costs_one_query(client, clerk, django_assert_num_queries):
    client.get("/admin/sprite/")
    with django_assert_num_queries(2):  # who asks, and the session
        client.get("/admin/sprite/")


def test_a_factor_and_a_session_stand_or_fall_with_their_records(client, outside, monkeypatch):
    def break_off(*_asked: object) -> None:
        raise ZeroDivisionError

    key = begin_second_factor(outside)
    with monkeypatch.context() as broken:
        broken.setattr(doors.deeds, "keep", break_off)
        with pytest.raises(ZeroDivisionError):
            client.post(SET_UP, {"code": code(key, clock.now())})
    assert not has_second_factor(outside)
    assert client.post(SET_UP, {"code": code(key, clock.now())}).status_code == 200
    client.post(f"{MINE}end-others/")
    del client.cookies[STAFF_COOKIE]
    sessions, typed = StaffSession.objects.count(), {"code": code(key, clock.now() + timedelta(seconds=30))}
    with monkeypatch.context() as broken:
        broken.setattr(doors.deeds, "keep", break_off)
        with pytest.raises(ZeroDivisionError):
            client.post(DOOR, typed)
    assert StaffSession.objects.count() == sessions
    assert client.post(DOOR, typed).status_code == 302, "the code was not spent"

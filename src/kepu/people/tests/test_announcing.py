"""An announcement reaches each person once, whatever becomes of the worker; texts stay in their budget."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from kepu.kit import clock
from kepu.messages.rules import Failed, Sent, Trouble
from kepu.people import reads, writes
from kepu.people.models import Delivery, Notice, SmsDay
from kepu.people.reads.announcements import (
    Reach,
    Told,
    announcement,
    not_yet_told,
    reach,
    texts_left_today,
    told_so_far,
)
from kepu.people.rules import Announced, Audience, Role, TextState, text_pieces, texts_left
from kepu.people.rules.announcing import is_night
from kepu.people.tests import land
from kepu.people.tests.land import COUNTY, DAY, NOW, OTHER_TOWN, TOWN
from kepu.people.writes import announcements as sending
from kepu.people.writes.announcements import (
    DELIVERIES_KEPT,
    Confirmed,
    close_unfinished,
    end_announcement,
    forget_deliveries,
    keep_announcement,
    note_job,
    take_up,
    tell_some,
    text_some,
)

pytestmark = pytest.mark.django_db
NOBODY: frozenset[int] = frozenset()
ALL_OF_TOWN = Announced("周六有讲座", "/", Audience.COMMUNICATORS, TOWN, 0, by_text=False)


@pytest.fixture
def people(country: None) -> list[int]:
    """Six communicators of a town; the third wants no announcements."""
    unit = land.unit_in(TOWN)
    made = writes.enroll_many([land.enrolled(number, unit) for number in range(1, 7)], now=NOW)
    writes.set_hears_announcements(made[2], False, NOW)
    return made


@pytest.fixture
def officer(country: None) -> int:
    return land.staff(90, Role.COUNTY_OFFICER, COUNTY)


def kept(announced: Announced, by: int, seal: str = "s") -> int:
    number = keep_announcement(announced, Confirmed(seal, reach(announced), 0, by), NOW)
    assert number is not None
    return number


@pytest.mark.parametrize(
    ("sent", "most", "left"), [(0, 2000, 1000), (999, 2000, 1), (1000, 2000, 0), (1500, 2000, 0), (0, 1, 1)]
)
def test_half_of_a_days_texts_are_kept_for_codes(sent: int, most: int, left: int) -> None:
    assert texts_left(sent, most) == left


@pytest.mark.parametrize(("length", "pieces"), [(1, 1), (70, 1), (71, 2), (134, 2), (135, 3)])
def test_a_long_text_counts_as_several(length: int, pieces: int) -> None:
    assert text_pieces("字" * length) == pieces


def test_whom_each_audience_means(people: list[int], officer: int) -> None:
    writes.enroll_many([land.enrolled(20, land.unit_in(OTHER_TOWN))], now=NOW)
    land.applicant(21)
    land.newcomer(22)
    writes.revoke_certification(people[0], officer, "已调离", NOW)
    unit = land.unit_in(TOWN)

    def meant(audience: Audience, division: str, unit: int = 0) -> int:
        return reach(replace(ALL_OF_TOWN, audience=audience, division=division, unit=unit)).meant

    a = Audience
    assert (meant(a.COMMUNICATORS, TOWN), meant(a.COMMUNICATORS, COUNTY), meant(a.COMMUNICATORS, "")) == (
        5,
        6,
        6,
    )
    assert meant(a.COMMUNICATORS, TOWN, unit) == 5
    assert (meant(a.UNCERTIFIED, TOWN), meant(a.UNCERTIFIED, TOWN, unit)) == (2, 2), "applied, and revoked"
    assert meant(a.UNCERTIFIED, COUNTY) == 4, "who never applied belongs to the county: one, and the officer"
    assert (meant(a.EVERYBODY, TOWN), meant(a.EVERYBODY, COUNTY), meant(a.EVERYBODY, "")) == (7, 10, 10)
    assert meant(a.EVERYBODY, "430624") == 0
    assert reach(ALL_OF_TOWN, frozenset(people[1:3])) == Reach(3, 3)


def test_everybody_is_told_once_though_the_worker_dies_between_batches(
    people: list[int], officer: int, monkeypatch: Any
) -> None:
    monkeypatch.setattr(sending, "TOLD_AT_ONCE", 2)
    number = kept(ALL_OF_TOWN, officer)
    assert tell_some(number, NOBODY, NOW) == 2
    monkeypatch.setattr(Delivery.objects, "bulk_create", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        tell_some(number, NOBODY, NOW)
    assert Notice.objects.count() == 2, "a batch that broke left nothing"
    monkeypatch.undo()
    while tell_some(number, NOBODY, NOW):
        pass
    end_announcement(number, NOW)
    assert [reads.unread(person) for person in people] == [1, 1, 0, 1, 1, 1]
    assert told_so_far(number) == Told(5, 1, {})
    row = announcement(number)
    assert row is not None
    assert (row.result, row.ended_at) == (Told(5, 1, {}), NOW)


def test_who_is_done_is_left_out(people: list[int], officer: int) -> None:
    number = kept(replace(ALL_OF_TOWN, audience=Audience.BEHIND, goal=(1, "r", 5)), officer)
    while tell_some(number, frozenset(people[:2]), NOW):
        pass
    assert [reads.unread(person) for person in people] == [0, 0, 0, 1, 1, 1]


def test_a_preview_is_sent_once(people: list[int], officer: int) -> None:
    kept(ALL_OF_TOWN, officer)
    again = keep_announcement(ALL_OF_TOWN, Confirmed("s", Reach(6, 5), 0, officer), NOW)
    assert again is None


def texts_to(number: int) -> dict[TextState, int]:
    return told_so_far(number).texts


def test_texts_go_out_within_the_budget_and_the_rest_says_so(
    people: list[int], officer: int, settings: Any, monkeypatch: Any
) -> None:
    settings.KEPU_SMS_PER_DAY_MAX = 6
    gone: list[str] = []
    monkeypatch.setattr(sending, "send_sms", lambda phone, text, now: gone.append(phone) or Sent(""))
    number = kept(replace(ALL_OF_TOWN, by_text=True), officer)
    tell_some(number, NOBODY, NOW)
    while text_some(number, lambda: NOW):
        pass
    assert texts_to(number) == {TextState.SENT: 3, TextState.OVER_BUDGET: 2}
    assert len(gone) == len(set(gone)) == 3
    today = clock.day_of(NOW)
    assert (SmsDay.objects.get(day=today).sent, texts_left_today(today)) == (3, 0)


def test_a_text_is_never_handed_over_twice(people: list[int], officer: int, monkeypatch: Any) -> None:
    number = kept(replace(ALL_OF_TOWN, by_text=True), officer)
    tell_some(number, NOBODY, NOW)
    answers = iter([Sent(""), Failed(Trouble.REFUSED), Failed(Trouble.UNREACHABLE), KeyboardInterrupt()])
    gone: list[str] = []

    def send(phone: str, _text: str, _now: object) -> object:
        gone.append(phone)
        answer = next(answers, Sent(""))
        if isinstance(answer, BaseException):
            raise answer  # the worker is killed while the gateway has it
        return answer

    monkeypatch.setattr(sending, "send_sms", send)
    with pytest.raises(KeyboardInterrupt):
        text_some(number, lambda: NOW)
    while text_some(number, lambda: NOW):
        pass
    end_announcement(number, NOW)
    assert len(gone) == len(set(gone)) == 5
    assert texts_to(number) == {TextState.SENT: 2, TextState.REFUSED: 1, TextState.UNSURE: 2}


def stopped_after_two(officer: int, monkeypatch: Any) -> int:
    """An announcement with texts whose work (number 7) told two people, sent one text, and stopped."""
    monkeypatch.setattr(sending, "TOLD_AT_ONCE", 2)
    monkeypatch.setattr(sending, "TEXTS_AT_ONCE", 1)
    number = kept(replace(ALL_OF_TOWN, by_text=True), officer)
    note_job(number, 7)
    tell_some(number, NOBODY, NOW)
    text_some(number, lambda: NOW)
    return number


def test_work_that_stopped_is_taken_up_once_and_goes_on_with_exactly_the_rest(
    people: list[int], officer: int, monkeypatch: Any
) -> None:
    gone: list[str] = []
    monkeypatch.setattr(sending, "send_sms", lambda phone, text, now: gone.append(phone) or Sent(""))
    number = stopped_after_two(officer, monkeypatch)
    late = writes.enroll_many([land.enrolled(30, land.unit_in(TOWN))], now=NOW + DAY)
    assert not_yet_told(number) == Reach(4, 3)
    assert not take_up(number, 6), "other work was noted"
    assert take_up(number, 7)
    note_job(number, 8)
    assert not take_up(number, 7), "somebody else was quicker"
    writes.set_hears_announcements(people[1], False, NOW)
    while tell_some(number, NOBODY, NOW):
        pass
    while text_some(number, lambda: NOW):
        pass
    end_announcement(number, NOW)
    assert [reads.unread(person) for person in people + late] == [1, 1, 0, 1, 1, 1, 0]
    assert len(gone) == len(set(gone)) == 4
    assert texts_to(number) == {TextState.SENT: 4, TextState.UNWILLING: 1}
    assert not take_up(number, 8), "it has ended"


def test_texts_held_back_by_the_days_limit_wait_again_when_it_is_taken_up(
    people: list[int], officer: int, settings: Any, monkeypatch: Any
) -> None:
    settings.KEPU_SMS_PER_DAY_MAX = 6
    monkeypatch.setattr(sending, "send_sms", lambda phone, text, now: Sent(""))
    number = kept(replace(ALL_OF_TOWN, by_text=True), officer)
    tell_some(number, NOBODY, NOW)
    while text_some(number, lambda: NOW):
        pass
    assert texts_to(number) == {TextState.SENT: 3, TextState.OVER_BUDGET: 2}
    assert take_up(number, 0)
    while text_some(number, lambda: NOW + DAY):
        pass
    assert texts_to(number) == {TextState.SENT: 5}


def test_closed_unfinished_nobody_more_is_told_and_the_result_says_how_many_were_left(
    people: list[int], officer: int, monkeypatch: Any
) -> None:
    monkeypatch.setattr(sending, "send_sms", lambda phone, text, now: Sent(""))
    number = stopped_after_two(officer, monkeypatch)
    assert close_unfinished(number, frozenset(people[-1:]), NOW)
    assert (tell_some(number, NOBODY, NOW), text_some(number, lambda: NOW)) == (0, 0)
    end_announcement(number, NOW + DAY)
    row = announcement(number)
    assert row is not None
    assert row.result == Told(2, 0, {TextState.SENT: 1, TextState.CLOSED: 1}, left=3)
    assert (row.is_unfinished, row.ended_at) == (True, NOW)
    assert not close_unfinished(number, NOBODY, NOW), "once"
    assert not take_up(number, 7)


def test_who_got_what_is_forgotten_and_the_counts_stay(people: list[int], officer: int) -> None:
    number = kept(ALL_OF_TOWN, officer)
    tell_some(number, NOBODY, NOW)
    assert forget_deliveries(NOW + DELIVERIES_KEPT - DAY) == 0
    assert forget_deliveries(NOW + DELIVERIES_KEPT + DAY) == 6
    row = announcement(number)
    assert row is not None
    assert row.result == Told(5, 1, {})


def test_what_they_cost(people: list[int], officer: int, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(1):
        reach(ALL_OF_TOWN)
    number = kept(ALL_OF_TOWN, officer)
    with django_assert_max_num_queries(7):  # two of them are the test's savepoint
        tell_some(number, NOBODY, NOW)


@pytest.mark.parametrize(("hour", "expected"), [(0, True), (6, True), (7, False), (21, False), (22, True)])
def test_from_ten_to_seven_is_night(hour, expected):
    assert is_night(datetime(2026, 11, 30, hour, 59, tzinfo=clock.SHANGHAI)) is expected

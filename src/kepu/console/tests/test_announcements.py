"""What is sent is what was shown, once, inside one's divisions; under `voluntary` nobody is pressed."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import localtime

from kepu.audit import reads as audit
from kepu.audit.rules import Search
from kepu.campaigns.tests.samples import VOLUNTARY, reference_text
from kepu.campaigns.writes import publish_sheet
from kepu.console import announcing
from kepu.console.pages import announcements as pages
from kepu.console.tasks import WORKS
from kepu.console.tasks import announcements as tasks
from kepu.console.tests.conftest import enter
from kepu.jobs.models import JobRow
from kepu.jobs.writes import run_next
from kepu.kit import clock
from kepu.messages import reads as texts
from kepu.people import reads, writes
from kepu.people.models import Announcement, Delivery
from kepu.people.rules import Role
from kepu.people.tests.land import COUNTY, NOW, OTHER_TOWN, TOWN, enrolled, unit_in
from kepu.people.writes import announcements as sending
from kepu.standings.models import Score, Window

pytestmark = pytest.mark.django_db
LIST = "/admin/announcements/"
WRITE, SEND = LIST + "write/", LIST + "send/"


@pytest.fixture(autouse=True)
def texts_are_kept(settings: Any) -> None:
    settings.KEPU_DEVELOPMENT = True


@pytest.fixture
def people(clerk: int) -> list[int]:
    """Five communicators in the clerk's town, one elsewhere; the second wants no announcements."""
    here, there = unit_in(TOWN), unit_in(OTHER_TOWN)
    lines = [enrolled(number, here if number < 6 else there) for number in range(1, 7)]
    made = writes.enroll_many(lines, now=NOW)
    writes.set_hears_announcements(made[1], False, NOW)
    return made


def typed(**changes: str) -> dict[str, str]:
    return {
        "act": "preview",
        "text": "周六上午  村部有讲座",
        "audience": "communicators",
        "place": TOWN,
        "link": "/",
    } | changes


def previewed(client: Client, **changes: str) -> str:
    answer = client.post(WRITE, typed(**changes))
    assert answer.status_code == 200
    return str(answer.content.decode())


def token_in(page: str) -> dict[str, str]:
    found = re.search(r'name="preview" value="([^"]+)"', page)
    assert found is not None
    return {"preview": found[1]}


def work() -> None:
    while run_next(WORKS, clock.now):
        pass


def said(answer: Any) -> str:
    return str(answer.content.decode())


def test_what_was_shown_is_sent_once_and_the_result_says_who_was_not_told(
    client: Client, people: list[int], transactional_db: None
) -> None:
    page = previewed(client, by_text="1")
    assert "周六上午 村部有讲座" in page
    assert "【科普】周六上午 村部有讲座（不想收到：我的→设置）" in page
    assert "发给 4 人" in page
    assert "另有 1 人不接收通知" in page
    assert "今天还可发 1000 条" in page
    assert not Announcement.objects.exists(), "a preview writes nothing"
    token = token_in(page) | {"at_night": "1"}
    answers = [client.post(SEND, token) for _press in range(2)]
    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert JobRow.objects.count() == 1
    work()
    assert [reads.unread(person) for person in people] == [1, 0, 1, 1, 1, 0]
    assert [row.text for row in texts.outbox(10)] == [
        "【科普】周六上午 村部有讲座（不想收到：我的→设置）"
    ] * 4
    result = said(client.get(answers[0].headers["Location"]))
    for words in ("站内已通知</th><td>4", "本人不接收通知</th><td>1", "已发出</th><td>4"):
        assert words in result
    assert "站内已通知 4 人" in said(client.get(LIST))
    (record,) = audit.records(("",), Search(), None, 10)
    assert (record.deed.act, record.deed.division) == ("send_announcement", TOWN)
    assert record.deed.after["text"] == "周六上午 村部有讲座"


def test_other_counts_are_shown_again_before_anything_goes_out(client: Client, people: list[int]) -> None:
    token = token_in(previewed(client))
    writes.set_hears_announcements(people[0], False, NOW)
    again = client.post(SEND, token)
    assert again.status_code == 409
    assert "发给 3 人" in said(again)
    assert not Announcement.objects.exists()
    assert client.post(SEND, token_in(said(again))).status_code == 302


def test_of_two_previews_that_lie_open_one_goes_out(client: Client, people: list[int]) -> None:
    tokens = [token_in(previewed(client)), token_in(previewed(client, link="/me/"))]
    sent = [client.post(SEND, token).headers["Location"] for token in tokens]
    assert len(set(sent)) == Announcement.objects.count() == 1
    assert "已经发出" in said(client.get(sent[0]))


def test_the_same_again_within_the_hour_is_asked_about(
    client: Client, people: list[int], monkeypatch: Any
) -> None:
    client.post(SEND, token_in(previewed(client)))
    first = Announcement.objects.get()
    for other in ({"text": "别的"}, {"audience": "everybody"}):
        assert "同样的内容" not in previewed(client, **other)
    asked = previewed(client)
    assert f"同样的内容已于 {localtime(first.asked_at):%H:%M} 发给同样的人" in asked
    answers = [client.post(SEND, token_in(asked)) for _press in range(2)]
    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert Announcement.objects.count() == 2, "it was meant"
    later = clock.now() + timedelta(hours=2)
    monkeypatch.setattr(clock, "now", lambda: later)
    enter(client, 97, Role.TOWN_CLERK, TOWN)
    assert "同样的内容" not in previewed(client)


def test_texts_of_several_pieces_are_counted_by_the_piece(client: Client, people: list[int]) -> None:
    client.post(SEND, token_in(previewed(client, text="长" * 100, by_text="1")) | {"at_night": "1"})
    (row,) = Announcement.objects.all()
    (record,) = audit.records(("",), Search(), None, 10)
    assert (row.shown["texts"], record.deed.after["texts"], record.deed.after["people"]) == (8, 8, 4)


def test_a_preview_of_another_make_sends_nothing(client: Client, people: list[int], monkeypatch: Any) -> None:
    token = token_in(previewed(client))["preview"]
    for wrong in (token[:-1], "", "x" * 40, token.replace(token[3], "A" if token[3] != "A" else "B", 1)):
        assert client.post(SEND, {"preview": wrong}).status_code == 422
    monkeypatch.setattr(announcing, "PREVIEW_LIFE", -1)
    assert client.post(SEND, {"preview": token}).status_code == 422
    assert not Announcement.objects.exists()


def test_it_stays_inside_ones_divisions(client: Client, people: list[int]) -> None:
    for place in (OTHER_TOWN, COUNTY, "all", f"u{unit_in(OTHER_TOWN)}"):
        assert client.post(WRITE, typed(place=place)).status_code == 404, place
    officer, clerk, editor = Client(), Client(), Client()
    enter(officer, 91, Role.COUNTY_OFFICER, COUNTY)
    token = token_in(previewed(officer, place=COUNTY))
    assert client.post(SEND, token).status_code == 404, "another's preview of a place that is not mine"
    sent = officer.post(SEND, token).headers["Location"]
    assert client.get(sent).status_code == 404
    assert "村部" not in said(client.get(LIST))
    enter(clerk, 92, Role.UNIT_CLERK, "430623110001")
    enter(editor, 93, Role.EDITOR, "")
    for browser in (clerk, editor):
        assert {browser.get(page).status_code for page in (LIST, WRITE)} == {404}
        assert browser.post(SEND, token).status_code == 404


def test_what_is_missing_is_said_and_what_was_typed_stays(client: Client, people: list[int]) -> None:
    for wrong in ({"text": " "}, {"text": "字" * 201}, {"audience": "x"}, {"place": "x"}, {"place": "u0"}):
        answer = client.post(WRITE, typed(**wrong))
        assert answer.status_code == 422, wrong
    assert "村部有讲座" in said(client.post(WRITE, typed(audience="x")))
    units = said(client.post(WRITE, typed(act="narrow")))
    assert f'<option value="u{unit_in(TOWN)}">' in units


def publish(text: str) -> int:
    """The campaign's number; its year is this one, its units' tasks are left out."""
    text = re.sub(r"20(21|26)-", f"{clock.now().year}-", text)
    text = re.sub(r"(?s)\[tasks\.total\].*?(?=\[\[rounds\]\])", "", text)
    published = publish_sheet(text, "某", "某", clock.now())
    number = getattr(published, "number", None)
    assert number is not None, published
    return int(number)


def test_those_behind_are_reminded_under_a_notice(
    client: Client, people: list[int], monkeypatch: Any, transactional_db: None
) -> None:
    now = clock.now().replace(month=5, day=10)
    monkeypatch.setattr(clock, "now", lambda: now)
    number = publish(reference_text())
    enter(client, 95, Role.TOWN_CLERK, TOWN)
    goal = announcing.goal_in(TOWN, now)
    assert (goal.campaign, goal.why_not) == (number, "")
    window = Window.objects.create(campaign=number, name=goal.window)
    for person, volume in ((people[0], goal.volume), (people[2], goal.volume - 1)):
        Score.objects.create(
            window=window, person=person, volume=volume, reached_ms=1, unit=1, town=1, county=1, city=1
        )
    form = said(client.get(WRITE + "?reminder=task"))
    assert str(goal.volume) in form
    page = previewed(client, audience="behind")
    assert "发给 3 人" in page
    client.post(SEND, token_in(page))
    work()
    assert [reads.unread(person) for person in people] == [0, 0, 1, 1, 1, 0]


def test_under_voluntary_nobody_is_pressed_for_numbers(
    client: Client, people: list[int], monkeypatch: Any
) -> None:
    now = clock.now().replace(month=5, day=10)
    monkeypatch.setattr(clock, "now", lambda: now)
    publish(VOLUNTARY)
    enter(client, 95, Role.TOWN_CLERK, TOWN)
    page = said(client.get(LIST))
    assert "不得以数量催促（国办函〔2026〕12号）" in page
    assert "?reminder=task" not in page
    assert "?reminder=certify" in page
    answer = client.post(WRITE, typed(audience="behind"))
    assert answer.status_code == 422
    assert "不得以数量催促" in said(answer)
    assert client.get(WRITE + "?reminder=task").status_code == 422


def test_where_no_campaign_runs_the_task_is_not_offered(client: Client, people: list[int]) -> None:
    assert "这个地方现在没有活动" in said(client.get(LIST))
    assert "完成实名认证，之后您的分享才会计入" in said(client.get(WRITE + "?reminder=certify"))


def test_what_the_pages_cost(client: Client, people: list[int], django_assert_max_num_queries: Any) -> None:
    for number in range(26):
        client.post(SEND, token_in(previewed(client, text=f"讲座{number}")))
        JobRow.objects.all().delete()
    last = Announcement.objects.order_by("-pk").first()
    assert last is not None
    with django_assert_max_num_queries(14):
        client.get(LIST)
    with django_assert_max_num_queries(18):
        client.get(WRITE)
    with django_assert_max_num_queries(16):
        client.post(WRITE, typed())
    with django_assert_max_num_queries(16):
        client.get(f"{LIST}{last.pk}/")


def test_texts_at_night_are_asked_for_once_more(client, people, monkeypatch):
    monkeypatch.setattr(pages, "is_night", lambda _now: True)
    asked = previewed(client, by_text="1")
    assert 'name="at_night"' in asked
    again = client.post(SEND, token_in(asked))
    assert (again.status_code, Announcement.objects.count()) == (409, 0)
    assert 'name="at_night"' not in previewed(client)
    sent = client.post(SEND, token_in(again.content.decode()) | {"at_night": "1"})
    assert (sent.status_code, Announcement.objects.count()) == (302, 1)


def stopped(client: Client, people: list[int], monkeypatch: Any) -> str:
    """The address of an announcement with texts whose work failed after it had told two and sent a text."""
    address = client.post(SEND, token_in(previewed(client, by_text="1")) | {"at_night": "1"}).headers[
        "Location"
    ]
    real = sending.tell_some
    monkeypatch.setattr(sending, "TOLD_AT_ONCE", 2)
    monkeypatch.setattr(sending, "TEXTS_AT_ONCE", 1)

    def tell_two_then_break(*asked: Any) -> int:
        if Delivery.objects.exists():
            sending.text_some(asked[0], clock.now)
            raise ValueError
        return real(*asked)

    with monkeypatch.context() as broken:
        broken.setattr(tasks, "tell_some", tell_two_then_break)
        work()
    assert [row.state for row in JobRow.objects.all()] == ["failed"]
    return str(address)


def test_what_stopped_is_gone_on_with_for_exactly_the_rest(
    client: Client, people: list[int], monkeypatch: Any, transactional_db: None
) -> None:
    address = stopped(client, people, monkeypatch)
    assert "中途停止" in said(client.get(LIST))
    page = said(client.get(address))
    for words in ("中途停止", "还有 3 人未通知", "站内已通知</th><td>1", "继续发给其余的人"):
        assert words in page
    colleague = Client()
    enter(colleague, 96, Role.COUNTY_OFFICER, COUNTY)
    assert "继续发给其余的人" in said(colleague.get(address)), (
        "whoever may announce there, not the asker alone"
    )
    answers = [colleague.post(f"{address}go-on/") for _press in range(2)]
    assert {answer.headers["Location"] for answer in answers} == {address}
    assert JobRow.objects.count() == 2, "once, however often it is pressed"
    assert "正在发送" in said(client.get(address))
    work()
    assert [reads.unread(person) for person in people] == [1, 0, 1, 1, 1, 0]
    assert len(texts.outbox(10)) == len({row.phone for row in texts.outbox(10)}) == 4
    page = said(client.get(address))
    assert "站内已通知</th><td>4" in page
    assert "中途停止" not in page
    records = audit.records(("",), Search(act="go_on_announcement"), None, 10)
    assert [(record.deed.division, record.deed.after) for record in records] == [(TOWN, {"people": 3})]
    client.post(f"{address}go-on/")
    client.post(f"{address}close/")
    assert JobRow.objects.count() == 2, "it has ended"
    assert "未发完" not in said(client.get(address))


def test_what_stopped_may_be_closed_and_its_result_says_so(
    client: Client, people: list[int], monkeypatch: Any, transactional_db: None
) -> None:
    address = stopped(client, people, monkeypatch)
    assert client.post(f"{address}close/").status_code == 302
    page = said(client.get(address))
    for words in ("未发完，已结束", "未通知：未发完即结束</th><td>3", "站内已通知</th><td>1"):
        assert words in page
    assert "继续发给其余的人" not in page
    assert "未发完，已结束" in said(client.get(LIST))
    client.post(f"{address}go-on/")
    work()
    assert [reads.unread(person) for person in people] == [1, 0, 0, 0, 0, 0]
    assert len(audit.records(("",), Search(act="close_announcement"), None, 10)) == 1


def test_while_it_is_being_sent_nobody_goes_on_or_closes(client: Client, people: list[int]) -> None:
    address = client.post(SEND, token_in(previewed(client))).headers["Location"]
    for act in ("go-on/", "close/"):
        assert client.post(address + act).headers["Location"] == address
    assert JobRow.objects.count() == 1
    assert Announcement.objects.get().ended_at is None
    page = said(client.get(address))
    assert "继续发给其余的人" not in page

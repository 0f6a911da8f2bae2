"""What the site tells a person: written with what it tells, seen by them alone, marked once read."""

import pytest
from django.db import transaction

from kepu.people import reads, writes
from kepu.people.models import Notice
from kepu.people.rules import NoticeKind, Refused, Role
from kepu.people.tests import land
from kepu.people.tests.land import DAY, NOW
from kepu.people.writes.notices import tell_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(country):
    return land.staff(90, Role.TOWN_CLERK, land.TOWN)


@pytest.fixture
def person(country):
    return land.applicant(1)


def newest(account):
    return reads.notices(account, 0, 1).rows[0]


def test_each_decision_says_what_happened_and_what_to_do_next(clerk, person):
    writes.return_certification(person, clerk, "单位写到村", NOW)
    returned = newest(person)
    assert (returned.kind, returned.link, returned.at) == (NoticeKind.RETURNED, "/me/certification/", NOW)
    assert "单位写到村" in returned.text
    assert "重新提交" in returned.next_step
    writes.submit_certification(person, land.application(), NOW)
    writes.approve_certification(person, clerk, NOW + DAY)
    assert (newest(person).kind, newest(person).link) == (NoticeKind.APPROVED, "/")
    assert "向阳街社区" in newest(person).text
    writes.revoke_certification(person, clerk, "已调离", NOW + 2 * DAY)
    assert newest(person).kind is NoticeKind.REVOKED
    assert "已调离" in newest(person).text
    assert reads.unread(person) == 3
    assert reads.unread(clerk) == 0


def test_a_refused_decision_tells_nobody(clerk, person):
    assert isinstance(writes.return_certification(person, clerk, " ", NOW), Refused)
    assert isinstance(writes.revoke_certification(person, clerk, "错", NOW), Refused)
    stranger = land.staff(91, Role.TOWN_CLERK, land.OTHER_TOWN)
    assert isinstance(writes.approve_certification(person, stranger, NOW), Refused)
    assert not Notice.objects.exists()


@pytest.mark.parametrize("decision", ["approve_certification", "return_certification"])
def test_decision_and_notice_stand_together_or_not_at_all(clerk, person, decision, monkeypatch):
    monkeypatch.setattr("kepu.people.writes.certification._decide", lambda *_: 1 / 0)
    given = (person, clerk, NOW) if decision.startswith("approve") else (person, clerk, "错", NOW)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        getattr(writes, decision)(*given)
    assert not Notice.objects.exists()


def test_every_kind_has_a_sentence_and_a_next_step(person):
    for kind in NoticeKind:
        writes.notify(person, kind, {"text": "通知", "unit": "村", "reason": "错", "thing": "书"}, "/", NOW)
        row = newest(person)
        assert row.kind is kind
        assert row.text
        assert row.next_step
        assert "{" not in row.text


def test_words_with_braces_are_only_words(person):
    writes.notify(person, NoticeKind.RETURNED, {"reason": "{unit} {0} %s"}, "/", NOW)
    assert "{unit} {0} %s" in newest(person).text


def test_they_come_newest_first_a_page_at_a_time(person, django_assert_num_queries):
    for number in range(5):
        writes.notify(person, NoticeKind.ANNOUNCED, {"text": str(number)}, "/", NOW)
    with django_assert_num_queries(1):
        page = reads.notices(person, 1, 3)
    assert [row.text for row in page.rows] == ["3", "2", "1"]
    assert page.next_start == 4


def test_what_was_shown_is_read_once_and_only_ones_own(person, django_assert_num_queries):
    other = land.newcomer(2)
    for account in (person, person, other):
        writes.notify(account, NoticeKind.ANNOUNCED, {"text": "通知"}, "/", NOW)
    ids = list(Notice.objects.values_list("pk", flat=True))
    with django_assert_num_queries(1):
        writes.mark_read(person, ids[1:], NOW)
    writes.mark_read(person, ids[1:], NOW + DAY)
    assert (reads.unread(person), reads.unread(other)) == (1, 1)
    assert list(Notice.objects.exclude(read_at=None).values_list("pk", "read_at")) == [(ids[1], NOW)]


def test_an_announcement_comes_only_to_those_who_want_them_what_concerns_oneself_always(person):
    writes.set_hears_announcements(person, False, NOW)
    writes.notify(person, NoticeKind.ANNOUNCED, {"text": "通知"}, "/", NOW)
    assert reads.unread(person) == 0
    writes.notify(person, NoticeKind.RETURNED, {"reason": "错"}, "/", NOW)
    assert reads.unread(person) == 1


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example", "javascript:x", "", "/\\evil.example", "/\n/evil.example"],
)
def test_a_notice_leads_to_a_place_on_this_site(person, elsewhere):
    with pytest.raises(AssertionError):
        writes.notify(person, NoticeKind.ANNOUNCED, {}, elsewhere, NOW)


def test_a_fact_is_told_once_to_each_open_account_however_often_it_is_asked(person):
    words = {"title": "地震来了", "words": "数字有误"}
    for told in (1, 0):
        assert tell_once([person, 10**9], NoticeKind.ARTICLE_WITHDRAWN, words, "/a/1/?turn=7", NOW) == told
    assert "数字有误" in newest(person).text
    assert "地震来了" in newest(person).text
    assert tell_once([person], NoticeKind.ARTICLE_CORRECTED, words, "/a/1/?turn=8", NOW) == 1

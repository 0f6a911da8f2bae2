"""What waits for a member of staff on the home page: bounded, inside their scopes, few questions."""

import re
from datetime import timedelta

import pytest

from kepu.console.tests.conftest import enter
from kepu.console.tests.made_town import town
from kepu.figures.models import SentFile
from kepu.figures.reads.waiting import waiting_for_second
from kepu.jobs.models import JobRow
from kepu.jobs.writes import ask_job
from kepu.kit import clock
from kepu.people.models import Announcement, Certification, RosterFile
from kepu.people.reads import scopes_of
from kepu.people.reads.waiting import PeopleWaiting, people_waiting
from kepu.people.rules import Role
from kepu.people.tests.land import COUNTY, OTHER_COUNTY, TOWN

__all__ = ["town"]
pytestmark = pytest.mark.django_db
HOME = "/admin/"


@pytest.fixture
def world(town, db):
    """The town at work: an application, a file that is read, an announcement, a roster with a refused row."""
    return town


def lines(answer) -> dict[str, int]:
    """Words and numbers of the lines of what waits."""
    page = answer.content.decode()
    part = page[page.index("board-waiting") :].split("</section>")[0]
    found = re.findall(
        r'<span class="board-count[^"]*"><span class="number">([\d,]+)</span></span> ([^<]+)', part
    )
    return {words.strip(): int(count.replace(",", "")) for count, words in found}


def test_an_officer_sees_applications_figures_rosters_and_stopped_announcements(client, world):
    account = enter(client, 90, Role.COUNTY_OFFICER, COUNTY)
    SentFile.objects.update(state="waiting")
    RosterFile.objects.update(brought_by=account, counts={"new": 2, "refused": 1})
    assert lines(client.get(HOME)) == {
        "没发完的通知": 1,
        "待审核的认证申请": 1,
        "待处理的投诉与建议": 1,
        "我送来还没录入的名册": 1,
        "等我批准或确认撤回的官方数据": 1,
    }


def test_what_is_under_way_done_or_not_mine_to_do_is_no_line(client, world):
    account = enter(client, 90, Role.COUNTY_OFFICER, COUNTY)
    SentFile.objects.update(state="waiting", sent_by=account)  # the second person is another
    job = ask_job("announce", "x", {}, account, clock.now())
    Announcement.objects.update(job=job)  # its work goes on
    RosterFile.objects.update(brought_by=account, counts={"refused": 1})  # nothing in it to enter
    shown = lines(client.get(HOME))
    assert shown["等我批准或确认撤回的官方数据"] == 0
    assert {"没发完的通知", "我送来还没录入的名册"} & shown.keys() == set()
    JobRow.objects.filter(pk=job).update(state="failed")
    assert lines(client.get(HOME))["没发完的通知"] == 1


def test_elsewhere_nothing_of_the_town_is_counted(client, world):
    SentFile.objects.update(state="waiting")
    enter(client, 90, Role.COUNTY_OFFICER, OTHER_COUNTY)
    assert sum(lines(client.get(HOME)).values()) == 0


def test_a_reviewer_sees_the_articles_of_the_own_step(client, world):
    enter(client, 90, Role.REVIEWER_2, "")
    assert lines(client.get(HOME)) == {"等我审的稿件": 1}


def test_one_question_answers_for_all_that_is_about_people(world, client, django_assert_num_queries):
    account = enter(client, 90, Role.TOWN_CLERK, TOWN)
    scopes, now = scopes_of(account), clock.now()
    Certification.objects.filter(state="submitted").update(review_due_at=now - timedelta(minutes=1))
    (work,) = Announcement.objects.values_list("job", flat=True)
    with django_assert_num_queries(1):
        assert people_waiting(scopes, account, now) == PeopleWaiting(1, 1, 0, (work,))
    with django_assert_num_queries(0):
        assert people_waiting(frozenset({(Role.AUDITOR, COUNTY)}), account, now) == PeopleWaiting()
    assert waiting_for_second((), account) == 0

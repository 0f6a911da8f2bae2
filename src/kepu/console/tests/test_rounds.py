"""Claims about the back office's pages of a round: what is offered, what is kept, who answers."""

from datetime import date

import pytest

from kepu.audit.models import Kept
from kepu.awards import reads, writes
from kepu.awards.rules import Stage, Step
from kepu.console.tests.conftest import enter
from kepu.kit import clock
from kepu.people.models import Communicator
from kepu.people.rules import Role
from kepu.standings.tests import town

pytestmark = pytest.mark.django_db(transaction=True)
ROUND = "/admin/rounds/chaqi-2021/annual/"
OF = ("chaqi-2021", "annual")


@pytest.fixture
def officer(client):
    town.build()
    (winner,) = town.enrol(1)
    town.credit(winner, 3000, date(2021, 8, 2))
    return enter(client, 80, Role.COUNTY_OFFICER, "430623")


def test_the_page_offers_the_one_step_that_comes_next_and_keeps_who_took_it(client, officer):
    assert "下一步：封账" in client.get("/admin/rounds/").content.decode()
    page = client.get(ROUND).content.decode()
    assert "封账" in page
    assert "锁定名单" not in page
    answer = client.post(f"{ROUND}step/", {"step": "freeze"}, follow=True).content.decode()
    assert "进度已经变了" in answer
    assert reads.life(*OF).stage is Stage.OPEN
    client.post(f"{ROUND}step/", {"step": "close"})
    assert reads.life(*OF).stage is Stage.CLOSED
    kept = Kept.objects.get(act="round_step")
    assert (kept.account, kept.division) == (officer, "430623110")
    assert client.post(f"{ROUND}step/", {"step": "award"}).status_code == 400


def test_taking_back_wants_a_reason_and_the_list_is_shown_with_its_snapshot(client, officer):
    now = clock.now()
    writes.take_step(*OF, Step.CLOSE, officer, now)
    writes.judge_round(*OF, officer, now)
    client.post(f"{ROUND}step/", {"step": "freeze"})
    page = client.get(ROUND).content.decode()
    assert "锁定的名单依据什么" in page
    assert "3,000" in page
    client.post(f"{ROUND}step/", {"step": "thaw", "reason": ""})
    assert reads.life(*OF).stage is Stage.FROZEN
    client.post(f"{ROUND}step/", {"step": "thaw", "reason": "名册有误"})
    assert reads.life(*OF).stage is Stage.EVALUATED


def test_a_villages_counter_enters_paper_while_the_list_is_public(client, officer):
    """The clerk finds the round at the counter, states the winner by number, and reads no whole name."""
    winner = Communicator.objects.get().account_id
    enter(client, 82, Role.UNIT_CLERK, town.TONGFU, "村文书")
    assert f"{ROUND}objections/new/" not in client.get("/admin/counter/").content.decode()
    now = clock.now()
    writes.take_step(*OF, Step.CLOSE, officer, now)
    writes.judge_round(*OF, officer, now)
    writes.freeze_round(*OF, reads.fresh_list(*OF), officer, now)
    writes.take_step(*OF, Step.PUBLISH, officer, now)
    assert f"{ROUND}objections/new/" in client.get("/admin/counter/").content.decode()
    stated = {
        "name": "路人王",
        "about": winner,
        "says": "她8月2日的数不对，请核查。",
        "evidence": "有记录为证。",
    }
    answer = client.post(f"{ROUND}objections/new/", stated, follow=True).content.decode()
    [filed] = reads.objections(*OF)
    assert f"异议第 {filed.id} 号已录入，对象：王*明。" in answer
    clerk = Kept.objects.get(act="file_objection").account
    assert (filed.objector, filed.objector_name, filed.entered_by) == (0, "路人王", clerk)
    assert "路人王" not in str(list(Kept.objects.values()))


def test_officers_of_elsewhere_and_clerks_of_villages_find_nothing(client, officer):
    enter(client, 81, Role.COUNTY_OFFICER, "430602")
    assert client.get(ROUND).status_code == 404
    assert client.get(f"{ROUND}objections/new/").status_code == 404
    assert "annual" not in client.get("/admin/rounds/").content.decode()
    enter(client, 82, Role.UNIT_CLERK, town.TONGFU)
    assert client.get("/admin/rounds/").status_code == 404
    assert client.get(f"{ROUND}objections/new/").status_code == 200  # paper comes to the nearest counter
    enter(client, 83, Role.UNIT_CLERK, town.ELSEWHERE)
    assert client.get(f"{ROUND}objections/new/").status_code == 404

"""Every page of rounds, objections, certificates and payouts costs a number of queries that does not grow."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kepu.awards import reads, writes
from kepu.awards.reads import payouts
from kepu.awards.reads.certificates import certificates
from kepu.awards.rules import Answer, Filed, Said, Step, Taken
from kepu.awards.rules.payouts import Event, PayList
from kepu.awards.rules.top_ups import mark_of
from kepu.awards.tests.final import make_final
from kepu.awards.writes import payouts as paying
from kepu.console.tests.conftest import enter
from kepu.kit import clock
from kepu.people.models import Account
from kepu.people.rules import Role
from kepu.standings.tests import town

pytestmark = pytest.mark.django_db(transaction=True)
SLUG, ROUND, COUNTY = "chaqi-2021", "annual", "430623"
OF = (SLUG, ROUND)
LIST = PayList(SLUG, ROUND, COUNTY)
QUERIES_MAX = 20
BECAUSE = "查了当天的记录，答复如下，请知悉。"


@pytest.fixture
def officers(client):
    """Twelve on the list and four officers of the county; the last is signed in."""
    town.build()
    client.people = town.enrol(12)
    for place, person in enumerate(client.people):
        town.credit(person, 4000 - 10 * place, date(2021, 8, 2), place)
    return [
        enter(client, 80 + each, Role.COUNTY_OFFICER, COUNTY, f"干部{'甲乙丙丁'[each]}") for each in range(4)
    ]


def step(which, by, now):
    if which is Step.FREEZE:
        taken = writes.freeze_round(*OF, reads.fresh_list(*OF), by, now)
    else:
        taken = writes.take_step(*OF, which, by, now, "有原因")
    assert isinstance(taken, Taken), taken


def made_public(by, now):
    assert isinstance(writes.judge_round(*OF, by, now), Taken)
    step(Step.FREEZE, by, now)
    step(Step.PUBLISH, by, now)


def public_with_objections(client, officers):
    """A second list is public after an upheld objection; nine others were filed, half of them answered."""
    now = clock.now()
    step(Step.CLOSE, officers[0], now)
    made_public(officers[0], now)
    filed = []
    for place, person in enumerate(client.people[:10]):
        said = Said(person, "王明", person, "这一天的数不对，请核查。", "有记录为证。")
        found = writes.file_objection(*OF, said, now + timedelta(seconds=place))
        assert isinstance(found, Filed), found
        filed.append(found.id)
    for number in filed[1:6]:
        writes.answer_objection(number, Answer(False, BECAUSE), officers[1], now)
    upheld = Answer(True, BECAUSE, adds=((20210802, -35),))
    assert isinstance(writes.answer_objection(filed[0], upheld, officers[1], now), Filed)
    writes.enter_corrections(*OF, now)
    made_public(officers[2], now + timedelta(seconds=30))
    return filed


def counted(client, address, django_assert_max_num_queries):
    """How many queries a page costs when it is asked for the second time, at most QUERIES_MAX."""
    assert client.get(address).status_code == 200, address
    with django_assert_max_num_queries(QUERIES_MAX) as asked:
        client.get(address)
    return len(asked)


def test_rounds_and_objections(client, officers, django_assert_max_num_queries):
    filed = public_with_objections(client, officers)
    round_ = f"/admin/rounds/{SLUG}/{ROUND}/"
    costs = {
        address: counted(client, address, django_assert_max_num_queries)
        for address in (
            "/admin/rounds/",
            round_,
            f"{round_}?scope={COUNTY}",
            f"{round_}?scope=4306&start=5",
            f"{round_}objections/new/",
            f"{round_}persons/{client.people[0]}/",
            f"/admin/rounds/objections/{filed[0]}/",
            f"/admin/rounds/objections/{filed[1]}/",
            f"/admin/rounds/objections/{filed[9]}/?day=2021-08-02",
        )
    }
    print(costs)
    assert costs["/admin/rounds/"] <= 12


def test_a_final_round(client, officers, django_assert_max_num_queries):
    make_final()
    counted(client, f"/admin/rounds/{SLUG}/{ROUND}/?scope={COUNTY}", django_assert_max_num_queries)
    page = client.get("/admin/certificates/").content.decode()
    assert "2021年全年评选" in page


def test_certificates_of_more_rounds_cost_no_more(client, officers, django_assert_max_num_queries):
    """Both rounds of the campaign are final: neither waits for questions of its own."""
    make_final()
    one = counted(client, "/admin/certificates/", django_assert_max_num_queries)
    make_final(SLUG, "midyear")
    both = client.get("/admin/certificates/").content.decode()
    assert both.count('class="button">颁奖') == 2
    assert counted(client, "/admin/certificates/", django_assert_max_num_queries) == one


def test_certificates_and_payouts(client, officers, django_assert_max_num_queries):
    make_final()
    now = clock.now()
    assert isinstance(writes.issue_certificates(*OF, officers[0], now), writes.Awarded)
    batch = paying.make_batch(LIST, officers[0], now)
    lines = payouts.roster(LIST)
    marks = [mark_of(batch.number, line.number) for line in lines]
    rows = "".join(f"{mark},500,失败,停机\n" for mark in marks[:9])
    answer = SimpleUploadedFile("回单.csv", f"行号,金额,结果,原因\n{rows}".encode())
    list_ = f"/admin/payouts/{SLUG}/{ROUND}/{COUNTY}/"
    token = client.post(f"{list_}answer/", {"file": answer})["Location"]
    looking = counted(client, token, django_assert_max_num_queries)
    client.post(token)
    for officer in officers:  # each of them did something to the line
        paying.act_on_line(lines[0].number, Event.RETRY, "复机", officer, now)
        paying.act_on_line(lines[0].number, Event.HAND, "签字", officer, now)
        paying.act_on_line(lines[0].number, Event.RETURN, "退回", officer, now)
    told = payouts.happened(lines[0].number)
    assert {each.by for each in told} == set(officers)
    first = certificates(SLUG, ROUND, (COUNTY,), 0, 1).rows[0]
    papers = f"/admin/certificates/{SLUG}/{ROUND}/"
    costs = {
        address: counted(client, address, django_assert_max_num_queries)
        for address in (
            "/admin/certificates/",
            papers,
            f"{papers}?start=5",
            "/admin/payouts/",
            list_,
            f"{list_}?state=failed",
            f"{list_}answer/",
            f"/admin/payout-lines/{lines[0].number}/",
            f"/admin/payout-lines/{lines[5].number}/",
        )
    }
    print(costs, looking)
    line, other = (costs[f"/admin/payout-lines/{each.number}/"] for each in (lines[0], lines[5]))
    assert line == other <= 15, "whoever acted is named by one question"
    with django_assert_max_num_queries(QUERIES_MAX):
        assert client.get(f"/admin/certificate/{first.number}/paper/").status_code == 200


def test_an_officer_who_left_is_still_named_in_what_they_did(client, officers):
    make_final()
    writes.issue_certificates(*OF, officers[3], clock.now())
    line = payouts.roster(LIST)[0]
    paying.act_on_line(line.number, Event.HAND, "签字", officers[0], clock.now())
    Account.objects.filter(pk=officers[0]).update(is_active=False)
    page = client.get(f"/admin/payout-lines/{line.number}/").content.decode()
    assert "干部甲" in page
    assert "命令行" not in page


def test_the_public_pages(client, officers, django_assert_max_num_queries):
    filed = public_with_objections(client, officers)
    assert len(filed) == 10
    client.cookies.clear()
    public = f"/rounds/{SLUG}/{ROUND}/"
    costs = {address: counted(client, address, django_assert_max_num_queries) for address in (public,)}
    town.sign_in(client, client.people[0])
    for address in (f"{public}?scope={COUNTY}", f"{public}why/", f"{public}object/?scope={COUNTY}&line=3"):
        costs[address] = counted(client, address, django_assert_max_num_queries)
    print(costs)
    assert costs[public] <= 7

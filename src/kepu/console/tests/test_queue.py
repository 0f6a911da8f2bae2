"""The morning's reviews: sought, ticked together, returned, twins compared, one after another."""

import re
from typing import Any

import pytest
from django.test import Client

from kepu.audit import reads as audit
from kepu.audit.rules import Search
from kepu.console.tests.conftest import enter
from kepu.kit import clock
from kepu.people import reads, writes
from kepu.people.models import Certification, CertificationStep
from kepu.people.reads.words import return_reasons
from kepu.people.rules import CertificationState, Role
from kepu.people.tests.land import COUNTY, DAY, OTHER_TOWN, TOWN, application, newcomer, settle, unit_in

pytestmark = pytest.mark.django_db
QUEUE = "/admin/certifications/"
S = CertificationState
NAMES = [f"张{word}" for word in "一二三四五六七八九十百千万春夏秋冬东南西北上中下左右前后天地人"]


def submitted(number: int, name: str, town: str = TOWN, **changes: object) -> int:
    account = newcomer(number)
    stated = application(town, name=name, **changes)
    assert isinstance(writes.submit_certification(account, stated, clock.now()), int)
    return account


def state(account: int) -> CertificationState:
    row = reads.certification_of(account)
    assert row is not None
    return row.state


def ticked(*accounts: int) -> list[str]:
    rows = [reads.certification_of(account) for account in accounts]
    return [f"{row.account}:{row.step}" for row in rows if row is not None]


def text(answer: Any) -> str:
    return str(answer.content.decode())


def listed(page: str) -> list[str]:
    return re.findall(r'/admin/certifications/\d+/[^"]*">([^<]+)</a></div>', page)


def acts() -> list[str]:
    return [record.deed.act for record in audit.records(("",), Search(), None, 100)]


def test_the_queue_is_sought_by_town_unit_name_and_deadline(client: Client, db: None) -> None:
    from_land(client)
    xiangyang, tongfu = unit_in(TOWN), unit_in(TOWN, "同福村")
    for number, (name, town, unit) in enumerate(
        [("甲向阳", TOWN, xiangyang), ("乙同福", TOWN, tongfu), ("丙外镇", OTHER_TOWN, unit_in(OTHER_TOWN))],
        1,
    ):
        submitted(number, name, town, unit=unit)
    Certification.objects.filter(name="乙同福").update(review_due_at=clock.now() - DAY)
    assert sorted(listed(text(client.get(QUEUE)))) == ["丙外镇", "乙同福", "甲向阳"]
    asked = {
        f"?town={TOWN}": ["乙同福", "甲向阳"],
        f"?town={TOWN}&unit={tongfu}": ["乙同福"],
        "?name=外": ["丙外镇"],
        "?due=overdue": ["乙同福"],
        f"?town={TOWN}&name=外": [],
        "?state=approved": [],
        "?town=x&unit=-1&due=y&name=": ["乙同福", "丙外镇", "甲向阳"],
    }
    for query, names in asked.items():
        assert sorted(listed(text(client.get(QUEUE + query)))) == sorted(names), query
    page = text(client.get(f"{QUEUE}?town={TOWN}"))
    assert f'<option value="{tongfu}">同福村</option>' in page
    assert f'<option value="{OTHER_TOWN}">' in page


def from_land(client: Client) -> int:
    """The county's officer in the land."""
    settle()
    return enter(client, 90, Role.COUNTY_OFFICER, COUNTY)


def test_thirty_are_approved_by_two_presses_and_each_is_in_the_audit(client: Client, clerk: int) -> None:
    people = [submitted(number, name) for number, name in enumerate(NAMES[:30], 1)]
    for left in (5, 0):
        page = text(client.get(QUEUE))
        values = re.findall(r'name="ticked" value="(\d+:\d+)"', page)
        done = text(client.post(QUEUE + "approve/", {"ticked": values}, follow=True))
        assert f"有 {left} 份等待审核" in done
    assert {state(person) for person in people} == {S.APPROVED}
    assert acts().count("approve_certification") == 30
    assert "今天您已办 30 份" in text(client.get(QUEUE))


def test_each_ticked_one_has_its_own_verdict(client: Client, clerk: int) -> None:
    first, second, third = (submitted(number, NAMES[number]) for number in range(1, 4))
    own = clerk
    values = ticked(first, second, third)
    writes.return_certification(second, clerk, "请修改", clock.now())
    writes.return_certification(third, clerk, "请修改", clock.now())
    writes.submit_certification(third, application(name="张改名"), clock.now())
    writes.submit_certification(own, application(name="周审"), clock.now())
    values += ticked(own)
    page = text(client.post(QUEUE + "approve/", {"ticked": values}, follow=True))
    assert f"已通过：{NAMES[1]}。" in page
    for name, why in (("张三", "已经办过了"), ("张改名", "请重新看一遍"), ("周审", "不能审核自己的申请")):
        assert re.search(f"{name}：[^<]*{why}", page), name
    assert [state(person) for person in (first, second, third, own)] == [
        S.APPROVED,
        S.RETURNED,
        S.SUBMITTED,
        S.SUBMITTED,
    ]
    assert acts() == ["approve_certification"]


def test_what_lies_outside_or_is_nonsense_is_passed_over(client: Client, clerk: int) -> None:
    other = submitted(1, "王外", OTHER_TOWN)
    values = [*ticked(other), "x", ":", "5", f"{10**20}:1", ""]
    page = client.post(QUEUE + "approve/", {"ticked": values})
    assert (page.status_code, page.headers["Location"]) == (302, f"{QUEUE}#queue")
    assert "王外" not in text(client.get(QUEUE))
    assert state(other) is S.SUBMITTED
    editor = Client()
    enter(editor, 91, Role.EDITOR, "")
    assert editor.post(QUEUE + "approve/", {"ticked": values}).status_code == 404
    looked_at = client.get(QUEUE + "approve/")
    assert looked_at.status_code == 405
    assert f'href="{QUEUE}"' in text(looked_at)


def test_a_twin_is_marked_compared_and_never_approved_in_bulk(client: Client, clerk: int) -> None:
    known = submitted(1, "王秀英")
    writes.approve_certification(known, clerk, clock.now())
    again, alone = submitted(2, "王秀英"), submitted(3, "王秀英", unit=unit_in(TOWN, "同福村"))
    page = text(client.get(QUEUE))
    assert page.count("本单位有同名的人") == 1
    done = text(client.post(QUEUE + "approve/", {"ticked": ticked(again, alone)}, follow=True))
    assert "已通过：王秀英。" in done
    assert "请打开对照后再办" in done
    assert (state(again), state(alone)) == (S.SUBMITTED, S.APPROVED)
    side_by_side = text(client.get(f"{QUEUE}{again}/"))
    assert side_by_side.count('class="console-facts"') == 2
    assert side_by_side.count("办理经过") == 2
    for phone in ("138****0001", "138****0002"):
        assert phone in side_by_side
    client.post(f"{QUEUE}{again}/approve/", {"seen": ticked(again)[0].split(":")[1]})
    assert state(again) is S.APPROVED, "two people may bear one name"


def test_what_i_entered_at_the_counter_is_marked_and_has_no_button(client: Client, clerk: int) -> None:
    person = submitted(1, "王秀英")
    CertificationStep.objects.update(acted_by=clerk)
    page = text(client.get(QUEUE))
    assert "由您在柜台录入" in page
    assert 'name="only"' not in page
    assert re.search(rf'value="{person}:\d+"[^>]* disabled', page)
    assert f"{QUEUE}{person}/approve/" not in text(client.get(f"{QUEUE}{person}/"))


def test_a_return_joins_ticked_reasons_and_words(client: Client, clerk: int) -> None:
    person = submitted(1, "王秀英")
    seen = {"seen": ticked(person)[0].split(":")[1]}
    assert client.post(f"{QUEUE}{person}/return/", {"reasons": ["nonsense"], **seen}).status_code == 422
    client.post(f"{QUEUE}{person}/return/", {"reasons": ["unit", "name"], "reason": " 请写同福村 ", **seen})
    row = reads.certification_of(person)
    assert row is not None
    sentences = dict(return_reasons())
    assert row.reason == f"{sentences['name']}；{sentences['unit']}；请写同福村"
    assert row.reason in reads.notices(person, 0, 1).rows[0].text


def test_after_a_decision_the_next_of_the_same_search_opens(client: Client, clerk: int) -> None:
    tongfu = unit_in(TOWN, "同福村")
    first, second = (submitted(number, NAMES[number], unit=tongfu) for number in (1, 2))
    elsewhere = submitted(3, "张外", unit=unit_in(TOWN))
    query = f"?unit={tongfu}"
    assert f"{QUEUE}{second}/{query}" in text(client.get(f"{QUEUE}{first}/{query}"))
    for person, following in ((first, f"{QUEUE}{second}/{query}"), (second, f"{QUEUE}{query}")):
        seen = {"seen": ticked(person)[0].split(":")[1]}
        answer = client.post(f"{QUEUE}{person}/approve/{query}", seen)
        assert answer.headers["Location"] == following
    assert state(elsewhere) is S.SUBMITTED
    last = client.post(f"{QUEUE}{elsewhere}/approve/", {"seen": ticked(elsewhere)[0].split(":")[1]})
    assert last.headers["Location"] == QUEUE


def test_a_page_of_twins_costs_no_more(
    client: Client, clerk: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(1, 26):
        person = submitted(number, "王秀英")
    client.get(QUEUE)
    with django_assert_max_num_queries(17):
        client.get(QUEUE)
    with django_assert_max_num_queries(20):
        client.get(f"{QUEUE}{person}/")

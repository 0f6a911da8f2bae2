"""At the counter: the clerk enters, the person confirms, a colleague decides; who is known stays untold."""

import re
from typing import Any

import pytest
from django.test import Client

from kepu.audit import reads as audit
from kepu.audit.rules import Search
from kepu.console.tests.conftest import enter
from kepu.kit import clock
from kepu.messages import reads as texts
from kepu.people import reads, writes
from kepu.people.models import Account, Certification, CounterEntry
from kepu.people.notice import EDITION
from kepu.people.reads.twins import twins_of
from kepu.people.rules import CertificationState, NoticeKind, Role
from kepu.people.tests.land import (
    DAY,
    FAR_TOWN,
    OTHER_TOWN,
    TOWN,
    application,
    enrolled,
    newcomer,
    phone,
    unit_in,
)
from kepu.people.writes.forgetting import KEPT, forget_old

pytestmark = pytest.mark.django_db
COUNTER = "/admin/counter/"


@pytest.fixture(autouse=True)
def texts_are_kept(settings: Any) -> None:
    settings.KEPU_DEVELOPMENT = True


def typed(number: int, name: str = "陈桂兰", **changes: object) -> dict[str, object]:
    stated = application(TOWN)
    return {
        "act": "enter",
        "phone": phone(number),
        "name": name,
        "town": TOWN,
        "unit": stated.unit,
        "applicant_type": "personal",
        "association": stated.association,
    } | changes


def entered(client: Client, number: int, **changes: object) -> int:
    answer = client.post(COUNTER, typed(number, **changes))
    assert answer.status_code == 302, answer.content.decode()
    return int(re.findall(r"\d+", answer.headers["Location"])[0])


def sign(client: Client, entry: int) -> Any:
    return client.post(f"{COUNTER}{entry}/confirm/", {"way": "form", "signed": "1"}, follow=True)


def said(answer: Any) -> str:
    """The answer without what differs between two entries anyway."""
    page = str(answer.content.decode()).split('class="nice-padding"')[1]
    differs = r'\d\d:\d\d|counter/\d+|-\d{6}|138\*+\d+|value="\w{64}"'
    return re.sub(differs, "#", page)


def acts() -> list[str]:
    return [record.deed.act for record in audit.records(("",), Search(), None, 100)][::-1]


def test_by_a_code_the_person_confirms_and_a_colleague_decides(client: Client, clerk: int) -> None:
    entry = entered(client, 1)
    assert not Account.objects.filter(display_name="陈桂兰").exists(), "nothing before they confirm"
    assert client.post(f"{COUNTER}{entry}/code/").status_code == 302
    text = texts.outbox(1)[0].text
    assert "工作人员为您登记科普员" in text
    code = re.search(r"\d{6}", text)
    assert code is not None
    wrong = client.post(f"{COUNTER}{entry}/confirm/", {"way": "code", "code": "000000"})
    assert wrong.status_code == 422
    done = client.post(f"{COUNTER}{entry}/confirm/", {"way": "code", "code": code[0]})
    assert done.status_code == 302
    person = reads.account_with_phone(phone(1))
    assert person is not None
    agreement = reads.agreement_of(person)
    assert agreement is not None
    assert agreement.edition == EDITION
    row = reads.certification_of(person)
    assert row is not None
    assert (row.name, row.state) == ("陈桂兰", CertificationState.SUBMITTED)
    one = f"/admin/certifications/{person}/"
    assert "柜台代办" in client.get(one).content.decode()
    refused = client.post(one + "approve/", {"seen": row.step})
    assert (refused.status_code, "请由同事审核" in refused.content.decode()) == (409, True)
    assert client.post(one + "return/", {"seen": row.step, "reason": "x"}).status_code == 409
    colleague = Client()
    enter(colleague, 91, Role.TOWN_CLERK, TOWN, "赵同事")
    assert colleague.post(one + "approve/", {"seen": row.step}).status_code == 302
    assert acts() == [
        "enter_at_counter",
        "send_counter_code",
        "confirm_at_counter",
        "approve_certification",
    ]


def test_by_a_signed_form_with_its_number(client: Client, clerk: int) -> None:
    entry = entered(client, 1)
    paper = client.get(f"{COUNTER}{entry}/form/").content.decode()
    number = f"{TOWN}-{entry:06}"
    for part in (number, "陈桂兰", "138 ____ 0001", "申请人签字", "本人自愿申请", "console/paper.css"):
        assert part in paper, part
    assert phone(1) not in paper
    assert client.post(f"{COUNTER}{entry}/confirm/", {"way": "form"}).status_code == 422
    sign(client, entry)
    person = reads.account_with_phone(phone(1))
    assert person is not None
    assert number in client.get(f"/admin/certifications/{person}/").content.decode()
    kept = CounterEntry.objects.get(pk=entry)
    assert (kept.phone_sealed, kept.phone_index) == (None, ""), "the number lies in the account alone"
    again = client.post(f"{COUNTER}{entry}/confirm/", {"way": "form", "signed": "1"})
    assert again.status_code == 302
    assert Certification.objects.count() == 1


def test_the_counter_cannot_be_asked_who_is_registered(client: Client, clerk: int) -> None:
    far = writes.enroll_many([enrolled(2, unit_in(FAR_TOWN))], now=clock.now())[0]
    newcomer(3)
    answers = []
    for number in (1, 2, 3):
        entry = entered(client, number)
        page = said(client.get(f"{COUNTER}{entry}/"))
        sent = client.post(f"{COUNTER}{entry}/code/").status_code
        answers.append((page, sent, said(sign(client, entry)), said(client.get(f"{COUNTER}{entry}/"))))
    assert answers[0] == answers[1] == answers[2]
    row = reads.certification_of(far)
    assert row is not None
    assert (row.name, row.state) == ("赵大勇", CertificationState.APPROVED), "theirs stays as it was"
    assert reads.notices(far, 0, 1).rows[0].kind is NoticeKind.COUNTER
    assert "插旗镇" in reads.notices(far, 0, 1).rows[0].text
    held = CounterEntry.objects.get(is_submitted=False)
    assert held.account is None


def test_of_their_own_division_the_clerk_is_told(client: Client, clerk: int) -> None:
    here = writes.enroll_many([enrolled(2, unit_in(TOWN))], now=clock.now())[0]
    waiting = newcomer(3)
    writes.submit_certification(waiting, application(), clock.now())
    for number, words in ((2, "已经通过实名认证"), (3, "已经在等待审核")):
        answer = sign(client, entered(client, number))
        assert answer.status_code == 409
        assert words in answer.content.decode()
    assert not reads.notices(here, 0, 1).rows


def test_whoever_applied_before_is_the_same_account(client: Client, clerk: int) -> None:
    known = newcomer(1)
    sign(client, entered(client, 1))
    assert reads.account_with_phone(phone(1)) == known
    row = reads.certification_of(known)
    assert row is not None
    assert row.state is CertificationState.SUBMITTED
    assert twins_of([row]) == {}, "the same number twice cannot be"


def test_only_units_of_ones_own_counter_and_whole_forms(client: Client, db: None, clerk: int) -> None:
    village = Client()
    unit = reads.unit(unit_in(TOWN, "同福村"))
    assert unit is not None
    enter(village, 92, Role.UNIT_CLERK, unit.division, "村文书")
    page = village.get(COUNTER).content.decode()
    assert "同福村" in page
    assert "向阳街社区" not in page
    assert village.post(COUNTER, typed(1)).status_code == 422
    assert village.post(COUNTER, typed(1, unit=unit.id)).status_code == 302
    for wrong in ({"phone": "1"}, {"name": ""}, {"unit": ""}, {"association": "9" * 9}, {"town": OTHER_TOWN}):
        assert client.post(COUNTER, typed(1, **wrong)).status_code == 422, wrong
    assert client.post(COUNTER, typed(1) | {"act": "pick"}).status_code == 200
    assert CounterEntry.objects.count() == 1


def test_an_entry_is_its_clerks_alone(client: Client, clerk: int) -> None:
    entry = entered(client, 1)
    other, editor = Client(), Client()
    enter(other, 91, Role.TOWN_CLERK, TOWN)
    enter(editor, 92, Role.EDITOR, "")
    for browser in (other, editor):
        for path in ("", "form/"):
            assert browser.get(f"{COUNTER}{entry}/{path}").status_code == 404
        for path in ("code/", "confirm/", "drop/"):
            assert browser.post(f"{COUNTER}{entry}/{path}").status_code == 404
    assert editor.get(COUNTER).status_code == 404
    client.post(f"{COUNTER}{entry}/drop/")
    assert client.get(f"{COUNTER}{entry}/").status_code == 404
    assert acts()[-1] == "drop_counter_entry"


def test_what_nobody_confirmed_is_forgotten(client: Client, clerk: int) -> None:
    entered(client, 1)
    done = entered(client, 2)
    sign(client, done)
    forget_old(clock.now() + KEPT + DAY)
    assert [row.pk for row in CounterEntry.objects.all()] == [done]


def test_what_the_pages_cost(client: Client, clerk: int, django_assert_max_num_queries: Any) -> None:
    entry = 0
    for number in range(1, 27):
        entry = entered(client, number)
    client.get(COUNTER)
    with django_assert_max_num_queries(18):
        client.get(COUNTER)
    with django_assert_max_num_queries(14):
        client.get(f"{COUNTER}{entry}/")
    with django_assert_max_num_queries(14):
        client.get(f"{COUNTER}{entry}/form/")

"""Official figures in the back office: sent by one, approved by another, seen by nobody else's officers."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kepu.audit.models import Kept
from kepu.campaigns import reads as campaigns
from kepu.campaigns.rules import Published
from kepu.console.tasks import WORKS
from kepu.console.tests.conftest import enter
from kepu.figures.models import FileLine, SentFile
from kepu.figures.rules import FileState, Verdict
from kepu.figures.tests import exports
from kepu.figures.tests.sending import phones_of
from kepu.figures.tests.test_year import SHEET
from kepu.jobs.models import JobRow
from kepu.jobs.reads import folder
from kepu.jobs.writes import run_next
from kepu.kit import clock
from kepu.ledger import reads as ledger
from kepu.people import reads as people
from kepu.people.rules import Role
from kepu.standings.tests import town

pytestmark = pytest.mark.django_db
LIST, SEND = "/admin/figures/", "/admin/figures/send/"
COUNTY = "430623"


@pytest.fixture
def campaign(db: None) -> Published:
    """The reference campaign by imported figures, whose year is over."""
    return town.build(SHEET)


@pytest.fixture
def someone(campaign: Published) -> tuple[int, str]:
    """A communicator of 同福村 and their number."""
    account = town.enrol(1)[0]
    return account, phones_of([account])[account]


@pytest.fixture
def officer(client: Client, campaign: Published) -> int:
    """The county's officer, signed in as `client`."""
    return enter(client, 90, Role.COUNTY_OFFICER, COUNTY)


@pytest.fixture
def second(campaign: Published) -> Client:
    """Another officer of the county."""
    other = Client()
    enter(other, 91, Role.COUNTY_OFFICER, COUNTY, "吴复")
    return other


def newest() -> int:
    """The campaign's number."""
    return campaigns.published()[-1].number


def send(client: Client, content: bytes, month: str = "2021-03", **stated: str) -> "SentFile":
    """The file went through both steps and was read by the worker."""
    upload = SimpleUploadedFile("三月.xlsx", content)
    step = client.post(SEND, {"campaign": newest(), "file": upload})
    assert step.status_code == 302, step.content.decode()
    assert "正在读取" in text(client.get(step.headers["Location"]))
    work()
    page = client.get(step.headers["Location"])
    assert page.status_code == 200
    columns = page.context["layout"].columns
    fields = {f"column_{role.value}": str(place) for role, place in columns.items()}
    fields |= {"match": page.context["layout"].match, "span": page.context["layout"].span}
    fields |= {"figure": page.context["layout"].figure, "name": "月报", "month": month}
    done = client.post(step.headers["Location"], fields | stated)
    assert done.status_code == 302, done.content.decode()
    work()
    return SentFile.objects.get(pk=int(done.headers["Location"].rstrip("/").rsplit("/", 1)[1]))


def work() -> None:
    """The worker does what is asked for."""
    while run_next(WORKS, clock.now):
        pass


def text(response) -> str:
    return response.content.decode()


def test_a_file_is_sent_previewed_approved_by_another_entered_and_withdrawn(client, officer, second, someone):
    person, phone = someone
    name = people.profile(person).name
    rows = [
        (1, name, phone, "同福村", 321),
        (2, "赵不在", "13700000009", "同福村", 12),
        (3, name, "138", "同福村", 5),
        (4, "钱约数", phone, "同福村", "1.2万"),
    ]
    file = send(client, exports.xlsx(rows, title="三月统计"))
    assert file.state == FileState.WAITING
    page = text(client.get(f"{LIST}{file.pk}/"))
    for words in ("等第二个人批准", "+321", "本系统里找不到这个人", "没有完整的手机号", "要由另一个人批准"):
        assert words in page, words
    assert "批准并录入" not in page
    assert phone not in page
    assert client.post(f"{LIST}{file.pk}/approve/").status_code == 302
    assert "不能自己批" in text(client.get(f"{LIST}{file.pk}/"))
    assert "批准并录入" in text(second.get(f"{LIST}{file.pk}/"))
    second.post(f"{LIST}{file.pk}/approve/")
    work()
    assert "已录入" in text(second.get(f"{LIST}{file.pk}/"))
    assert ledger.day_volumes(newest(), 20210101, 20211231) == {(person, 20210331): 321}
    entry = ledger.statement(person, None, 1)[0]
    assert entry.note == f"官方数据文件 sha256:{file.sha256} 第 3 行"
    assert entry.author == SentFile.objects.get(pk=file.pk).decided_by != officer
    client.post(f"{LIST}{file.pk}/ask-withdrawal/", {"reason": ""})
    assert "请写明原因" in text(client.get(f"{LIST}{file.pk}/"))
    client.post(f"{LIST}{file.pk}/ask-withdrawal/", {"reason": "导错了月份"})
    assert "要由另一个人确认" in text(client.get(f"{LIST}{file.pk}/"))
    client.post(f"{LIST}{file.pk}/withdraw/")
    assert "不能自己确认" in text(client.get(f"{LIST}{file.pk}/"))
    work()
    assert sum(ledger.day_volumes(newest(), 20210101, 20211231).values()) == 321
    second.post(f"{LIST}{file.pk}/keep/")
    second.post(f"{LIST}{file.pk}/withdraw/")
    assert "没有人申请撤回" in text(second.get(f"{LIST}{file.pk}/"))
    client.post(f"{LIST}{file.pk}/ask-withdrawal/", {"reason": "导错了月份"})
    assert "导错了月份" in text(second.get(f"{LIST}{file.pk}/"))
    second.post(f"{LIST}{file.pk}/withdraw/")
    work()
    assert ledger.day_volumes(newest(), 20210101, 20211231) == {}
    assert "已撤回" in text(client.get(f"{LIST}{file.pk}/"))
    acts = list(Kept.objects.order_by("pk").values_list("act", flat=True))
    assert [act for act in acts if "figures" in act] == [
        "send_figures",
        "approve_figures",
        "ask_withdraw_figures",
        "keep_figures",
        "ask_withdraw_figures",
        "withdraw_figures",
    ]


def test_the_same_file_again_says_so_and_changes_nothing(client, officer, someone):
    content = exports.xlsx([(1, "", someone[1], "同福村", 9)])
    file = send(client, content)
    again = client.post(SEND, {"campaign": newest(), "file": SimpleUploadedFile("再来.xlsx", content)})
    work()
    page = client.get(again.headers["Location"])
    assert "已记为“月报”" in text(page)
    form = {"column_phone": "2", "column_volume": "4", "figure": "传播量", "month": "2021-04"}
    done = client.post(again.headers["Location"], form)
    assert done.headers["Location"] == f"{LIST}{file.pk}/"
    assert f"第 {file.pk} 号文件" in text(client.get(done.headers["Location"]))
    assert SentFile.objects.count() == 1


def test_who_is_missing_on_either_side_is_listed_and_saved_as_xlsx(client, officer, someone):
    others = town.enrol(30)
    file = send(client, exports.xlsx([(1, "", someone[1], "同福村", 9), (2, "", "13700000009", "同福村", 8)]))
    here = text(client.get(f"{LIST}{file.pk}/differences/"))
    assert "137****0009" in here
    there = text(client.get(f"{LIST}{file.pk}/differences/?view=there"))
    assert there.count("本系统有，文件里没有") == 25
    assert FileLine.objects.filter(verdict=Verdict.ABSENT).count() == len(others)
    differs = text(client.get(f"{LIST}{file.pk}/differences/?view=differs"))
    assert differs.split("figures-scroll")[1].count("<tr>") == 2
    job = client.post(f"{LIST}{file.pk}/report/").headers["Location"]
    work()
    saved = b"".join(client.get(job + "file/"))
    assert saved.startswith(b"PK")


def test_nobody_sets_a_second_worker_to_what_one_is_at(client, officer, second, someone):
    file = send(client, exports.xlsx([(1, "", someone[1], "同福村", 9)]))
    page = f"{LIST}{file.pk}/"
    second.post(page + "approve/", {"seen": 0})
    mine = JobRow.objects.get(kind="enter_figures")
    for state in ("waiting", "running"):
        JobRow.objects.filter(pk=mine.pk).update(state=state, heard_at=clock.now())
        for officers in (client, second):
            answer = text(officers.get(page))
            assert "继续" not in answer
            assert "data-again" in answer
            assert officers.post(page + "go-on/").status_code == 302
    assert JobRow.objects.filter(kind="enter_figures").count() == 1
    JobRow.objects.filter(pk=mine.pk).update(state="failed")
    assert "data-again" not in text(client.get(page))
    assert "继续" in text(client.get(page))
    client.post(page + "go-on/")
    work()
    assert SentFile.objects.get().state == FileState.ENTERED
    assert JobRow.objects.filter(kind="enter_figures").count() == 2


def test_what_was_counted_in_between_is_looked_at_again_before_it_is_entered(
    client, officer, second, someone
):
    person, phone = someone
    file = send(client, exports.xlsx([(1, "", phone, "同福村", 9)]))
    second.post(f"{LIST}{file.pk}/approve/", {"seen": 0})
    town.credit(person, 4, date(2021, 3, 31))
    work()
    page = text(second.get(f"{LIST}{file.pk}/"))
    assert "重新算" in page
    assert "+5" in page
    second.post(f"{LIST}{file.pk}/approve/", {"seen": 0})
    assert SentFile.objects.get().state == FileState.WAITING
    second.post(f"{LIST}{file.pk}/approve/", {"seen": 1})
    work()
    assert ledger.day_volumes(newest(), 20210101, 20211231) == {(person, 20210331): 9}


@pytest.mark.parametrize(
    ("role", "division", "sees"),
    [
        (Role.CITY_OFFICER, "4306", True),
        (Role.OPERATOR, "", True),
        (Role.COUNTY_OFFICER, "430602", False),
        (Role.TOWN_CLERK, "430623110", False),
        (Role.EDITOR, "", False),
        (Role.AUDITOR, COUNTY, False),
    ],
)
def test_a_file_is_seen_within_its_division_alone(client, officer, someone, role, division, sees):
    file = send(client, exports.xlsx([(1, "", someone[1], "同福村", 9)]))
    other = Client()
    enter(other, 95, role, division, "外人")
    one = f"{LIST}{file.pk}/"
    assert (other.get(one).status_code == 200) is sees
    assert (other.get(one + "differences/").status_code == 200) is sees
    if not sees:
        for act in ("approve/", "turn-down/", "ask-withdrawal/", "keep/", "withdraw/", "go-on/", "report/"):
            assert other.post(one + act, {"reason": "越权"}).status_code == 404
    assert SentFile.objects.get().state == FileState.WAITING
    answer = other.get(LIST)
    assert ("三月.xlsx" in text(answer)) is sees
    assert client.get(one + "0/").status_code == 404


def test_a_county_officer_brings_in_their_own_people_only(client, officer, campaign):
    (phone,) = phones_of(town.enrol(1, town.ELSEWHERE)).values()
    file = send(client, exports.xlsx([(1, "", phone, "洞庭社区", 9)]))
    assert list(FileLine.objects.filter(file=file, row__gt=0).values_list("verdict", flat=True)) == [
        "outside"
    ]


def test_what_is_no_export_is_refused_with_its_reason(client, officer, campaign):
    before = set(folder().iterdir())
    for content, words in (
        (b"", "文件里没有"),
        (b"\x00\x01", "表格"),
        ("只有一句话".encode(), "没有数据"),
        ("甲,乙\n丙,丁".encode(), "没有找到表头"),
    ):
        step = client.post(SEND, {"campaign": newest(), "file": SimpleUploadedFile("a.csv", content)})
        work()
        page = client.get(step.headers["Location"], headers={"HX-Request": "true"})
        assert "data-again" not in text(page)
        assert words in text(page)
    assert set(folder().iterdir()) == before
    assert "没有这个活动" in text(client.post(SEND, {"campaign": "0"}))
    assert client.get(f"{SEND}made-up/").status_code == 404


def test_a_layout_that_does_not_fit_keeps_what_was_chosen(client, officer, someone):
    content = exports.xlsx([(1, "", someone[1], "同福村", 9)])
    step = client.post(SEND, {"campaign": newest(), "file": SimpleUploadedFile("a.xlsx", content)})
    work()
    form = {"column_phone": "2", "column_volume": "2", "figure": "传播量", "month": "2021-03"}
    page = client.post(step.headers["Location"], form)
    assert (page.status_code, "同一列不能当两样用" in text(page)) == (422, True)
    future = client.post(step.headers["Location"], form | {"column_volume": "4", "month": "2099-01"})
    assert "统计期要在活动期间以内" in text(future)
    nothing = client.post(step.headers["Location"], form | {"column_volume": "4", "month": "x"})
    assert nothing.status_code == 422
    other = Client()
    enter(other, 92, Role.COUNTY_OFFICER, COUNTY)
    assert other.get(step.headers["Location"]).status_code == 404
    assert not SentFile.objects.exists()


def test_what_the_pages_cost(client, officer, someone, django_assert_max_num_queries):
    town.enrol(40)
    file = send(client, exports.xlsx([(1, "", someone[1], "同福村", 9)]))
    client.get(LIST)
    for path, most in (
        (LIST, 14),
        (f"{LIST}{file.pk}/", 18),
        (f"{LIST}{file.pk}/differences/?view=there", 13),
    ):
        with django_assert_max_num_queries(most):
            client.get(path)
    with django_assert_max_num_queries(13):
        client.get(SEND)

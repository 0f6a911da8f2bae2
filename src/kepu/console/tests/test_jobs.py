"""Long work is seen, stopped and its file saved by who asked for it, and by nobody else."""

import re

import pytest
from django.test import Client

from kepu.audit import reads as audit
from kepu.audit.rules import Search
from kepu.console import job_labels
from kepu.console.tasks import WORKS
from kepu.console.tests.conftest import enter
from kepu.jobs import reads, writes
from kepu.jobs.models import JobRow
from kepu.jobs.rules import JobState
from kepu.kit import clock
from kepu.people.rules import Role
from kepu.people.tests.land import COUNTY, TOWN

pytestmark = pytest.mark.django_db


@pytest.fixture
def job(clerk: int) -> int:
    number = writes.ask_job("count", "导入名册", {}, clerk, clock.now())
    assert number is not None
    return number


def test_a_job_is_seen_moving_and_its_part_alone_is_asked_again(client: Client, job: int) -> None:
    JobRow.objects.filter(pk=job).update(state=JobState.RUNNING, done=37, total=50)
    page = client.get(f"/admin/jobs/{job}/").content.decode()
    assert "导入名册" in page
    part = client.get(f"/admin/jobs/{job}/", headers={"HX-Request": "true"}).content.decode()
    assert 'value="74"' in part
    assert re.sub("<[^>]+>", "", part).count("74% · 37 / 50") == 1
    assert "<html" not in part


def test_a_waiting_job_is_stopped(client: Client, clerk: int, job: int) -> None:
    assert client.post(f"/admin/jobs/{job}/stop/").status_code == 302
    found = reads.job(job, clerk)
    assert found is not None
    assert found.state is JobState.CANCELLED
    assert "data-again" not in client.get(f"/admin/jobs/{job}/").content.decode()
    JobRow.objects.filter(pk=job).update(kind="export_roster")
    assert 'href="/admin/rosters/">回去再试' in client.get(f"/admin/jobs/{job}/").content.decode()


def test_every_kind_of_work_says_where_it_is_asked_for() -> None:
    told_by_itself = {"tell_sharers"}
    known = set(job_labels.COUNTED) | {"fetch_feed", "fetch_link", "judge_round"}
    assert set(WORKS) == known
    for kind in set(WORKS) - told_by_itself:
        made = JobRow(kind=kind, wants={"roster": 1}, asked_at=clock.now())
        assert job_labels.asked_on(reads.job_of(made)).startswith("/admin/"), kind


def test_the_file_comes_under_its_name(client: Client, job: int) -> None:
    JobRow.objects.filter(pk=job).update(
        state=JobState.DONE, file=writes.keep_upload(b"x"), file_name="名册.xlsx"
    )
    answer = client.get(f"/admin/jobs/{job}/file/")
    assert b"".join(answer) == b"x"  # type: ignore[arg-type]
    assert "attachment" in answer.headers["Content-Disposition"]


def test_stopping_work_and_taking_its_file_are_kept(client: Client, clerk: int, job: int) -> None:
    for _press in range(2):
        client.post(f"/admin/jobs/{job}/stop/")
    JobRow.objects.filter(pk=job).update(file=writes.keep_upload(b"x"), file_name="名册.xlsx")
    client.head(f"/admin/jobs/{job}/file/")
    client.get(f"/admin/jobs/{job}/file/")
    kept = [record.deed for record in audit.records((TOWN,), Search(), None, 10)][::-1]
    assert [(deed.act, deed.account, deed.subject) for deed in kept] == [
        ("stop_work", clerk, f"#{job} 导入名册"),
        ("take_work_file", clerk, f"#{job} 导入名册"),
    ]
    assert kept[1].after == {"file": "名册.xlsx"}


def test_the_job_of_another_is_not_there(job: int) -> None:
    other = Client()
    enter(other, 91, Role.COUNTY_OFFICER, COUNTY)
    for path in ("", "file/"):
        assert other.get(f"/admin/jobs/{job}/{path}").status_code == 404
    assert other.post(f"/admin/jobs/{job}/stop/").status_code == 404
    assert "导入名册" not in other.get("/admin/jobs/").content.decode()

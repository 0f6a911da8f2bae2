"""Long work is seen, stopped and its file saved by who asked for it, and by nobody else."""

import pytest
from django.test import Client

from kepu.console.tests.conftest import enter
from kepu.jobs import reads, writes
from kepu.jobs.models import JobRow
from kepu.jobs.rules import JobState
from kepu.kit import clock
from kepu.people.rules import Role
from kepu.people.tests.land import COUNTY

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
    assert "37 / 50" in part
    assert "<html" not in part


def test_a_waiting_job_is_stopped(client: Client, clerk: int, job: int) -> None:
    assert client.post(f"/admin/jobs/{job}/stop/").status_code == 302
    found = reads.job(job, clerk)
    assert found is not None
    assert found.state is JobState.CANCELLED
    assert "data-again" not in client.get(f"/admin/jobs/{job}/").content.decode()


def test_the_file_comes_under_its_name(client: Client, job: int) -> None:
    JobRow.objects.filter(pk=job).update(
        state=JobState.DONE, file=writes.keep_upload(b"x"), file_name="名册.xlsx"
    )
    answer = client.get(f"/admin/jobs/{job}/file/")
    assert b"".join(answer) == b"x"  # type: ignore[arg-type]
    assert "attachment" in answer.headers["Content-Disposition"]


def test_the_job_of_another_is_not_there(job: int) -> None:
    other = Client()
    enter(other, 91, Role.COUNTY_OFFICER, COUNTY)
    for path in ("", "file/"):
        assert other.get(f"/admin/jobs/{job}/{path}").status_code == 404
    assert other.post(f"/admin/jobs/{job}/stop/").status_code == 404
    assert "导入名册" not in other.get("/admin/jobs/").content.decode()

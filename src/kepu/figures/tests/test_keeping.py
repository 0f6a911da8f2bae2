"""What lies in the jobs' folder between the two steps of sending, and for how long."""

import os
from datetime import date, datetime, timedelta

import pytest

from kepu.documents.reading import SheetTrouble, read_sheet
from kepu.figures import reads, writes
from kepu.figures.rules import Headings, Trouble
from kepu.figures.tests import exports
from kepu.figures.writes.keeping import KEPT_FOR
from kepu.jobs.reads import folder
from kepu.kit import clock

ROWS = [(1, "王秀英", "13900000001", "同福村", 9), (2, "李建国", 13900000002, "注北村", 3.5)]


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    """A jobs' folder of our own."""
    settings.HOME = tmp_path


def lying() -> list[str]:
    return sorted(path.name for path in folder().iterdir())


def test_what_was_read_is_what_the_sheet_said_and_the_bytes_are_gone():
    at = datetime(2026, 3, 5, 8)  # noqa: DTZ001 - a sheet knows no zone
    content = exports.xlsx([*ROWS, (3, "陈", date(2026, 3, 5), at, True)])
    name = writes.parse_export(writes.keep_export(content))
    assert lying() == [name]
    assert list(reads.draft_rows(name)) == read_sheet(content, 100)
    draft = reads.draft(name)
    assert draft.found == Headings(exports.PLAIN, 1)
    assert draft.rows == 3
    assert draft.samples[0] == ["1", "王*英", "139****0001", "同福村", "9"]
    writes.forget_draft(name)
    assert reads.draft(name) is None
    assert lying() == []


def test_a_worker_that_died_after_reading_finds_what_it_kept():
    upload = writes.keep_export(exports.xlsx(ROWS))
    assert writes.parse_export(upload) == writes.parse_export(upload)


@pytest.mark.parametrize(
    ("content", "trouble"),
    [
        (b"\x00\x01", SheetTrouble.NOT_A_SHEET),
        (b"", SheetTrouble.EMPTY),
        ("甲,乙\n丙,丁".encode(), Trouble.NO_HEADINGS),
    ],
)
def test_what_is_no_export_is_deleted_at_once(content, trouble):
    assert writes.parse_export(writes.keep_export(content)) is trouble
    assert lying() == []


def test_what_nobody_went_on_with_is_gone_after_a_day():
    now = clock.now()
    upload = writes.keep_export(exports.xlsx(ROWS))
    name = writes.parse_export(writes.keep_export(exports.xlsx(ROWS)))
    (folder() / "of-another-kind.xlsx").write_bytes(b"")
    for path in folder().iterdir():
        os.utime(path, times=(now.timestamp(), now.timestamp()))
    assert writes.forget_drafts(now + KEPT_FOR) == 0
    assert lying() == sorted([upload, name, "of-another-kind.xlsx"])
    assert writes.forget_drafts(now + KEPT_FOR + timedelta(seconds=1)) == 2
    assert lying() == ["of-another-kind.xlsx"]


@pytest.mark.parametrize("name", ["../settings.figures", "a.xlsx", "", "missing.figures"])
def test_nothing_else_in_the_folder_is_taken_for_an_export(name):
    assert reads.draft(name) is None

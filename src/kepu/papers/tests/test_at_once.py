"""Many issue at once: every number once, none left out, and the bytes say the number the row has."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from kepu.papers import reads, writes
from kepu.papers.models import PaperCopy, PaperRow, Series
from kepu.papers.rules import PaperNo, State
from kepu.papers.tests.samples import ORGAN
from kepu.papers.tests.test_writes import COUNTY, NOW, READER, WRITER, approved, bytes_of

pytestmark = pytest.mark.django_db(transaction=True)
DOCUMENTS, AT_ONCE = 12, 6


@pytest.fixture
def organ():
    number = writes.declare_organ(ORGAN, "430623", WRITER, NOW)
    assert number is not None
    return number


def issue(number: int, organ: int) -> PaperNo | None:
    """What became of the document, however often its number was taken meanwhile."""
    try:
        for _taken in range(DOCUMENTS + 1):
            at = reads.next_issue(organ, NOW.date())
            done = writes.issue_paper((number, 2), at, bytes_of(at), READER, NOW)
            if done is not PaperNo.NUMBER_MOVED:
                return done
        raise AssertionError("never")
    finally:
        connection.close()


def at_once(act, things):
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(act, things))


def hold_numbers(drafts):
    """Numbers run from 1 without a hole, and the bytes of each say its own."""
    assert sorted(PaperRow.objects.values_list("number", flat=True)) == list(range(1, len(drafts) + 1))
    for number in drafts:
        line = reads.paper(number, COUNTY).line
        assert reads.copy(number, "pdf") == f"pdf {line.number}".encode()


def test_numbers_given_at_once_are_unbroken_and_none_stands_twice(organ):
    drafts = [approved(organ) for _ in range(DOCUMENTS)]
    assert at_once(lambda number: issue(number, organ), drafts) == [None] * DOCUMENTS
    hold_numbers(drafts)


def test_one_document_issued_by_many_at_once_is_issued_once(organ):
    number = approved(organ)
    done = at_once(lambda _: issue(number, organ), range(AT_ONCE))
    assert sorted(done, key=str) == [None, *[PaperNo.NOT_NOW] * (AT_ONCE - 1)]
    assert Series.objects.get().last == 1
    assert PaperCopy.objects.count() == len(writes.FORMS)
    hold_numbers([number])


def test_a_document_that_is_issued_and_taken_back_at_once_is_one_of_the_two(organ):
    """Whichever comes first: the number is used if it is issued, and is not if it is a draft again."""
    for _round in range(AT_ONCE):
        number, before = approved(organ), reads.next_issue(organ, NOW.date())

        def back(number=number):
            try:
                return writes.return_paper(number, 2)
            finally:
                connection.close()

        acts = (lambda number=number: issue(number, organ), back)
        done = at_once(lambda act: act(), acts)
        assert sorted(done, key=str) == [None, PaperNo.NOT_NOW]
        found, after = reads.paper(number, COUNTY), reads.next_issue(organ, NOW.date())
        if found.line.state is State.ISSUED:
            assert (done[0], found.line.number) == (None, before.number)
        else:
            assert (done[1], found.line.number, after) == (None, "", before)


def test_an_issue_that_fails_in_the_middle_takes_no_number(organ):
    number, at = approved(organ), reads.next_issue(organ, NOW.date())
    with pytest.raises(TypeError):
        writes.issue_paper((number, 2), at, {"docx": b"docx", "pdf": None}, READER, NOW)
    assert not Series.objects.exists()
    assert not PaperCopy.objects.exists()
    assert reads.paper(number, COUNTY).line.state is State.APPROVED
    assert issue(number, organ) is None
    hold_numbers([number])

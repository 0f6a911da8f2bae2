"""Many issue at once: every number once, none left out, and the bytes say the number the row has."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from kepu.papers import reads, writes
from kepu.papers.models import PaperRow
from kepu.papers.rules import PaperNo
from kepu.papers.tests.samples import ORGAN
from kepu.papers.tests.test_writes import COUNTY, NOW, READER, WRITER, approved, bytes_of

pytestmark = pytest.mark.django_db(transaction=True)
DOCUMENTS, AT_ONCE = 12, 6


def issue(number: int, organ: int) -> int:
    """The document is issued, however often its number is taken meanwhile: how often it was."""
    try:
        for taken in range(DOCUMENTS + 1):
            at = reads.next_issue(organ, NOW.date())
            done = writes.issue_paper((number, 2), at, bytes_of(at), READER, NOW)
            if done is not PaperNo.NUMBER_MOVED:
                assert done is None, done
                return taken
        raise AssertionError("never")
    finally:
        connection.close()


def test_numbers_given_at_once_are_unbroken_and_none_stands_twice():
    organ = writes.declare_organ(ORGAN, "430623", WRITER, NOW)
    assert organ is not None
    drafts = [approved(organ) for _ in range(DOCUMENTS)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda number: issue(number, organ), drafts))
    numbers = sorted(PaperRow.objects.values_list("number", flat=True))
    assert numbers == list(range(1, DOCUMENTS + 1))
    for number in drafts:
        line = reads.paper(number, COUNTY).line
        assert reads.copy(number, "pdf") == f"pdf {line.number}".encode()

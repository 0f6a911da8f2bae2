"""A deed is kept as it was, seen inside one's divisions only, and never changed."""

from datetime import UTC, datetime, timedelta

import pytest

from kepu.audit import reads, writes
from kepu.audit.models import Kept
from kepu.audit.rules import Deed, Search

pytestmark = pytest.mark.django_db
NOW = datetime(2021, 7, 1, tzinfo=UTC)
ALL = Search()


def deed(**other: object) -> Deed:
    stated = {"act": "approve", "account": 7, "name": "李审核", "network": "10.0.0.1", "subject": "张三"}
    return Deed(**(stated | {"division": "430623110"} | other))  # type: ignore[arg-type]


def keep(*deeds: Deed) -> list[int]:
    return [writes.keep_deed(each, NOW + timedelta(minutes=step)) for step, each in enumerate(deeds)]


def test_a_deed_is_kept_as_it_was():
    kept = deed(before={"name": "张三"}, after={"name": "张三丰"})
    (number,) = keep(kept)
    (record,) = reads.records(("430623",), ALL, None, 10)
    assert (record.number, record.at, record.deed) == (number, NOW, kept)


@pytest.mark.parametrize(
    ("within", "seen"),
    [
        (("",), ["site", "city", "town"]),
        (("4306",), ["city", "town"]),
        (("430623110",), ["town"]),
        (("430624", "430623"), ["town"]),
        (("430624",), []),
        ((), []),
    ],
)
def test_each_sees_the_deeds_of_their_divisions(within: tuple[str, ...], seen: list[str]):
    keep(
        deed(subject="town"),
        deed(subject="city", division="4306"),
        deed(subject="site", division=""),
    )
    assert [record.deed.subject for record in reads.records(within, ALL, None, 10)] == seen


@pytest.mark.parametrize(
    ("search", "found"),
    [
        (Search(words="张"), [0]),
        (Search(words="王"), [1]),
        (Search(act="return"), [1]),
        (Search(account=8), [1]),
        (Search(since=NOW + timedelta(minutes=1)), [1]),
        (Search(until=NOW + timedelta(minutes=1)), [0]),
    ],
)
def test_what_is_asked_for_is_found(search: Search, found: list[int]):
    numbers = keep(deed(), deed(act="return", account=8, subject="李四", name="王五"))
    assert [record.number for record in reads.records(("",), search, None, 10)] == [
        numbers[index] for index in found
    ]
    assert reads.how_many(("",), search) == len(found)


def test_pages_follow_each_other_and_the_export_gives_all(django_assert_num_queries):
    numbers = keep(*[deed() for _ in range(5)])[::-1]
    with django_assert_num_queries(1):
        first = [record.number for record in reads.records(("4306",), ALL, None, 2)]
    second = [record.number for record in reads.records(("4306",), ALL, first[-1], 5)]
    assert first + second == numbers
    assert [record.number for record in reads.every_record(("4306",), ALL)] == numbers


def test_a_record_is_never_changed_or_removed():
    keep(deed())
    row = Kept.objects.get()
    for act in (row.save, row.delete):
        with pytest.raises(AssertionError):
            act()

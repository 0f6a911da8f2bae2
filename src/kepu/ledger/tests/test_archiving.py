"""Closed years in files: exact, one chain with the database, and nothing counted, lost or doubled by it."""

import json
from datetime import date, timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kepu.campaigns import reads as campaigns
from kepu.campaigns.rules import Kind
from kepu.kit import clock
from kepu.ledger import models, parquet, reads, writes
from kepu.ledger.reads import archived
from kepu.ledger.rules import Act, Channel, Entry, Receipt, Refusal, own_event
from kepu.ledger.tests import archives
from kepu.ledger.tests.test_any_points import STEPS, Played
from kepu.ledger.tests.test_writes import sound
from kepu.ledger.writes import archiving
from kepu.standings.tests import town

BOOKS = (430602, 430623)
HERE = 430623


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """An archive of this test's own."""
    archives.use_folder(tmp_path, monkeypatch)
    yield tmp_path / "archive"
    archived.forget_belief()


@pytest.fixture
def persons(db: None) -> list[int]:
    """Three certified people here and one in the county beside."""
    town.build()
    return [*town.enrol(3), *town.enrol(1, town.ELSEWHERE)]


def at(year: int, month: int, second: int = 0) -> int:
    """A moment of the fifth of a month at noon, in milliseconds."""
    return clock.milliseconds(clock.start_of(date(year, month, 5)) + timedelta(hours=12, seconds=second))


def acts(persons: list[int], year: int, month: int, times: int = 5) -> list[Act]:
    """Shares of everybody."""
    return [
        Act(who, own_event(b"test", f"{who} {year} {month} {n}".encode()), Kind.SHARE, 7, Channel.PAGE,
            at(year, month, n))
        for n in range(times)
        for who in persons
    ]  # fmt: skip


def two_years(persons: list[int]) -> list[Act]:
    """Two years and a month with all kinds of entries: shares, likes, corrections, spends, an expiry."""
    first, second = persons[:2]
    played = [*acts(persons, 2021, 3), *acts(persons, 2021, 6, 2)]
    writes.commit_batch(played)
    share = reads.entries_after(HERE, 0, 1)[0]
    like = Act(first, own_event(b"like"), Kind.LIKE, 7, Channel.PAGE, at(2021, 7), share.book, share.seq)
    liked = like._replace(person=second, event_id=own_event(b"liked"), kind=Kind.LIKED, author=first)
    writes.commit_batch([like, liked])
    given = Act(first, own_event(b"given"), Kind.ADJUSTMENT, 0, Channel.STAFF, at(2021, 8), points=40)
    writes.commit_batch([given, given._replace(person=second, event_id=own_event(b"given"))])
    writes.reverse_entry(HERE, 2, first, "测试", clock.from_milliseconds(at(2021, 9)))
    bought = writes.spend(first, own_event(b"spend"), 7, 0, "", clock.from_milliseconds(at(2021, 9)))
    writes.spend(second, own_event(b"spend"), 5, 0, "", clock.from_milliseconds(at(2021, 9, 9)))
    writes.refund(bought.book, bought.seq, 0, "缺货", clock.from_milliseconds(at(2021, 10)))
    writes.commit_batch(acts(persons, 2022, 2, 3))
    writes.expire(first, 2021, 9, clock.from_milliseconds(at(2022, 3)))
    writes.reverse_entry(HERE, 4, first, "测试", clock.from_milliseconds(at(2022, 4)))
    writes.commit_batch(acts(persons, 2023, 1, 2))
    return played


def verdict() -> bool:
    """Whether `verify` finds nothing, files and all."""
    return sound() and not archived.files_off()


def snapshot(persons: list[int]) -> dict[str, object]:
    """All that must not change."""
    (published,) = campaigns.published()
    return archives.everything(persons, BOOKS, published.number)


def test_every_column_comes_back_exactly_and_by_number(tmp_path):
    rows = [
        Entry(
            430623, seq, 2**40 + seq, seq.to_bytes(16, "little"), seq % 15 + 1, 2**35, 2**40 + seq, 20231231,
            seq % 3, 2, -7 * seq, 2**31 - 1, seq % 9, -1, seq % 50, 430623110, 6, 430602, 2**33,
            2**50, "更正：重复\n" * (seq % 3), bytes([seq % 256]) * 32,
        )
        for seq in range(5, 40_005)
    ]  # fmt: skip
    writer = parquet.Writer(tmp_path / "rows.parquet")
    for start in range(0, len(rows), 10_000):
        writer.add(rows[start : start + 10_000])
    writer.close()
    reader = parquet.Reader(tmp_path / "rows.parquet")
    pieces = list(reader.entries(5, 40_004))
    assert [each for some in pieces for each in some] == rows
    assert [len(some) for some in pieces] == [16_384, 16_384, 7_232]
    assert [each.seq for some in reader.entries(16_380, 16_395) for each in some] == list(
        range(16_380, 16_396)
    )
    assert [each.seq for each in reader.entries_at([39_999, 7, 4, 16_388])] == [7, 16_388, 39_999]
    found = reader.rows(
        ("note", "seq"), {"seq": (100, 39_000)}, {"unit": {3, 4}, "kind": {5}}, backwards=True
    )
    expected = [(each.note, each.seq) for each in rows if 100 <= each.seq <= 39_000 and each.unit in (3, 4)
                and each.kind == 5]  # fmt: skip
    assert [row for some in reversed(list(found)) for row in some] == expected


def test_a_year_in_a_file_leaves_every_answer_and_one_chain(persons, folder):
    two_years(persons)
    before = snapshot(persons)
    assert verdict()
    what = archiving.due(HERE, 2021)
    kept = [entry for entry in before["entries"][HERE] if entry.at_ms < at(2022, 1)]
    assert (what.first_seq, what.last_seq, what.left) == (1, len(kept), 0)
    assert archives.archive(what) == len(kept)
    assert models.Entry.objects.filter(book=HERE).order_by("seq").first().seq == len(kept) + 1
    assert snapshot(persons) == before
    assert verdict()
    file = folder / archiving.file_name(what)
    said = json.loads(file.with_suffix(".json").read_bytes())
    assert (said["count"], said["hash_last"]) == (len(kept), kept[-1].hash.hex())
    assert said["kinds"]["share"]["volume"] == sum(each.volume for each in kept if each.kind == Kind.SHARE)
    assert parquet.pq.read_metadata(file).num_rows == len(kept)
    assert archives.archive(archiving.due(HERE, 2022)) == 12
    assert archives.archive(archiving.due(430602, 2022)) == 10
    assert archiving.due(HERE, 2022).entries == 0
    assert snapshot(persons) == before
    assert verdict()


def test_what_a_person_has_in_files_is_told_with_its_sums(persons):
    two_years(persons)
    own = [each for each in reads.statement(persons[0], None, 1_000) if each.at_ms < at(2022, 1)]
    assert archived.held_of(persons[0]) == []
    what = archiving.due(HERE, 2021)
    archives.archive(what)
    (held,) = archived.held_of(persons[0])
    sums = (len(own), sum(each.points for each in own), sum(each.volume for each in own))
    assert held == (HERE, 2021, archiving.file_name(what), *sums)
    assert {each.at_ms > at(2022, 1) for each in reads.statement(persons[0], None, 1_000)} == {True}


def test_a_later_year_takes_what_was_not_archived_before_along(persons):
    two_years(persons)
    before = snapshot(persons)
    archives.archive(archiving.due(HERE, 2022))
    assert not models.Entry.objects.filter(book=HERE, at_ms__lt=at(2023, 1)).exists()
    assert snapshot(persons) == before


def test_what_is_stated_late_about_the_year_stays(persons):
    two_years(persons)
    late = reads.last_entries("430623", 20210101, 20211231)[0]
    assert late.at_ms > at(2022, 1)
    archives.archive(archiving.due(HERE, 2021))
    assert models.Entry.objects.filter(book=HERE, seq=late.seq).exists()


def test_an_entry_out_of_order_goes_with_the_year_before_it_in_the_chain(persons):
    writes.commit_batch(acts(persons[:1], 2021, 12, 2))
    writes.commit_batch(acts(persons[:1], 2022, 1, 1))
    writes.commit_batch(acts(persons[:1], 2021, 11, 3))
    assert archiving.due(HERE, 2021)[2:] == (1, 2, bytes(32), 3)
    assert archiving.due(HERE, 2022)[2:] == (1, 6, bytes(32), 0)


def test_a_report_that_comes_again_after_years_gets_its_first_receipt(persons):
    played = two_years(persons)
    first = writes.commit_batch(played)
    for book in BOOKS:
        archives.archive(archiving.due(book, 2022))
    before = snapshot(persons)
    again = writes.commit_batch(played)
    assert again == first
    assert all(each.repeated for each in again)
    other = played[0]._replace(article=8)
    assert writes.commit_batch([other]) == [Refusal.CONFLICT]
    new = played[0]._replace(event_id=own_event(b"new"))
    assert not writes.record(new).repeated
    assert before["tallies"] != snapshot(persons)["tallies"]


def test_without_its_file_a_report_that_comes_again_is_refused_and_not_counted(persons, folder):
    played = two_years(persons)
    what = archiving.due(HERE, 2021)
    archives.archive(what)
    (folder / archiving.file_name(what)).unlink()
    tallies = sorted(models.DayTally.objects.values_list())
    assert writes.commit_batch(played[:1]) == [Refusal.CONFLICT]
    assert sorted(models.DayTally.objects.values_list()) == tallies
    with pytest.raises(archived.ArchiveUnreadableError, match=archiving.file_name(what)):
        reads.entry(HERE, 1)


def test_acts_of_the_site_itself_happen_once_whatever_was_archived(persons):
    first = persons[0]
    two_years(persons)
    spend = models.Entry.objects.filter(kind=Kind.SPEND, points__lt=0, person=first).get()
    archives.archive(archiving.due(HERE, 2022))
    now = clock.from_milliseconds(at(2023, 9))
    assert writes.refund(spend.book, spend.seq, 0, "缺货", now).repeated
    assert writes.expire(first, 2021, 9, now).repeated
    assert writes.reverse_entry(HERE, 2, first, "再来", now).repeated
    assert writes.spend(first, own_event(b"spend"), 7, 0, "", now).repeated
    assert writes.spend(first, own_event(b"spend"), 8, 0, "", now) is Refusal.CONFLICT
    assert verdict()


def test_a_refund_after_the_expiry_was_archived_knows_which_years_are_over(persons):
    two_years(persons)
    spend = models.Entry.objects.filter(kind=Kind.SPEND, points__lt=0, person=persons[1]).get()
    archives.archive(archiving.due(HERE, 2022))
    back = writes.refund(spend.book, spend.seq, 0, "缺货", clock.from_milliseconds(at(2023, 9)))
    assert dict(reads.years_given(back.book, back.seq)) == {2022: 5}
    assert verdict()


@pytest.mark.parametrize("place", [1, 3, 5, 9])
def test_an_archived_entry_is_taken_back_like_any_other(persons, place):
    two_years(persons)
    now = clock.from_milliseconds(at(2023, 9))
    outcome = []
    for is_archived in (False, True):
        mark = connection.savepoint() if connection.in_atomic_block else None
        if is_archived:
            archives.archive(archiving.due(HERE, 2021))
        receipt = writes.reverse_entry(HERE, place, persons[0], "查实", now)
        assert verdict()
        outcome.append((receipt, snapshot(persons)))
        connection.savepoint_rollback(mark)
        archived.forget_belief()
    assert outcome[0] == outcome[1]


def test_what_is_wrong_is_told_before_anything_is_taken_out(persons, folder):
    two_years(persons)
    what = archiving.due(HERE, 2021)
    file = archiving.write_part(what, archives.len_of)
    whole = file.read_bytes()
    assert archiving.write_part(what, archives.len_of).read_bytes() == whole
    file.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(archiving.ArchiveTroubledError, match="读不到"):
        archiving.verify_part(what, archives.len_of)
    file.write_bytes(whole)
    models.Entry.objects.filter(book=HERE, seq=3).update(points=99)
    with pytest.raises(archiving.ArchiveTroubledError, match="第 3 条"):
        archiving.verify_part(what, archives.len_of)
    file.unlink()
    with pytest.raises(archiving.ArchiveTroubledError, match="第 3 条起链不符"):
        archiving.write_part(what, archives.len_of)
    assert not list(folder.glob("*.half"))
    assert not file.exists()
    assert models.Entry.objects.filter(book=HERE, seq__lte=what.last_seq).count() == what.entries


def test_another_file_than_the_registered_one_takes_nothing_out(persons):
    two_years(persons)
    what = archiving.due(HERE, 2021)
    archives.registered(what)
    models.ArchivedPart.objects.update(sha256="0" * 64)
    with pytest.raises(archiving.ArchiveTroubledError, match="登记"):
        archiving.verify_part(archiving.half_taken(HERE), archives.len_of)


def test_nothing_is_taken_out_before_every_process_knows(persons):
    two_years(persons)
    number = archives.registered(archiving.due(HERE, 2021))
    assert archiving.seconds_until_known(archives.NOW) == 60
    with pytest.raises(AssertionError):
        archiving.take_out(number, archives.NOW + timedelta(seconds=59))


FILES = {
    "missing": lambda file: file.unlink(),
    "cut off": lambda file: file.write_bytes(file.read_bytes()[:-500]),
    "a bit changed": lambda file: file.write_bytes(_turned(file.read_bytes(), 300)),
    "empty": lambda file: file.write_bytes(b""),
}


def _turned(content: bytes, place: int) -> bytes:
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


@pytest.mark.parametrize("change", FILES.values(), ids=FILES)
def test_verify_tells_which_file_is_not_as_it_was(persons, folder, change):
    two_years(persons)
    what = archiving.due(HERE, 2021)
    archives.archive(what)
    assert archived.files_off() == []
    change(folder / archiving.file_name(what))
    assert archived.files_off() == [archiving.file_name(what)]


def test_verify_recomputes_the_chain_from_the_file(persons, folder, monkeypatch):
    two_years(persons)
    what = archiving.due(HERE, 2021)
    archives.archive(what)
    file = folder / archiving.file_name(what)
    rows = [each for some in parquet.Reader(file).entries(1, what.last_seq) for each in some]
    rows[4] = rows[4]._replace(volume=5)
    writer = parquet.Writer(file)
    writer.add(rows)
    writer.close()
    models.ArchivedPart.objects.update(sha256=archived.digest_of(file.name))
    (check,) = [step for step in reads.verify_book(HERE) if not isinstance(step, int)]
    assert (check.first_bad, check.head_fits) == (5, True)
    assert reads.tallies_off() == 1


@pytest.mark.parametrize("sql", [
    "UPDATE ledger_daytally SET volume = volume + 1 WHERE day = 20210305 AND person = {}",
    "UPDATE ledger_daytally SET reached_ms = reached_ms + 1 WHERE day = 20210305 AND person = {}",
    "UPDATE ledger_lot SET points = points + 1 WHERE year = 2021 AND person = {}",
    "DELETE FROM ledger_lotline WHERE year = 2021 AND {} > 0",
])  # fmt: skip
def test_tallies_and_lots_are_held_against_archived_entries_too(persons, sql):
    two_years(persons)
    for book in BOOKS:
        archives.archive(archiving.due(book, 2022))
    assert verdict()
    with connection.cursor() as cursor:
        cursor.execute(sql.format(persons[0]))
    assert not sound()


def test_a_half_taken_part_reads_as_one_and_is_completed(persons, monkeypatch):
    two_years(persons)
    before = snapshot(persons)
    monkeypatch.setattr(archiving, "TAKEN_AT_ONCE", 4)
    what = archiving.due(HERE, 2021)
    number = archives.registered(what)
    assert archiving.half_taken(HERE) == what
    while True:
        assert snapshot(persons) == before
        assert verdict()
        if not archiving.take_out(number, archives.NOW + timedelta(seconds=61)):
            break
        archiving.verify_part(what, archives.len_of)
    assert archiving.half_taken(HERE) is None
    assert not models.Entry.objects.filter(book=HERE, seq__lte=what.last_seq).exists()


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEPS, min_size=1, max_size=24), st.lists(st.integers(1, 24), max_size=3))
def test_any_ledger_archived_anywhere_gives_the_same_answers(persons, steps, cuts):
    for table in (models.ArchivedPart, models.ArchivedEvents, models.ArchivedPerson):
        table.objects.all().delete()
    archived.forget_belief()
    played = Played(persons[:3])
    played.play(steps)
    before = snapshot(persons)
    answers = writes.commit_batch(played.acts) if played.acts else []
    newest = reads.heads("430623")[0].seq
    for cut in sorted(cuts):
        archives.archive(archives.up_to(HERE, min(cut, newest)))
        assert snapshot(persons) == before
    assert verdict()
    assert not answers or writes.commit_batch(played.acts) == answers
    assert all(isinstance(each, Receipt) and each.repeated for each in answers)
    assert snapshot(persons) == before

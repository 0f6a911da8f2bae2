"""Four eyes, unbroken numbers, and bytes that never change."""

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from kepu.papers import reads, writes
from kepu.papers.models import PaperCopy, PaperRow, Series
from kepu.papers.rules import Issue, Kind, Organ, PaperNo, State, first_texts
from kepu.papers.tests.samples import CAMPAIGN, FACTS, MISSED, ORGAN
from kepu.people import writes as people
from kepu.people.models import Merge
from kepu.people.tests import land

pytestmark = pytest.mark.django_db
NOW = datetime(2021, 12, 10, 2, tzinfo=UTC)
COUNTY = ("430623",)
WRITER, READER = (1, "周审"), (2, "吴批")


@pytest.fixture
def organ(db: None) -> int:
    """The county's association, which issues."""
    number = writes.declare_organ(ORGAN, "430623", WRITER, NOW)
    assert number is not None
    return number


def begun(organ: int, kind: Kind = Kind.BULLETIN, facts=FACTS) -> int:
    texts = replace(first_texts(kind, ORGAN, facts), deadline="2021-12-31")
    return writes.begin_paper(writes.Wanted(organ, kind, 7), facts, texts, WRITER, NOW)


def approved(organ: int) -> int:
    number = begun(organ)
    assert writes.approve_paper(number, 1, READER, NOW) is None
    return number


def issued(organ: int, now: datetime = NOW) -> int:
    number = approved(organ)
    issue = reads.next_issue(organ, now.date())
    assert writes.issue_paper((number, 2), issue, bytes_of(issue), READER, now) is None
    return number


def bytes_of(issue: Issue) -> dict[str, bytes]:
    return {form: f"{form} {issue.number}".encode() for form in writes.FORMS}


def test_a_code_belongs_to_one_organ(organ):
    assert writes.declare_organ(Organ("别的", "别的文件", ORGAN.code), "430624", WRITER, NOW) is None
    assert [each.organ for each in reads.organs(COUNTY)] == [ORGAN]
    assert reads.organs(("430624",)) == []


def test_a_draft_keeps_its_figures_whatever_is_written(organ, django_assert_num_queries):
    number = begun(organ)
    texts = replace(first_texts(Kind.BULLETIN, ORGAN, FACTS), title="别的题目")
    assert writes.change_paper(number, 1, texts, READER, NOW) == 2
    with django_assert_num_queries(2):
        found = reads.paper(number, COUNTY)
    assert (found.texts, found.facts, found.writers) == (texts, FACTS, (1, 2))
    assert found.line.state is State.DRAFT
    assert hashlib.sha256(bytes(PaperRow.objects.get(pk=number).facts)).hexdigest() == found.facts_sha256
    assert writes.change_paper(number, 1, texts, WRITER, NOW) is PaperNo.CHANGED
    assert reads.paper(number, ("430624",)) is None


@pytest.mark.parametrize(("by", "answer"), [(WRITER, PaperNo.OWN_DRAFT), (READER, None)])
def test_nobody_approves_what_they_wrote(organ, by, answer):
    number = begun(organ)
    assert writes.approve_paper(number, 1, by, NOW) is answer


def test_whoever_changed_a_draft_does_not_approve_it(organ):
    number = begun(organ)
    writes.change_paper(number, 1, first_texts(Kind.BULLETIN, ORGAN, FACTS), READER, NOW)
    assert writes.approve_paper(number, 1, (3, "郑三"), NOW) is PaperNo.CHANGED
    assert writes.approve_paper(number, 2, READER, NOW) is PaperNo.OWN_DRAFT
    assert writes.approve_paper(number, 2, (3, "郑三"), NOW) is None


def test_two_accounts_of_one_person_are_one_pair_of_eyes(organ):
    land.settle()
    unit = land.unit_in(CAMPAIGN.place_code)
    one, two = people.enroll_many([land.enrolled(number, unit) for number in (7, 8)], now=NOW)
    texts = first_texts(Kind.BULLETIN, ORGAN, FACTS)
    number = writes.begin_paper(writes.Wanted(organ, Kind.BULLETIN, 7), FACTS, texts, (one, "周审"), NOW)
    merge = Merge.objects.create(kept_id=one, closed_id=two, before={}, merged_by_id=one, merged_at=NOW)
    assert writes.approve_paper(number, 1, (two, "周审"), NOW) is PaperNo.OWN_DRAFT
    Merge.objects.filter(pk=merge.pk).update(undone_at=NOW)
    assert writes.approve_paper(number, 1, (two, "周审"), NOW) is None


def test_an_approved_document_is_not_edited_but_taken_back(organ):
    number = approved(organ)
    texts = first_texts(Kind.BULLETIN, ORGAN, FACTS)
    assert writes.change_paper(number, 2, texts, WRITER, NOW) is PaperNo.NOT_NOW
    assert writes.drop_paper(number, 2) is PaperNo.NOT_NOW
    assert writes.return_paper(number, 2) is None
    found = reads.paper(number, COUNTY)
    assert (found.line.state, found.approved_name, found.approved_at) == (State.DRAFT, "", None)
    assert writes.drop_paper(number, 3) is None
    assert reads.paper(number, COUNTY) is None
    assert writes.drop_paper(number, 3) is PaperNo.GONE


def test_a_criticism_that_names_somebody_of_the_place_is_not_approved(organ):
    land.settle()
    texts = replace(
        first_texts(Kind.CRITICISM, ORGAN, MISSED), deadline="2021-12-31", closing="王小芳没有完成。"
    )
    number = writes.begin_paper(writes.Wanted(organ, Kind.CRITICISM, 7), MISSED, texts, WRITER, NOW)
    certified("王小芳")
    assert reads.persons_named(number) == ("王小芳",)
    assert writes.approve_paper(number, 1, READER, NOW) is PaperNo.PERSON_NAMED
    assert writes.change_paper(number, 1, replace(texts, closing=""), WRITER, NOW) == 2
    assert writes.approve_paper(number, 2, READER, NOW) is None


def certified(name: str) -> None:
    """Somebody of this name is certified in the campaign's place."""
    unit = land.unit_in(CAMPAIGN.place_code)
    people.enroll_many([land.enrolled(6, unit, name=name)], now=NOW)


def test_numbers_are_given_at_issue_alone_and_run_on(organ):
    drafts = [begun(organ) for _ in range(3)]
    assert writes.drop_paper(drafts[1], 1) is None
    numbers = [reads.paper(issued(organ), COUNTY).line.number for _ in range(3)]
    assert numbers == ["华科协发〔2021〕1号", "华科协发〔2021〕2号", "华科协发〔2021〕3号"]
    next_year = issued(organ, datetime(2022, 1, 4, 2, tzinfo=UTC))
    assert reads.paper(next_year, COUNTY).line.number == "华科协发〔2022〕1号"
    for left in (drafts[0], drafts[2]):
        assert reads.paper(left, COUNTY).line.number == ""


def test_whoever_comes_second_to_a_number_composes_anew(organ):
    first, second = approved(organ), approved(organ)
    issue = reads.next_issue(organ, NOW.date())
    assert writes.issue_paper((first, 2), issue, bytes_of(issue), READER, NOW) is None
    assert writes.issue_paper((second, 2), issue, bytes_of(issue), READER, NOW) is PaperNo.NUMBER_MOVED
    assert reads.paper(second, COUNTY).line.state is State.APPROVED
    after = reads.next_issue(organ, NOW.date())
    assert after.number == "华科协发〔2021〕2号"
    assert writes.issue_paper((second, 2), after, bytes_of(after), READER, NOW) is None


def test_a_draft_is_not_issued(organ):
    issue = reads.next_issue(organ, NOW.date())
    assert writes.issue_paper((begun(organ), 1), issue, bytes_of(issue), READER, NOW) is PaperNo.NOT_NOW
    assert not Series.objects.exists()


def test_what_was_issued_never_changes(organ):
    number = issued(organ)
    found = reads.paper(number, COUNTY)
    kept = {form: reads.copy(number, form) for form in writes.FORMS}
    assert dict(found.copies) == {form: hashlib.sha256(body).hexdigest() for form, body in kept.items()}
    texts = replace(found.texts, title="改了的题目")
    issue = reads.next_issue(organ, NOW.date())
    for refused in (
        writes.change_paper(number, 3, texts, WRITER, NOW),
        writes.approve_paper(number, 3, READER, NOW),
        writes.return_paper(number, 3),
        writes.drop_paper(number, 3),
        writes.issue_paper((number, 3), issue, bytes_of(issue), READER, NOW),
    ):
        assert refused is PaperNo.NOT_NOW
    assert writes.withdraw_paper(number, "有误", READER, NOW) is None
    assert {form: reads.copy(number, form) for form in writes.FORMS} == kept
    again = reads.paper(number, COUNTY)
    assert (again.texts, again.facts, again.line.number) == (found.texts, found.facts, found.line.number)
    row = PaperCopy.objects.first()
    row.body = b"x"
    for act in (row.save, row.delete):
        with pytest.raises(AssertionError):
            act()


def test_a_withdrawal_is_a_record_with_a_reason_and_keeps_the_number(organ):
    number = issued(organ)
    assert writes.withdraw_paper(number, "  ", READER, NOW) is PaperNo.NO_REASON
    assert writes.withdraw_paper(approved(organ), "x", READER, NOW) is PaperNo.NOT_NOW
    assert writes.withdraw_paper(number, "数字有误，另发。", READER, NOW) is None
    assert writes.withdraw_paper(number, "再来", READER, NOW) is PaperNo.NOT_NOW
    found = reads.paper(number, COUNTY)
    assert (found.line.state, found.line.number) == (State.WITHDRAWN, "华科协发〔2021〕1号")
    assert (found.withdrawn_name, found.withdrawn_why) == ("吴批", "数字有误，另发。")
    assert reads.paper(issued(organ), COUNTY).line.number == "华科协发〔2021〕2号"


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "issued"},
        {"number": 1, "year": 2021},
        {"state": "issued", "number": 0, "year": 2021, "issued_day": date(2021, 12, 1)},
    ],
)
def test_the_database_itself_ties_number_and_state_together(organ, wrong):
    number = begun(organ)
    with pytest.raises(IntegrityError), transaction.atomic():
        PaperRow.objects.filter(pk=number).update(**wrong)


def test_the_database_itself_gives_no_number_twice(organ):
    issued(organ)
    other = issued(organ)
    with pytest.raises(IntegrityError), transaction.atomic():
        PaperRow.objects.filter(pk=other).update(number=1)


def test_lists_are_narrowed_by_kind_state_and_year(organ, django_assert_num_queries):
    one, two, three = issued(organ), begun(organ, Kind.NOTICE), issued(organ, NOW + timedelta(days=30))
    writes.withdraw_paper(one, "有误", READER, NOW)

    def shown(**narrowed):
        return [each.id for each in reads.papers(COUNTY, 0, 10, **narrowed).rows]

    with django_assert_num_queries(1):
        assert shown() == [three, two, one]
    assert shown(kind="notice") == [two]
    assert shown(state="withdrawn") == [one]
    assert shown(state="issued") == [three]
    assert shown(state="draft") == [two]
    assert shown(year=2021) == [two, one]
    assert shown(year=2022) == [three]
    assert list(reads.papers(("430624",), 0, 10).rows) == []
    assert reads.papers(COUNTY, 0, 2).next_start == 2


def test_what_units_said_is_on_record_by_unit(db, django_assert_num_queries):
    writes.keep_hearing(7, ("注北村", "430623110203"), " 正在补。 ", WRITER, NOW)
    writes.keep_hearing(8, ("注北村", "430623110203"), "别的活动", WRITER, NOW)
    with django_assert_num_queries(1):
        (heard,) = reads.hearings(7, ["430623110203"])
    assert (heard.unit, heard.said, heard.by, heard.at) == ("注北村", "正在补。", "周审", NOW)
    assert reads.hearings(7, ["430623110215"]) == []

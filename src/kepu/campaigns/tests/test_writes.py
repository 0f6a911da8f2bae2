"""Publishing: versions, hashes, sign-off, and what may not change."""

import hashlib
from datetime import UTC, datetime

import pytest

from kepu.campaigns import policy, reads, writes
from kepu.campaigns.models import Campaign, SheetVersion
from kepu.campaigns.reads.drafts import DraftRow, draft_troubles
from kepu.campaigns.rules import Policy, Published, Reason
from kepu.campaigns.sheet import Allowed, edition_of
from kepu.campaigns.tests.samples import VOLUNTARY, reference, reference_text
from kepu.regions import writes as regions
from kepu.regions.models import Division

NOW = datetime(2021, 6, 21, 1, tzinfo=UTC)
TEXT = reference_text()

pytestmark = pytest.mark.django_db


def publish(text=TEXT, signed_off_by="李建国"):
    return writes.publish_sheet(text, "王秀英", signed_off_by, NOW)


def only_trouble(found):
    assert isinstance(found, list), found
    (trouble,) = found
    return trouble


def test_a_published_sheet_is_found_by_everyone(django_assert_num_queries):
    done = publish()
    assert isinstance(done, Published)
    assert done.sha256 == hashlib.sha256(TEXT.encode()).hexdigest()
    assert (done.sheet.campaign, done.sheet.version) == ("chaqi-2021", 1)
    with django_assert_num_queries(1):
        assert reads.published() == (done,)
    with django_assert_num_queries(1):
        assert reads.campaign("chaqi-2021") == done
    with django_assert_num_queries(1):
        assert reads.sheet(done.number, 1) == done.sheet
    with django_assert_num_queries(1):
        assert reads.campaign("nothing") is None
    with django_assert_num_queries(1):
        assert reads.publication("nothing") is None


def test_a_sheet_is_read_from_its_text_when_this_process_has_not_seen_it(django_assert_num_queries):
    done = publish()
    reads._SHEETS.clear()
    with django_assert_num_queries(1):
        assert reads.published() == (done,)
    with django_assert_num_queries(1):
        assert reads.published() == (done,)


def test_a_new_text_is_the_next_version_and_old_ones_stay():
    first = publish()
    second = publish(TEXT.replace("per_day_max = 300", "per_day_max = 200"))
    assert (second.number, second.sheet.version) == (first.number, 2)
    assert reads.campaign("chaqi-2021") == second
    assert reads.published() == (second,)
    assert reads.sheet(first.number, 1) == first.sheet
    assert reads.sheet(first.number, 2) == second.sheet


def test_the_same_text_again_publishes_nothing():
    first = publish()
    assert publish() == first
    assert publish("\ufeff" + TEXT.replace("\n", "\r\n")) == first
    assert SheetVersion.objects.count() == 1


def test_going_back_to_an_earlier_text_is_a_version_of_its_own():
    first = publish()
    publish(TEXT.replace("per_day_max = 300", "per_day_max = 200"))
    third = publish()
    assert (third.sheet.version, third.sha256) == (3, first.sha256)


@pytest.mark.parametrize("nobody", [None, "", "  "])
def test_the_notices_policy_needs_a_name_that_signs_off(nobody):
    trouble = only_trouble(publish(signed_off_by=nobody))
    assert (trouble.field, trouble.found, trouble.allowed) == ("policy", '"notice"', Allowed.SIGN_OFF)
    assert TEXT.split("\n")[trouble.line - 1].startswith("policy")
    assert not Campaign.objects.exists()


def test_what_was_signed_off_is_kept():
    publish()
    publication = reads.publication("chaqi-2021")
    assert (publication.published_by, publication.signed_off_by) == ("王秀英", "李建国")
    assert (publication.published_at, publication.text) == (NOW, TEXT)
    assert [row.clause for row in publication.conflicts] == [
        "建设权限",
        "“五个不得”第二项",
        "“五个不得”第三项",
        "“五个不得”第四项",
        "2.1.2",
        "正面清单第一项，负面清单第一、二项",
        "第九条第一项",
        "第四十四条",
    ]
    assert all(row.source.startswith("http") and row.says and row.features for row in publication.conflicts)


def test_what_was_tested_is_kept_with_the_version(django_assert_num_queries):
    number = publish().number
    with django_assert_num_queries(1):
        outcome = reads.guard_outcome(number, 1)
    assert (outcome.version, outcome.signed_off_by, outcome.published_at) == (1, "李建国", NOW)
    assert outcome.conflicts == reads.publication("chaqi-2021").conflicts
    kept = [(each.document, each.clause, each.says) for each in outcome.tested]
    assert kept == [(each.document, each.clause, each.says) for each in policy.clauses()]
    assert outcome.rule_book == policy.edition()
    assert reads.guard_outcome(number, 2) is None


def test_a_voluntary_sheet_needs_nobody():
    done = publish(VOLUNTARY, signed_off_by=None)
    assert done.sheet.policy is Policy.VOLUNTARY
    assert reads.publication("reading-2026").conflicts == ()


@pytest.mark.parametrize(
    ("old", "new", "field", "published"),
    [
        ('measure = "shares"', 'measure = "reads"', "measure", "shares"),
        ('counts_within = "4306"', 'counts_within = "43"', "counts_within", "4306"),
    ],
)
def test_a_new_version_keeps_measure_and_place(old, new, field, published):
    publish()
    trouble = only_trouble(publish(TEXT.replace(old, new)))
    assert (trouble.field, trouble.allowed, trouble.values) == (field, Allowed.AS_PUBLISHED, (published,))


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("basic_task = 1400", "basic_task = 1000", "rounds[1]"),
        ('tie_rule = "earlier"', 'tie_rule = "shared"', "tie_rule"),
    ],
)
def test_a_closed_round_keeps_its_rules(old, new, field):
    changed = TEXT.replace(old, new, 1)
    assert changed != TEXT
    publish()
    assert isinstance(publish(changed), Published)
    publish(TEXT)
    after = datetime(2021, 8, 1, 1, tzinfo=UTC)
    (trouble,) = writes.publish_sheet(changed, "测试", "测试签发人", after)
    assert (trouble.field, trouble.allowed, trouble.values) == (
        field,
        Allowed.CLOSED_ROUND,
        ("2021年年中评选",),
    )


def test_two_campaigns_do_not_count_at_the_same_time_in_the_same_division():
    publish()
    trouble = only_trouble(publish(TEXT.replace("chaqi-2021", "twin-2021")))
    assert (trouble.field, trouble.allowed, trouble.values) == (
        "counts_within",
        Allowed.FREE_PERIOD,
        ("chaqi-2021",),
    )
    assert isinstance(publish(edition_of(TEXT, 2026)), Published)
    assert [each.sheet.campaign for each in reads.published()] == ["chaqi-2021", "chaqi-2026"]


def test_a_sheet_with_troubles_is_refused_whole():
    found = publish("campaign = 3")
    assert isinstance(found, list)
    assert len(found) > 5
    assert not Campaign.objects.exists()


def test_codes_are_held_against_the_divisions():
    regions.load_divisions(only_within=("430623110",))
    assert isinstance(reads.checked(TEXT), type(reference()))
    swapped = TEXT.replace("430623110215", "430623110299").replace('unit = "注北村"', 'unit = "北注村"')
    missing, named = publish(swapped)
    assert (missing.field, missing.allowed) == ("tasks.units[2].division", Allowed.KNOWN_DIVISION)
    assert (named.field, named.found, named.allowed, named.values) == (
        "tasks.units[3].unit",
        '"北注村"',
        Allowed.DIVISION_NAME,
        ("注北村",),
    )


def test_broken_clauses_and_wrong_codes_are_told_together():
    regions.load_divisions(only_within=("430623110",))
    both = TEXT.replace('policy = "notice"', 'policy = "voluntary"').replace("430623110215", "430623110299")
    told = reads.checked(both)
    assert isinstance(told, list)
    assert {Allowed.BARRED, Allowed.KNOWN_DIVISION} <= {each.allowed for each in told}
    elsewhere = DraftRow(1, 0, "", "430624", both, 1, NOW, 1, "某")
    told = draft_troubles(elsewhere, both, ("430624",), NOW)
    assert isinstance(told, list)
    wanted = {Allowed.BARRED, Allowed.KNOWN_DIVISION, Allowed.OWN_DIVISION}
    assert wanted <= {each.allowed for each in told}
    assert [each.line for each in told] == sorted(each.line for each in told)


def test_a_village_is_called_as_people_call_it():
    regions.load_divisions(only_within=("430623110",))
    Division.objects.filter(pk="430623110215").update(name="同福村民委员会")
    assert isinstance(publish(), Published)


def test_without_a_tree_codes_are_taken_as_they_are(django_assert_num_queries):
    with django_assert_num_queries(2):
        assert isinstance(reads.checked(TEXT), type(reference()))


def test_publishing_costs_a_few_queries(django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        publish()


def test_numbers_in_the_chain_are_never_reused():
    """Kinds and reasons are hashed by number; a changed number would break every chain."""
    assert [reason.value for reason in Reason] == list(range(9))

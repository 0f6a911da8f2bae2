"""The tree as the database holds it: the sample county, a municipality, a city without counties."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kepu.kit.tests.depth import cases
from kepu.regions import facts, reads, writes
from kepu.regions.models import Division
from kepu.regions.rules import DivisionName, Level, is_within, parent_of

LOADED = ("430623", "430602", "1101", "4419", "500229", "419001", "35052700")


@pytest.fixture(scope="module", autouse=True)
def tree(django_db_setup, django_db_blocker):
    """Some of the tree, loaded once for this file and taken away after it."""
    with django_db_blocker.unblock():
        writes.load_divisions(only_within=LOADED)
        yield
        Division.objects.all().delete()


pytestmark = pytest.mark.django_db


def test_a_division_is_found_by_its_code(django_assert_num_queries):
    with django_assert_num_queries(1):
        assert reads.division("430623110") == DivisionName("430623110", "插旗镇")
    with django_assert_num_queries(1):
        assert reads.division("999999") is None
    with django_assert_num_queries(0):
        assert reads.division("' OR 1=1 --") is None
        assert reads.division("43\x00") is None


def test_names_come_in_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        assert reads.names(["4306", "430623", "999999", "x"]) == {"4306": "岳阳市", "430623": "华容县"}
    with django_assert_num_queries(0):
        assert reads.names([]) == {}


@pytest.mark.parametrize(
    ("code", "full"),
    [
        ("430623110215", "湖南省岳阳市华容县插旗镇同福村"),
        ("110101001", "北京市东城区东华门街道"),
        ("441900003", "广东省东莞市东城街道"),
        ("441900", "广东省东莞市"),
        ("500229", "重庆市城口县"),
        ("419001", "河南省济源市"),
        ("350527000", "福建省泉州市金门县"),
        ("999999", ""),
    ],
)
def test_full_names_of_irregular_levels(code, full, django_assert_max_num_queries):
    with django_assert_max_num_queries(1):
        assert reads.full_name(code) == full


def test_full_names_of_many_cost_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        full = reads.full_names(["430623110", "110101", "77"])
    assert full == {"430623110": "湖南省岳阳市华容县插旗镇", "110101": "北京市东城区"}


def test_children_are_one_level_below_a_page_at_a_time(django_assert_num_queries):
    with django_assert_num_queries(1):
        first = reads.children("430623110", size=5)
    rest = reads.children("430623110", start=first.next_start, size=5)
    assert rest.next_start is None
    names = [row.name for row in [*first.rows, *rest.rows]]
    assert sorted(names) == sorted(
        ["同福村", "注北村", "插旗村", "大湾村", "曙光村", "众城村", "千和村", "向阳街社区"]
    )
    assert [row.code for row in reads.children("4419").rows] == ["441900"]
    assert [row.name for row in reads.children("1101").rows][:2] == ["东城区", "西城区"]
    assert reads.children("430623110215").rows == ()
    assert "湖南省" in [row.name for row in reads.children("").rows]


def test_the_county_has_fourteen_towns_and_225_villages(django_assert_num_queries):
    with django_assert_num_queries(2):
        assert len(reads.within("430623", Level.TOWN)) == 14
        assert len(reads.within("430623", Level.VILLAGE)) == 225
    assert [row.code for row in reads.within("430623110", Level.TOWN)] == ["430623110"]
    assert reads.within("430623110", Level.COUNTY) == []


@settings(max_examples=cases(60), deadline=None)
@given(st.data())
def test_within_is_the_prefix_filter(data):
    codes = list(Division.objects.values_list("code", flat=True))
    code = data.draw(st.sampled_from(codes))
    level = data.draw(st.sampled_from(list(Level)))
    expected = sorted(other for other in codes if is_within(other, code) and len(other) == level)
    assert [row.code for row in reads.within(code, level)] == expected[: reads.WITHIN_MAX]


def test_no_division_is_an_orphan():
    codes = set(Division.objects.values_list("code", flat=True))
    assert {parent_of(code) for code in codes} - {None} <= codes


@pytest.mark.parametrize(
    ("text", "within", "level", "first"),
    [
        ("插旗", "", None, "插旗镇"),
        ("插旗", "430623110", Level.VILLAGE, "插旗村"),
        ("插旗村", "", None, "插旗村"),
        ("华容", "43", None, "华容县"),
        ("东城", "", None, "东城区"),
        ("东城街道", "", None, "东城街道"),
        ("430623110", "", None, "插旗镇"),
        ("旗", "430623", Level.TOWN, "插旗镇"),
        ("  千和村 ", "4306", None, "千和村"),
    ],
)
def test_search_puts_the_exact_name_and_higher_levels_first(
    text, within, level, first, django_assert_num_queries
):
    with django_assert_num_queries(1):
        found = reads.search(text, within=within, level=level)
    assert found[0].name == first
    assert all(is_within(row.code, within) for row in found)


def test_search_orders_by_level_and_is_bounded():
    found = reads.search("城", within="11", limit=30)
    assert len(found) == 30
    assert [len(row.code) for row in found] == sorted(len(row.code) for row in found)
    assert len(reads.search("村", limit=10_000)) == 100
    assert reads.search("村", limit=-1) == []


@pytest.mark.parametrize(
    "text", ["", "   ", "%", "_", "插%", "\x00", "村" * 61, "'; DROP TABLE x; --", "<b>"]
)
def test_odd_text_finds_nothing(text):
    assert reads.search(text) == []


def test_loading_again_changes_nothing_and_corrects_names():
    Division.objects.filter(pk="430623110").update(name="旧名")
    before = Division.objects.count()
    told = []
    done = writes.load_divisions(lambda *step: told.append(step), only_within=("430623",))
    assert done == 242  # province, city, county, 14 towns, 225 villages
    assert told == [(242, facts.DIVISIONS)]
    assert Division.objects.count() == before
    assert reads.full_name("430623110") == "湖南省岳阳市华容县插旗镇"

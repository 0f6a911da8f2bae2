"""The packaged facts are whole, and loading them whole is quick and happens once."""

import pytest

from kepu.regions import facts, reads, writes
from kepu.regions.rules import Level, is_code, parent_of


def test_the_facts_are_whole_sorted_and_without_orphans():
    codes = [code for code, _ in facts.rows()]
    assert len(codes) == facts.DIVISIONS
    assert codes == sorted(codes)
    known = set(codes)
    assert len(known) == len(codes)
    assert all(is_code(code) for code in codes)
    assert {parent_of(code) for code in codes} - {None} <= known
    sizes = [sum(1 for code in codes if len(code) == level) for level in Level]
    assert sizes == [31, 342, 2_978, 41_352, 620_573]


@pytest.mark.django_db
def test_the_whole_tree_loads_once(django_assert_max_num_queries, django_assert_num_queries):
    assert not reads.is_whole()
    told = []
    assert writes.load_divisions(lambda done, of: told.append((done, of))) == facts.DIVISIONS
    assert told[-1] == (facts.DIVISIONS, facts.DIVISIONS)
    with django_assert_num_queries(1):
        assert writes.load_divisions() == facts.DIVISIONS
    assert reads.is_whole()
    assert [row.name for row in reads.search("插旗")][:1] == ["插旗镇"]
    assert len(reads.children("").rows) == 31

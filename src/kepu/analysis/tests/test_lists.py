"""The expression over columns finds what the rules find, whatever was played."""

from dataclasses import replace

import ibis
import pytest
from hypothesis import given

from kepu.analysis.rules import asked, lists, outcomes
from kepu.analysis.tests.columns import register_of, tallies_of
from kepu.awards.tests.test_any_ledger import Played, played

CAMPAIGN = 7


@pytest.fixture(scope="module")
def engine():
    return ibis.duckdb.connect()


@given(found=played())
def test_columns_and_rules_give_the_same_lists(engine, found: Played):
    what = asked(CAMPAIGN, found.sheet, found.round)
    tallies = ibis.memtable(tallies_of(found.entries))
    register = ibis.memtable(register_of(found.candidates))
    lines = engine.to_pyarrow(lists(tallies, register, what)).to_pylist()
    assert outcomes(lines, what) == tuple(replace(each, ranking=()) for each in found.outcomes)

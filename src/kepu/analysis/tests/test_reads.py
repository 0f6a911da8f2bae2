"""The same bytes from columns as from the rules, on a real ledger."""

from datetime import date

import pytest

from kepu.analysis.reads import evaluate_round
from kepu.awards import reads as awards
from kepu.awards.rules import NoRound, evaluation_bytes
from kepu.awards.tests.test_objections import ROUND, at, filed, here, officers, publish, upheld
from kepu.ledger import reads as ledger
from kepu.ledger import writes
from kepu.standings.tests import town

pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["here", "officers"]


def from_columns(folder):
    told = []
    evaluation = evaluate_round(*ROUND, folder, told.append)
    return evaluation_bytes(evaluation), told


def test_a_round_gives_the_same_bytes_open_and_closed(here, officers, tmp_path):
    assert from_columns(tmp_path) == (evaluation_bytes(awards.evaluate_round(*ROUND)), [4])
    publish(officers[0])
    entry = ledger.statement(here[0], None, 1)[0]
    upheld(filed(here[0]), officers[1], at(12, 14), takes_back=[(entry.book, entry.seq)])
    # What is stated after the closing, without an objection, does not count.
    late = ledger.statement(here[1], None, 1)[0]
    writes.reverse_entry(late.book, late.seq, officers[1], "测试", at(12, 15))
    expected = evaluation_bytes(awards.evaluate_round(*ROUND))
    assert from_columns(tmp_path)[0] == expected
    assert b"counts_until" in expected


def test_a_round_without_anybody_has_empty_lists(tmp_path):
    town.build()
    assert from_columns(tmp_path) == (evaluation_bytes(awards.evaluate_round(*ROUND)), [])
    assert not awards.evaluate_round(*ROUND).scopes[0].winners


def test_people_of_elsewhere_are_on_no_list(here, tmp_path):
    stranger = town.enrol(1, town.ZHUBEI)[0]
    town.credit(stranger, 9, date(2021, 3, 1))
    assert from_columns(tmp_path)[0] == evaluation_bytes(awards.evaluate_round(*ROUND))


def test_what_is_asked_must_exist(tmp_path):
    town.build()
    assert evaluate_round("nobody", "annual", tmp_path, print) is NoRound.NO_CAMPAIGN
    assert evaluate_round("chaqi-2021", "nobody", tmp_path, print) is NoRound.NO_ROUND
    assert not list(tmp_path.iterdir())

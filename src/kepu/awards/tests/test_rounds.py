"""Rounds on a real ledger: the list, its bytes, what is kept, and why."""

import json
from datetime import date, timedelta

import pytest

from kepu.awards import models, reads, writes
from kepu.awards.rules import Missed, NoRound, Stage, Step, evaluation_bytes, why_bytes
from kepu.kit import clock
from kepu.ledger import writes as ledger
from kepu.people.models import Communicator
from kepu.standings.tests import town

pytestmark = pytest.mark.django_db
NOW = clock.start_of(date(2021, 12, 1))


@pytest.fixture
def people():
    """Three of the county with the basic task of 2200, one without, one of another county, one revoked."""
    town.build()
    here = town.enrol(5)
    (far,) = town.enrol(1, town.ELSEWHERE)
    brought = zip([*here, far], [3000, 2900, 2100, 2200, 9000, 2950], strict=True)
    for second, (person, volume) in enumerate(brought):
        town.credit(person, volume, date(2021, 8, 2), second)
    Communicator.objects.filter(pk=here[4]).update(revoked_at=town.JANUARY)
    return [*here[:4], far, here[4]]


def test_the_list(people):
    first, second, short, last, far, _revoked = people
    evaluation = reads.evaluate_round("chaqi-2021", "annual")
    city, county = json.loads(evaluation_bytes(evaluation))["scopes"]
    assert (city["division"], city["name"], city["budget"]) == ("4306", "岳阳市", 0)
    assert (county["division"], county["name"], county["budget"]) == ("430623", "华容县", 1500)
    assert [(line["rank"], line["communicator"]) for line in city["winners"]] == [
        (1, first),
        (2, far),
        (3, second),
        (4, last),
    ]
    assert [(line["rank"], line["communicator"], line["amount"]) for line in county["winners"]] == [
        (1, first, 500),
        (2, second, 500),
        (3, last, 500),
    ]
    (near,) = county["near_misses"]
    assert (near["communicator"], near["rank"], near["missed"], near["basic_task_gap"]) == (
        short,
        4,
        "basic_task",
        100,
    )


def test_the_moment_and_the_head_come_from_the_ledger(people):
    evaluation = reads.evaluate_round("chaqi-2021", "annual")
    assert evaluation.as_of == "2021-08-02T09:00:05.000+08:00"
    again = reads.evaluate_round("chaqi-2021", "annual")
    assert evaluation_bytes(again) == evaluation_bytes(evaluation)
    town.share(people[0], 1, date(2021, 9, 1))
    later = reads.evaluate_round("chaqi-2021", "annual")
    assert later.ledger_head != evaluation.ledger_head
    assert later.as_of == "2021-09-01T09:00:00.000+08:00"


def test_what_comes_after_a_round_leaves_it_alone_but_a_correction_does_not(people):
    shared = town.share(people[0], 1, date(2021, 6, 1))
    evaluation = evaluation_bytes(reads.evaluate_round("chaqi-2021", "midyear"))
    town.share(people[0], 1, date(2021, 9, 1))
    assert evaluation_bytes(reads.evaluate_round("chaqi-2021", "midyear")) == evaluation
    ledger.reverse_entry(shared[0].book, shared[0].seq, people[1], "测试", NOW)
    corrected = reads.evaluate_round("chaqi-2021", "midyear")
    assert evaluation_bytes(corrected) != evaluation
    assert corrected.as_of == NOW.astimezone(clock.SHANGHAI).isoformat(timespec="milliseconds")


def test_the_list_names_the_register_it_stands_on(people):
    evaluation = reads.evaluate_round("chaqi-2021", "annual")
    Communicator.objects.filter(pk=people[1]).update(revoked_at=NOW)
    later = reads.evaluate_round("chaqi-2021", "annual")
    assert later.ledger_head == evaluation.ledger_head
    assert later.register != evaluation.register
    assert people[1] not in [winner.communicator for winner in later.scopes[1].winners]


def test_volume_outside_the_round_does_not_count(people):
    midyear = reads.evaluate_round("chaqi-2021", "midyear")
    assert [outcome.winners for outcome in midyear.scopes] == [()]
    assert midyear.as_of is None, "nothing in the ledger bears on it"


@pytest.mark.parametrize(
    ("campaign", "round_id", "reason"),
    [("none", "annual", NoRound.NO_CAMPAIGN), ("chaqi-2021", "none", NoRound.NO_ROUND)],
)
def test_nothing_to_evaluate_is_an_answer(people, campaign, round_id, reason):
    assert reads.evaluate_round(campaign, round_id) is reason
    assert writes.evaluate_round(campaign, round_id, "测试", NOW) is reason
    assert reads.why(campaign, round_id, people[0]) is reason


def test_an_empty_ledger_has_an_empty_list():
    town.build()
    evaluation = reads.evaluate_round("chaqi-2021", "annual")
    assert evaluation.as_of is None
    assert [(outcome.winners, outcome.budget) for outcome in evaluation.scopes] == [((), 0), ((), 0)]


def test_an_evaluation_is_kept_once_and_again_only_when_something_changed(people):
    kept = writes.evaluate_round("chaqi-2021", "annual", "测试", NOW)
    assert kept.body == evaluation_bytes(reads.evaluate_round("chaqi-2021", "annual"))
    assert writes.evaluate_round("chaqi-2021", "annual", "别人", NOW + timedelta(days=1)) == kept
    town.share(people[0], 1, date(2021, 9, 1))
    newer = writes.evaluate_round("chaqi-2021", "annual", "别人", NOW + timedelta(days=1))
    assert newer.id != kept.id
    assert reads.latest_evaluation("chaqi-2021", "annual") == newer
    assert models.Evaluation.objects.count() == 2


def test_why_a_winner_won(people):
    first = people[0]
    writes.evaluate_round("chaqi-2021", "annual", "测试", NOW)
    why = reads.why("chaqi-2021", "annual", first)
    assert (why.volume, why.basic_task_gap, why.counted_since) == (3000, 0, 0)
    assert why.days == ((20210802, 3000),)
    assert why.months == ((202108, 3000),)
    city, county = why.scopes
    assert (city.rank, city.won_title, city.won_amount) == (1, "市科协奖励", None)
    assert (county.rank, county.won_title, county.won_amount) == (1, "华容县优秀科普员", 500)


def test_why_someone_in_rank_did_not(people):
    writes.evaluate_round("chaqi-2021", "annual", "测试", NOW)
    why = reads.why("chaqi-2021", "annual", people[2])
    assert (why.volume, why.basic_task, why.basic_task_gap) == (2100, 2200, 100)
    assert [(place.rank, place.missed) for place in why.scopes] == [
        (5, Missed.BASIC_TASK),
        (4, Missed.BASIC_TASK),
    ]


def test_why_counts_refused_acts_corrections_and_what_came_since(people):
    person = people[3]
    town.share(person, 302, date(2021, 9, 1))
    first = town.share(person, 1, date(2021, 9, 2))[0]
    ledger.reverse_entry(first.book, first.seq, person, "重复", clock.start_of(date(2021, 9, 3)))
    writes.evaluate_round("chaqi-2021", "annual", "测试", NOW)
    town.share(person, 4, date(2021, 9, 5))
    town.share(person, 2, date(2021, 12, 5))
    why = reads.why("chaqi-2021", "annual", person)
    assert (why.volume, why.counted_since, why.adjusted) == (2500, 4, 2200 - 1)
    assert why.days == ((20210802, 2200), (20210901, 300), (20210905, 4))
    assert why.refused == (("day_cap", 2),)


def test_ties_are_explained(people):
    early, late = town.enrol(2)
    town.credit(late, 5000, second=9)
    town.credit(early, 5000, second=1)
    writes.evaluate_round("chaqi-2021", "annual", "测试", NOW)
    county = {person: reads.why("chaqi-2021", "annual", person).scopes[1] for person in (early, late)}
    assert [(county[p].rank, county[p].tied, county[p].tied_ahead) for p in (early, late)] == [
        (1, 1, 0),
        (2, 1, 1),
    ]


def test_someone_without_volume_or_certification_gets_an_explanation(people):
    (idle,) = town.enrol(1)
    writes.evaluate_round("chaqi-2021", "annual", "测试", NOW)
    why = reads.why("chaqi-2021", "annual", idle)
    assert (why.is_certified, why.volume, why.basic_task_gap) == (True, 0, 2200)
    assert [(place.rank, place.missed) for place in why.scopes] == [(None, Missed.BELOW_LAST_RANK)] * 2
    assert [tier.volume_missing for tier in why.scopes[1].tiers] == [2200, 2200, 2200]
    revoked = reads.why("chaqi-2021", "annual", people[5])
    assert (revoked.is_certified, revoked.volume, revoked.scopes) == (False, 9000, ())
    assert reads.why("chaqi-2021", "annual", 10**6) is NoRound.NO_PERSON


def test_the_explanation_agrees_with_the_list_for_everyone(people):
    kept = writes.evaluate_round("chaqi-2021", "annual", "测试", NOW)
    for scope in kept.content()["scopes"]:
        won = {line["communicator"]: line for line in scope["winners"]}
        missed = {line["communicator"]: line for line in scope["near_misses"]}
        for person in people[:5]:
            why = reads.why("chaqi-2021", "annual", person)
            place = next((p for p in why.scopes if p.division == scope["division"]), None)
            line = won.get(person) or missed.get(person)
            assert (place is None) == (line is None)
            if place is not None:
                assert (place.rank, why.volume) == (line["rank"], line["volume"])
                assert (place.won_title is not None) == (person in won)
                assert place.missed == line.get("missed")


def test_why_is_not_answered_before_an_evaluation(people):
    assert reads.why("chaqi-2021", "annual", people[0]) is NoRound.NOT_EVALUATED


def test_why_as_bytes(people):
    writes.evaluate_round("chaqi-2021", "annual", "测试", NOW)
    said = json.loads(why_bytes(reads.why("chaqi-2021", "annual", people[0])))
    assert said["days"] == {"20210802": 3000}
    assert said["scopes"][1]["tiers"][0] == {
        "amount": 500,
        "rank_from": 1,
        "rank_to": 10,
        "title": "华容县优秀科普员",
        "volume_missing": 0,
    }


def test_queries(people, django_assert_max_num_queries):
    """One more than before rounds had a life: whether this one is closed."""
    with django_assert_max_num_queries(8):
        reads.evaluate_round("chaqi-2021", "annual")
    writes.evaluate_round("chaqi-2021", "annual", "测试", NOW)
    with django_assert_max_num_queries(16):
        reads.why("chaqi-2021", "annual", people[0])
    with django_assert_max_num_queries(1):
        reads.latest_evaluation("chaqi-2021", "annual")


@pytest.mark.django_db(transaction=True)
def test_one_state_for_every_question_of_an_evaluation(people, monkeypatch):
    """An entry written half-way through is not seen, and its writer does not wait."""
    import threading

    from django.db import connection

    before = evaluation_bytes(reads.evaluate_round("chaqi-2021", "annual"))
    honest = reads.evaluating.ledger.volumes

    def written_meanwhile(*args):
        def write():
            town.credit(people[3], 5000, date(2021, 9, 1))
            connection.close()

        writer = threading.Thread(target=write)
        writer.start()
        writer.join(timeout=10)
        assert not writer.is_alive()
        return honest(*args)

    monkeypatch.setattr(reads.evaluating.ledger, "volumes", written_meanwhile)
    assert evaluation_bytes(reads.evaluate_round("chaqi-2021", "annual")) == before
    monkeypatch.undo()
    assert evaluation_bytes(reads.evaluate_round("chaqi-2021", "annual")) != before


def test_what_someone_won_stands_only_on_the_newest_list_of_a_closed_round(db, django_assert_max_num_queries):
    town.build()
    first, second = town.enrol(2)
    town.credit(first, 3000, date(2021, 8, 2))
    town.credit(second, 2100, date(2021, 8, 2))
    after, before = clock.start_of(date(2021, 12, 1)), clock.start_of(date(2021, 11, 30))
    assert reads.won(first, after) == []
    writes.evaluate_round("chaqi-2021", "annual", "测试", after)
    with django_assert_max_num_queries(3):
        found = reads.won(first, after)
    assert [(each.place, each.rank, each.title, each.amount, each.has_certificate) for each in found] == [
        ("岳阳市", 1, "市科协奖励", None, False),
        ("华容县", 1, "华容县优秀科普员", 500, True),
    ]
    assert {(each.round_title, each.volume) for each in found} == {("2021年全年评选", 3000)}
    assert reads.won(first, before) == []
    assert reads.won(second, after) == []  # ranked, but short of the basic task
    town.credit(second, 2000, date(2021, 8, 3))
    town.credit(first, -2000, date(2021, 8, 3))
    writes.evaluate_round("chaqi-2021", "annual", "测试", after)
    assert reads.won(first, after) == []
    assert len(reads.won(second, after)) == 2
    assert reads.evaluated_rounds("chaqi-2021") == {"annual"}


def test_what_someone_won_stands_on_the_list_the_round_is_at_not_on_the_newest(
    db, django_assert_max_num_queries
):
    """Nothing between closing and publicity, then the public list whatever is evaluated beside it."""
    town.build()
    first, second = town.enrol(2)
    town.credit(first, 3000, date(2021, 8, 2))
    town.credit(second, 2100, date(2021, 8, 2))
    of = ("chaqi-2021", "annual")
    issued = NOW + timedelta(hours=9)
    writes.take_step(*of, Step.CLOSE, 0, NOW)
    writes.judge_round(*of, 0, NOW)
    assert reads.won(first, issued) == []
    for step in (Step.FREEZE, Step.PUBLISH):
        if step is Step.PUBLISH:
            writes.take_step(*of, step, 0, issued)
        else:
            writes.freeze_round(*of, reads.fresh_list(*of), 0, issued)
    standing = reads.latest_evaluation(*of)
    Communicator.objects.filter(account=first).update(revoked_at=issued)
    assert writes.evaluate_round(*of, "测试", issued).id != standing.id
    with django_assert_max_num_queries(3):
        found = reads.won(first, issued)
    assert [(each.place, each.is_final) for each in found] == [("岳阳市", False), ("华容县", False)]
    step_row = models.RoundStep.objects.order_by("number").last()
    step_row.pk, step_row.number, step_row.step, step_row.stage = None, 5, Step.SIGN, Stage.FINAL
    step_row.save()
    assert [each.is_final for each in reads.won(first, issued)] == [True, True]
    writes.revoke_award(*of, (first, "430623"), 0, issued, "核实有误")
    assert [each.place for each in reads.won(first, issued)] == ["岳阳市"]

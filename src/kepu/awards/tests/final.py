"""A round whose list is final: what tests of certificates and payouts stand on."""

from datetime import date, timedelta

from kepu.awards import models, writes
from kepu.awards.rules import Stage, Step
from kepu.kit import clock
from kepu.standings.tests import town

AT = clock.start_of(date(2021, 12, 10)) + timedelta(hours=9)
SLUG, ROUND, COUNTY = "chaqi-2021", "annual", "430623"


def enrolled(number, departments=0):
    """Account ids of people with the basic task, best first; the last `departments` of 机关、站所."""
    town.build()
    persons = town.enrol(number - departments)
    if departments:
        persons += town.enrol(departments, village="430623110")
    for place, person in enumerate(persons):
        town.credit(person, 5000 - 10 * place, date(2021, 8, 2))
    return persons


def make_final(campaign=SLUG, round_id=ROUND):
    """The newest evaluation of the round is the final one; the way there is tests of its own."""
    evaluation = writes.evaluate_round(campaign, round_id, "测试", AT)
    rows = ((1, Step.EVALUATE, Stage.EVALUATED), (2, Step.SIGN, Stage.FINAL))
    for number, step, stage in rows:
        models.RoundStep.objects.create(
            campaign=campaign,
            round=round_id,
            number=number,
            step=step,
            stage=stage,
            evaluation_id=evaluation.id,
            account=1,
            name="测试",
            at=AT,
        )


def awarded(number, departments=0):
    """People whose round was awarded at AT; `writes.Awarded` beside them."""
    persons = enrolled(number, departments)
    make_final()
    given = writes.issue_certificates(SLUG, ROUND, 0, AT)
    assert isinstance(given, writes.Awarded), given
    return persons, given

"""What somebody won, on the lists that stand."""

from dataclasses import replace
from datetime import datetime

import msgspec
from django.db.models import Max, Q

from kepu.awards import models
from kepu.awards.reads.life import steps_of
from kepu.awards.rules import Stage, Taken, Won, life_of, reached, revocations_of, won_on
from kepu.campaigns import reads as campaigns
from kepu.campaigns.rules import Published, round_of

ROUNDS_MAX = 50


def won(person: int, now: datetime) -> list[Won]:
    """What a person won on the lists that stand, newest first, without awards that were revoked.

    The list of a round is the one its last step is about, from its publicity on; between closing and
    publicity there is none. A round that nobody closed yet has its newest stored list once its days are over.
    At most ROUNDS_MAX lists are read. Three queries, and one for each list of an older rule sheet.
    """
    by_slug = {each.sheet.campaign: each for each in campaigns.published()}
    taken = steps_of(list(by_slug))
    standing = {life_of(each).evaluation for each in taken.values()}
    newest = models.Evaluation.objects.order_by().values("campaign", "round").annotate(newest=Max("id"))
    mine = models.Placing.objects.filter(person=person).values("evaluation")
    rows = models.Evaluation.objects.filter(Q(pk__in=standing) | Q(pk__in=newest.values("newest")))
    found: list[Won] = []
    for row in rows.filter(pk__in=mine).order_by("-id")[: 2 * ROUNDS_MAX]:
        published = by_slug.get(row.campaign)
        if published is not None:
            found += _won_on(row, published, taken.get((row.campaign, row.round), []), person, now)
    return found


def _won_on(
    row: models.Evaluation, published: Published, taken: list[Taken], person: int, now: datetime
) -> list[Won]:
    """What a person won on one stored list; nothing where it is not the list that stands."""
    sheet, life = published.sheet, life_of(taken)
    if row.version != sheet.version:
        sheet = campaigns.sheet(published.number, row.version)
    round_ = round_of(sheet, row.round)
    if round_ is None or round_.closes_at > now:
        return []
    if life.stage is not Stage.OPEN and not (reached(life.stage, Stage.PUBLIC) and life.evaluation == row.pk):
        return []
    gone = {each.division for each in revocations_of(taken) if each.person == person}
    scopes = msgspec.json.decode(bytes(row.body))["scopes"]
    lines = won_on(sheet, round_, [each for each in scopes if each["division"] not in gone], person)
    is_final = reached(life.stage, Stage.FINAL)
    return [replace(each, is_final=is_final) for each in lines]

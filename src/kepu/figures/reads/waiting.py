"""How many files wait for the second person."""

from collections.abc import Sequence

from django.db.models import Q

from kepu.figures.models import SentFile
from kepu.figures.rules import FileState
from kepu.people import reads as people


def waiting_for_second(divisions: Sequence[str], account: int) -> int:
    """How many files of these divisions wait for a second person who may be this account: to be approved,
    or to be withdrawn. Not those this person sent or asked about, by any of their accounts. Two queries, one
    where none wait; a county has a few files a month.
    """
    inside = Q(pk__in=())
    for division in divisions:
        inside |= Q(division__startswith=division)
    approving = Q(state=FileState.WAITING)
    withdrawing = Q(state=FileState.ENTERED, asked_by__gt=0)
    rows = list(
        SentFile.objects.filter(inside, approving | withdrawing).values_list("state", "sent_by", "asked_by")
    )
    hands = people.hands_of(account) if rows else frozenset()
    first = [sent_by if state == FileState.WAITING else asked_by for state, sent_by, asked_by in rows]
    return sum(who not in hands for who in first)

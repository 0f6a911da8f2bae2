"""How many files wait for the second person."""

from collections.abc import Sequence

from django.db.models import Q

from kepu.figures.models import SentFile
from kepu.figures.rules import FileState
from kepu.people import reads as people


def waiting_for_second(divisions: Sequence[str], account: int) -> int:
    """How many files of these divisions wait for a second person who may be this account: to be approved,
    or to be withdrawn. Not those this person sent or asked about, by any of their accounts. Two queries; a
    county has a few files a month.
    """
    inside = Q(pk__in=())
    for division in divisions:
        inside |= Q(division__startswith=division)
    hands = people.hands_of(account)
    approving = Q(state=FileState.WAITING) & ~Q(sent_by__in=hands)
    withdrawing = Q(state=FileState.ENTERED, asked_by__gt=0) & ~Q(asked_by__in=hands)
    return SentFile.objects.filter(inside, approving | withdrawing).count()

"""How many files wait for the second person."""

from collections.abc import Sequence

from django.db.models import Q

from kepu.figures.models import SentFile
from kepu.figures.rules import FileState


def waiting_for_second(divisions: Sequence[str], account: int) -> int:
    """How many files of these divisions wait for an approval that this account may give: not its own. One
    query; a county has a few files a month.
    """
    inside = Q(pk__in=())
    for division in divisions:
        inside |= Q(division__startswith=division)
    return SentFile.objects.filter(inside, state=FileState.WAITING).exclude(sent_by=account).count()

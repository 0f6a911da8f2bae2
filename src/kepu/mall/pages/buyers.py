"""Who stands in front of the mall."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest

from kepu.ledger.reads import PointsAccount, account_of_points
from kepu.people import reads as people
from kepu.people.rules import Standing


@dataclass(frozen=True, slots=True)
class Buyer:
    """A signed-in person: where they belong and the points they have."""

    person: int
    standing: Standing
    points: PointsAccount


def me(request: HttpRequest) -> int:
    """The signed-in account, on a page that only signed-in people reach."""
    person = request.user.pk
    assert person is not None
    return person


def buyer_of(request: HttpRequest) -> Buyer:
    """The signed-in person. Two queries."""
    person = me(request)
    standing = people.standing_many([person]).get(person)
    if standing is None:
        raise Http404
    return Buyer(person, standing, account_of_points(person))

"""What goes when an account is closed (注销), and what stays because others rest on it (decision 27)."""

from kepu.awards import models
from kepu.people import reads as people


def forget_objectors() -> int:
    """Objectors whose account is closed and whose objection is answered have no name here; how many.

    Words, evidence and answer stay: a list that was signed rests on them. An objection that waits keeps its
    name until it is answered. Inside the transaction that closes an account or answers. Three queries.
    """
    named = models.Objection.objects.exclude(objector_name="").filter(objector__gt=0, answer__isnull=False)
    closed = people.closed_accounts(named.order_by().values_list("objector", flat=True).distinct())
    return named.filter(objector__in=closed).update(objector_name="") if closed else 0

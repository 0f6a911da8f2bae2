"""What somebody's points came from, month by month: for a drawing beside the statement."""

from django.db.models import F, Sum

from kepu.ledger import models
from kepu.ledger.reads.rows import rows_of


def points_by_month(person: int, first_day: int) -> dict[tuple[int, int], int]:
    """A person's points by (month yyyymm, kind) from a day (yyyymmdd) on; sums of 0 are absent. One query.

    Corrections count on the day of what they correct. It adds up the tallies of those days.
    """
    rows = rows_of(models.DayTally, person).filter(day__gte=first_day)
    months = rows.annotate(month=F("day") / 100).values("month", "kind").annotate(total=Sum("points"))
    return {(row["month"], row["kind"]): row["total"] for row in months if row["total"]}

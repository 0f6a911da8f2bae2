"""The one way into the audit."""

from datetime import datetime

from kepu.audit.models import Kept
from kepu.audit.rules import Deed


def keep_deed(deed: Deed, now: datetime) -> int:
    """The deed is kept; its number. Call it inside the transaction of what it tells. One query."""
    row = Kept.objects.create(
        at=now,
        act=deed.act,
        account=deed.account,
        name=deed.name[:40],
        network=deed.network[:45],
        subject=deed.subject[:160],
        division=deed.division,
        before=dict(deed.before),
        after=dict(deed.after),
    )
    return row.pk

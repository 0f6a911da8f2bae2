"""What the privacy notice says is deleted after a time, deleted (PIPL 19: the shortest retention)."""

from datetime import datetime, timedelta

from kepu.people.models import Complaint, CounterEntry, SignInGuard, SmsCode, StaffSession
from kepu.people.rules.complaints import COMPLAINT_LIFE
from kepu.people.writes.announcements import forget_deliveries

KEPT = timedelta(days=7)


def forget_old(now: datetime) -> int:
    """Codes, the networks they were asked from, failed sign-ins, sessions of staff and entries at the
    counter that nobody confirmed are gone after KEPT, complaints after COMPLAINT_LIFE; who heard an
    announcement after its days; how many rows went. Five statements, one or two more for each announcement.
    """
    before = now - KEPT
    old = (
        SmsCode.objects.filter(sent_at__lt=before),
        SignInGuard.objects.filter(last_at__lt=before),
        StaffSession.objects.filter(seen_at__lt=before),
        CounterEntry.objects.filter(entered_at__lt=before, confirmed_at=None),
        Complaint.objects.filter(sent_at__lt=now - COMPLAINT_LIFE),
    )
    return sum(rows.delete()[0] for rows in old) + forget_deliveries(now)

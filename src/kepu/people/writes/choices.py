"""What people choose for themselves."""

from datetime import datetime, timedelta

from django.db.models import Q

from kepu.people.models import Account, Communicator
from kepu.people.rules import Refusal, Refused

DOWNLOAD_PAUSE = timedelta(minutes=1)


def set_hides_name(account: int, hides: bool, now: datetime) -> Refused | None:
    """The communicator stands on boards without a name, or with it; NOT_CERTIFIED for anybody else.

    Only boards of campaigns that let (`boards_may_hide`) follow it. One query.
    """
    assert now.tzinfo is not None
    changed = Communicator.objects.filter(account=account, revoked_at=None).update(hides_name=hides)
    return None if changed else Refused(Refusal.NOT_CERTIFIED)


def set_hears_announcements(account: int, hears: bool, now: datetime) -> None:
    """Announcements come among the person's messages from now on, or do not. One query."""
    assert now.tzinfo is not None
    Account.objects.filter(pk=account).update(hears_announcements=hears)


def note_download(account: int, now: datetime) -> Refused | None:
    """The person may take what is theirs now; TOO_SOON within DOWNLOAD_PAUSE of the last time. One query."""
    rested = Q(downloaded_at=None) | Q(downloaded_at__lte=now - DOWNLOAD_PAUSE)
    if Account.objects.filter(rested, pk=account).update(downloaded_at=now):
        return None
    return Refused(Refusal.TOO_SOON, now + DOWNLOAD_PAUSE)

"""What the site tells a person on their own page."""

import re
from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction

from kepu.people.models import Account, Notice
from kepu.people.rules import NoticeKind

TOLD_AT_ONCE = 1000


def notify(account: int, kind: NoticeKind, words: Mapping[str, str], link: str, now: datetime) -> None:
    """The person finds this among their messages; `words` are what its sentence names, `link` is a path.

    Nothing is written of an announcement to somebody who does not want any. Two queries at most; call it
    inside the transaction of what it tells, so that both stand or neither.
    """
    assert _is_path(link), "a notice leads to a place on this site"
    if kind is NoticeKind.ANNOUNCED and not Account.objects.filter(pk=account, hears_announcements=True):
        return
    Notice.objects.create(account_id=account, kind=kind, words=dict(words), link=link, at=now)


@transaction.atomic
def tell_once(
    accounts: Collection[int], kind: NoticeKind, words: Mapping[str, str], link: str, now: datetime
) -> int:
    """Each open account of these (TOLD_AT_ONCE at most) finds this once, however often it is called; how many
    are told now. `link` must belong to this one fact. Three queries.
    """
    assert _is_path(link), "a notice leads to a place on this site"
    assert len(accounts) <= TOLD_AT_ONCE
    there = set(Account.objects.filter(pk__in=accounts, is_active=True).values_list("pk", flat=True))
    told = Notice.objects.filter(account__in=there, kind=kind, link=link).values_list("account", flat=True)
    new = sorted(there - set(told))
    Notice.objects.bulk_create(
        Notice(account_id=account, kind=kind, words=dict(words), link=link, at=now) for account in new
    )
    return len(new)


def mark_read(account: int, notices: Collection[int], now: datetime) -> None:
    """These notices of the person's are read; those of others and those read before stay. One query."""
    Notice.objects.filter(account=account, pk__in=notices, read_at=None).update(read_at=now)


def _is_path(link: str) -> bool:
    """Whether a browser stays on this site: it takes a backslash for a slash and leaves out line breaks."""
    return re.fullmatch(r"/(?!/)[^\\\s]*", link) is not None

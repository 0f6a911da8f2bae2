"""Questions about what the site told a person."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from kepu.kit.paging import Page, page_of
from kepu.people import labels
from kepu.people.models import Notice
from kepu.people.rules import NoticeKind


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """One notice: what it says (`text`), what to do (`next_step`) and where (`link`, a path here)."""

    id: int
    kind: NoticeKind
    text: str
    next_step: str
    link: str
    at: datetime
    is_unread: bool


def unread(account: int) -> int:
    """How many notices the person has not seen. One query."""
    return Notice.objects.filter(account=account, read_at=None).count()


def notices(account: int, start: int, size: int) -> Page[NoticeRow]:
    """The person's notices, newest first. One query."""
    rows = Notice.objects.filter(account=account).order_by("-id")[start : start + size + 1]
    return page_of([_row(row) for row in rows], start, size)


def _row(row: Notice) -> NoticeRow:
    text, next_step = labels.NOTICES[NoticeKind(row.kind)]
    words = defaultdict(str, row.words)
    return NoticeRow(
        id=row.pk,
        kind=NoticeKind(row.kind),
        text=str(text).format_map(words),
        next_step=str(next_step),
        link=row.link,
        at=row.at,
        is_unread=row.read_at is None,
    )

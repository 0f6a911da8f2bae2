"""Bringing in articles of other sites, as drafts for the review."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction

from kepu.content import blocks, importing, models
from kepu.content.import_reader import read_apart
from kepu.content.importing import Item
from kepu.content.rules import Reference
from kepu.kit import fetching
from kepu.kit.fetching import Fetched, Trouble

NO_FEED = "no_feed"
NO_TEXT = "no_text"
# A link is fetched, read and kept.
LINK_STEPS = 3
Fetch = Callable[[str], Fetched | Trouble]
# (done, in all): may raise when whoever asked for it wants it stopped.
Report = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import came to: drafts made, items that were known before, and a trouble ("" for none)."""

    made: tuple[int, ...] = ()
    known: int = 0
    trouble: str = ""


@transaction.atomic
def add_feed(name: str, address: str, topic: int, account: int, now: datetime) -> str | None:
    """The feed is on the list; None, or "name_missing", "address_wrong", "topic_wrong", "known"."""
    name, address = name.strip()[:40], importing.web_address(address)
    if not name:
        return "name_missing"
    if not address:
        return "address_wrong"
    if not models.Topic.objects.filter(pk=topic).exists():
        return "topic_wrong"
    made = models.Feed.objects.get_or_create(
        address=address, defaults={"name": name, "topic_id": topic, "added_by": account, "added_at": now}
    )[1]
    return None if made else "known"


def remove_feed(feed: int) -> bool:
    """The feed is off the list; what came from it stays, and stays known."""
    return bool(models.Feed.objects.filter(pk=feed).delete()[0])


def import_feed(
    feed: int, account: int, report: Report, now: datetime, fetch: Fetch = fetching.fetch
) -> Imported | None:
    """What the feed has and was never imported is a draft of this account's; None when there is no such feed.

    Safe to run again: each item is known from the moment its draft is there.
    """
    row = models.Feed.objects.filter(pk=feed).first()
    if row is None:
        return None
    answer = fetch(row.address)
    if isinstance(answer, Trouble):
        return _note(row, Imported(trouble=answer.value), now)
    report(0, 0)
    items = read_apart("feed", answer.content, answer.url, row.name)
    if not isinstance(items, list):
        return _note(row, Imported(trouble=items or NO_FEED), now)
    made: list[int] = []
    for place, item in enumerate(reversed(items)):
        report(place, len(items))
        draft = _keep(item, row.topic_id, account, now)
        if draft is not None:
            made.append(draft)
    return _note(row, Imported(tuple(made), len(items) - len(made)), now)


def import_link(
    link: tuple[str, int], account: int, report: Report, now: datetime, fetch: Fetch = fetching.fetch
) -> Imported:
    """The article at this address is a draft on this topic, unless it was imported before.

    `link`: the address and the topic. Whoever asked may stop it before and after it is fetched and read.
    """
    address, topic = link
    report(0, LINK_STEPS)
    answer = fetch(address)
    if isinstance(answer, Trouble):
        return Imported(trouble=answer.value)
    report(1, LINK_STEPS)
    items = read_apart("page", answer.content, answer.url, answer.content_type)
    if not isinstance(items, list):
        return Imported(trouble=items or NO_TEXT)
    report(2, LINK_STEPS)
    draft = _keep(items[0], topic, account, now)
    return Imported(known=1) if draft is None else Imported((draft,))


def _note(row: models.Feed, imported: Imported, now: datetime) -> Imported:
    counts = {"imported": len(imported.made), "known": imported.known, "trouble": imported.trouble}
    models.Feed.objects.filter(pk=row.pk).update(fetched_at=now, **counts)
    return imported


@transaction.atomic
def _keep(item: Item, topic: int, account: int, now: datetime) -> int | None:
    """The number of the draft, None when one of its names is known."""
    index = models.ArticleIndex.objects.select_for_update(of=("self",)).get()
    if models.ImportedItem.objects.filter(key__in=item.keys).exists():
        return None
    user = get_user_model().objects.filter(pk=account).first()
    page: Any = models.ArticlePage(
        title=item.title,
        topic_id=topic,
        summary=item.summary,
        author=item.author,
        source=item.source,
        source_url=item.url,
        owner=user,
        live=False,
        body=[{"type": "text", "value": item.html}],
        references=[_reference(item)],
    )
    index.add_child(instance=page)
    page.save_revision(user=user, log_action=True)
    models.ImportedItem.objects.bulk_create(
        [models.ImportedItem(key=key, article=page, at=now) for key in dict.fromkeys(item.keys)]
    )
    return int(page.pk)


def _reference(item: Item) -> dict[str, Any]:
    stated = Reference(item.title, item.source, "", item.url)
    return blocks.stored_reference(stated)

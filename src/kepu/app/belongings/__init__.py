"""All that the site holds of one person, piece by piece, and as one JSON text or one HTML page."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.templatetags.static import static
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kepu.app.belongings import columns, rows
from kepu.app.belongings.rows import Row


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of one kind, each read when it is asked for; every row names the same columns."""

    name: str
    title: str | Promise
    columns: dict[str, str | Promise]
    rows: Iterator[Row]


def belongings(account: int) -> Iterator[Part]:
    """Every part, in the order in which a person would ask. Three queries for each ENTRIES_AT_ONCE entries,
    one for each 100 of what is saved, ordered, told and complained about, two for each 100 likes and quizzes,
    five for clubs; memory is bounded.
    """
    yield Part("account", _("Account"), columns.ACCOUNT, rows.account(account))
    yield Part("agreements", _("Agreed to"), columns.AGREEMENTS, rows.agreements(account))
    yield Part("codes_sent", _("Texts with codes, last seven days"), columns.CODES, rows.codes(account))
    yield Part("certification", _("Certification"), columns.CERTIFICATION, rows.certification(account))
    yield Part("certification_history", _("How it came so"), columns.STEPS, rows.steps(account))
    yield Part("entries", _("What was counted"), columns.ENTRIES, rows.entries(account))
    yield Part("points", _("Points by year"), columns.POINTS, rows.points(account))
    yield Part("told_of_expiry", _("Expiry that was announced"), columns.TOLD, rows.told(account))
    yield Part("badges", _("Level and badges"), columns.BADGES, rows.badges(account))
    yield Part("quizzes", _("Quizzes"), columns.QUIZZES, rows.quizzes(account))
    yield Part("orders", _("Exchanged for points"), columns.ORDERS, rows.orders(account))
    yield Part("clubs", _("In clubs"), columns.CLUBS, rows.clubs(account))
    yield Part("saved", _("Saved articles"), columns.SAVED, rows.saved(account))
    yield Part("likes", _("Articles I like"), columns.LIKES, rows.likes(account))
    yield Part("messages", _("Messages"), columns.MESSAGES, rows.messages(account))
    yield Part("complaints", _("Complaints and suggestions"), columns.COMPLAINTS, rows.complaints(account))


def as_json(account: int, now: datetime) -> Iterator[str]:
    """One JSON object in pieces: each part a list of objects under its name, moments in ISO 8601."""
    yield f'{{"made_at": {json.dumps(rows.moment(now))}'
    for part in belongings(account):
        yield f",\n{json.dumps(part.name)}: ["
        for place, row in enumerate(part.rows):
            yield (",\n" if place else "\n") + json.dumps(row, ensure_ascii=False)
        yield "]"
    yield "}\n"


def as_page(account: int, now: datetime) -> Iterator[str]:
    """One HTML page in pieces: each part a table under its title."""
    yield format_html(
        '<!doctype html><html lang="zh-Hans"><head><meta charset="utf-8"><meta name="viewport" '
        'content="width=device-width, initial-scale=1"><title>{title}</title>'
        '<link rel="stylesheet" href="{css}">'
        '</head><body><main class="page stack"><h1>{title}</h1><p class="note">{at}</p>'
        '<p><a class="button quiet" href="/me/settings/">{back}</a></p>',
        title=gettext("What Kepu holds of me"),
        css=static("ui/kepu.css"),
        at=gettext("Made on %(moment)s") % {"moment": rows.moment(now)},
        back=gettext("Back to the settings"),
    )
    for part in belongings(account):
        yield format_html('<h2>{}</h2><div class="table-box"><table class="table"><thead><tr>', part.title)
        yield from (format_html("<th>{}</th>", column) for column in part.columns.values())
        yield "</tr></thead><tbody>"
        is_empty = True
        for row in part.rows:
            is_empty = False
            cells = (format_html("<td>{}</td>", _said(row[name])) for name in part.columns)
            yield f"<tr>{''.join(cells)}</tr>"
        yield "</tbody></table></div>"
        if is_empty:
            yield format_html('<p class="note">{}</p>', gettext("Nothing"))
    yield "</main></body></html>"


def _said(value: str | int | bool | None) -> str:
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    return "" if value is None else str(value)


def pieces(texts: Iterable[str], size: int = 16_000) -> Iterator[str]:
    """The same text in pieces of about `size` characters, so that a thread is not woken for each row."""
    gathered: list[str] = []
    length = 0
    for text in texts:
        gathered.append(text)
        length += len(text)
        if length >= size:
            yield "".join(gathered)
            gathered, length = [], 0
    if gathered:
        yield "".join(gathered)

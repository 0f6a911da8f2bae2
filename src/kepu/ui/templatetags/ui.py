"""Parts of a page as template tags: {% load ui %}. The README of this room shows each."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.http import HttpRequest
from django.template import Context
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, pgettext_lazy

from kepu.ui import charts
from kepu.ui.icons import ICONS
from kepu.ui.off import ADDRESSES, leads
from kepu.ui.pages import this_year

register = template.Library()

TABS = (
    ("/", "home", pgettext_lazy("tab", "Home"), ("/a/",)),
    ("/discover/", "discover", pgettext_lazy("tab", "Discover"), ()),
    ("/boards/", "rank", pgettext_lazy("tab", "Ranking"), ("/units/", "/rounds/", "/campaigns/")),
    ("/clubs/", "people", pgettext_lazy("tab", "Clubs"), ()),
    ("/me/", "me", pgettext_lazy("tab", "Me"), ("/mall/", "/sign-in/", "/sign-up/", "/reset-password/")),
)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """One of our icons (an unknown name, such as an editor's new topic, gets the book).

    With a `label` it speaks to screen readers, without it is an ornament.
    """
    shape = mark_safe(ICONS.get(name, ICONS["article"]))  # noqa: S308 - our own constant
    if label:
        return format_html(
            '<svg class="icon" viewBox="0 0 24 24" role="img" aria-label="{}">{}</svg>', label, shape
        )
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>', shape
    )


@register.inclusion_tag("ui/_tabs.html", takes_context=True)
def tabs(context: Context, sure: bool = False) -> dict[str, Any]:
    """The tabs with the current place marked: the page itself, or the tab it belongs to.

    None leads to a part that is switched off. `sure`: only those that no switch takes away, for pages that
    must not ask the database. A page that says `unread` (how many messages) puts a dot on 我的.
    """
    request: HttpRequest | None = context.get("request")
    path = request.path if request else ""
    return {
        "tabs": [
            (to, name, label, _current(path, to, also))
            for to, name, label, also in TABS
            if (to not in ADDRESSES if sure else leads(request, to))
        ],
        "unread": context.get("unread", 0),
    }


def _current(path: str, to: str, also: tuple[str, ...]) -> str:
    if path == to:
        return "page"
    below = (*also, to) if to != "/" else also
    return "true" if path.startswith(below) and below else ""


@register.simple_tag(takes_context=True)
def way(context: Context, address: str, otherwise: str = "") -> str:
    """The address, or `otherwise` where it leads to a part that is switched off."""
    return address if leads(context.get("request"), address) else otherwise


@register.inclusion_tag("ui/_field.html")
def field(bound: BoundField, optional: bool = False) -> dict[str, Any]:
    """A form's field with label, help, error and what was typed."""
    widget = bound.field.widget
    many = isinstance(widget, RadioSelect | CheckboxSelectMultiple)
    single = isinstance(widget, CheckboxInput)
    return {"field": bound, "many": many, "single": single, "optional": optional}


@register.inclusion_tag("ui/_progress.html")
def progress(value: int, total: int, label: str) -> dict[str, Any]:
    """A bar of `value` out of `total`, with the numbers in words beside it."""
    share = charts.percent(value, total)
    return {"value": value, "total": total, "label": label, "share": share, "done": share >= 100}


@register.inclusion_tag("ui/_ring.html")
def ring(value: int, total: int, label: str, small: bool = False) -> dict[str, Any]:
    """A ring of `value` out of `total`; its middle names the value and the goal."""
    share = charts.percent(value, total)
    return {
        "value": value,
        "total": total,
        "label": label,
        "share": share,
        "done": share >= 100,
        "small": small,
    }


@register.inclusion_tag("ui/_chart.html")
def bar_chart(rows: Sequence[tuple[str, int]], label: str) -> dict[str, Any]:
    """Columns for (name, value) rows, oldest first, with the same rows as a table behind."""
    return {"rows": rows, "columns": charts.columns([value for _, value in rows]), "label": label}


@register.inclusion_tag("ui/_chart.html")
def line_chart(rows: Sequence[tuple[str, int]], label: str) -> dict[str, Any]:
    """A line through (name, value) rows, oldest first, with the same rows as a table behind."""
    return {"rows": rows, "points": charts.line([value for _, value in rows]), "label": label}


@register.filter
def number(value: int | None) -> SafeString:
    """A whole number with its thousands apart, in figures of equal width; "—" for None."""
    if value is None:
        return SafeString("—")
    return format_html('<span class="number">{}</span>', f"{value:,}".replace("-", "−"))


@register.filter
def signed(value: int) -> SafeString:
    """A number with its sign: +1, −3, 0."""
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return format_html('<span class="number">{}{}</span>', sign, f"{abs(value):,}")


@register.filter
def letter(place: int) -> str:
    """The letter of an option: 1 is A."""
    return chr(64 + place)


@register.filter
def short(value: int) -> str:
    """A count as people say it: 9999, 1.2万, 3亿."""
    for unit, size in ((gettext("hundred million"), 100_000_000), (gettext("ten thousand"), 10_000)):
        if value >= size:
            return f"{value // (size // 10) / 10:g}{unit}"
    return str(value)


@register.filter
def moment(value: datetime | None) -> str:
    """A moment as 6月21日 09:05, Asia/Shanghai, of another year as 2020年6月21日 09:05; "" for None."""
    if value is None:
        return ""
    here = timezone.localtime(value)
    return str(date_format(here, gettext("M j, H:i") if here.year == this_year() else gettext("M j, Y, H:i")))


@register.filter
def short_day(value: date | datetime) -> str:
    """A day as 6月21日, of another year as 2020年6月21日; a moment's day in Asia/Shanghai."""
    day = _day(value)
    return str(date_format(day, gettext("M j"))) if day.year == this_year() else full_day(day)


@register.filter
def full_day(value: date | datetime) -> str:
    """A day as 2021年6月21日; a moment's day in Asia/Shanghai."""
    return str(date_format(_day(value), gettext("M j, Y")))


def _day(value: date | datetime) -> date:
    return timezone.localtime(value).date() if isinstance(value, datetime) else value


@register.filter
def calendar_day(value: int) -> str:
    """A ledger day (yyyymmdd) as 2021年6月21日."""
    return full_day(date(value // 10000, value // 100 % 100, value % 100))


@register.simple_tag
def fresh_id() -> str:
    """A new UUID, so that a form sent twice is one act."""
    return str(uuid4())

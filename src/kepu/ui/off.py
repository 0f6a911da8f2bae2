"""A part of the site that can be switched off: its pages while it is off, and whether it is."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy

P = ParamSpec("P")
# Words for the parts; their names are those of `campaigns.rules.Switch`.
PARTS = {
    "check_in": gettext_lazy("Check-in"),
    "boards": gettext_lazy("The ranking"),
    "mall": gettext_lazy("The points mall"),
    "clubs": gettext_lazy("Clubs"),
}

ADDRESSES = {"/check-in/": "check_in", "/boards/": "boards", "/mall/": "mall", "/clubs/": "clubs"}
# What was ordered is still handed over while the mall is off.
STAYING = ("/mall/orders/",)


def leads(request: HttpRequest | None, address: str) -> bool:
    """Whether an address of this site leads to no part that whoever asks does without."""
    part = next((part for start, part in ADDRESSES.items() if address.startswith(start)), None)
    if part is None or request is None or address.startswith(STAYING):
        return True
    return not is_off(request, part)


def is_off(request: HttpRequest, part: str) -> bool:
    """Whether whoever asks does without this part. The middleware of campaigns knows; nothing is off else."""
    return part in getattr(request, "switched_off", ())


def off_page(request: HttpRequest, part: str) -> HttpResponse:
    """404: says plainly that this part is switched off here and that nothing is lost."""
    return render(request, "ui/off.html", {"part": PARTS[part]}, status=404)


def part_of(
    part: str,
) -> Callable[
    [Callable[Concatenate[HttpRequest, P], HttpResponse]],
    Callable[Concatenate[HttpRequest, P], HttpResponse],
]:
    """The page is there while its part is on; else `off_page` answers. The outermost check of a page."""
    assert part in PARTS

    def decorate(
        page: Callable[Concatenate[HttpRequest, P], HttpResponse],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @wraps(page)
        def while_on(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if is_off(request, part):
                return off_page(request, part)
            return page(request, *args, **kwargs)

        return while_on

    return decorate

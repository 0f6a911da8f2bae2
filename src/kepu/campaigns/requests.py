"""What a request knows of campaigns before any page asks: the sheets once, and what is switched off."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from kepu.campaigns.reads.asking import asked_once
from kepu.campaigns.reads.switches import switched_off_for
from kepu.kit import clock


def campaigns_middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """`request.switched_off` holds what the one who asks does without, asked at the first use.

    One query then, none where the sheets were asked for before. Who asks is looked at only while a sheet
    switches anything off: else a page that shows nobody's own stays the same for all.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        asked = SimpleLazyObject(lambda: switched_off_for(lambda: request.user.pk, clock.now()))
        request.switched_off = asked  # type: ignore[attr-defined]
        with asked_once():
            return get_response(request)

    return middleware

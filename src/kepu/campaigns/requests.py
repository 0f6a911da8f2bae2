"""What a request knows of campaigns before any page asks: the sheets once, and what is switched off."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from kepu.campaigns import reads
from kepu.campaigns.reads.switches import off_by_sheet, site_off
from kepu.campaigns.rules import Switch
from kepu.kit import clock
from kepu.people import reads as people


def campaigns_middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """`request.switched_off` holds what the one who asks does without, asked at the first use.

    Two queries then, one less where the sheets were asked for before; one more for somebody signed in, and
    only while a sheet switches something off.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        request.switched_off = SimpleLazyObject(lambda: _off_for(request))  # type: ignore[attr-defined]
        with reads.asked_once():
            return get_response(request)

    return middleware


def _off_for(request: HttpRequest) -> frozenset[Switch]:
    off, published = site_off(), reads.published()
    if not any(each.sheet.switched_off for each in published):
        return off  # who asks makes no difference, and a page that shows no one's own stays the same for all
    return off | off_by_sheet(published, _division_of(request), clock.now())


def _division_of(request: HttpRequest) -> str:
    if not request.user.is_authenticated:
        return settings.KEPU_DIVISION
    profile = people.profile(request.user.pk)
    return profile.division if profile is not None else str(request.user.book)

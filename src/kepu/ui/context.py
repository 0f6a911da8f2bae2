"""What every template may show without asking."""

from django.conf import settings
from django.http import HttpRequest

from kepu.ui.display import classes, size_of


def site(request: HttpRequest) -> dict[str, object]:
    """The site's own facts for the foot of a page, and how this person likes pages shown.

    `back`: where one comes back to after changing that; "" on a page that is the same at many addresses.
    """
    display = classes(request)
    return {
        "back": request.get_full_path(),
        "beian": settings.KEPU_BEIAN,
        "display": display,
        "elder": "elder" in display.split(),
        "text_size": size_of(display),
    }

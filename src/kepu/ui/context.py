"""What every template may show without asking."""

from django.conf import settings
from django.http import HttpRequest

from kepu.ui.display import classes


def site(request: HttpRequest) -> dict[str, object]:
    """The site's own facts for the foot of a page, and how this person likes pages shown."""
    display = classes(request)
    return {
        "beian": settings.KEPU_BEIAN,
        "development": settings.KEPU_DEVELOPMENT,
        "display": display,
        "elder": "elder" in display.split(),
    }

"""What every template may show without asking."""

from django.conf import settings
from django.http import HttpRequest


def site(_request: HttpRequest) -> dict[str, object]:
    """The site's own facts for the foot of a page."""
    return {"beian": settings.KEPU_BEIAN, "development": settings.KEPU_DEVELOPMENT}

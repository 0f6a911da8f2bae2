"""How one person likes the pages shown: 长辈版 and light or dark, kept in a cookie of their browser."""

from django.http import HttpRequest, HttpResponse

COOKIE = "kepu_display"
YEAR_SECONDS = 365 * 24 * 3600
MODES = ("elder",)
THEMES = ("light", "dark")


def classes(request: HttpRequest) -> str:
    """The classes of <html>: words out of `elder`, `light`, `dark`; a foreign cookie changes nothing."""
    wanted = request.COOKIES.get(COOKIE, "").split(".")
    return " ".join(word for word in (*MODES, *THEMES) if word in wanted)


def changed(request: HttpRequest) -> str:
    """The classes after the choices POSTed as `mode` (elder|standard) and `theme` (light|dark|auto)."""
    words = set(classes(request).split())
    mode, theme = request.POST.get("mode", ""), request.POST.get("theme", "")
    if mode in (*MODES, "standard"):
        words = (words - set(MODES)) | ({mode} & set(MODES))
    if theme in (*THEMES, "auto"):
        words = (words - set(THEMES)) | ({theme} & set(THEMES))
    return " ".join(sorted(words))


def remember(response: HttpResponse, words: str, secure: bool) -> None:
    """Make the browser that gets `response` show pages with these classes for a year."""
    response.set_cookie(
        COOKIE, words.replace(" ", "."), max_age=YEAR_SECONDS, secure=secure, httponly=True, samesite="Lax"
    )

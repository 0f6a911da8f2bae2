"""How one person likes the pages shown: 长辈版, text size, light or dark, kept in a cookie of their own."""

from django.http import HttpRequest, HttpResponse

COOKIE = "kepu_display"
YEAR_SECONDS = 365 * 24 * 3600
MODES = ("elder",)
THEMES = ("light", "dark")
# The second to fourth text size; the first has no word. Main text: 18, 20, 22, 24 px, in elder mode 21 to 30.
SIZES = ("text-2", "text-3", "text-4")
WORDS = (*MODES, *THEMES, *SIZES)


def classes(request: HttpRequest) -> str:
    """The classes of <html>: words out of `WORDS`; a foreign cookie changes nothing."""
    wanted = request.COOKIES.get(COOKIE, "").split(".")
    return " ".join(word for word in WORDS if word in wanted)


def changed(request: HttpRequest) -> str:
    """The classes after the choices POSTed: `mode` elder|standard, `theme` light|dark|auto, `size` 1 to 4."""
    words = set(classes(request).split())
    mode, theme = request.POST.get("mode", ""), request.POST.get("theme", "")
    size = f"text-{request.POST.get('size', '')}"
    if mode in (*MODES, "standard"):
        words = (words - set(MODES)) | ({mode} & set(MODES))
    if theme in (*THEMES, "auto"):
        words = (words - set(THEMES)) | ({theme} & set(THEMES))
    if size in (*SIZES, "text-1"):
        words = (words - set(SIZES)) | ({size} & set(SIZES))
    return " ".join(sorted(words))


def size_of(words: str) -> int:
    """The text size these classes mean, 1 to 4."""
    return next((place for place, word in enumerate(SIZES, 2) if word in words.split()), 1)


def remember(response: HttpResponse, words: str, secure: bool) -> None:
    """Make the browser that gets `response` show pages with these classes for a year."""
    response.set_cookie(
        COOKIE, words.replace(" ", "."), max_age=YEAR_SECONDS, secure=secure, httponly=True, samesite="Lax"
    )

"""Posters for the wall and the phone, and covers as pictures: drawn here, the same on every machine."""

import math
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from kepu.app.pages.sharing import address_of, link_or_404
from kepu.app.posters import PAGE, Box, Design, poster
from kepu.content import reads as content
from kepu.content.rules import Article
from kepu.kit.pictures import Drawing, Folder, Unpainted

WIDTHS = {"phone": 1080, "a4": 2100}  # pixels; A4 at 254 dots an inch
COVER_WIDTH = 640
KEPT_MAX = 300
DESIGNS = {
    Design.PICTURE: _("With the picture"),
    Design.FRAME: _("Green frame"),
    Design.LETTERS: _("Large letters"),
}


@require_safe
def poster_page(request: HttpRequest, token: str) -> HttpResponse:
    """The poster of a personal link in one of three designs, to print on A4 or to keep as a picture."""
    article = _shared(token)
    design = _design(request.GET.get("design", "")) or Design.PICTURE
    context = {
        "article": article,
        "token": token,
        "design": design,
        "designs": list(DESIGNS.items()),
        "width": WIDTHS["phone"],
        "height": math.ceil(WIDTHS["phone"] * PAGE[1] / PAGE[0]),
    }
    return render(request, "app/poster.html", context)


@require_safe
def poster_picture_page(request: HttpRequest, token: str, design: str, size: str) -> HttpResponse:
    """The poster as PNG; its QR code opens the personal link.

    503 while others are being painted, or another poster of the same sharer.
    """
    article, sharer = _shared(token), link_or_404(token).person
    chosen = _design(design)
    if chosen is None or size not in WIDTHS:
        raise Http404
    drawing = _drawing(article, chosen, address_of(request, token), WIDTHS[size])
    return _painted(drawing, f"{gettext('poster')}-{article.id}-{size}.png", sharer)


@require_safe
def cover_picture_page(request: HttpRequest, article: int) -> HttpResponse:
    """An article's cover as a picture that other programs show beside a link; an upload is one already."""
    shown = content.article(article)
    if shown is None:
        raise Http404
    file = content.cover_file(shown)
    if file.suffix != ".svg":
        return redirect(shown.cover_url)
    return _painted(Drawing(file.read_text("utf-8"), COVER_WIDTH))


def _shared(token: str) -> Article:
    shown = content.article(link_or_404(token).article)
    if shown is None:
        raise Http404
    return shown


def _design(name: str) -> Design | None:
    return next((each for each in Design if each == name), None)


def _drawing(article: Article, design: Design, address: str, width: int) -> Drawing:
    """The poster as SVG text, with our drawing inside it or a photo to show through."""
    made = poster(design, article.title, article.summary, address)
    file = content.cover_file(article)
    cover = made.layout.cover
    words: dict[str, Any] = {"poster": made, "page": PAGE, "cover_scale": cover.width / COVER_WIDTH}
    if file.suffix == ".svg":
        words["cover"] = mark_safe(_inside(file.read_text("utf-8")))  # noqa: S308 our own file
        return Drawing(render_to_string(f"app/posters/{design}.svg", words), width)
    return Drawing(render_to_string(f"app/posters/{design}.svg", words), width, str(file), _parts(cover))


def _parts(box: Box) -> tuple[float, float, float, float]:
    x, y, width, height = (side / PAGE[0] for side in (box.x, box.y, box.width, box.height))
    return x, y, width, height


def _inside(svg: str) -> str:
    """What stands inside the outer element: painted in place it costs half of what a nested drawing does."""
    return svg.partition(">")[2].rpartition("</svg>")[0]


def _painted(drawing: Drawing, name: str = "", asker: int = 0) -> HttpResponse:
    made = Folder(settings.HOME / "posters", KEPT_MAX).picture(drawing, asker)
    if isinstance(made, Unpainted):
        words = gettext("The picture is not ready yet. Please try again in a moment.")
        busy = HttpResponse(words, content_type="text/plain; charset=utf-8", status=503)
        busy["Retry-After"] = "3"
        return busy
    response = HttpResponse(made, content_type="image/png")
    response["Cache-Control"] = "public, max-age=3600"
    response["X-Robots-Tag"] = "noindex"
    if name:
        response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response

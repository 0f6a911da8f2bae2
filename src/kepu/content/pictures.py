"""Uploaded pictures in the two sizes the site shows: made when an article is saved, found when it is read."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass

from wagtail.images.models import Image, Rendition, SourceImageIOError

COVER_SPEC = "fill-640x360"
PICTURE_SPEC = "max-960x1280"
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture's file as a page shows it."""

    url: str
    width: int
    height: int


def make_sizes(cover: int | None, pictures: Iterable[int]) -> None:
    """Make the files that pages will ask for. A picture whose file is unreadable is logged and left out."""
    specs = {image: {PICTURE_SPEC} for image in pictures}
    if cover:
        specs.setdefault(cover, set()).add(COVER_SPEC)
    for image in Image.objects.filter(pk__in=specs):
        try:
            image.get_renditions(*sorted(specs[image.pk]))
        except (SourceImageIOError, OSError) as trouble:
            log.warning("picture %d cannot be read: %s", image.pk, trouble)


def shown(covers: Iterable[int], pictures: Iterable[int] = ()) -> dict[tuple[int, str], Shown]:
    """The files by (picture, size). No query when nothing is asked for, else one.

    A picture whose size was never made, or that was deleted, is absent.
    """
    wanted = {(image, COVER_SPEC) for image in covers} | {(image, PICTURE_SPEC) for image in pictures}
    if not wanted:
        return {}
    images, specs = {image for image, _ in wanted}, {spec for _, spec in wanted}
    rows = Rendition.objects.filter(image_id__in=images, filter_spec__in=specs).order_by("pk")
    found = {(row.image_id, row.filter_spec): Shown(row.file.url, row.width, row.height) for row in rows}
    return {key: value for key, value in found.items() if key in wanted}

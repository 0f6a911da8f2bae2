"""Addresses of the design itself."""

from django.urls import URLPattern, path

from kepu.ui import pages

urlpatterns: list[URLPattern] = [
    path("display/", pages.display_page, name="display"),
    path("favicon.ico", pages.favicon_page, name="favicon"),
    path("gallery/", pages.gallery_page, name="gallery"),
]

"""Addresses of evaluated rounds."""

from django.urls import path

from kepu.awards import pages

urlpatterns = [
    path("rounds/<slug:slug>/<slug:round_id>/", pages.round_page, name="round"),
    path("rounds/<slug:slug>/<slug:round_id>/why/", pages.why_page, name="why"),
]

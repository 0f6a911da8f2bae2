"""Addresses of boards and unit progress."""

from django.urls import path

from kepu.standings import pages

urlpatterns = [
    path("boards/", pages.board_page, name="board"),
    path("units/", pages.units_page, name="units"),
]

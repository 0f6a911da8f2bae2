"""Addresses of a campaign's rules."""

from django.urls import path

from kepu.campaigns import pages

urlpatterns = [
    path("campaigns/<slug:slug>/", pages.campaign_page, name="campaign"),
    path("campaigns/<slug:slug>/sheet.toml", pages.sheet_file, name="campaign-sheet"),
]

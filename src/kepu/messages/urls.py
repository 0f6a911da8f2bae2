"""Addresses of the ways out."""

from django.urls import path

from kepu.messages import pages

urlpatterns = [path("outbox/", pages.outbox_page, name="outbox")]

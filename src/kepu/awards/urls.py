"""Addresses of evaluated rounds."""

from django.urls import path

from kepu.awards import pages
from kepu.awards.pages import certificates

urlpatterns = [
    path("rounds/<slug:slug>/<slug:round_id>/", pages.round_page, name="round"),
    path("rounds/<slug:slug>/<slug:round_id>/why/", pages.why_page, name="why"),
    path("rounds/<slug:slug>/<slug:round_id>/object/", pages.object_page, name="object"),
    path("certificates/<slug:code>/", certificates.check_page, name="certificate_check"),
    path("me/certificates/<slug:code>/paper/", certificates.paper_page, name="certificate_paper"),
    path("me/certificates/<slug:code>/credential/", certificates.credential_page, name="credential"),
    path("credentials/issuers/<int:organ>/", certificates.issuer_page, name="credential_issuer"),
    path("credentials/status/<int:organ>/<int:number>/", certificates.status_page, name="credential_status"),
]

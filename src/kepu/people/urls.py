"""Addresses of this room."""

from django.urls import URLPattern, path

from kepu.people.pages import certification, entering, privacy

urlpatterns: list[URLPattern] = [
    path("sign-up/", entering.sign_up_page, name="sign_up"),
    path("sign-in/", entering.sign_in_page, name="sign_in"),
    path("sign-out/", entering.sign_out_page, name="sign_out"),
    path("reset-password/", entering.reset_password_page, name="reset_password"),
    path("me/password/", entering.change_password_page, name="change_password"),
    path("me/certification/", certification.certification_page, name="certification"),
    path("me/certification/places/", certification.places_part, name="places_part"),
    path(
        "me/certification/associations/", certification.associations_part, name="certification_associations"
    ),
    path("privacy/", privacy.privacy_page, name="privacy"),
]

"""The address list: each room's own list, in one place."""

from django.urls import URLPattern, URLResolver, include, path
from wagtail.admin import urls as wagtailadmin_urls

handler500 = "kepu.ui.pages.trouble_page"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("kepu.messages.urls")),
    path("", include("kepu.people.urls")),
    path("", include("kepu.campaigns.urls")),
    path("", include("kepu.standings.urls")),
    path("", include("kepu.mall.urls")),
    path("", include("kepu.clubs.urls")),
    path("", include("kepu.awards.urls")),
    path("", include("kepu.console.urls")),
    path("v1/", include("kepu.api.urls")),
    path("admin/", include(wagtailadmin_urls)),
    path("", include("kepu.ui.urls")),
    path("", include("kepu.app.urls")),
]

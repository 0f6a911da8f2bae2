"""Addresses of the communicator's and the reader's pages."""

from django.urls import URLPattern, path

from kepu.app.pages import complaints, daily, mine, reading, sharing

urlpatterns: list[URLPattern] = [
    path("", reading.home_page, name="home"),
    path("discover/", reading.discover_page, name="discover"),
    path("a/<int:article>/", reading.article_page, name="article"),
    path("a/<int:article>/share/", sharing.share_page, name="share"),
    path("s/<str:token>/", sharing.shared_page, name="shared"),
    path("poster/<str:token>/", sharing.poster_page, name="poster"),
    path("me/", mine.me_page, name="me"),
    path("me/points/", mine.points_page, name="my_points"),
    path("me/links/", mine.links_page, name="my_links"),
    path("me/links/<str:token>/", sharing.my_link_page, name="my_link"),
    path("check-in/", daily.check_in_page, name="check_in"),
    path("complaints/", complaints.complaint_page, name="complaint"),
]

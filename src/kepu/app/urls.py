"""Addresses of the communicator's and the reader's pages."""

from django.urls import URLPattern, path

from kepu.app.pages import (
    closing,
    complaints,
    daily,
    download,
    home,
    installing,
    links,
    marking,
    messages,
    mine,
    offline,
    posters,
    reading,
    settings,
    sharing,
    wechat,
)

urlpatterns: list[URLPattern] = [
    path("", home.home_page, name="home"),
    path("guide/", home.guide_page, name="guide"),
    path("discover/", reading.discover_page, name="discover"),
    path("suggest/", reading.suggest_page, name="suggest"),
    path("a/<int:article>/", reading.article_page, name="article"),
    path("a/<int:article>/share/", sharing.share_page, name="share"),
    path("a/<int:article>/save/", marking.save_page, name="save"),
    path("a/<int:article>/like/", marking.like_page, name="like"),
    path("a/<int:article>/report/", complaints.report_page, name="report"),
    path("me/saved/", marking.saved_page, name="saved"),
    path("s/<str:token>/", sharing.shared_page, name="shared"),
    path("a/<int:article>/cover.png", posters.cover_picture_page, name="cover_picture"),
    path("wechat/signature/", wechat.signature_page, name="wechat_signature"),
    path("poster/<str:token>/", posters.poster_page, name="poster"),
    path(
        "poster/<str:token>/<slug:design>-<slug:size>.png", posters.poster_picture_page, name="poster_picture"
    ),
    path("me/", mine.me_page, name="me"),
    path("me/messages/", messages.messages_page, name="my_messages"),
    path("me/settings/", settings.settings_page, name="settings"),
    path("me/download/", download.download_page, name="download"),
    path("me/close/", closing.close_page, name="close"),
    path("me/certificates/", mine.certificates_page, name="my_certificates"),
    path("me/points/", mine.points_page, name="my_points"),
    path("me/links/", links.links_page, name="my_links"),
    path("me/chain/", links.chain_page, name="my_chain"),
    path("me/links/<str:token>/", sharing.my_link_page, name="my_link"),
    path("manifest.webmanifest", offline.manifest_page, name="manifest"),
    path("sw.js", offline.worker_page, name="worker"),
    path("install/", installing.install_page, name="install"),
    path("install/poster/", installing.install_poster_page, name="install_poster"),
    path("offline/", offline.offline_page, name="offline"),
    path("check-in/", daily.check_in_page, name="check_in"),
    path("complaints/", complaints.complaint_page, name="complaint"),
]

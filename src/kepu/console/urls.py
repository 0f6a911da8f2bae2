"""Addresses of the back office that stand before Wagtail's own of the same name."""

from django.urls import URLPattern, path, re_path
from wagtail.admin.auth import require_admin_access

from kepu.console import pages
from kepu.console.pages import dashboard

urlpatterns: list[URLPattern] = [
    path("admin/", require_admin_access(dashboard.home_page), name="console_home"),
    path("admin/login/", pages.to_sign_in, name="console_login"),
    path("admin/logout/", pages.to_sign_out, name="console_logout"),
    path("admin/account/", pages.to_own_account, name="console_account"),
    re_path(r"^admin/(?:failwhale|password_reset)/", pages.not_here, name="console_not_here"),
]

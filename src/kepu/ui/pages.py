"""The pages of the design itself: how it is shown to this person, the parts, and trouble in plain words."""

import sys
from datetime import UTC, datetime

from django import forms
from django.conf import settings
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST, require_safe
from django.views.defaults import server_error

from kepu.kit import clock
from kepu.ui import display
from kepu.ui.icons import ICONS

DAY_SECONDS = 86_400


def this_year() -> int:
    """The year in Shanghai in which a page is shown: its days go without it."""
    return clock.day_of(clock.now()).year


@csrf_exempt  # stands on every page, changes only how this browser shows them, and so needs no token cookie
@require_POST
def display_page(request: HttpRequest) -> HttpResponse:
    """Remember 长辈版 or light/dark in this browser and go back to where the person was.

    A page that is the same at many addresses does not say where that was; the browser does.
    """
    back = request.POST.get("next", "/") or request.headers.get("Referer", "/")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = "/"
    response = redirect(back)
    display.remember(response, display.changed(request), secure=settings.SECURE)
    return response


@require_safe
def favicon_page(_request: HttpRequest) -> HttpResponse:
    """Browsers that ask for /favicon.ico unbidden are led to the small icon; kept for a day."""
    response = redirect(static("ui/icon-32.png"))
    response["Cache-Control"] = f"public, max-age={DAY_SECONDS}"
    return response


def busy_page(request: HttpRequest, retry_after_seconds: int = 5) -> HttpResponse:
    """503: too many people at once; says to wait and try again."""
    response = render(request, "503.html", {"again": request.get_full_path()}, status=503)
    response["Retry-After"] = str(retry_after_seconds)
    return response


def trouble_page(request: HttpRequest) -> HttpResponse:
    """What a page that broke answers: 503 where the database was too busy to take its turn, else 500."""
    trouble = sys.exc_info()[1]
    if isinstance(trouble, OperationalError) and "database is locked" in str(trouble):
        return busy_page(request)
    return server_error(request)


class GalleryForm(forms.Form):
    """Every kind of field, for the gallery."""

    name = forms.CharField(label="姓名", help_text="与身份证一致")
    phone = forms.CharField(label="手机号", widget=forms.TextInput(attrs={"inputmode": "numeric"}))
    kind = forms.ChoiceField(
        label="类型", choices=[("1", "乡镇街道"), ("2", "个人用户")], widget=forms.RadioSelect
    )
    unit = forms.ChoiceField(label="单位", choices=[("1", "插旗村"), ("2", "向阳街社区")])
    words = forms.CharField(label="意见", widget=forms.Textarea(attrs={"rows": 3}))
    agreed = forms.BooleanField(label="我已阅读并同意隐私说明")


@require_GET
def gallery_page(request: HttpRequest) -> HttpResponse:
    """Every part on one page; only in development."""
    if not settings.KEPU_DEVELOPMENT:
        raise Http404
    form = GalleryForm({"phone": "139"}) if "errors" in request.GET else GalleryForm()
    days = [(f"6月{day}日", count) for day, count in enumerate((3, 0, 12, 9, 24, 18, 31), 1)]
    at = datetime(2021, 6, 21, 1, 5, tzinfo=UTC)
    return render(request, "ui/gallery.html", {"form": form, "icons": sorted(ICONS), "days": days, "at": at})

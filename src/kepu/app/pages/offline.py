"""What makes the site an app on a phone: manifest, worker beside the pages, page without a network."""

import hashlib
import json

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

DAY_SECONDS = 86_400
# Kept from the first visit on; other static files are kept when a page first asks for them.
SHELL = (
    "ui/kepu.css",
    "ui/icon.svg",
    "ui/icon-192.png",
    "app/acts.js",
    "app/queue.js",
    "app/start.js",
    "app/share.js",
    "app/check_in.js",
    "app/kept.js",
    "django_htmx/htmx-2.min.js",
)
OFFLINE = "/offline/"


@require_safe
def manifest_page(_request: HttpRequest) -> HttpResponse:
    """The web app manifest: name, colours and icons for a phone's home screen."""
    icons = [
        {"src": static("ui/icon-192.png"), "sizes": "192x192", "type": "image/png"},
        {"src": static("ui/icon-512.png"), "sizes": "512x512", "type": "image/png"},
        {
            "src": static("ui/icon-maskable-512.png"),
            "sizes": "512x512",
            "type": "image/png",
            "purpose": "maskable",
        },
        {"src": static("ui/icon.svg"), "sizes": "any", "type": "image/svg+xml"},
    ]
    manifest = {
        "id": "/",
        "name": gettext("Kepu"),
        "short_name": gettext("Kepu"),
        "description": gettext("Plain science for daily life"),
        "lang": "zh-Hans",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#FBF6EC",
        "theme_color": "#FBF6EC",
        "categories": ["education", "health"],
        "icons": icons,
        "shortcuts": [
            {"name": gettext("Discover"), "url": "/discover/"},
            {"name": gettext("Me"), "url": "/me/"},
        ],
    }
    response = JsonResponse(
        manifest, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False}
    )
    response["Cache-Control"] = f"public, max-age={DAY_SECONDS}"
    return response


@require_safe
def worker_page(_request: HttpRequest) -> HttpResponse:
    """The worker beside the pages: what it keeps and under which version, then its script.

    A short script of our own, because a worker must stand at the root to see every page, and because a
    browser takes a changed text here for a new version: the names of the files in it carry their digests.
    """
    shell = [static(name) for name in SHELL]
    scripts = [static("app/acts.js"), static("app/worker.js")]
    version = hashlib.sha256(" ".join(shell + scripts).encode()).hexdigest()[:12]
    site = json.dumps({"version": version, "shell": shell, "offline": OFFLINE})
    names = ", ".join(map(json.dumps, scripts))
    text = f"self.SITE = {site};\nimportScripts({names});\n"
    return HttpResponse(text, content_type="text/javascript", headers={"Cache-Control": "no-cache"})


@require_safe
def offline_page(request: HttpRequest) -> HttpResponse:
    """What the worker shows where a page was not kept: the articles that were. The same for everybody."""
    return render(request, "app/offline.html")

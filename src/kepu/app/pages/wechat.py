"""Share cards inside WeChat: the signature its JS-SDK asks for, and what the card of a page says."""

import secrets
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kepu.content.rules import Article
from kepu.kit import clock
from kepu.messages import writes as messages
from kepu.messages.rules import wechat_signature
from kepu.ui.headers import PAGES_IN_WECHAT

URL_LENGTH_MAX = 1000


@dataclass(frozen=True, slots=True)
class Card:
    """What WeChat shows of a page that was passed on."""

    title: str
    text: str
    link: str
    picture: str


@never_cache
@require_safe
def signature_page(request: HttpRequest) -> HttpResponse:
    """The signature for one of our own pages as JSON, 404 where no account is set, 503 where WeChat is away.

    One query while the ticket is fresh.
    """
    if not settings.KEPU_WECHAT_APP_ID:
        raise Http404
    url = request.GET.get("url", "")
    if not _is_ours(request, url):
        return JsonResponse({"error": "foreign_url"}, status=400)
    now = clock.now()
    ticket = messages.wechat_ticket(now)
    if ticket is None:
        return JsonResponse({"error": "unavailable"}, status=503, headers={"Retry-After": "30"})
    nonce, timestamp = secrets.token_hex(8), int(now.timestamp())
    signed = wechat_signature(ticket, nonce, timestamp, url)
    app = settings.KEPU_WECHAT_APP_ID
    return JsonResponse({"appId": app, "timestamp": timestamp, "nonceStr": nonce, "signature": signed})


def card_of(request: HttpRequest, article: Article, link: str) -> Card | None:
    """The card of a page, None outside WeChat and where no account is set. `link` is the whole address."""
    if not settings.KEPU_WECHAT_APP_ID or "MicroMessenger" not in request.headers.get("User-Agent", ""):
        return None
    return Card(article.title, article.summary, link, picture_of(request, article))


def picture_of(request: HttpRequest, article: Article) -> str:
    """The address of the article's cover as a picture: a drawing has one painted (programs show no SVG)."""
    is_drawing = article.cover_url.endswith(".svg")
    path = reverse("cover_picture", args=[article.id]) if is_drawing else article.cover_url
    return request.build_absolute_uri(path)


def let_in(response: HttpResponse, card: Card | None) -> None:
    """A page with a card may load WeChat's own script, and nothing else from elsewhere."""
    if card is not None:
        response["Content-Security-Policy"] = PAGES_IN_WECHAT
    if settings.KEPU_WECHAT_APP_ID:
        patch_vary_headers(response, ["User-Agent"])


def _is_ours(request: HttpRequest, url: str) -> bool:
    """Whether this is a page of this site: WeChat's trust in our account is not lent to others."""
    try:
        asked = urlsplit(url)
    except ValueError:
        return False
    hosts = {request.get_host(), urlsplit(settings.KEPU_SITE_URL).netloc} - {""}
    return asked.scheme in ("http", "https") and asked.netloc in hosts and len(url) <= URL_LENGTH_MAX

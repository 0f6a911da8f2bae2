"""积分商城: the codes of a voucher are loaded from a file or as text, counted first, never shown again."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kepu.console import deeds
from kepu.console.labels import SHEET_TROUBLES
from kepu.console.mall_labels import unclear_text
from kepu.console.pages.mall_asking import item_at
from kepu.console.scope import me
from kepu.documents.reading import FILE_BYTES_MAX, SheetTrouble, read_sheet
from kepu.jobs.reads import folder
from kepu.jobs.writes import keep_upload
from kepu.kit import clock, crypto
from kepu.mall import reads, writes
from kepu.mall.reads import ItemRow
from kepu.mall.rules import (
    LOADED_AT_ONCE_MAX,
    CodesLoaded,
    CodesUnclear,
    ItemKind,
    Refusal,
    code_of_voucher,
    code_texts,
)

SALT = "kepu.console.mall.codes"
HELD_SECONDS = 3600
TEXT_BYTES_MAX = 500_000
SAMPLES, BEGINNING = 3, 2


@dataclass(frozen=True, slots=True)
class Sorted:
    """Codes as they were sent: those that are fit, each once; how many came twice, and how many are none."""

    codes: list[str]
    doubled: int
    unfit: int


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def codes_page(request: HttpRequest, item: int) -> HttpResponse:
    """Codes are sent as a file or as text; what is none is told here. At most 10 queries."""
    found = _voucher(request, item)
    trouble = ""
    if request.method == "POST":
        sent = _sent(request)
        if isinstance(sent, Sorted) and sent.codes:
            return redirect("console_mall_codes_keep", item, _held_back(request, item, sent))
        trouble = sent if isinstance(sent, str) else _("There is no code in it. Put one code in each row.")
    context = {
        "header_title": _("Codes for %(name)s") % {"name": found.name},
        "header_icon": "tag",
        "item": found,
        "shelf": reads.shelf(item),
        "trouble": trouble,
        "rows_max": LOADED_AT_ONCE_MAX,
    }
    return render(request, "console/mall_codes.html", context, status=422 if trouble else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def keep_page(request: HttpRequest, item: int, token: str) -> HttpResponse:
    """How many of the codes are new; posted, those are loaded and what was sent is gone.

    At most 10 queries to look, and one for each 500 codes.
    """
    found, now = _voucher(request, item), clock.now()
    sent, name = _opened(request, item, token)
    if request.method != "POST":
        known = reads.known_codes(sent.codes)
        context = {
            "header_title": _("Codes for %(name)s") % {"name": found.name},
            "header_icon": "tag",
            "item": found,
            "new": len(sent.codes) - known,
            "known": known,
            "doubled": sent.doubled,
            "unfit": sent.unfit,
            "samples": _samples(sent.codes),
            "are_all": len(sent.codes) <= 2 * SAMPLES,
        }
        return render(request, "console/mall_codes_keep.html", context)
    with transaction.atomic():
        loaded = writes.load_codes(item, sent.codes, me(request), now)
        if isinstance(loaded, CodesLoaded):
            after = {"new": loaded.new, "same": loaded.known}
            deeds.keep(request, "load_mall_codes", found.name, found.division, now, ({}, after))
    if not isinstance(loaded, CodesLoaded):
        messages.error(request, _not_loaded(loaded))
        return redirect("console_mall_codes", item)
    (folder() / name).unlink(missing_ok=True)
    said = ngettext("%(count)s code loaded.", "%(count)s codes loaded.", loaded.new)
    messages.success(request, said % {"count": loaded.new})
    return redirect("console_mall_item", item)


def _not_loaded(refusal: Refusal) -> str:
    if refusal is Refusal.AMOUNT_WRONG:
        return _("An item can have 1,000,000 codes. Load fewer, or make a new item for the rest.")
    return reads.refusal_text(refusal)


def _voucher(request: HttpRequest, item: int) -> ItemRow:
    found = item_at(request, item)
    if found.kind is not ItemKind.VOUCHER:
        raise Http404
    return found


def _sent(request: HttpRequest) -> Sorted | str:
    """The codes of the file or of the text, or what is wrong with it."""
    upload, text = request.FILES.get("file"), request.POST.get("text", "").replace("\x00", "")
    if upload is not None:
        if (upload.size or 0) > FILE_BYTES_MAX:
            return str(SHEET_TROUBLES[SheetTrouble.TOO_LARGE])
        rows = read_sheet(upload.read(), LOADED_AT_ONCE_MAX + 1)
        if isinstance(rows, SheetTrouble):
            return str(SHEET_TROUBLES[rows])
        texts = code_texts(rows)
    elif text.strip():
        lines = text[:TEXT_BYTES_MAX].splitlines()
        texts = code_texts([[cell.strip() or None for cell in line.split("\t")] for line in lines])
    else:
        return _("Choose a file, or put the codes into the field.")
    if isinstance(texts, CodesUnclear):
        return unclear_text(texts)
    if len(texts) > LOADED_AT_ONCE_MAX:
        return str(SHEET_TROUBLES[SheetTrouble.TOO_MANY_ROWS])
    return _sorted(texts)


def _samples(codes: Sequence[str]) -> list[dict[str, int | str]]:
    """How the first and the last codes begin and how long they are: a mistake shows, and no code does."""
    every = range(len(codes))
    return [
        {"number": number + 1, "begins": codes[number][:BEGINNING], "length": len(codes[number])}
        for number in dict.fromkeys((*every[:SAMPLES], *every[-SAMPLES:]))
    ]


def _sorted(texts: Sequence[str]) -> Sorted:
    codes = [code_of_voucher(text) for text in texts]
    fit = [code for code in codes if code is not None]
    once = list(dict.fromkeys(fit))
    return Sorted(once, len(fit) - len(once), len(codes) - len(fit))


def held_codes(account: int, item: int, said: Sequence[object]) -> str:
    """The name under which what was sent lies sealed among the uploads."""
    return keep_upload(crypto.seal(_key(), json.dumps(said), _bound(account, item)))


def _held_back(request: HttpRequest, item: int, sent: Sorted) -> str:
    """A token for what was sent: it lies sealed until it is loaded, or an hour is over."""
    upload = held_codes(me(request), item, [sent.codes, sent.doubled, sent.unfit])
    return signing.dumps({"by": me(request), "item": item, "upload": upload}, salt=SALT)


def _opened(request: HttpRequest, item: int, token: str) -> tuple[Sorted, str]:
    """What was sent, and the name it lies under; 404 when it is another's, too old, or loaded."""
    try:
        held = signing.loads(token, salt=SALT, max_age=HELD_SECONDS)
    except signing.BadSignature:
        raise Http404 from None
    path = folder() / str(held["upload"])
    if (held["by"], held["item"]) != (me(request), item) or not path.is_file():
        raise Http404
    said = crypto.unseal(_key(), path.read_bytes(), _bound(me(request), item))
    if said is None:
        raise Http404
    return Sorted(*json.loads(said)), path.name


def _bound(account: int, item: int) -> str:
    return f"codes sent: {account} {item}"


def _key() -> bytes:
    key: bytes = settings.KEPU_KEYS.phone_cipher
    return key

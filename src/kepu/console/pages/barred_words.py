"""屏蔽词: the list of the site, what each word does, and a field to try a text against it."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from kepu.clubs import reads
from kepu.clubs.reads.office import effect_text, word_of, words_count
from kepu.clubs.reads.words import barred, found_in
from kepu.clubs.rules import WORD_CHARS_MAX, WORDS_MAX, Effect, Refusal, Refused
from kepu.clubs.writes.words import add_word, change_word, drop_word
from kepu.console import deeds
from kepu.console.scope import me, within
from kepu.kit import clock
from kepu.kit.paging import whole_number
from kepu.people import reads as people
from kepu.people.rules import Ability

PAGE_SIZE = 50
START_MAX = 100_000
LINES_MAX = 200
TRIED_MAX = 1_000


@require_safe
def words_page(request: HttpRequest) -> HttpResponse:
    """The list, newest first, or what contains ?words=; ?text= is tried against it. At most 14 queries."""
    _keeps_site(request)
    return _list(request, {}, 200)


@require_POST
def add_page(request: HttpRequest) -> HttpResponse:
    """Each line is a barred word from now on; of those that are none the page says why."""
    _keeps_site(request)
    effect = _effect(request)
    typed = request.POST.get("words", "").replace("\x00", "")
    lines = list(dict.fromkeys(filter(None, (line.strip() for line in typed.splitlines()))))
    if effect is None or not lines or len(lines) > LINES_MAX:
        wrong = _("Write at least one word, and choose what it does.")
        many = _("At most %(count)s words at a time.") % {"count": LINES_MAX}
        more = {"refusal": many if len(lines) > LINES_MAX else wrong, "typed": typed}
        return _list(request, more, 422)
    added, refused = _add(request, lines, effect, clock.now())
    if added:
        words = ngettext("%(count)s word added.", "%(count)s words added.", len(added))
        messages.success(request, words % {"count": len(added)})
    if refused:
        left = "\n".join(line for line, _why in refused)
        return _list(request, {"troubles": refused, "typed": left}, 422)
    return redirect("console_words")


@require_POST
def change_page(request: HttpRequest, word: int) -> HttpResponse:
    """The word does something else from now on."""
    _keeps_site(request)
    effect, before, now = _effect(request), word_of(word), clock.now()
    if before is None:
        raise Http404
    if effect is None:
        return _list(request, {"refusal": _("Write at least one word, and choose what it does.")}, 422)
    with transaction.atomic():
        if isinstance(change_word(word, effect, me(request), now), Refused):
            raise Http404
        change = {"effect": effect_text(before.effect)}, {"effect": effect_text(effect)}
        deeds.keep(request, "change_barred_word", before.word, "", now, change)
    messages.success(request, f"{before.word}：{effect_text(effect)}")
    return redirect("console_words")


@require_POST
def drop_page(request: HttpRequest, word: int) -> HttpResponse:
    """The word is barred no more."""
    _keeps_site(request)
    before, now = word_of(word), clock.now()
    if before is None:
        raise Http404
    with transaction.atomic():
        if isinstance(drop_word(word, me(request)), Refused):
            raise Http404
        change: deeds.Change = ({"effect": effect_text(before.effect)}, {})
        deeds.keep(request, "drop_barred_word", before.word, "", now, change)
    messages.success(request, _("%(word)s is barred no more.") % {"word": before.word})
    return redirect("console_words")


def _keeps_site(request: HttpRequest) -> None:
    """404 for whoever does not keep the whole site."""
    if "" not in within(request, Ability.SITE):
        raise Http404


def _effect(request: HttpRequest) -> Effect | None:
    return {each.value: each for each in Effect}.get(request.POST.get("effect", ""))


def _add(
    request: HttpRequest, lines: list[str], effect: Effect, now: datetime
) -> tuple[list[str], list[tuple[str, str]]]:
    """The lines that became words, and of the others why not."""
    added, refused = [], []
    with transaction.atomic():
        for line in lines:
            outcome = add_word(line, effect, me(request), now)
            if not isinstance(outcome, Refused):
                added.append(line)
                continue
            if outcome.refusal is Refusal.UNKNOWN:
                raise Http404
            refused.append((line[:40], reads.refusal_text(outcome)))
        if added:
            after = {"effect": effect_text(effect), "count": len(added), "words": "、".join(added)[:400]}
            deeds.keep(request, "add_barred_words", added[0], "", now, ({}, after))
    return added, refused


def _list(request: HttpRequest, more: dict[str, Any], status: int) -> HttpResponse:
    start = whole_number(request.GET.get("start"), 0, START_MAX, 0)
    words = "".join(request.GET.get("words", "").replace("\x00", "").split())[:WORD_CHARS_MAX]
    text = request.GET.get("text", "").replace("\x00", "")[:TRIED_MAX]
    page = barred(start, PAGE_SIZE, words)
    names = people.account_names(each.added_by for each in page.rows)
    kept = {"words": words} if words else {}
    context = {
        "header_title": _("Barred words"),
        "header_icon": "no-view",
        "rows": [
            {"row": each, "label": effect_text(each.effect), "by": names.get(each.added_by, "")}
            for each in page.rows
        ],
        "effects": [(each.value, effect_text(each)) for each in Effect],
        "count": words_count(),
        "words_max": WORDS_MAX,
        "word_chars_max": WORD_CHARS_MAX,
        "tried_max": TRIED_MAX,
        "words": words,
        "text": text,
        "found": [(word, effect_text(effect)) for word, effect in found_in(text)] if text else [],
        "chosen": request.POST.get("effect", Effect.HOLD.value),
        "previous": urlencode(kept | {"start": max(0, start - PAGE_SIZE)}) if start else "",
        "next": urlencode(kept | {"start": page.next_start}) if page.next_start is not None else "",
    }
    return render(request, "console/barred_words.html", context | more, status=status)

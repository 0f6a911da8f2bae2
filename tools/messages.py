"""Each room's Chinese catalogue: extract what people can see, merge, compile, check. No gettext needed.

    python tools/messages.py              every room: refresh django.po, keep translations, write django.mo
    python tools/messages.py people app   these rooms only
    python tools/messages.py --check      change nothing; exit 1 when a catalogue is not complete and current

Work on a room: run it, fill the empty `msgstr`s in src/kepu/<room>/locale/zh_Hans/LC_MESSAGES/django.po,
run it again. A message that left the source leaves the catalogue.
"""

import argparse
import io
import re
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parent.parent / "src" / "kepu"
CATALOGUE = Path("locale/zh_Hans/LC_MESSAGES/django.po")
# Words that Wagtail's own Chinese lacks: not extracted, only compiled and checked. See docs/decisions/0024.
WAGTAILS = tuple(
    PACKAGE / "content/wagtails/zh_Hans/LC_MESSAGES" / name for name in ("django.po", "djangojs.po")
)
HEADER = """\
# Chinese for one room; made by tools/messages.py, translated by hand.
msgid ""
msgstr ""
"Language: zh_Hans\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""
_PLAIN, _CONTEXT, _PLURAL, _BOTH = None, ((1, "c"), 2), (1, 2), ((1, "c"), 2, 3)
KEYWORDS = {
    "_": _PLAIN,
    **dict.fromkeys(("gettext", "gettext_lazy", "gettext_noop"), _PLAIN),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), _CONTEXT),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), _PLURAL),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), _BOTH),
}
# Translations that rightly hold no Chinese character.
NOT_CHINESE = frozenset({"PDF", "HTML", "CSV", "Excel", "Word", "QR", "SHA-256", "API"})
CHINESE = re.compile(r"[\u3400-\u9fff]")
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sdr]|\{[^{}]*\}")
SKIPPED = {"tests", "migrations", "locale", "static", "__pycache__"}


def rooms() -> list[str]:
    """Every room's name, sorted."""
    return sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py"))


def sources(room: str) -> Iterator[Path]:
    """A room's Python files and templates, in a stable order; not its tests and migrations."""
    for path in sorted((PACKAGE / room).rglob("*")):
        parts = path.relative_to(PACKAGE / room).parts
        if not SKIPPED & set(parts) and (path.suffix == ".py" or ("templates" in parts and path.is_file())):
            yield path


def extracted(room: str) -> Catalog:
    """The messages a room's source asks for, without translations."""
    found = Catalog(locale="zh_Hans")
    for path in sources(room):
        text = path.read_text("utf-8")
        if path.suffix != ".py":
            # Django turns a template into something like Python; indentation would upset the tokenizer.
            text = "\n".join(line.lstrip() for line in templatize(text, origin=str(path)).splitlines())
        lines = io.BytesIO(text.encode())
        for _, message, _, context in extract("python", lines, KEYWORDS, options={"encoding": "utf-8"}):
            if message and message != ("", ""):
                name = str(path.relative_to(PACKAGE / room))
                found.add(message, locations=[(name, 0)], context=context)
    return found


def stored(room: str) -> Catalog:
    """A room's catalogue as it stands in its file; empty when there is none."""
    path = PACKAGE / room / CATALOGUE
    if not path.exists():
        return Catalog(locale="zh_Hans")
    with path.open("rb") as file:
        return read_po(file, locale="zh_Hans")


def merged(room: str) -> Catalog:
    """What the source asks for, with the translations the file already has."""
    wanted, known = extracted(room), stored(room)
    for message in list(wanted)[1:]:
        old = known.get(message.id, message.context)
        if old is None and isinstance(message.id, tuple):
            old = known.get(message.id[0], message.context)
        if old is not None and old.string:
            message.string = _shaped(message, old.string)
        if old is not None:
            message.user_comments = old.user_comments
    return wanted


def _shaped(message: Message, string: str | Sequence[str]) -> str | tuple[str, ...]:
    """A translation in the shape its message has: one form for a plural, plain text otherwise."""
    first = string if isinstance(string, str) else string[0]
    return (first,) if isinstance(message.id, tuple) else first


def po_bytes(catalogue: Catalog) -> bytes:
    """The catalogue as text, the same for the same messages: no dates, no line numbers."""
    out = io.BytesIO()
    write_po(out, catalogue, width=100, omit_header=True, include_lineno=False, sort_output=False)
    return (HEADER + out.getvalue().decode().strip() + "\n").encode()


def mo_bytes(catalogue: Catalog) -> bytes:
    """The catalogue compiled; untranslated messages are left out."""
    catalogue.creation_date = catalogue.revision_date = datetime(2000, 1, 1, tzinfo=UTC)
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def refresh(room: str) -> None:
    """Bring a room's django.po and django.mo up to its source, and say what still needs Chinese."""
    catalogue, path = merged(room), PACKAGE / room / CATALOGUE
    if not len(catalogue):
        for stale in (path, path.with_suffix(".mo")):
            stale.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    _write(path, po_bytes(catalogue))
    if not path.with_suffix(".mo").exists() or _compiled(path) != _texts(stored(room)):
        _write(path.with_suffix(".mo"), mo_bytes(stored(room)))
    missing = [message for message in list(catalogue)[1:] if not _text(message)]
    print(f"{room}: {len(catalogue)} messages, {len(missing)} without Chinese")
    for message in missing:
        print(f"  {_id(message)!r}")


def _write(path: Path, content: bytes) -> None:
    if not path.exists() or path.read_bytes() != content:
        path.write_bytes(content)


def troubles(room: str) -> list[str]:
    """What is wrong with a room's catalogue, a line each; empty when all is well."""
    wanted, known, path = extracted(room), stored(room), PACKAGE / room / CATALOGUE
    if not len(wanted) and not len(known):
        return []
    asked = {(_id(message), message.context) for message in list(wanted)[1:]}
    held = {(_id(message), message.context) for message in list(known)[1:]}
    found = [f"not in the catalogue: {text!r}" for text, _ in sorted(asked - held, key=str)]
    found += [f"no longer in the source: {text!r}" for text, _ in sorted(held - asked, key=str)]
    found += [f"obsolete entry kept: {message.id!r}" for message in known.obsolete.values()]
    for message in list(known)[1:]:
        found += translation_troubles(message)
    if not path.with_suffix(".mo").exists() or _compiled(path) != _texts(known):
        found.append("django.mo is stale")
    return found


def translation_troubles(message: Message) -> list[str]:
    """What is wrong with one translation."""
    source, text = _id(message), _text(message)
    if not text:
        return [f"untranslated: {source!r}"]
    found = [f"fuzzy: {source!r}"] if message.fuzzy else []
    words = re.sub(r"[\W\d_]", "", PLACEHOLDER.sub("", source))
    if words and text not in NOT_CHINESE and not CHINESE.search(text):
        found.append(f"no Chinese: {source!r} → {text!r}")
    model = message.id if isinstance(message.id, str) else message.id[-1]
    if sorted(PLACEHOLDER.findall(model)) != sorted(PLACEHOLDER.findall(text)):
        found.append(f"placeholders differ: {model!r} → {text!r}")
    return found


def refresh_wagtails() -> None:
    """The words for Wagtail are compiled as they stand in their files."""
    for path in WAGTAILS:
        catalogue = _read(path)
        if not path.with_suffix(".mo").exists() or _compiled(path) != _texts(catalogue):
            _write(path.with_suffix(".mo"), mo_bytes(catalogue))


def wagtails_troubles() -> list[str]:
    """What is wrong with the words for Wagtail, a line each."""
    found = []
    for path in WAGTAILS:
        catalogue = _read(path)
        for message in list(catalogue)[1:]:
            found += [text for text in translation_troubles(message) if not text.startswith("no Chinese")]
        if not path.with_suffix(".mo").exists() or _compiled(path) != _texts(catalogue):
            found.append(f"{path.with_suffix('.mo').name} of Wagtail's words is stale")
    return found


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale="zh_Hans")


def disagreements() -> list[str]:
    """Messages that two rooms translate differently: Django merges the rooms, so only one would be seen."""
    seen: dict[tuple[str, str | None], tuple[str, str]] = {}
    found = []
    for room in rooms():
        for message in filter(_text, list(stored(room))[1:]):
            first, text = seen.setdefault((_id(message), message.context), (room, _text(message)))
            if text != _text(message):
                found.append(f"{first} says {text!r} for {_id(message)!r}, {room} says {_text(message)!r}")
    return found


def _id(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _context(message: Message) -> str | None:
    context = message.context  # Babel reads it as bytes from a .mo
    return context.decode() if isinstance(context, bytes) else context


def _text(message: Message) -> str:
    string = message.string
    return string if isinstance(string, str) else (string[0] if string else "")


def _texts(catalogue: Catalog) -> dict[tuple[str, str | None], str]:
    return {
        (_id(message), _context(message)): _text(message) for message in list(catalogue)[1:] if _text(message)
    }


def _compiled(path: Path) -> dict[tuple[str, str | None], str]:
    with path.with_suffix(".mo").open("rb") as file:
        return _texts(read_mo(file))


def main() -> int:
    """0 when what was asked for is so."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("rooms", nargs="*", metavar="room", help="default: every room")
    parser.add_argument(
        "--check", action="store_true", help="change nothing, fail when something is not right"
    )
    asked = parser.parse_args()
    chosen = asked.rooms or rooms()
    if unknown := set(chosen) - set(rooms()):
        parser.error(f"no such room: {', '.join(sorted(unknown))}")
    settings.configure()  # templatize asks for USE_I18N and the like; the site's own settings are not needed
    if not asked.check:
        for room in chosen:
            refresh(room)
        refresh_wagtails()
        return 0
    found = [f"{room}: {trouble}" for room in chosen for trouble in troubles(room)]
    found += wagtails_troubles() + disagreements()
    print("\n".join(found) or f"catalogues: {len(chosen)} rooms complete and current")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

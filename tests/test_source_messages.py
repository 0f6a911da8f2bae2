"""Everything people see is Chinese: extracted, translated, compiled, installed."""

import ast
import re
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.utils.translation import gettext, override

from tests.source import PACKAGE, ROOT, modules, name, room, tree
from tools import messages

ATTRIBUTES_READ_OUT = {"alt", "title", "placeholder", "aria-label", "aria-description"}
NOT_SHOWN = {"script", "style", "code"}
# Words that are the same in Chinese.
SAME_IN_CHINESE = {"Kepu", "QR", "SHA", "API", "HTTP", "PDF", "CSV"}
SHOWN_KEYWORDS = {"label", "verbose_name", "verbose_name_plural", "heading", "menu_label", "placeholder"}
SHOWN_BY_CALL = {"ValidationError", "success", "add_message"}
# The gallery shows developers every part with sample content.
SAMPLES = {"src/kepu/ui/templates/ui/gallery.html", "src/kepu/ui/pages.py"}
TEMPLATES = [path for path in sorted(PACKAGE.glob("*/templates/**/*.html")) if name(path) not in SAMPLES]


@pytest.mark.parametrize("chosen", messages.rooms())
def test_a_rooms_catalogue_is_complete_and_current(chosen):
    assert messages.troubles(chosen) == []


def test_rooms_agree_on_the_chinese_of_one_message():
    assert messages.disagreements() == []


def test_every_catalogue_is_one_that_django_loads():
    with_catalogue = {
        path.parent.parent.parent.parent.name for path in PACKAGE.glob("*/locale/*/*/django.po")
    }
    from_paths = {path.parent.name for path in map(ROOT.__class__, settings.LOCALE_PATHS)}
    installed = {
        app.removeprefix("kepu.").split(".")[0] for app in settings.INSTALLED_APPS if app.startswith("kepu.")
    }
    assert with_catalogue - installed - from_paths == set()


def test_what_a_room_says_is_what_people_see():
    """Django merges every catalogue; ours must win over Django's and Wagtail's own."""
    lost = []
    with override("zh-hans"):
        for chosen in messages.rooms():
            for message in list(messages.stored(chosen))[1:]:
                if (
                    isinstance(message.id, str)
                    and not message.context
                    and gettext(message.id) != message.string
                ):
                    lost.append(f"{chosen}: {message.id!r} shows {gettext(message.id)!r}")
    assert lost == []


@pytest.mark.parametrize("template", TEMPLATES, ids=name)
def test_a_template_says_nothing_untranslated(template):
    text = template.read_text("utf-8")
    for made in (r"\{#.*?#\}", r"\{% comment.*?endcomment %\}", r"\{% blocktrans.*?endblocktrans\w* %\}"):
        text = re.sub(made, "", text, flags=re.DOTALL)
    reader = Shown()
    reader.feed(re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", text, flags=re.DOTALL))
    words = {word for piece in reader.pieces for word in re.findall(r"[^\W\d_]{2,}", piece)}
    assert words - SAME_IN_CHINESE == set()


class Shown(HTMLParser):
    """Collects what a page shows or reads out."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag, attributes):
        self.pieces += [value for key, value in attributes if key in ATTRIBUTES_READ_OUT and value]
        if tag in NOT_SHOWN:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if self.open and self.open[-1] == tag:
            self.open.pop()

    def handle_data(self, text):
        if not self.open:
            self.pieces.append(text)


def test_labels_and_refusals_in_python_are_translated():
    bare = [
        f"{name(path)}:{node.lineno}"
        for path in modules()
        if room(path) not in {"config", "documents"} and name(path) not in SAMPLES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and _shows_bare_text(node)
    ]
    assert bare == []


def _shows_bare_text(call: ast.Call) -> bool:
    called = getattr(call.func, "attr", getattr(call.func, "id", ""))
    shown = [word.value for word in call.keywords if word.arg in SHOWN_KEYWORDS]
    shown += call.args if called in SHOWN_BY_CALL else []
    return any(
        isinstance(value, ast.Constant)
        and isinstance(value.value, str)
        and re.search(r"[^\W\d_]{2}", value.value)
        for value in shown
    )

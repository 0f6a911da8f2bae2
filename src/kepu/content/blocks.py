"""The pieces an editor builds an article from, and the same pieces as plain values."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock

from kepu.content import markup, rules

_LETTERS = "ABCD"
_RIGHT_CHOICES = [(letter, letter) for letter in _LETTERS]
_TEXT_FEATURES = ["h2", "h3", "bold", "italic", "ol", "ul", "link"]
_QUIZ_TROUBLES = {
    "few": _("Give at least two options."),
    "many": _("Give at most four options."),
    "same": _("Two options are the same."),
    "right": _("The right option is not among the options given."),
}


class PictureBlock(blocks.StructBlock):
    """A picture; the words for people who cannot see it are required."""

    image = ImageChooserBlock(label=_("Picture"))
    alt = blocks.CharBlock(
        label=_("What the picture shows"),
        max_length=120,
        help_text=_("Read aloud to people who cannot see it, and shown while it loads."),
    )
    caption = blocks.CharBlock(label=_("Words under the picture"), max_length=120, required=False)

    class Meta:
        icon = "image"
        label = _("Picture")


class VideoBlock(blocks.StructBlock):
    """A link to a video on another site."""

    url = blocks.URLBlock(label=_("Address of the video"), help_text=_("It must begin with https://"))
    title = blocks.CharBlock(label=_("Title of the video"), max_length=80)

    class Meta:
        icon = "media"
        label = _("Video link")

    def clean(self, value: Any) -> Any:
        """The value, when its address is https; pages of this site are, and browsers warn of less."""
        cleaned = super().clean(value)
        if not cleaned["url"].startswith("https://"):
            wrong = ValidationError(_("The address must begin with https://"))
            raise blocks.StructBlockValidationError(block_errors={"url": wrong})
        return cleaned


class QuizBlock(blocks.StructBlock):
    """A question with its options, the right one and why it is right."""

    question = blocks.CharBlock(label=_("Quiz question"), max_length=120)
    options = blocks.ListBlock(
        blocks.CharBlock(label=_("Answer option"), max_length=60),
        label=_("Answer options"),
        min_num=rules.QUIZ_OPTIONS_MIN,
        max_num=rules.QUIZ_OPTIONS_MAX,
        help_text=_("Two to four; the first is A, the second B."),
    )
    right = blocks.ChoiceBlock(label=_("Right answer"), choices=_RIGHT_CHOICES)
    explanation = blocks.TextBlock(label=_("Why it is right"), max_length=300, rows=3)

    class Meta:
        icon = "help"
        label = _("Quiz")

    def clean(self, value: Any) -> Any:
        """The value, when its options make a fair question."""
        cleaned = super().clean(value)
        trouble = rules.quiz_trouble(list(cleaned["options"]), _LETTERS.index(cleaned["right"]))
        if trouble:
            raise blocks.StructBlockValidationError(
                block_errors={"right": ValidationError(_QUIZ_TROUBLES[trouble])}
            )
        return cleaned


class ReferenceBlock(blocks.StructBlock):
    """Where a reader can check what the article says."""

    title = blocks.CharBlock(label=_("Title of the source"), max_length=120)
    publisher = blocks.CharBlock(label=_("Published by"), max_length=80)
    year = blocks.RegexBlock(label=_("Year of publication"), regex=r"^\d{4}$", required=False)
    url = blocks.URLBlock(label=_("Web address"), required=False)

    class Meta:
        icon = "doc-full"
        label = _("Reference")


def body_blocks() -> list[tuple[str, blocks.Block]]:
    """What the body may hold. A list, so that migrations keep only names."""
    return [
        ("text", blocks.RichTextBlock(label=_("Passage of text"), icon="pilcrow", features=_TEXT_FEATURES)),
        ("picture", PictureBlock()),
        ("video", VideoBlock()),
        ("quiz", QuizBlock()),
    ]


def stored_quiz(quiz: rules.Quiz) -> dict[str, Any]:
    """A quiz in the form the body stores."""
    assert rules.quiz_trouble(quiz.options, quiz.right) is None
    return {
        "type": "quiz",
        "value": {
            "question": quiz.question,
            "options": list(quiz.options),
            "right": _LETTERS[quiz.right],
            "explanation": quiz.explanation,
        },
    }


def stored_reference(reference: rules.Reference) -> dict[str, Any]:
    """A reference in the form the page stores."""
    return {"type": "reference", "value": asdict(reference)}


def quizzes_of(raw: Iterable[Mapping[str, Any]]) -> tuple[rules.Quiz, ...]:
    """The quizzes of a stored body in their order; one that is no fair question is left out."""
    found = []
    for block in raw:
        if block["type"] != "quiz":
            continue
        value = block["value"]
        options, right = _items(value["options"]), _LETTERS.find(value["right"] or "-")
        if rules.quiz_trouble(options, right) is None:
            found.append(rules.Quiz(value["question"], options, right, value["explanation"]))
    return tuple(found)


def references_of(raw: Iterable[Mapping[str, Any]]) -> tuple[rules.Reference, ...]:
    """The references of an article in their order."""
    values = [block["value"] for block in raw]
    return tuple(
        rules.Reference(value["title"], value["publisher"], value.get("year") or "", value.get("url") or "")
        for value in values
    )


def pictures_of(raw: Iterable[Mapping[str, Any]]) -> list[int]:
    """Ids of the pictures in a stored body, in order."""
    return [
        block["value"]["image"] for block in raw if block["type"] == "picture" and block["value"]["image"]
    ]


def texts_of(raw: Iterable[Mapping[str, Any]]) -> list[str]:
    """Every plain text a reader sees in the body: paragraphs, captions, titles of videos, questions."""
    texts = []
    for block in raw:
        value = block["value"]
        if block["type"] == "text":
            texts.append(markup.plain_text(value))
        elif block["type"] == "picture":
            texts += [value["alt"], value["caption"]]
        elif block["type"] == "video":
            texts.append(value["title"])
        elif block["type"] == "quiz":
            texts += [value["question"], *_items(value["options"]), value["explanation"]]
    return texts


def _items(stored: Iterable[Any]) -> tuple[str, ...]:
    # Wagtail stores a list's items either bare or, once edited, each with an id.
    return tuple(cast(str, item["value"] if isinstance(item, Mapping) else item) for item in stored)

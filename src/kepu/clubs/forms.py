"""What people type into the pages of clubs; the writes judge it, and their sentence stands above the form."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from kepu.clubs import labels
from kepu.clubs.reads import refusal_text
from kepu.clubs.rules import (
    COMMENT_CHARS_MAX,
    MUTE_DAYS_MAX,
    NAME_CHARS_MAX,
    PICTURES_MAX,
    POST_CHARS_MAX,
    REASON_CHARS_MAX,
    TARGET_MAX,
    TEXT_CHARS_MAX,
    ClubDraft,
    Joining,
    PostDraft,
    Posting,
    Refusal,
    Refused,
    ReportReason,
    Rule,
    Showing,
    TaskKind,
)
from kepu.kit.paging import whole_number
from kepu.kit.photos import PHOTO_BYTES_MAX

PHOTOS = "image/jpeg,image/png,image/webp"
# The field a refusal belongs to; others are said above the form.
FIELD_OF = {
    Refusal.NAME_WRONG: "name",
    Refusal.NAME_TAKEN: "name",
    Refusal.TEXT_MISSING: "text",
    Refusal.TEXT_LONG: "text",
    Refusal.WORD_BARRED: "text",
    Refusal.REPEATED: "text",
    Refusal.DIVISION_WRONG: "division",
    Refusal.ARTICLE_WRONG: "article",
    Refusal.PICTURES_MANY: "pictures",
    Refusal.PICTURE_WRONG: "pictures",
    Refusal.PICTURE_LARGE: "pictures",
    Refusal.TARGET_WRONG: "target",
    Refusal.DAYS_WRONG: "last_day",
    Refusal.REASON_MISSING: "reason",
}


def _choice(label: Any, words: Mapping[Any, Any]) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=list(words.items()),
        widget=forms.RadioSelect,
        error_messages=_says(Refusal.CHOICE_WRONG),
    )


def _says(refusal: Refusal, words: str = "") -> dict[str, Any]:
    sentence = str(labels.REFUSALS[refusal]).replace("{words}", words)
    mistakes = ("required", "invalid", "invalid_choice", "max_length", "max_value", "min_value")
    return dict.fromkeys(mistakes, sentence)


class Files(forms.FileInput):
    """Several files at once."""

    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Files that are looked at later, when it is known that they are wanted."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        """The files as they came."""
        return data or initial


class ClubsForm(forms.Form):
    """A form that can say a refusal."""

    def refuse(self, refused: Refused) -> None:
        """The refusal stands under the field it belongs to, else above the form."""
        field = FIELD_OF.get(refused.refusal)
        if field == "pictures" and "picture" in self.fields:
            field = "picture"
        self.add_error(field if field in self.fields else None, refusal_text(refused))


class RuleForm(ClubsForm):
    """A club's text, picture and rule."""

    text = forms.CharField(
        label=_("What is it about, and for whom?"),
        max_length=TEXT_CHARS_MAX,
        widget=forms.Textarea({"rows": 3}),
    )
    posting = _choice(_("Who writes?"), labels.POSTING)
    showing = _choice(_("Who sees posts?"), labels.SHOWING)
    joining = _choice(_("Who may join?"), labels.JOINING)
    picture = PhotosField(
        label=_("A picture of the club"),
        required=False,
        widget=forms.FileInput({"accept": PHOTOS, "data-photos": ""}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].error_messages |= _says(Refusal.TEXT_LONG, str(TEXT_CHARS_MAX)) | {
            "required": labels.REFUSALS[Refusal.TEXT_MISSING]
        }

    def draft(self, picture: bytes | None, name: str = "", division: str = "") -> ClubDraft:
        """What a valid form states."""
        said = self.cleaned_data
        rule = Rule(Posting(said["posting"]), Showing(said["showing"]), Joining(said["joining"]))
        return ClubDraft(said.get("name", name), said["text"], said.get("division", division), rule, picture)


class ClubForm(RuleForm):
    """A club that is asked for."""

    name = forms.CharField(
        label=_("Name of the club"),
        help_text=_("2 to 16 characters, for example: Tongfu Village rice club"),
        max_length=NAME_CHARS_MAX,
        error_messages=_says(Refusal.NAME_WRONG),
    )
    division = forms.ChoiceField(
        label=_("Where does it belong?"),
        widget=forms.RadioSelect,
        error_messages=_says(Refusal.DIVISION_WRONG),
    )
    field_order = ("name", "text", "division", "posting", "showing", "joining", "picture")

    def __init__(self, divisions: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["division"].choices = list(divisions)  # type: ignore[attr-defined]


class PostForm(ClubsForm):
    """A new post."""

    text = forms.CharField(
        label=_("What is new?"),
        max_length=POST_CHARS_MAX,
        required=False,
        widget=forms.Textarea({"rows": 5}),
        error_messages=_says(Refusal.TEXT_LONG, str(POST_CHARS_MAX)),
    )
    pictures = PhotosField(
        label=_("Pictures, at most nine"),
        help_text=_("Where and when a picture was taken is not kept."),
        required=False,
        widget=Files({"accept": PHOTOS, "data-photos": PICTURES_MAX}),
    )
    article = forms.ChoiceField(
        label=_("With an article"),
        required=False,
        error_messages=_says(Refusal.ARTICLE_WRONG),
    )

    def __init__(self, articles: Sequence[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["article"].choices = [("", _("Without an article")), *articles]  # type: ignore[attr-defined]

    def draft(self, event_id: str, pictures: tuple[bytes, ...]) -> PostDraft:
        """What a valid form states."""
        article = int(self.cleaned_data["article"] or 0)
        return PostDraft(self.cleaned_data["text"], event_of(event_id), article, pictures)


class CommentForm(ClubsForm):
    """A comment."""

    text = forms.CharField(
        label=_("Your comment"),
        max_length=COMMENT_CHARS_MAX,
        widget=forms.Textarea({"rows": 2}),
        error_messages=_says(Refusal.TEXT_LONG, str(COMMENT_CHARS_MAX))
        | {"required": labels.REFUSALS[Refusal.TEXT_MISSING]},
    )


class ReportForm(ClubsForm):
    """What is wrong with a post or comment."""

    reason = _choice(_("What is wrong with it?"), labels.REPORT_REASONS)
    words = forms.CharField(
        label=_("What you want to add"),
        max_length=REASON_CHARS_MAX,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        error_messages=_says(Refusal.TEXT_LONG, str(REASON_CHARS_MAX)),
    )

    def chosen(self) -> ReportReason:
        """The reason of a valid form."""
        return ReportReason(self.cleaned_data["reason"])


class TaskForm(ClubsForm):
    """What the club wants to reach together."""

    kind = _choice(_("What do we do?"), labels.TASK_KINDS)
    target = forms.IntegerField(
        label=_("How many, all together?"),
        min_value=1,
        max_value=TARGET_MAX,
        error_messages=_says(Refusal.TARGET_WRONG, str(TARGET_MAX)),
        widget=forms.NumberInput({"inputmode": "numeric"}),
    )
    last_day = forms.DateField(
        label=_("By which day?"),
        widget=forms.DateInput({"type": "date"}),
        error_messages=_says(Refusal.DAYS_WRONG, "366"),
    )

    def chosen(self) -> TaskKind:
        """What is counted, of a valid form."""
        return TaskKind(self.cleaned_data["kind"])


def event_of(text: str) -> UUID:
    """The id a form was given, or a new one where it holds none."""
    try:
        return UUID(text)
    except ValueError:
        return uuid4()


def sent_pictures(files: "Sequence[UploadedFile[Any]]") -> tuple[bytes, ...] | Refused:
    """The bytes of what was sent, unless it is too much to be read."""
    if len(files) > PICTURES_MAX:
        return Refused(Refusal.PICTURES_MANY)
    if any((file.size or 0) > PHOTO_BYTES_MAX for file in files):
        return Refused(Refusal.PICTURE_LARGE)
    return tuple(file.read() for file in files if file.size)


def days_of(text: str) -> int:
    """Days as a manager chose them; -1, which is refused, for anything else."""
    days = whole_number(text, 0, MUTE_DAYS_MAX + 1, -1)
    return days if days <= MUTE_DAYS_MAX else -1

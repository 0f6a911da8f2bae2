"""What people type into the pages of this room, and the plain sentence for each mistake."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kepu.people import labels
from kepu.people.rules import (
    PASSWORD_LENGTH_MAX,
    ApplicantType,
    Refusal,
    Refused,
    code_of,
    name_of,
    phone_of,
)
from kepu.people.writes.sign_in import is_strong

# The field a refusal belongs to; others are said above the form.
FIELD_OF = {
    Refusal.PHONE_WRONG: "phone",
    Refusal.CODE_WRONG: "code",
    Refusal.CODE_SPENT: "code",
    Refusal.PASSWORD_WEAK: "password",
    Refusal.NOT_AGREED: "agreed",
    Refusal.NAME_WRONG: "name",
    Refusal.TOWN_WRONG: "town",
    Refusal.UNIT_WRONG: "unit",
    Refusal.TYPE_WRONG: "applicant_type",
    Refusal.ASSOCIATION_WRONG: "association",
}


def _says(refusal: Refusal) -> dict[str, Any]:
    """Whatever Django finds wrong with a field is said with our own sentence."""
    sentence = labels.REFUSALS[refusal]
    return dict.fromkeys(("required", "invalid", "invalid_choice", "max_length", "min_length"), sentence)


def _is_phone(text: str) -> None:
    if phone_of(text) is None:
        raise ValidationError(labels.REFUSALS[Refusal.PHONE_WRONG])


def _is_code(text: str) -> None:
    if code_of(text) is None:
        raise ValidationError(labels.REFUSALS[Refusal.CODE_WRONG])


def _is_new_password(text: str) -> None:
    if not is_strong(text):
        raise ValidationError(labels.REFUSALS[Refusal.PASSWORD_WEAK])


def _is_name(text: str) -> None:
    if name_of(text) is None:
        raise ValidationError(labels.REFUSALS[Refusal.NAME_WRONG])


def phone_field() -> forms.CharField:
    """A field for one's own mobile number."""
    return forms.CharField(
        label=_("Mobile number"),
        max_length=40,
        validators=[_is_phone],
        error_messages=_says(Refusal.PHONE_WRONG),
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "tel-national", "type": "tel"}),
    )


def code_field() -> forms.CharField:
    """A field for the six digits of a text message."""
    return forms.CharField(
        label=_("Code from the text message"),
        max_length=40,
        validators=[_is_code],
        error_messages=_says(Refusal.CODE_WRONG) | {"required": _("Enter the six digits of the message.")},
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


def new_password_field() -> forms.CharField:
    """A field for a password to be set; never shown again."""
    return forms.CharField(
        label=_("New password"),
        help_text=_("8 characters or more, with letters and digits."),
        max_length=PASSWORD_LENGTH_MAX,
        strip=False,
        validators=[_is_new_password],
        error_messages=_says(Refusal.PASSWORD_WEAK),
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )


def password_field(label: Any) -> forms.CharField:
    """A field for the password that holds now, with a (lazy) label; never shown again."""
    return forms.CharField(
        label=label,
        max_length=PASSWORD_LENGTH_MAX,
        strip=False,
        error_messages=_says(Refusal.SIGN_IN_WRONG) | {"required": _("Enter your password.")},
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )


class SignUpForm(forms.Form):
    """手机号、验证码、密码、同意."""

    phone = phone_field()
    code = code_field()
    password = new_password_field()
    agreed = forms.BooleanField(
        label=_("I have read the privacy notice and agree"), error_messages=_says(Refusal.NOT_AGREED)
    )


class PasswordForm(forms.Form):
    """Sign in by password."""

    phone = phone_field()
    password = password_field(_("Password"))


class CodeForm(forms.Form):
    """Sign in by code."""

    phone = phone_field()
    code = code_field()


class ResetForm(forms.Form):
    """A forgotten password."""

    phone = phone_field()
    code = code_field()
    password = new_password_field()


class ChangeForm(forms.Form):
    """A known password."""

    present = password_field(_("Present password"))
    password = new_password_field()


class CertificationForm(forms.Form):
    """The application; choices of unit and association are those offered with what was picked so far."""

    name = forms.CharField(
        label=_("Real name"),
        max_length=80,
        validators=[_is_name],
        error_messages=_says(Refusal.NAME_WRONG),
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    town = forms.ChoiceField(label=_("Town"), error_messages=_says(Refusal.TOWN_WRONG))
    unit = forms.ChoiceField(label=_("Unit"), error_messages=_says(Refusal.UNIT_WRONG))
    applicant_type = forms.ChoiceField(
        label=_("Type"),
        choices=labels.APPLICANT_TYPES,
        initial=ApplicantType.PERSONAL,
        error_messages=_says(Refusal.TYPE_WRONG),
    )
    association = forms.ChoiceField(
        label=_("Association"), error_messages=_says(Refusal.ASSOCIATION_WRONG), widget=forms.RadioSelect
    )


def refuse(form: forms.Form, refused: Refused) -> None:
    """The form shows the refusal at its field, or above when it is about no single field."""
    field = FIELD_OF.get(refused.refusal)
    form.add_error(field if field in form.fields else None, labels.REFUSALS[refused.refusal])

"""What people type into the app's own forms."""

from django import forms
from django.utils.translation import gettext_lazy as _

from kepu.people.rules.complaints import COMPLAINT_LENGTH_MAX, CONTACT_LENGTH_MAX


class ReportForm(forms.Form):
    """What is wrong in one article, and a way to answer if the sender wants an answer."""

    words = forms.CharField(
        label=_("What is wrong in it?"),
        help_text=_("A word is enough: a wrong number, a wrong character, a picture that does not open."),
        max_length=COMPLAINT_LENGTH_MAX,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    contact = forms.CharField(
        label=_("How can we reach you?"),
        help_text=_("A phone number or WeChat, only for the answer. You may leave it empty."),
        max_length=CONTACT_LENGTH_MAX,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel"}),
    )


class ComplaintForm(ReportForm):
    """Words about anything, and the page the sender came from."""

    words = forms.CharField(
        label=_("What is wrong, or what could be better?"),
        max_length=COMPLAINT_LENGTH_MAX,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    path = forms.CharField(max_length=200, required=False, widget=forms.HiddenInput)

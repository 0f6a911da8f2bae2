"""What people type into the app's own forms."""

from django import forms
from django.utils.translation import gettext_lazy as _

from kepu.app.rules import COMPLAINT_LENGTH_MAX, CONTACT_LENGTH_MAX


class ComplaintForm(forms.Form):
    """Words, and a way to answer if the sender wants an answer."""

    words = forms.CharField(
        label=_("What is wrong, or what could be better?"),
        max_length=COMPLAINT_LENGTH_MAX,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    contact = forms.CharField(
        label=_("How can we reach you?"),
        help_text=_("A phone number or WeChat, only for the answer. You may leave it empty."),
        max_length=CONTACT_LENGTH_MAX,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel"}),
    )
    path = forms.CharField(max_length=200, required=False, widget=forms.HiddenInput)

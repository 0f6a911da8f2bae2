"""Deleting my account (注销): what goes, what stays, and the proof that it is I who ask."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from kepu.app import writes
from kepu.app.pages import daily
from kepu.app.pages.readers import account_of, network_of
from kepu.kit import clock
from kepu.people import reads as people
from kepu.people import writes as people_writes
from kepu.people.rules import PASSWORD_LENGTH_MAX, SESSION_COOKIE, Refusal, Refused
from kepu.people.rules.readers import READER_COOKIE

CODE_REFUSALS = (Refusal.CODE_WRONG, Refusal.CODE_SPENT)


class PasswordProof(forms.Form):
    """The password, and that one knows it is for good."""

    password = forms.CharField(
        label=_("Your password"),
        max_length=PASSWORD_LENGTH_MAX,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
        error_messages={"required": _("Enter your password.")},
    )
    sure = forms.BooleanField(
        label=_("I know that it cannot be undone"),
        error_messages={"required": _("Tick that you know it cannot be undone.")},
    )


class CodeProof(PasswordProof):
    """A code sent to one's own phone instead of the password."""

    password = None  # type: ignore[assignment]
    code = forms.CharField(
        label=_("Code from the text message"),
        max_length=40,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "one-time-code"}),
        error_messages={"required": _("Enter the six digits of the message.")},
    )
    field_order = ("code", "sure")


def _farewell(response: HttpResponse) -> HttpResponse:
    """The browser forgets whose it was: session, reader and the mark of the day."""
    for name in (SESSION_COOKIE, READER_COOKIE, daily.COOKIE):
        response.delete_cookie(name, samesite="Lax")
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@sensitive_post_parameters("password", "code")
def close_page(request: HttpRequest) -> HttpResponse:
    """The account is closed with the password or (`by=code`) a fresh code; till then it says what goes."""
    person = account_of(request)
    row = people.account(person)
    assert row is not None
    by_code = not row.has_password or (request.POST.get("by") or request.GET.get("by")) == "code"
    context = {"account": row, "by_code": by_code}
    if request.method == "POST" and request.POST.get("act") == "code":
        return _code_answer(request, person, context)
    form = (CodeProof if by_code else PasswordProof)(request.POST or None)
    if form.is_bound and form.is_valid():
        stated = form.cleaned_data
        refused = writes.close_account(
            person, password=stated.get("password", ""), code=stated.get("code", ""), now=clock.now()
        )
        if refused is None:
            messages.success(request, gettext("The account is deleted. Thank you for the time with us."))
            return _farewell(redirect("home"))
        form.add_error(_field_of(refused.refusal), people.refusal_text(refused.refusal))
    status = 422 if form.is_bound else 200
    return render(request, "app/close.html", context | {"form": form}, status=status)


def _code_answer(request: HttpRequest, person: int, context: dict[str, object]) -> HttpResponse:
    """A code is sent; htmx gets the sentence alone."""
    outcome = people_writes.send_closing_code(person, network_of(request), clock.now())
    if isinstance(outcome, Refused):
        sent = {"sent_kind": "bad", "sent_text": people.refusal_text(outcome.refusal)}
    else:
        said = gettext("A message is on its way to your phone. Enter its code within 5 minutes.")
        sent = {"sent_kind": "good", "sent_text": said}
    if request.headers.get("HX-Request") == "true":
        response = render(request, "ui/_notice.html", {"kind": sent["sent_kind"], "text": sent["sent_text"]})
    else:
        form = CodeProof(initial={name: request.POST.get(name) for name in ("code", "sure")})
        status = 422 if isinstance(outcome, Refused) else 200
        response = render(request, "app/close.html", context | sent | {"form": form}, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _field_of(refusal: Refusal) -> str | None:
    if refusal in CODE_REFUSALS:
        return "code"
    return "password" if refusal is Refusal.SIGN_IN_WRONG else None

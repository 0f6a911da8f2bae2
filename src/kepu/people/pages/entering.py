"""Signing up, in and out, and new passwords: with and without JavaScript, keeping what was typed."""

from collections.abc import Callable

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from kepu.kit import clock
from kepu.people import reads, writes
from kepu.people.forms import ChangeForm, CodeForm, PasswordForm, ResetForm, SignUpForm, refuse
from kepu.people.rules import CODE_PAUSE, Refused, SignedIn, SmsPurpose, client_network
from kepu.people.sessions import drop_session_cookie, me_of, set_session_cookie

TYPED = ("phone", "code", "agreed")


@never_cache
@sensitive_post_parameters("phone", "code", "password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_up_page(request: HttpRequest) -> HttpResponse:
    """A new account, signed in and asked for its certification."""
    if _asks_for_code(request):
        return _code_answer(request, SignUpForm, SmsPurpose.SIGN_UP, "people/sign_up.html")

    def entered(form: forms.Form) -> SignedIn | Refused:
        stated = form.cleaned_data
        return writes.sign_up(
            stated["phone"], stated["code"], stated["password"], agreed=stated["agreed"], now=clock.now()
        )

    return _entry(request, SignUpForm, entered, "people/sign_up.html")


@never_cache
@sensitive_post_parameters("phone", "code", "password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_page(request: HttpRequest) -> HttpResponse:
    """Signed in by password, or by code (`by=code`), and back where one came from."""
    by_code = (request.POST.get("by") or request.GET.get("by")) == "code"
    if _asks_for_code(request):
        return _code_answer(request, CodeForm, SmsPurpose.SIGN_IN, "people/sign_in.html")

    def by_password(form: forms.Form) -> SignedIn | Refused:
        stated = form.cleaned_data
        now = clock.now()
        return writes.sign_in_with_password(stated["phone"], stated["password"], _network(request), now)

    def with_code(form: forms.Form) -> SignedIn | Refused:
        return writes.sign_in_with_code(form.cleaned_data["phone"], form.cleaned_data["code"], clock.now())

    form_class, entered = (CodeForm, with_code) if by_code else (PasswordForm, by_password)
    return _entry(request, form_class, entered, "people/sign_in.html")


@never_cache
@sensitive_post_parameters("phone", "code", "password")
@require_http_methods(["GET", "HEAD", "POST"])
def reset_password_page(request: HttpRequest) -> HttpResponse:
    """A forgotten password replaced by the phone's owner, who is signed in."""
    if _asks_for_code(request):
        return _code_answer(request, ResetForm, SmsPurpose.NEW_PASSWORD, "people/reset_password.html")

    def entered(form: forms.Form) -> SignedIn | Refused:
        stated = form.cleaned_data
        return writes.reset_password(stated["phone"], stated["code"], stated["password"], clock.now())

    return _entry(request, ResetForm, entered, "people/reset_password.html")


@never_cache
@login_required
@sensitive_post_parameters("present", "password")
@require_http_methods(["GET", "HEAD", "POST"])
def change_password_page(request: HttpRequest) -> HttpResponse:
    """Another password; every other session of the account has ended."""
    form = ChangeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        stated = form.cleaned_data
        outcome = writes.change_password(me_of(request), stated["present"], stated["password"], clock.now())
        if isinstance(outcome, SignedIn):
            messages.success(request, _("The password is changed. Other phones are signed out."))
            return _signed_in(request, outcome, "/me/")
        refuse(form, outcome)
    status = 422 if form.is_bound else 200
    return render(request, "people/change_password.html", {"form": form}, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_out_page(request: HttpRequest) -> HttpResponse:
    """Signed out here (POST), and on every device with `everywhere=1`; GET asks which.

    A member of staff is signed out everywhere: a token copied from their desk opens nothing afterwards.
    """
    if request.method != "POST":
        return render(request, "people/sign_out.html")
    everywhere = request.POST.get("everywhere") == "1"
    if request.user.is_authenticated and (everywhere or request.user.is_staff):
        writes.sign_out_everywhere(me_of(request), clock.now())
    response = redirect("/sign-in/")
    drop_session_cookie(response)
    return response


def safe_next(request: HttpRequest) -> str:
    """The local path to go on to, from `next`; "" unless it is one."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    local = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if local else ""


def _entry(
    request: HttpRequest,
    form_class: type[forms.Form],
    entered: Callable[[forms.Form], SignedIn | Refused],
    template: str,
) -> HttpResponse:
    form = form_class(request.POST) if request.method == "POST" else form_class()
    if form.is_bound and form.is_valid():
        outcome = entered(form)
        if isinstance(outcome, SignedIn):
            return _signed_in(request, outcome, safe_next(request) or _first_place(outcome.account))
        refuse(form, outcome)
    return _form_page(request, template, form, {}, 422 if form.is_bound else 200)


def _signed_in(request: HttpRequest, signed_in: SignedIn, to: str) -> HttpResponse:
    """On to `to` with the new session; a form's token seen before it is worth nothing afterwards."""
    response = redirect(to)
    set_session_cookie(response, signed_in.token)
    rotate_token(request)
    return response


def _first_place(account: int) -> str:
    """Where one lands: whoever was never asked for certification is asked now (the notice, step 3)."""
    return "/" if reads.certification_of(account) is not None else "/me/certification/"


def _asks_for_code(request: HttpRequest) -> bool:
    return request.method == "POST" and request.POST.get("act") == "code"


def _code_answer(
    request: HttpRequest, form_class: type[forms.Form], purpose: SmsPurpose, template: str
) -> HttpResponse:
    """Send a code; htmx gets the sentence alone, others the page with what they typed and the sentence."""
    outcome = writes.send_code(request.POST.get("phone", ""), purpose, _network(request), clock.now())
    if isinstance(outcome, Refused):
        sent = {"sent_kind": "bad", "sent_text": reads.refusal_text(outcome.refusal)}
    else:
        said = _("A message is on its way to your phone. Enter its code within 5 minutes.")
        sent = {"sent_kind": "good", "sent_text": said}
    sent["wait_seconds"] = str(int(CODE_PAUSE.total_seconds())) if sent["sent_kind"] == "good" else ""
    if request.headers.get("HX-Request") == "true":
        response = render(request, "people/_code_sent.html", sent)
    else:
        typed = {name: request.POST[name] for name in TYPED if name in request.POST}
        status = 422 if isinstance(outcome, Refused) else 200
        response = _form_page(request, template, form_class(initial=typed), sent, status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _form_page(
    request: HttpRequest, template: str, form: forms.Form, more: dict[str, str], status: int
) -> HttpResponse:
    context = {"form": form, "next": safe_next(request), "by_code": isinstance(form, CodeForm), **more}
    return render(request, template, context, status=status)


def _network(request: HttpRequest) -> str:
    forwarded = request.headers.get("X-Forwarded-For", "")
    return client_network(request.META.get("REMOTE_ADDR", ""), forwarded, settings.KEPU_PROXIES)

"""How the API says no: {error, message, detail?}, the message in the person's language."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import NinjaAPI, Schema, Status
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import HttpBearer

from kepu.people import reads as people
from kepu.people.rules import Refusal, Refused
from kepu.people.sessions import account_of

STATUS = {
    Refusal.TOO_SOON: 429,
    Refusal.PHONE_DAY_CAP: 429,
    Refusal.NETWORK_HOUR_CAP: 429,
    Refusal.SITE_DAY_CAP: 429,
    Refusal.LOCKED: 429,
    Refusal.NOT_SENT: 503,
    Refusal.BUSY: 503,
    Refusal.SIGN_IN_WRONG: 401,
    Refusal.UNKNOWN: 404,
    Refusal.ALREADY_SUBMITTED: 409,
    Refusal.ALREADY_CERTIFIED: 409,
    Refusal.NOT_WAITING: 409,
    Refusal.CHANGED_SINCE: 409,
    Refusal.OWN_APPLICATION: 403,
}

_OTHERWISE = {
    400: ("bad_request", gettext_noop("Something is not filled in correctly.")),
    404: ("unknown", gettext_noop("There is nothing here.")),
    405: ("wrong_method", gettext_noop("This address does not take that method.")),
    415: ("not_json", gettext_noop("Send it as application/json.")),
    503: ("busy", gettext_noop("Too many people at once. Please try again in a moment.")),
    500: ("our_mistake", gettext_noop("Something went wrong here. Please try again in a moment.")),
}


class Problem(Schema):
    """The body of every answer that is a no."""

    error: str
    message: str
    detail: list[str] | None = None


class Bearer(HttpBearer):
    """The session token in the Authorization header; no cookie, so no other site can act for someone."""

    def authenticate(self, request: HttpRequest, token: str) -> int | None:
        """The account whose token it is, or None."""
        account = account_of(request)
        return account.pk if account is not None else None


def refused(refusal: Refused) -> Status[Problem]:
    """A refusal of room `people` as status and body."""
    status = STATUS.get(refusal.refusal, 400)
    return Status(status, Problem(error=refusal.refusal.value, message=people.refusal_text(refusal.refusal)))


def unknown() -> Status[Problem]:
    """404 for whatever is not there or not for this person to see."""
    return Status(404, Problem(error="unknown", message=_("There is nothing here.")))


def switched_off() -> Status[Problem]:
    """404 for what the site or the campaign does without."""
    return Status(404, Problem(error="switched_off", message=_("This part is switched off at present.")))


def bad_request(detail: list[str]) -> Status[Problem]:
    """400 with what is wrong, a line a field."""
    message = _("Something is not filled in correctly.")
    return Status(400, Problem(error="bad_request", message=message, detail=detail))


def problems_middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Whatever Django itself answers under /v1 (no such address, wrong method, our mistake) is JSON too.

    A body of another type is refused with 415 before it is read: a form or plain text is what another site
    can make a visitor's browser send without asking us first.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        foreign = request.path.startswith("/v1/") and request.method == "POST" and not _is_json(request)
        response = HttpResponse(status=415) if foreign else get_response(request)
        told = response.headers.get("Content-Type", "").startswith("application/json")
        if response.status_code < 400 or told or not request.path.startswith("/v1/"):
            return response
        error, message = _OTHERWISE.get(response.status_code, _OTHERWISE[400])
        answer = JsonResponse({"error": error, "message": _(message)}, status=response.status_code)
        for name in {"Allow", "Retry-After"} & set(response.headers):
            answer.headers[name] = response.headers[name]
        return answer

    return middleware


def _is_json(request: HttpRequest) -> bool:
    return request.content_type == "application/json"


def answer_in_our_form(api: NinjaAPI) -> None:
    """Ninja's own errors get the same body as ours."""

    @api.exception_handler(ValidationError)
    def bad_fields(request: HttpRequest, trouble: ValidationError) -> HttpResponse:
        fields = [_field(error) for error in trouble.errors]
        problem = Problem(
            error="bad_request", message=_("Something is not filled in correctly."), detail=fields
        )
        return api.create_response(request, problem, status=400)

    @api.exception_handler(HttpError)
    def bad_body(request: HttpRequest, trouble: HttpError) -> HttpResponse:
        problem = Problem(
            error="bad_request", message=_("Something is not filled in correctly."), detail=[str(trouble)]
        )
        return api.create_response(request, problem, status=trouble.status_code)

    @api.exception_handler(AuthenticationError)
    def no_session(request: HttpRequest, _trouble: AuthenticationError) -> HttpResponse:
        problem = Problem(error="no_session", message=_("Please sign in first."))
        return api.create_response(request, problem, status=401)


def _field(error: dict[str, Any]) -> str:
    """`phone: Field required`, without what was sent: it may be a password."""
    place = ".".join(str(part) for part in error["loc"][2:]) or str(error["loc"][-1])
    return f"{place}: {error['msg']}"

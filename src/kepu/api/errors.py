"""How the API says no: {error, message, detail?}, the message in the person's language."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Schema
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
    Refusal.SIGN_IN_WRONG: 401,
    Refusal.UNKNOWN: 404,
    Refusal.ALREADY_SUBMITTED: 409,
    Refusal.ALREADY_CERTIFIED: 409,
    Refusal.NOT_WAITING: 409,
    Refusal.CHANGED_SINCE: 409,
    Refusal.OWN_APPLICATION: 403,
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


def refused(refusal: Refused) -> tuple[int, Problem]:
    """A refusal of room `people` as status and body."""
    status = STATUS.get(refusal.refusal, 400)
    return status, Problem(error=refusal.refusal.value, message=people.refusal_text(refusal.refusal))


def unknown() -> tuple[int, Problem]:
    """404 for whatever is not there or not for this person to see."""
    return 404, Problem(error="unknown", message=_("There is nothing here."))


def answer_in_our_form(api: NinjaAPI) -> None:
    """Ninja's own errors get the same body as ours."""

    @api.exception_handler(ValidationError)
    def bad_request(request: HttpRequest, trouble: ValidationError) -> HttpResponse:
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

"""Who of the staff asks, and where they may do what."""

from django.http import Http404, HttpRequest

from kepu.people import reads
from kepu.people.rules import Ability, Scopes, divisions_for, outermost


def scopes_of(request: HttpRequest) -> Scopes:
    """The scopes of whoever asks, read once a request. No query where the gate has read them, else one."""
    kept: Scopes | None = getattr(request, "_kepu_scopes", None)
    if kept is None:
        kept = reads.scopes_of(me(request))
        keep_scopes(request, kept)
    return kept


def keep_scopes(request: HttpRequest, scopes: Scopes) -> None:
    """Whoever asks has these scopes for the rest of the request."""
    request._kepu_scopes = scopes  # type: ignore[attr-defined]


def within(request: HttpRequest, ability: Ability) -> tuple[str, ...]:
    """The divisions in which whoever asks has the ability; 404 when there are none."""
    found = divisions_for(scopes_of(request), ability)
    if not found:
        raise Http404
    return found


def is_able(request: HttpRequest, ability: Ability) -> bool:
    """Whether whoever asks has the ability anywhere: for menus and buttons."""
    return bool(divisions_for(scopes_of(request), ability))


def is_inside(division: str, divisions: tuple[str, ...]) -> bool:
    """Whether a division lies in one of these."""
    return any(division.startswith(outer) for outer in divisions)


def my_place(request: HttpRequest) -> str:
    """The division in which my own coming, going and work is kept: the first of my outermost ones."""
    return next(iter(outermost({division for _role, division in scopes_of(request)})), "")


def me(request: HttpRequest) -> int:
    """The account that asks, 0 for nobody."""
    return int(request.user.pk or 0)

"""Questions about the administrative tree."""

from collections.abc import Iterable, Iterator

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from kepu.kit.paging import PAGE_SIZE_MAX, Page, page_of
from kepu.regions import facts
from kepu.regions.models import Division, LoadedEdition
from kepu.regions.rules import (
    DivisionName,
    Level,
    ancestors_of,
    child_level,
    is_code,
    is_within,
    joined_name,
    range_of,
)

WITHIN_MAX = 10_000
SEARCH_TEXT_MAX = 60


def division(code: str) -> DivisionName | None:
    """The division with this code, if there is one. One query (none when `code` has not the form of one)."""
    found = names([code])
    return DivisionName(code, found[code]) if found else None


def names(codes: Iterable[str]) -> dict[str, str]:
    """The name of each known code; unknown ones are absent. One query (none for no codes)."""
    wanted = sorted({code for code in codes if is_code(code)})
    return dict(Division.objects.filter(pk__in=wanted).values_list("code", "name")) if wanted else {}


def full_name(code: str) -> str:
    """The name with everything above it: 湖南省岳阳市华容县插旗镇; "" for an unknown code. One query."""
    return full_names([code]).get(code, "")


def full_names(codes: Iterable[str]) -> dict[str, str]:
    """The full name of each known code; unknown ones are absent. One query (none for no codes)."""
    wanted = [code for code in set(codes) if is_code(code)]
    known = names(step for code in wanted for step in [*ancestors_of(code), code])
    return {code: joined_name(code, known) for code in wanted if code in known}


def children(code: str, start: int = 0, size: int = PAGE_SIZE_MAX) -> Page[DivisionName]:
    """The divisions one level below, by code; "" asks for the provinces. One query."""
    level = child_level(code)
    if level is None:
        return Page((), None)
    return page_of(_rows(_subtree(code, level)[start : start + size + 1]), start, size)


def around(codes: Iterable[str], parent: str) -> tuple[dict[str, str], list[DivisionName]]:
    """Names of these codes, and the divisions one level below `parent`, PAGE_SIZE_MAX at most. One query."""
    wanted = {code for code in codes if is_code(code)}
    level, (low, high) = child_level(parent), range_of(parent)
    below = Q(level=int(level), code__gte=low, code__lt=high) if level is not None else Q(pk=None)
    rows = _rows(Division.objects.filter(Q(pk__in=wanted) | below).order_by("code")[: 2 * PAGE_SIZE_MAX])
    found = [
        row for row in rows if level is not None and len(row.code) == level and is_within(row.code, parent)
    ]
    return {row.code: row.name for row in rows if row.code in wanted}, found[:PAGE_SIZE_MAX]


def within(prefix: str, level: Level) -> list[DivisionName]:
    """All divisions of one level within `prefix`, itself included where it has that level, by code.

    At most WITHIN_MAX: enough for the villages of any city. One query.
    """
    return _rows(_subtree(prefix, level)[:WITHIN_MAX])


def is_whole() -> bool:
    """Whether some edition of the whole tree is loaded, so that a missing code is a wrong one. One query."""
    return LoadedEdition.objects.exists()


def search(text: str, within: str = "", level: Level | None = None, limit: int = 20) -> list[DivisionName]:
    """Divisions whose name contains `text` (or whose code it is), within `within`, at most 100.

    The exact name comes first, then higher levels, then names that begin with the text, then by code.
    One query: a range scan of the subtree; over the whole country a scan of some 60 ms. Blank text
    and text longer than any name find nothing.
    """
    text = text.strip()
    if not text or len(text) > SEARCH_TEXT_MAX or "\x00" in text:
        return []
    fits = Case(
        When(Q(name=text) | Q(code=text), then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    begins = Case(When(name__startswith=text, then=Value(0)), default=Value(1), output_field=IntegerField())
    found = _subtree(within, level).filter(Q(name__contains=text) | Q(code=text))
    ordered = found.annotate(fits=fits, begins=begins).order_by("fits", "level", "begins", "code")
    return _rows(ordered[: max(0, min(limit, PAGE_SIZE_MAX))])


def packaged_to_town() -> Iterator[tuple[str, str]]:
    """(code, name) of the divisions down to towns as the package has them, 44,703 rows by code. No query."""
    return facts.rows_to_town()


def _subtree(code: str, level: Level | None) -> QuerySet[Division]:
    low, high = range_of(code)
    found = Division.objects.order_by("code")
    if code:
        found = found.filter(code__gte=low, code__lt=high)
    return found if level is None else found.filter(level=int(level))


def _rows(found: QuerySet[Division]) -> list[DivisionName]:
    return [DivisionName(code, name) for code, name in found.values_list("code", "name")]

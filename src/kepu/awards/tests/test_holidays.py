"""The site's own file of holidays extends the table, or is refused with its reason."""

from datetime import date, timedelta

import pytest

from kepu.awards.reads import BadYear, added_holidays, holidays_file, known_years, words
from kepu.awards.rules import (
    LAST_YEAR,
    HolidayTrouble,
    HolidayYear,
    NoStep,
    UnknownYear,
    holiday_year,
    is_working_day,
    publicity_from,
)

NEXT = LAST_YEAR + 1
SOURCE = "国务院办公厅关于部分节假日安排的通知"
OFF = [date(NEXT, 1, day) for day in (1, 2, 3)] + [date(NEXT, 5, day) for day in range(1, 6)]
OFF += [date(NEXT, 10, day) for day in range(1, 8)]
SATURDAY = next(day for day in (date(NEXT, 4, 1) + timedelta(days=n) for n in range(7)) if day.weekday() == 5)
YEAR = HolidayYear(NEXT, SOURCE, frozenset(OFF), frozenset({SATURDAY}))


@pytest.fixture
def home(settings, tmp_path):
    settings.HOME = tmp_path
    return tmp_path


def keep(home, *years):
    lines = []
    for year, source, off, worked in years:
        days = [", ".join(each.isoformat() for each in some) for some in (off, worked)]
        lines += ["[[year]]", f"year = {year}", f'source = "{source}"']
        lines += [f"days_off = [{days[0]}]", f"days_worked = [{days[1]}]"]
    (home / "holidays.toml").write_text("\n".join(lines), encoding="utf-8")


def test_a_typed_year_counts_like_one_of_the_package(home):
    keep(home, (NEXT, SOURCE, OFF, [SATURDAY]))
    assert added_holidays() == {NEXT: YEAR}
    assert known_years()[1] == NEXT
    added = {NEXT: YEAR}
    assert not is_working_day(date(NEXT, 5, 3), added)
    assert is_working_day(SATURDAY, added)
    assert not is_working_day(SATURDAY + timedelta(days=1), added)
    issued = date(LAST_YEAR, 12, 30)
    assert publicity_from(issued, 5) == UnknownYear(NEXT)
    found = publicity_from(issued, 5, added)
    assert len(found.working_days) == 5
    assert not set(found.working_days) & set(OFF)
    assert found.last_day.year == NEXT


@pytest.mark.parametrize(
    ("given", "trouble"),
    [
        ((LAST_YEAR + 3, SOURCE, OFF, []), HolidayTrouble.YEAR),
        ((NEXT, "通知", OFF, []), HolidayTrouble.SOURCE),
        ((NEXT, SOURCE, [*OFF, date(NEXT + 1, 1, 1)], []), HolidayTrouble.OTHER_YEAR),
        ((NEXT, SOURCE, [*OFF, OFF[0]], []), HolidayTrouble.OTHER_YEAR),
        ((NEXT, SOURCE, [*OFF, SATURDAY], [SATURDAY]), HolidayTrouble.BOTH),
        ((NEXT, SOURCE, OFF, [SATURDAY + timedelta(days=2)]), HolidayTrouble.NOT_WEEKEND),
        ((NEXT, SOURCE, OFF[:12], []), HolidayTrouble.LAW),
        ((NEXT, SOURCE, OFF[1:], []), HolidayTrouble.LAW),
    ],
)
def test_a_year_is_refused_with_its_reason(home, given, trouble):
    assert holiday_year(*given) is trouble
    keep(home, given)
    assert added_holidays() == BadYear(given[0], trouble)
    assert known_years()[1] == LAST_YEAR
    said = words.no_step_text(NoStep.BAD_HOLIDAYS)
    assert "holidays.toml" in said
    assert str(words.labels.HOLIDAY_TROUBLES[trouble]) in said


@pytest.mark.parametrize(
    "text",
    ["year = [", "year = 3", "[[year]]\nyear = 2999", '[[year]]\nyear = "x"\nsource = 1', "[year]\nx = 1"],
)
def test_what_is_not_in_the_form_is_unreadable(home, text):
    holidays_file().write_text(text, encoding="utf-8")
    assert added_holidays() == BadYear(0, HolidayTrouble.UNREADABLE)


def test_a_year_given_twice_is_refused_and_one_the_package_knows_is_the_packages(home):
    keep(home, (NEXT, SOURCE, OFF, []), (NEXT, SOURCE, OFF, []))
    assert added_holidays() == BadYear(NEXT, HolidayTrouble.YEAR)
    keep(home, (LAST_YEAR, SOURCE, OFF, []))
    assert added_holidays() == {}
    (home / "holidays.toml").unlink()
    assert added_holidays() == {}

"""What the rules of this room decide, row by row."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kepu.people import rules
from kepu.people.rules import (
    CODE_TRIES_MAX,
    SIGN_IN_LOCK,
    CertificationState,
    Guard,
    Refusal,
    Refused,
    Role,
    SentSoFar,
    Session,
    UnitKind,
    Urgency,
)

NOW = datetime(2021, 7, 1, 1, tzinfo=UTC)
TOMORROW = datetime(2021, 7, 1, 16, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("13812341234", "13812341234"),
        (" 138 1234 1234 ", "13812341234"),
        ("+86 138-1234-1234", "13812341234"),
        ("008613812341234", "13812341234"),
        ("8613812341234", "13812341234"),
        ("１３８１２３４１２３４", "13812341234"),
        ("12812341234", None),
        ("1381234123", None),
        ("138123412345", None),
        ("13812341234'; DROP TABLE", None),
        ("<b>13812341234</b>", None),
        ("٠١٢٣٤٥٦٧٨٩٠", None),
        ("", None),
        ("\x0013812341234", None),
        ("1" * 10_000, None),
    ],
)
def test_a_phone_is_eleven_digits_however_typed(typed, kept):
    assert rules.phone_of(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("042137", "042137"),
        (" 042 137", "042137"),
        ("０４２１３７", "042137"),
        ("42137", None),
        ("abcdef", None),
        ("", None),
    ],
)
def test_a_code_is_six_digits_however_typed(typed, kept):
    assert rules.code_of(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("王秀英", "王秀英"),
        (" 王 秀英 ", "王秀英"),
        ("阿卜杜拉•买买提", "阿卜杜拉·买买提"),
        ("㛃𠮷", "㛃𠮷"),
        ("Anna  Maria Li", "Anna Maria Li"),
        ("王", None),
        ("王" * 21, None),
        ("王1", None),
        ("·王秀", None),
        ("<script>alert(1)</script>", None),
        ("'; DROP TABLE people_account;--", None),
        ("王秀英\x00", None),
        ("  ", None),
        ("王" * 10_000, None),
    ],
)
def test_a_name_is_a_real_one(typed, kept):
    assert rules.name_of(typed) == kept


def test_numbers_and_names_are_masked():
    assert rules.masked_phone("13812341234") == "138****1234"
    assert [rules.masked_name(name) for name in ("王", "王明", "王小明", "阿卜杜拉")] == [
        "王",
        "王*",
        "王*明",
        "阿**拉",
    ]


@pytest.mark.parametrize(
    ("remote", "forwarded", "proxies", "network"),
    [
        ("192.0.2.7", "", 0, "192.0.2.7"),
        ("192.0.2.7", "198.51.100.1", 0, "192.0.2.7"),  # a header nobody vouches for
        ("10.0.0.1", "198.51.100.1", 1, "198.51.100.1"),
        ("10.0.0.1", "203.0.113.9, 198.51.100.1", 1, "198.51.100.1"),  # the first was written by the client
        ("10.0.0.1", "203.0.113.9, 198.51.100.1, 10.0.0.2", 2, "198.51.100.1"),
        ("10.0.0.1", "", 1, "10.0.0.1"),
        ("2001:db8:1:2:3:4:5:6", "", 0, "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "", 0, "192.0.2.7"),
        ("fe80::1%eth0", "", 0, "fe80::/64"),
        ("10.0.0.1", "198.51.100.1:4711", 1, "198.51.100.1"),  # some proxies write the port
        ("10.0.0.1", "[2001:db8:1:2:3:4:5:6]:4711", 1, "2001:db8:1:2::/64"),
        ("10.0.0.1", "[2001:db8:1:2:3:4:5:6]", 1, "2001:db8:1:2::/64"),
        ("10.0.0.1", "198.51.100.1:x", 1, "10.0.0.1"),
        (
            "10.0.0.1",
            "<script>",
            1,
            "10.0.0.1",
        ),  # no proxy of ours writes that: the proxy itself is all we know
        ("10.0.0.1", "unknown", 1, "10.0.0.1"),
        ("unix:", "", 0, ""),
        ("", "", 0, ""),
    ],
)
def test_the_network_is_the_nearest_address_a_trusted_proxy_saw(remote, forwarded, proxies, network):
    assert rules.client_network(remote, forwarded, proxies) == network


@pytest.mark.parametrize(
    ("last", "phone", "hour", "site", "verdict"),
    [
        (None, 0, 0, 0, None),
        (NOW - 59 * SECOND, 1, 1, 1, Refused(Refusal.TOO_SOON, NOW + SECOND)),
        (NOW - 60 * SECOND, 1, 1, 1, None),
        (NOW - MINUTE, 9, 1, 1, None),
        (NOW - MINUTE, 10, 1, 1, Refused(Refusal.PHONE_DAY_CAP, TOMORROW)),
        (None, 0, 29, 1, None),
        (None, 0, 30, 1, Refused(Refusal.NETWORK_HOUR_CAP, NOW + 60 * MINUTE)),
        (None, 0, 0, 99, None),
        (None, 0, 0, 100, Refused(Refusal.SITE_DAY_CAP, TOMORROW)),
    ],
)
def test_how_often_a_code_may_be_sent(last, phone, hour, site, verdict):
    assert rules.may_send(SentSoFar(last, phone, hour, site), NOW, TOMORROW, 100) == verdict


@pytest.mark.parametrize(
    ("age", "tries", "used", "lives"),
    [
        (0 * SECOND, 0, None, True),
        (5 * MINUTE - SECOND, 4, None, True),
        (5 * MINUTE, 0, None, False),
        (MINUTE, 5, None, False),
        (MINUTE, 1, NOW, False),
        (-SECOND, 0, None, False),
    ],
)
def test_how_long_a_code_lives(age, tries, used, lives):
    assert rules.code_lives(NOW - age, tries, used, NOW) is lives


@given(st.lists(st.integers(0, 2400), min_size=1, max_size=40))
def test_never_more_than_five_attempts_in_any_lock_time_without_a_success(waits):
    guard, now, let_in = None, NOW, []
    for wait in waits:
        now += wait * SECOND
        after = rules.let_in(guard, now, 5)
        if after is not None:
            guard = after
            let_in.append(now)
    for first, sixth in zip(let_in, let_in[5:], strict=False):
        assert sixth - first >= SIGN_IN_LOCK


def test_a_lock_ends_and_old_failures_are_forgotten():
    locked = Guard(5, NOW, NOW + SIGN_IN_LOCK)
    assert rules.let_in(locked, NOW + SIGN_IN_LOCK - SECOND, 5) is None
    assert rules.let_in(locked, NOW + SIGN_IN_LOCK, 5) == Guard(1, NOW + SIGN_IN_LOCK, None)
    assert rules.let_in(Guard(4, NOW, None), NOW + SIGN_IN_LOCK, 5) == Guard(1, NOW + SIGN_IN_LOCK, None)


COUNTY, TOWN, CITY = (
    (Role.COUNTY_OFFICER, "430623"),
    (Role.TOWN_CLERK, "430623110"),
    (Role.CITY_OFFICER, "4306"),
)


@pytest.mark.parametrize(
    ("scopes", "division", "may"),
    [
        ({TOWN}, "430623110", True),
        ({TOWN}, "430623110215", True),
        ({TOWN}, "430623111", False),
        ({COUNTY}, "430623111", True),
        ({COUNTY}, "430624100", False),
        ({CITY}, "430624100", True),
        ({(Role.OPERATOR, "")}, "110101001", True),
        ({(Role.EDITOR, "")}, "430623110", False),
        ({(Role.UNIT_CLERK, "430623110215")}, "430623110215", False),
        (set(), "430623110", False),
    ],
)
def test_who_may_certify_where(scopes, division, may):
    assert rules.may(frozenset(scopes), rules.Ability.CERTIFY, division) is may


def test_a_scope_inside_another_adds_nothing():
    assert rules.divisions_for(
        frozenset({COUNTY, TOWN, (Role.TOWN_CLERK, "430624100")}), rules.Ability.CERTIFY
    ) == (
        "430623",
        "430624100",
    )
    assert rules.divisions_for(frozenset({(Role.OPERATOR, ""), TOWN}), rules.Ability.CERTIFY) == ("",)


@given(
    st.frozensets(
        st.tuples(
            st.sampled_from(Role), st.sampled_from(["", "43", "4306", "430623", "430623110", "430624100"])
        )
    ),
    st.sampled_from(["430623110", "430624100", "110101001"]),
)
def test_the_divisions_reviewed_are_exactly_the_scopes_that_review(scopes, town):
    plainly = any(
        rules.Ability.CERTIFY in rules.ABILITIES[role] and town.startswith(division)
        for role, division in scopes
    )
    assert rules.may(scopes, rules.Ability.CERTIFY, town) is plainly


@pytest.mark.parametrize(
    ("role", "division", "may"),
    [
        (Role.TOWN_CLERK, "430623110", True),
        (Role.TOWN_CLERK, "430623", False),
        (Role.COUNTY_OFFICER, "430623", True),
        (Role.COUNTY_OFFICER, "", False),
        (Role.CITY_OFFICER, "4306", True),
        (Role.OPERATOR, "", True),
        (Role.EDITOR, "", True),
        (Role.EDITOR, "430623", False),
        (Role.EDITOR, "430623110", False),
        (Role.UNIT_CLERK, "430623110215", True),
        (Role.UNIT_CLERK, "430623110", False),
    ],
)
def test_a_role_fits_its_level(role, division, may):
    assert rules.may_hold(role, division) is may


@pytest.mark.parametrize(
    ("state", "verdict"),
    [
        (None, None),
        (CertificationState.RETURNED, None),
        (CertificationState.REVOKED, None),
        (CertificationState.SUBMITTED, Refusal.ALREADY_SUBMITTED),
        (CertificationState.APPROVED, Refusal.ALREADY_CERTIFIED),
    ],
)
def test_when_an_application_may_be_submitted(state, verdict):
    assert rules.may_submit(state) is verdict


def test_a_decision_is_due_three_days_later_and_presses_on_the_last():
    assert rules.review_due_day(date(2021, 7, 30)) == date(2021, 8, 2)
    due = NOW + timedelta(days=3)
    assert rules.urgency(due, NOW) is Urgency.CALM
    assert rules.urgency(due, due - timedelta(days=1)) is Urgency.SOON
    assert rules.urgency(due, due) is Urgency.OVERDUE


@pytest.mark.parametrize(
    ("code", "name", "kind", "shown"),
    [
        ("430623110001", "向阳街社区", UnitKind.COMMUNITY, "向阳街社区"),
        ("430623110001", "向阳街社区居委会", UnitKind.COMMUNITY, "向阳街社区"),
        ("430623110001", "向阳街社区居民委员会", UnitKind.COMMUNITY, "向阳街社区"),
        ("430623110001", "新建社区居委", UnitKind.COMMUNITY, "新建社区"),
        ("430623110001", "六铺炕居委会", UnitKind.COMMUNITY, "六铺炕社区"),
        ("430623110215", "同福村", UnitKind.VILLAGE, "同福村"),
        ("430623110215", "同福村民委员会", UnitKind.VILLAGE, "同福村"),
        ("430623110215", "同福村村民委员会", UnitKind.VILLAGE, "同福村"),
        ("430623110215", "同福村委会", UnitKind.VILLAGE, "同福村"),
        ("430623110215", "同福村村委会", UnitKind.VILLAGE, "同福村"),
        ("430623110215", "王堂村村民居委会", UnitKind.VILLAGE, "王堂村"),
        ("430623110215", "东沟社区村民委员会", UnitKind.VILLAGE, "东沟社区"),
        ("430623110215", "官庄大队村民委员会", UnitKind.VILLAGE, "官庄大队"),
        ("430623110215", "卜尔汉图嘎查村民委员会", UnitKind.VILLAGE, "卜尔汉图嘎查"),
        ("430623110399", "第一街委员会", UnitKind.VILLAGE, "第一街委员会"),
        ("430623110400", "首钢居委会", UnitKind.COMMUNITY, "首钢社区"),
        ("430623110500", "第三生产队", UnitKind.VILLAGE, "第三生产队"),
    ],
)
def test_villages_and_communities_get_their_everyday_names(code, name, kind, shown):
    assert rules.unit_kind(code) is kind
    assert rules.unit_name(name, kind) == shown


def test_a_session_token_is_read_until_its_life_ends():
    key, session = b"k" * 32, Session(7, 2, 1_000_000)
    token = rules.session_token(key, session)
    life = int(rules.SESSION_LIFE.total_seconds())
    assert rules.read_session(key, token, 1_000_000) == session
    assert rules.read_session(key, token, 1_000_000 + life - 1) == session
    assert rules.read_session(key, token, 1_000_000 + life) is None
    assert rules.read_session(key, token, 999_999) is None
    assert rules.read_session(b"x" * 32, token, 1_000_000) is None


@given(st.text(max_size=200))
def test_a_made_up_token_is_nobody(token):
    assert rules.read_session(b"k" * 32, token, 1_000_000) is None


@given(st.text(max_size=60))
def test_what_was_kept_is_kept_again(text):
    for rule in (rules.phone_of, rules.code_of, rules.name_of):
        kept = rule(text)
        assert kept is None or rule(kept) == kept


def test_five_tries_are_the_most():
    assert CODE_TRIES_MAX == 5

"""Who sees a post: the room's one question to the database says of every case what the rule says."""

from itertools import product

import pytest

from kepu.clubs import reads, writes
from kepu.clubs.models import Club, Membership, Post, PostPicture
from kepu.clubs.reads.visible import posts_seen_by
from kepu.clubs.rules import (
    ClubState,
    Joining,
    MemberState,
    Posting,
    PostState,
    Role,
    Rule,
    Showing,
    Viewer,
    first_state,
    is_public,
    may_see,
)
from kepu.clubs.rules.seeing import Post as Shown
from kepu.clubs.tests import scene
from kepu.people.reads import scopes_of
from kepu.people.rules import Ability, divisions_for
from kepu.standings.tests import town

CASES = [Shown(*case) for case in product(PostState, ClubState, Showing, (False, True))]


@pytest.fixture
def viewers(db):
    """A club with everybody who might look: (name, viewer, role, is author, is staff)."""
    scene.build()
    founder, manager, member, author, former, barred, stranger = town.enrol(7)
    club = scene.open_one(founder)
    scene.join(club, manager, member, author, former, barred)
    assert writes.set_role(club, founder, manager, Role.MANAGER) is None
    assert writes.leave_club(club, former, scene.NOON) is None
    assert writes.ban_member(club, founder, barred, "广告太多", scene.NOON) is None
    staff, elsewhere = scene.clerk(), scene.clerk("430602")
    asking = town.enrol(1)[0]
    Membership.objects.create(
        club_id=club, account=asking, state=MemberState.ASKED, asked_at=scene.NOON, role=Role.MEMBER
    )
    mine = scene.post(club, author)

    def of_staff(account):
        return Viewer(account, divisions_for(scopes_of(account), Ability.CLUBS))

    rows = [
        ("nobody", Viewer(), None, False, False),
        ("stranger", Viewer(stranger), None, False, False),
        ("asking", Viewer(asking), None, False, False),
        ("former", Viewer(former), None, False, False),
        ("barred", Viewer(barred), None, False, False),
        ("member", Viewer(member), Role.MEMBER, False, False),
        ("author", Viewer(author), Role.MEMBER, True, False),
        ("manager", Viewer(manager), Role.MANAGER, False, False),
        ("founder", Viewer(founder), Role.FOUNDER, False, False),
        ("staff", of_staff(staff), None, False, True),
        ("staff elsewhere", of_staff(elsewhere), None, False, False),
    ]
    return club, mine, rows


def test_the_database_says_what_the_rule_says(viewers):
    """Every state of a post × of its club × rule × for members only × who looks: 1,320 answers, five ways."""
    club, mine, rows = viewers
    picture = PostPicture.objects.create(post_id=mine, place=0, token="ab" * 16, width=1, height=1).pk
    for case in CASES:
        Club.objects.filter(pk=club).update(state=case.club_state, showing=case.showing)
        Post.objects.filter(pk=mine).update(state=case.state, for_members=case.for_members)
        for name, viewer, role, is_author, is_staff in rows:
            expected = may_see(case, role=role, is_author=is_author, is_staff=is_staff)
            why = (name, case)
            assert posts_seen_by(viewer).filter(pk=mine).exists() is expected, why
            assert (reads.picture_file(picture, viewer, small=True) is not None) is expected, why
            if case.for_members:
                continue
            assert (reads.post(mine, viewer) is not None) is expected, why
            listed = [each.number for each in reads.club_posts(club, viewer, 0, 20).rows]
            is_shown = case.state is PostState.SHOWN
            assert listed == ([mine] if expected and is_shown else []), why
            if viewer.account:
                is_open = case.club_state is ClubState.OPEN
                in_feed = role is not None and is_shown and is_open
                assert [each.number for each in reads.feed(viewer.account, 5)] == [mine] * in_feed, why


@pytest.mark.parametrize("case", CASES, ids=lambda case: "-".join(map(str, case)))
def test_the_public_sees_what_is_public_and_nothing_else(case):
    assert may_see(case, role=None) is is_public(case)


@pytest.mark.parametrize("showing", Showing)
@pytest.mark.parametrize("is_manager", [True, False])
@pytest.mark.parametrize("is_held", [True, False])
def test_a_new_post_is_public_only_as_its_club_says(showing, is_manager, is_held):
    state = first_state(showing, is_manager=is_manager, is_held=is_held)
    shown = Shown(state, ClubState.OPEN, showing, for_members=showing is Showing.MEMBERS)
    allowed = showing is Showing.AT_ONCE or (showing is Showing.APPROVED and is_manager)
    assert is_public(shown) is (allowed and not is_held)


def test_what_was_written_for_members_is_never_public(viewers):
    club, _mine, rows = viewers
    author = next(viewer.account for name, viewer, *_ in rows if name == "author")
    scene.set_rule(club, Rule(Posting.MEMBERS, Showing.MEMBERS, Joining.OPEN))
    inside = scene.post(club, author)
    scene.set_rule(club, scene.FREE)
    assert reads.post(inside, Viewer()) is None
    assert reads.post(inside, Viewer(author)) is not None


def test_a_rule_made_stricter_hides_what_was_public(viewers):
    club, mine, _rows = viewers
    assert reads.post(mine, Viewer()) is not None
    scene.set_rule(club, Rule(Posting.MEMBERS, Showing.MEMBERS, Joining.OPEN))
    assert reads.post(mine, Viewer()) is None


def test_names_are_whole_for_members_alone(viewers):
    _club, mine, rows = viewers
    by_name = {name: viewer for name, viewer, *_ in rows}
    assert "*" in reads.post(mine, by_name["stranger"]).name
    assert "*" not in reads.post(mine, by_name["member"]).name
    assert "*" not in reads.post(mine, by_name["author"]).name

"""Founding, joining, roles, tasks, boards: every expected no is told and changes nothing."""

from datetime import timedelta

from django.conf import settings

from kepu.clubs import reads, writes
from kepu.clubs.models import Club, Comment, Membership, Post, Report
from kepu.clubs.rules import (
    ClubState,
    Effect,
    Joining,
    MemberState,
    Posting,
    Refusal,
    ReportReason,
    Role,
    Rule,
    Showing,
    TaskKind,
    Verdict,
    Viewer,
)
from kepu.clubs.tests import scene
from kepu.clubs.tests.scene import no, word, write
from kepu.clubs.writes.judging import close_club, judge_post, open_club, refuse_club
from kepu.people.models import Communicator, Notice
from kepu.people.rules import Role as Office
from kepu.standings.tests import town

NOON, MINUTE = scene.NOON, scene.MINUTE
DAY = timedelta(days=1)


def test_a_club_is_founded_by_a_communicator_and_opened_by_the_staff(club):
    number, (wang, li, _) = club
    stranger = scene.clerk()
    assert no(writes.found_club(stranger, scene.draft_of(), NOON)) is Refusal.NOT_CERTIFIED
    assert no(writes.found_club(li, scene.draft_of("一"), NOON)) is Refusal.NAME_WRONG
    assert no(writes.found_club(li, scene.draft_of("。。。。"), NOON)) is Refusal.NAME_WRONG
    assert no(writes.found_club(li, scene.draft_of(division="430602"), NOON)) is Refusal.DIVISION_WRONG
    assert no(writes.found_club(li, scene.draft_of(division="4306"), NOON)) is Refusal.DIVISION_WRONG
    asked = writes.found_club(li, scene.draft_of("水稻社"), NOON)
    assert isinstance(asked, int)
    assert no(writes.found_club(li, scene.draft_of(), NOON)) is Refusal.ALREADY_ASKED
    assert no(writes.found_club(wang, scene.draft_of("水稻社"), NOON)) is Refusal.NAME_TAKEN
    assert no(writes.write_post(asked, li, scene.post_draft(), NOON)) is Refusal.CLOSED
    assert reads.club(asked, Viewer(wang)) is None
    assert reads.club(asked, Viewer(li)) is not None
    assert no(open_club(asked, scene.clerk("430602"), NOON)) is Refusal.UNKNOWN
    assert no(refuse_club(asked, "", scene.clerk(), NOON)) is Refusal.REASON_MISSING
    assert refuse_club(asked, "名字太像广告", scene.clerk(), NOON) is None
    assert no(open_club(asked, scene.clerk(), NOON)) is Refusal.NOT_WAITING
    assert reads.refused_club(li).reason == "名字太像广告"
    assert isinstance(writes.found_club(li, scene.draft_of("水稻社"), NOON), int)
    assert set(Notice.objects.filter(account=li).values_list("kind", flat=True)) == {"club_refused"}
    assert Club.objects.get(pk=number).state == ClubState.OPEN


def test_a_barred_word_keeps_a_club_from_being_asked_for(club):
    _number, (_, li, _) = club
    word("代购", Effect.HOLD)
    refused = writes.found_club(li, scene.draft_of("海外代·购"), NOON)
    assert (no(refused), refused.words) == (Refusal.WORD_BARRED, "代购")


def test_who_asks_is_let_in_by_a_manager_alone(club):
    number, (wang, li, zhang) = club
    scene.set_rule(number, Rule(Posting.MEMBERS, Showing.AT_ONCE, Joining.ASKED))
    new = town.enrol(1)[0]
    assert writes.join_club(number, new, NOON) is MemberState.ASKED
    assert no(write(number, new, "我来了")) is Refusal.NOT_MEMBER
    assert no(writes.let_in(number, li, new, NOON)) is Refusal.NOT_MANAGER
    assert writes.set_role(number, wang, li, Role.MANAGER) is None
    assert writes.let_in(number, li, new, NOON) is None
    assert writes.join_club(number, new, NOON) is MemberState.IN
    assert no(writes.let_in(number, li, new, NOON)) is Refusal.NOT_WAITING
    assert no(writes.set_role(number, li, zhang, Role.MANAGER)) is Refusal.NOT_FOUNDER


def test_a_ban_holds_and_a_mute_ends(club):
    number, (wang, li, zhang) = club
    assert no(writes.ban_member(number, wang, li, "", NOON)) is Refusal.REASON_MISSING
    assert no(writes.ban_member(number, li, zhang, "吵架", NOON)) is Refusal.NOT_MANAGER
    assert no(writes.ban_member(number, wang, wang, "吵架", NOON)) is Refusal.FOUNDER_STAYS
    assert writes.ban_member(number, wang, li, "吵架", NOON) is None
    assert no(writes.join_club(number, li, NOON)) is Refusal.BANNED
    post = scene.post(number, zhang)
    assert no(writes.like_post(post, li, NOON)) is Refusal.BANNED
    assert no(scene.comment(post, li)) is Refusal.BANNED
    assert writes.lift_ban(number, wang, li) is None
    assert writes.join_club(number, li, NOON) is MemberState.IN
    assert no(writes.mute_member(number, wang, li, 91, NOON)) is Refusal.DAYS_WRONG
    assert writes.mute_member(number, wang, li, 3, NOON) is None
    assert no(write(number, li, "我说")) is Refusal.MUTED
    assert no(scene.comment(post, li)) is Refusal.MUTED
    assert isinstance(write(number, li, "我说", NOON + 3 * DAY), int)


def test_a_founder_hands_over_before_leaving(club):
    number, (wang, li, _) = club
    assert no(writes.leave_club(number, wang, NOON)) is Refusal.FOUNDER_STAYS
    assert no(writes.hand_over_club(number, wang, scene.clerk())) is Refusal.NOT_MEMBER
    assert writes.hand_over_club(number, wang, li) is None
    assert reads.role_in(number, wang) is Role.MANAGER
    assert reads.role_in(number, li) is Role.FOUNDER
    assert writes.leave_club(number, wang, NOON) is None
    assert reads.role_in(number, wang) is None
    assert writes.end_club(number, li, NOON) is None
    assert no(writes.join_club(number, wang, NOON)) is Refusal.CLOSED


def test_a_task_counts_what_all_reach_and_names_nobody(club):
    number, (wang, li, zhang) = club
    last = (NOON + 9 * DAY).date()
    assert no(writes.set_task(number, li, TaskKind.SHARE, 9, last, NOON)) is Refusal.NOT_MANAGER
    assert no(writes.set_task(number, wang, TaskKind.SHARE, 0, last, NOON)) is Refusal.TARGET_WRONG
    assert no(writes.set_task(number, wang, TaskKind.SHARE, 9, scene.DAY - DAY, NOON)) is Refusal.DAYS_WRONG
    for kind in TaskKind:
        assert isinstance(writes.set_task(number, wang, kind, 9, last, NOON), int)
    assert no(writes.set_task(number, wang, TaskKind.POST, 9, last, NOON)) is Refusal.TASKS_MANY
    town.share(li, 3), town.share(zhang, 2)
    scene.post(number, li)
    assert writes.count_clubs(NOON) == 1
    tasks = reads.club_tasks(number, scene.DAY)
    assert {each.kind: each.reached for each in tasks} == {"share": 5, "read": 0, "post": 1}
    assert writes.withdraw_task(tasks[0].number, wang, NOON) is None
    assert len(reads.club_tasks(number, scene.DAY)) == 2


def test_boards_are_counted_by_the_worker_alone(club):
    number, (wang, li, zhang) = club
    more = town.enrol(2)
    scene.join(number, *more)
    town.share(li, 3), town.share(zhang, 2), town.share(more[0], 2)
    board = reads.club_board(number, li, 20, NOON)
    assert (board.rows, board.counted_at) == ((), None)
    assert not reads.clubs_board(scene.COUNTY, 0, 9, NOON).rows
    writes.count_clubs(NOON + MINUTE)
    board = reads.club_board(number, wang, 2, NOON)
    assert [(each.account, each.volume, each.rank) for each in board.rows] == [(li, 3, 1), (zhang, 2, 2)]
    assert (board.mine, board.total) == (None, 7)
    assert reads.club_board(number, more[0], 2, NOON).mine.rank == 2
    Communicator.objects.filter(account=li).update(hides_name=True)
    assert "*" in reads.club_board(number, wang, 2, NOON).rows[0].name
    assert "*" not in reads.club_board(number, li, 2, NOON).rows[0].name
    (place,) = reads.clubs_board(scene.COUNTY, 0, 9, NOON).rows
    assert (place.club, place.members, place.volume, place.per_member) == (number, 5, 7, "1.40")
    assert reads.clubs_counted_at(scene.COUNTY) == board.counted_at == NOON + MINUTE
    assert close_club(number, "没人管了", scene.clerk(), NOON) is None
    writes.count_clubs(NOON + 2 * MINUTE)
    assert not reads.clubs_board(scene.COUNTY, 0, 9, NOON).rows


def test_whoever_closes_their_account_leaves_no_words(club, tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path)
    number, (wang, li, zhang) = club
    post = writes.write_post(number, wang, scene.post_draft("王家的事", pictures=[scene.photo()]), NOON)
    other = scene.post(number, li)
    scene.comment(other, wang, "王家的话")
    writes.like_post(other, wang, NOON)
    assert writes.report(other, wang, ReportReason.OTHER, "王家的举报", NOON) is None
    assert len({row["kind"] for row in reads.belongings(wang)}) == 5
    assert writes.set_role(number, wang, zhang, Role.MANAGER) is None
    writes.forget(wang, NOON)
    assert reads.post(post, Viewer(li)) is None
    assert not Post.objects.exclude(text="").filter(author=wang).exists()
    assert not Comment.objects.exclude(text="").filter(author=wang).exists()
    assert Report.objects.get().words == ""
    assert reads.post(other, Viewer(li)).likes == 0
    assert reads.role_in(number, zhang) is Role.FOUNDER
    assert not Membership.objects.filter(account=wang).exists()
    writes.forget(zhang, NOON), writes.forget(li, NOON)
    assert Club.objects.get(pk=number).state == ClubState.CLOSED
    assert writes.catch_up(NOON) == 0


def test_nobody_judges_their_own(club):
    number, (wang, li, _) = club
    from kepu.people import writes as people

    post = scene.post(number, li)
    Post.objects.filter(pk=post).update(author=(clerk := scene.clerk()))
    assert no(judge_post(post, Verdict.SHOW, "", clerk, NOON)) is Refusal.OWN_POST
    assert people.grant_scope(wang, Office.COUNTY_OFFICER, scene.COUNTY, NOON) is None
    assert no(close_club(number, "不要了", wang, NOON)) is Refusal.OWN_CLUB

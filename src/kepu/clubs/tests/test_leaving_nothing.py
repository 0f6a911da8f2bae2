"""What reports, closed accounts and closed clubs leave behind."""

from kepu.clubs import reads, writes
from kepu.clubs.models import Club, ClubLine, Post, Report
from kepu.clubs.rules import ClubState, PostState, ReportReason
from kepu.clubs.tests import scene
from kepu.standings.tests import town

NOON, MINUTE = scene.NOON, scene.MINUTE


def test_a_report_of_what_is_held_back_meanwhile_finds_nothing(club):
    number, (_, li, zhang) = club
    post = scene.post(number, li)
    Post.objects.update(state=PostState.HELD)
    assert writes.report(post, zhang, ReportReason.SPAM, "", NOON) is not None
    assert not Report.objects.exists()


def test_a_closed_account_leaves_no_words_of_clubs_that_never_opened(club):
    number, (_, li, zhang) = club
    asked = scene.found(li)
    refused = Club.objects.create(
        name="没开成", text="没开成", division=scene.TOWN, founder=li, state=ClubState.REFUSED, asked_at=NOON
    )
    post = scene.post(number, li)
    assert writes.report(post, zhang, ReportReason.RUDE, "李某骂人", NOON) is None
    writes.forget(li, NOON + MINUTE)
    for row in Club.objects.filter(pk__in=(asked, refused.pk)):
        assert (row.name, row.text, row.picture, row.reason) == ("", "", "", "")
    assert Club.objects.get(pk=asked).state == ClubState.CLOSED
    assert Club.objects.get(pk=number).name
    assert Report.objects.get().words == ""


def test_a_club_that_was_closed_is_on_no_board_at_once(db):
    scene.build()
    (wang,) = town.enrol(1)
    number = scene.open_one(wang)
    ClubLine.objects.create(
        club_id=number,
        county=scene.COUNTY,
        month="2021-03",
        members=5,
        volume=5,
        hundredths=100,
        rank=1,
        counted_at=NOON,
    )
    before = [row.club for row in reads.clubs_board(scene.COUNTY, 0, 10, NOON).rows]
    writes.end_club(number, wang, NOON)
    assert number in before
    assert not reads.clubs_board(scene.COUNTY, 0, 10, NOON).rows

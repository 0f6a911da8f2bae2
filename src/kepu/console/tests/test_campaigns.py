"""Campaigns in the back office: forms with the file's checks, publishing, last year, tasks, trials."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client

from kepu.audit.models import Kept
from kepu.campaigns import reads
from kepu.campaigns.models import SheetDraft
from kepu.campaigns.reads import drafts
from kepu.campaigns.rules import Kind, Published, RuleSheet, Streak, Switch
from kepu.campaigns.sheet import parse_sheet, table_of, typed_of
from kepu.campaigns.tests.samples import reference_text
from kepu.console.pages import campaigns as pages
from kepu.console.tasks import WORKS
from kepu.console.tests.conftest import enter
from kepu.console.tests.drafting import (
    CITY,
    COUNTY,
    LIST,
    begun,
    field,
    page_of,
    published_reference,
    save,
    text,
)
from kepu.jobs.models import JobRow
from kepu.jobs.writes import run_next
from kepu.kit import clock
from kepu.ledger.rules import Act, Channel
from kepu.ledger.writes import record
from kepu.people.rules import Role
from kepu.standings.tests import town

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(db: None) -> Published:
    """The reference campaign, published, with its units."""
    return published_reference()


@pytest.fixture
def officer(client: Client, campaign: Published) -> int:
    """The county's officer, signed in as `client`."""
    return enter(client, 90, Role.COUNTY_OFFICER, COUNTY)


@pytest.fixture
def colleague(campaign: Published) -> int:
    """Another officer of the county, who may sign a sheet off."""
    return enter(Client(), 92, Role.COUNTY_OFFICER, COUNTY, "李明")


def test_a_changed_rule_is_published_as_a_new_version_with_its_difference(
    client, officer, colleague, campaign
):
    draft = begun(client, campaign)
    assert save(client, draft, "points", **field("earnings.share.per_day_max", "200")).status_code == 302
    publish = f"{LIST}drafts/{draft.pk}/publish/"
    page = text(client.get(publish))
    for words in (
        "积分 · 分享文章 · 每天最多几次",
        "<del>300</del>",
        "<ins>200</ins>",
        "“五个不得”第二项",
        "2.1.2",
    ):
        assert words in page, words
    form = {"revision": draft.revision, "newest": 1}
    refused = client.post(publish, form)
    assert (refused.status_code, "请选已看过以上各条、署名同意的同事" in text(refused)) == (422, True)
    done = client.post(publish, form | {"sign_off": colleague})
    assert done.headers["Location"] == f"{LIST}{campaign.number}/"
    newest = reads.campaign("chaqi-2021")
    assert (newest.sheet.version, newest.sheet.earnings[Kind.SHARE].per_day_max) == (2, 200)
    newer = drafts.versions(campaign.number)[0]
    assert (newer.published_by, newer.signed_off_by) == ("周审", "李明")
    shown = text(client.get(f"{LIST}{campaign.number}/?before=1&after=2"))
    assert "<ins>200</ins>" in shown
    assert not SheetDraft.objects.exists()
    acts = list(Kept.objects.order_by("pk").values_list("act", flat=True))
    assert acts[-3:] == ["begin_draft", "change_draft", "publish_sheet"]
    kept = Kept.objects.get(act="change_draft")
    assert (kept.before, kept.after) == (
        {"积分 · 分享文章 · 每天最多几次": "300"},
        {"积分 · 分享文章 · 每天最多几次": "200"},
    )


def test_whatever_is_wrong_is_saved_and_told_at_its_field(client, officer, campaign):
    draft = begun(client, campaign)
    assert save(client, draft, "basics", opens_on="下月", title="").status_code == 302
    page = text(client.get(page_of(draft, "basics")))
    assert 'value="下月"' in page
    wrong = re.findall(r'id="(f-[\w-]+)-wrong">([^<]+)<', page)
    assert ("f-opens_on", "请填日期，例如 2021-06-21。 ") in wrong
    assert ("f-title", "请填写。 ") in wrong
    file = {each.field for each in parse_sheet(draft.text)}
    assert {"title", "opens_on"} <= file, "the file's own checks say the same"
    publish = text(client.get(f"{LIST}drafts/{draft.pk}/publish/"))
    assert "先要改好这些" in publish
    assert "sign_off" not in publish


def test_imported_figures_and_who_was_first_do_not_go_together_and_the_editor_says_so(
    client, officer, campaign
):
    draft = begun(client, campaign)
    save(client, draft, "rounds", tie_rule="earlier")
    assert "分不出先后" not in text(client.get(page_of(draft, "rounds")))
    save(client, draft, "basics", measure="imported")
    assert "分不出先后" in text(client.get(page_of(draft, "rounds")))
    save(client, draft, "rounds", tie_rule="shared")
    assert "分不出先后" not in text(client.get(page_of(draft, "rounds")))


def test_rounds_and_tiers_are_added_and_removed_without_script(client, officer, campaign):
    draft = begun(client, campaign)
    save(client, draft, "rounds", act="add rounds[2].tiers")
    save(client, draft, "rounds", act="add rounds")
    raw = table_of(draft.text)
    assert [len(each.get("tiers", ())) for each in raw["rounds"]] == [1, 5, 1]
    page = text(client.get(page_of(draft, "rounds")))
    assert 'name="rounds[3].tiers[1].rank_from"' in page
    save(client, draft, "rounds", act="remove rounds[3]")
    save(client, draft, "rounds", act="remove rounds[2].tiers[5]")
    assert parse_sheet(draft.text) == parse_sheet(reference_text())


def test_a_second_person_is_told_and_nothing_of_the_first_is_lost(client, officer, campaign):
    draft = begun(client, campaign)
    second = Client()
    enter(second, 91, Role.COUNTY_OFFICER, COUNTY, "吴复")
    old = {"revision": "1", "act": "save"}
    mine = typed_of(table_of(draft.text), "points") | {"earnings.like.points": "3"} | old
    save(client, draft, "basics", title="插旗镇新标题")
    told = second.post(page_of(draft, "points"), mine)
    assert (told.status_code, "周审 刚刚也保存了这个草稿" in text(told)) == (409, True)
    draft.refresh_from_db()
    assert table_of(draft.text)["earnings"]["like"]["points"] == 1
    again = re.search(r'name="revision" value="(\d+)"', text(told)).group(1)
    assert second.post(page_of(draft, "points"), mine | {"revision": again}).status_code == 302
    draft.refresh_from_db()
    raw = table_of(draft.text)
    assert (raw["title"], raw["earnings"]["like"]["points"]) == ("插旗镇新标题", 3)


def test_publishing_what_one_has_not_seen_is_refused(client, officer, colleague, campaign):
    draft, other = begun(client, campaign), begun(client, campaign)
    save(client, draft, "points", **field("earnings.like.points", "2"))
    save(client, other, "points", **field("earnings.like.points", "3"))
    unseen = client.post(
        f"{LIST}drafts/{draft.pk}/publish/", {"revision": 1, "newest": 1, "sign_off": colleague}
    )
    assert unseen.status_code == 409
    form = {"revision": 2, "newest": 1, "sign_off": colleague}
    assert client.post(f"{LIST}drafts/{draft.pk}/publish/", form).status_code == 302
    late = client.post(f"{LIST}drafts/{other.pk}/publish/", form)
    assert (late.status_code, "又公布了新版本" in text(late)) == (409, True)
    assert reads.campaign("chaqi-2021").sheet.version == 2


def test_a_closed_round_and_the_measure_stay(client, officer, colleague, campaign):
    draft = begun(client, campaign)
    save(client, draft, "rounds", **field("rounds[1].basic_task", "9"))
    save(client, draft, "basics", measure="reads")
    assert "已经截止" in text(client.get(page_of(draft, "rounds")))
    assert "公布的是“分享次数”" in text(client.get(page_of(draft, "basics")))
    form = {"revision": draft.revision, "newest": 1, "sign_off": colleague}
    assert client.post(f"{LIST}drafts/{draft.pk}/publish/", form).status_code == 422


@pytest.mark.parametrize("act", ["units", "split"])
def test_the_grid_tells_nothing_of_a_place_that_is_not_ones_own(client, officer, campaign, act):
    draft = begun(client, campaign)
    save(client, draft, "basics", place="430624")
    before = draft.text
    refused = save(client, draft, "tasks", act=act, how_volume="people")
    assert "不在您管的范围内" in text(refused)
    assert draft.text == before


def shares(person: int, count: int, day: int, month: int = 3) -> None:
    at = clock.milliseconds(
        clock.start_of(clock.day_of(clock.now()).replace(2021, month, day)) + timedelta(hours=9)
    )
    for number in range(count):
        event = bytes((person % 256, day, month, number)).rjust(16, b"\1")
        record(Act(person, event, Kind.SHARE, 1, Channel.PAGE, at + number))


@pytest.mark.django_db(transaction=True)
def test_a_rule_is_tried_on_the_years_entries_before_it_is_published(client, officer, campaign):
    first, second = town.enrol(2)
    shares(first, 12, 1)
    shares(second, 4, 2)
    draft = begun(client, campaign)
    save(client, draft, "points", **{"earnings.share.per_day_max": "5", "earnings.share.points": "2"})
    asked = client.post(f"{LIST}drafts/{draft.pk}/try/", {"source": campaign.number, "days": "whole"})
    assert asked.status_code == 302, text(asked)
    while run_next(WORKS, clock.now):
        pass
    job = JobRow.objects.get(kind="try_rules")
    trial = job.words["trial"]
    assert (trial["acts"], trial["points"], trial["volume"]) == (16, [16, 18], [16, 9])
    assert (trial["gain"], trial["lose"]) == ([1, 0], [1, 1])
    assert trial["losses"][0][2:] == [12, 10, -2, 12, 5, -7]
    assert trial["gains"][0][2:] == [4, 8, 4, 4, 4, 0]
    page = text(client.get(f"{LIST}trials/{job.pk}/"))
    for words in ("减少最多的 20 人", "变多 1 人，变少 1 人", "2021年全年评选", "把所有变化存成 xlsx"):
        assert words in page, words
    assert b"".join(client.get(f"/admin/jobs/{job.pk}/file/")).startswith(b"PK")
    assert trial["bands"] == [[-10, -1, 1], [1, 10, 1]]
    assert Kept.objects.filter(act="try_rules").count() == 1
    other = Client()
    enter(other, 95, Role.COUNTY_OFFICER, COUNTY)
    assert other.get(f"{LIST}trials/{job.pk}/").status_code == 404
    kept = text(other.get(f"{LIST}drafts/{draft.pk}/try/?trial={job.pk}"))
    assert "多少人多几分、少几分" in kept, "colleagues see what the draft was tried for"
    assert "草稿又改过" not in kept
    assert "xlsx" not in kept, "the file is of whoever asked for it"
    save(client, draft, "points", **{"earnings.share.per_day_max": "6"})
    assert "草稿后来又改过" in text(client.get(f"{LIST}drafts/{draft.pk}/try/"))
    assert "试算以后草稿又改过" in text(client.get(f"{LIST}drafts/{draft.pk}/try/?trial={job.pk}"))
    assert client.get(f"{LIST}drafts/{draft.pk}/try/?trial=999").status_code == 404


def test_an_officer_sets_all_that_points_can_ask_without_a_file(client, officer, campaign):
    draft = begun(client, campaign)
    for act in ("add weights", "add earnings.check_in.streaks", "add earnings.check_in.streaks"):
        save(client, draft, "points", act=act)
    ticks = {"weights[1].kinds.quiz": "true", "weights[1].kinds.read": "true"}
    days = {
        "weights[1].title": "科普周",
        "weights[1].opens_on": "2021-09-12",
        "weights[1].closes_on": "2021-09-20",
    }
    steps = {f"earnings.check_in.streaks[{n}].{name}": value for n, name, value in (
        (1, "days", "3"), (1, "points", "1"), (2, "days", "7"), (2, "points", "3"),
    )}  # fmt: skip
    more = {"points_per_day_max": "80", "designated_times": "2", "earnings.read.per_article_max": "9"}
    save(client, draft, "points", **ticks, **days, **steps, **more)
    save(client, draft, "basics", **{"switched_off.mall": "true"})
    sheet = parse_sheet(draft.text)
    assert isinstance(sheet, RuleSheet), sheet
    assert sheet.earnings[Kind.CHECK_IN].streaks == (Streak(3, 1), Streak(7, 3))
    assert (sheet.points_per_day_max, sheet.designated_times) == (80, 2)
    assert [(each.title, each.times, each.kinds) for each in sheet.weights] == [
        ("科普周", 2, {Kind.QUIZ, Kind.READ})
    ]
    assert sheet.switched_off == {Switch.MALL}
    page = text(client.get(page_of(draft, "points")))
    assert 'name="weights[1].kinds.quiz" value="true" checked' in page
    save(client, draft, "points", **{"earnings.check_in.streaks[2].days": "2"})
    assert "请填比 3 天多的天数" in text(client.get(page_of(draft, "points")))
    save(client, draft, "points", act="remove weights[1]")
    assert "weights" not in table_of(draft.text)


@pytest.mark.parametrize(
    ("role", "division", "looks", "edits"),
    [
        (Role.CITY_OFFICER, CITY, True, True),
        (Role.TOWN_CLERK, "430623110", True, False),
        (Role.AUDITOR, COUNTY, True, False),
        (Role.COUNTY_OFFICER, "430602", False, False),
        (Role.EDITOR, "", False, False),
    ],
)
def test_a_campaign_and_its_drafts_belong_to_their_place(
    client, officer, campaign, role, division, looks, edits
):
    draft = begun(client, campaign)
    other = Client()
    enter(other, 95, role, division, "外人")
    assert (other.get(f"{LIST}{campaign.number}/").status_code == 200) is looks
    assert (campaign.sheet.title in text(other.get(LIST))) is looks
    one = f"{LIST}drafts/{draft.pk}/"
    assert {
        other.get(one + each).status_code == 200 for each in ("basics/", "publish/", "try/", "file/")
    } == {edits}
    if not edits:
        for address in (one + "basics/", one + "publish/", one + "drop/", f"{LIST}{campaign.number}/edit/"):
            assert other.post(address, {"revision": 1}).status_code == 404
    assert SheetDraft.objects.count() == 1


def test_a_draft_is_thrown_away_and_what_is_published_stays(client, officer, campaign):
    draft = begun(client, campaign)
    assert client.post(f"{LIST}drafts/{draft.pk}/drop/").status_code == 302
    assert client.get(page_of(draft, "basics")).status_code == 404
    assert reads.campaign("chaqi-2021").sheet.version == 1


def test_what_the_pages_cost(client, officer, campaign, django_assert_max_num_queries):
    draft = begun(client, campaign)
    client.get(LIST)
    for path in (
        *(LIST, f"{LIST}{campaign.number}/", f"{LIST}new/"),
        *(page_of(draft, each) for each in ("basics", "points", "tasks", "rounds", "declared")),
        *(f"{LIST}drafts/{draft.pk}/{each}/" for each in ("publish", "try")),
    ):
        with django_assert_max_num_queries(14):
            assert client.get(path).status_code == 200, path


def test_a_long_list_of_campaigns_is_turned_and_searched(
    client: Client, officer: int, monkeypatch, django_assert_max_num_queries
) -> None:
    (campaign,) = reads.published()
    many = [
        replace(campaign, number=n, sheet=replace(campaign.sheet, title=f"第{n:02}届科普活动"))
        for n in range(1, 61)
    ]
    monkeypatch.setattr(pages.reads, "published", lambda: many)
    with django_assert_max_num_queries(20):
        first = text(client.get(LIST))
    assert first.count("届科普活动</a>") == 25
    assert "第60届" in first
    assert "?start=25" in first
    last = text(client.get(f"{LIST}?start=50"))
    assert (last.count("届科普活动</a>"), "start=75" in last, "?start=25" in last) == (10, False, True)
    assert text(client.get(f"{LIST}?text=第07届")).count("届科普活动</a>") == 1
    assert "请换个词" in text(client.get(f"{LIST}?text=没有的"))
    for nonsense in ("?start=x", "?start=99999999999", "?text=<b>"):
        assert client.get(LIST + nonsense).status_code == 200

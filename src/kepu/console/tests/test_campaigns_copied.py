"""A campaign drafted from another year's: what is adapted, what is left to fill in, who signs it off."""

import pytest
from django.test import Client

from kepu.campaigns import reads, writes
from kepu.campaigns.models import SheetDraft
from kepu.campaigns.rules import Published, tasks_total
from kepu.campaigns.sheet import parse_sheet, table_of
from kepu.console.tests.conftest import enter
from kepu.console.tests.drafting import (
    CITY,
    COUNTY,
    LIST,
    begun,
    field,
    last_year,
    page_of,
    published_reference,
    save,
    text,
)
from kepu.kit import clock
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


def test_last_years_campaign_begins_as_a_voluntary_draft(client, officer, campaign):
    offered = text(client.get(f"{LIST}new/?source={campaign.number}"))
    assert f'value="chaqi-{clock.day_of(clock.now()).year}"' in offered
    draft = last_year(client, campaign)
    raw = table_of(draft.text)
    assert (raw["policy"], raw["measure"], "tasks" in raw) == ("voluntary", "reads", False)
    begun = text(client.get(page_of(draft, "basics")))
    # The city's people counted: that would be the city officer's to publish.
    for told in (
        "传播量统计范围改成了您管的湖南省岳阳市华容县",
        "去掉了全市",
        "没有带过来",
        "改成了自愿参加",
    ):
        assert told in begun, told
    assert raw["counts_within"] == COUNTY
    assert {tier["scope"] for each in raw["rounds"] for tier in each["tiers"]} == {"county"}
    assert "declared" not in raw, "what was settled about another notice is not said of this campaign"
    assert "sheet-wrong" not in begun, "nobody has typed anything wrong yet"
    assert "评选轮次 1 · 奖励档次 1 · 名称</a>" in begun, "what the county must say itself"
    assert "aria-invalid" not in text(client.get(page_of(draft, "rounds")))
    save(client, draft, "rounds", **field("rounds[1].tiers[1].title", "华容县优秀科普员"))
    rounds = text(client.get(page_of(draft, "rounds")))
    assert "评比达标表彰" in rounds, "the clause is told"
    assert "sheet-wrong" not in rounds, "an approval number that is missing is to be filled in, no fault"
    save(client, draft, "rounds", approval_number="湘评组函〔2026〕8号")
    done = client.post(f"{LIST}drafts/{draft.pk}/publish/", {"revision": draft.revision, "newest": 0})
    assert done.status_code == 302, text(client.get(f"{LIST}drafts/{draft.pk}/publish/"))
    assert reads.campaign("chaqi-2026").sheet.place == "430623110"


def test_a_new_campaign_takes_nobodys_name_and_nobodys_place(client, officer, campaign):
    draft = last_year(client, campaign)
    save(client, draft, "basics", campaign="chaqi-2021")
    save(client, draft, "rounds", **field("rounds[1].tiers[1].title", "华容县优秀科普员"))
    assert "这个名字已经属于一个公布了的活动" in text(client.get(page_of(draft, "basics")))
    outside = client.post(
        f"{LIST}new/", {"source": 0, "campaign": "x-2026", "title": "外", "place": "430602"}
    )
    assert (outside.status_code, "请从列表里选一个您管的地方" in text(outside)) == (422, True)
    blank = client.post(f"{LIST}new/", {"source": 0, "campaign": "x-2026", "title": "新", "place": COUNTY})
    assert blank.status_code == 302
    missing = {each.field for each in parse_sheet(SheetDraft.objects.latest("pk").text)}
    assert missing == {"issuer"}


def test_tasks_of_nine_units_are_divided_as_in_the_notice(client, officer, campaign):
    draft = last_year(client, campaign, "notice")
    save(client, draft, "rounds", **field("rounds[1].tiers[1].title", "华容县优秀科普员"))
    raw = table_of(draft.text)
    for unit in range(len(raw["tasks"]["units"])):
        save(client, draft, "tasks", act="remove tasks.units[1]")
        assert unit < 9
    assert "tasks" not in table_of(draft.text) or "units" not in table_of(draft.text)["tasks"]
    totals = {
        "tasks.total.backbones": "18",
        "tasks.total.registrations": "370",
        "tasks.total.volume": "39,600",
    }
    save(client, draft, "tasks", act="units", **totals)
    units = [each["unit"] for each in table_of(draft.text)["tasks"]["units"]]
    assert len(units) == 9
    how = {"how_backbones": "even", "how_registrations": "column", "how_volume": "even"}
    weights = {f"weight[{n}]": "10" if name == "机关、站所" else "45" for n, name in enumerate(units, 1)}
    divided = save(client, draft, "tasks", act="split", **totals, **how, **weights)
    assert 'name="weight[2]" value="45"' in text(divided), "what was divided by stays to be seen"
    sheet = parse_sheet(draft.text)
    assert tasks_total(sheet) == (18, 370, 39_600)
    assert {(t.unit == "机关、站所", t.backbones, t.registrations, t.volume) for t in sheet.tasks} == {
        (True, 2, 10, 4400),
        (False, 2, 45, 4400),
    }


def test_dividing_by_people_or_a_pasted_column_is_exact(client, officer, campaign):
    town.enrol(13)
    draft = begun(client, campaign)
    pasted = "\n".join(f"{each.unit}\t{1000 + n * 7}" for n, each in enumerate(campaign.sheet.tasks))
    how = {"how_volume": "people", "how_registrations": "column"}
    divided = save(client, draft, "tasks", act="split", pasted=pasted, **how)
    assert f"{campaign.sheet.tasks[0].unit}\t1000" in text(divided), "the pasted column stays to be seen"
    sheet = parse_sheet(draft.text)
    assert tasks_total(sheet) == (18, 370, 39_600)
    assert len({each.volume for each in sheet.tasks}) > 1
    refused = save(client, draft, "tasks", act="split", how_volume="column", pasted="什么")
    assert (refused.status_code, "读不懂" in text(refused)) == (422, True)


def test_a_draft_that_asks_for_more_than_its_officer_may_says_why_and_is_made_to_fit(
    client, officer, campaign
):
    draft = begun(client, campaign)
    draft.campaign, draft.text = (
        None,
        draft.text.replace("chaqi-2021", "chaqi-2020").replace("2021-", "2020-"),
    )
    draft.save()
    save(client, draft, "basics", counts_within=CITY)
    basics = text(client.get(page_of(draft, "basics")))
    assert "不在您管的范围内" in basics
    assert "改到我管的地方" in basics
    save(client, draft, "basics", counts_within=COUNTY)
    rounds = text(client.get(page_of(draft, "rounds")))
    assert "传播量统计范围比全市小，排不出这样的名次。请改选全县或全镇" in rounds
    assert "请从列表里选一个" not in rounds
    save(client, draft, "rounds", act="fit")
    raw = table_of(draft.text)
    assert [[tier["scope"] for tier in each["tiers"]] for each in raw["rounds"]] == [
        ["county"],
        ["county"] * 3,
    ]
    told = text(client.get(page_of(draft, "rounds")))
    assert "去掉了全市的奖励档次" in told
    assert "改到我管的地方" not in told
    save(client, draft, "rounds", act="remove rounds[1].tiers[1]")
    empty = text(client.get(page_of(draft, "rounds")))
    assert "这一轮还没有奖励档次" in empty
    assert "sheet-wrong" not in empty


def test_places_are_chosen_by_name(client, officer, campaign, django_assert_max_num_queries):
    with django_assert_max_num_queries(14):
        page = text(client.get(f"{LIST}new/?source=0"))
    assert '<option value="430623" selected>华容县</option>' in page
    assert '<option value="430623110">　插旗镇</option>' in page
    assert "430602" not in page, "no place of somebody else's is offered"
    draft = begun(client, campaign)
    basics = text(client.get(page_of(draft, "basics")))
    assert '<option value="430623110" selected>' in basics
    assert '<option value="4306" selected>岳阳市</option>' in basics, (
        "what was published stays, though the city's"
    )


def test_the_newest_campaign_is_offered_first_and_the_buttons_say_what_they_do(client, officer, campaign):
    newer_text = reads.publication("chaqi-2021").text.replace("2021", "2022")
    assert isinstance(writes.publish_sheet(newer_text, "王秀英", "李明", clock.now()), Published)
    page = text(client.get(f"{LIST}new/"))
    newer, older = page.index("照《插旗镇2022年科普信息传播活动》起草"), page.index("照《插旗镇2021年")
    assert newer < older


@pytest.mark.parametrize(
    ("role", "division"), [(Role.TOWN_CLERK, "430623110"), (Role.COUNTY_OFFICER, "430602"), (None, "")]
)
def test_only_a_colleague_who_may_keep_the_campaign_signs_it_off(client, officer, campaign, role, division):
    other = enter(Client(), 93, role, division, "外人") if role else officer
    draft = begun(client, campaign)
    save(client, draft, "points", **field("earnings.like.points", "2"))
    publish = f"{LIST}drafts/{draft.pk}/publish/"
    page = text(client.get(publish))
    assert "现在没有这样的人" in page
    assert "外人" not in page
    form = {"revision": draft.revision, "newest": 1}
    for name in (other, "李明", ""):
        assert client.post(publish, form | {"sign_off": name}).status_code == 422
    assert reads.campaign("chaqi-2021").sheet.version == 1


def test_a_campaign_that_begins_later_says_from_when_it_counts(client, officer, campaign):
    year = clock.day_of(clock.now()).year + 1
    form = {"source": 0, "campaign": f"next-{year}", "title": "明年的活动", "place": COUNTY}
    client.post(f"{LIST}new/", form)
    draft = SheetDraft.objects.latest("pk")
    save(client, draft, "basics", issuer="华容县科协")
    publish = f"{LIST}drafts/{draft.pk}/publish/"
    assert f"从活动第一天 {year}-01-01 起按它计" in text(client.get(publish))
    done = client.post(publish, {"revision": draft.revision, "newest": 0}, follow=True)
    assert f"第 1 版已公布，从 {year}-01-01 起按它计" in text(done)

"""What lies in the town that the walk through every address asks about, and what belongs to one person."""

import json
from dataclasses import replace
from typing import Any

import msgspec
from django.core import signing
from wagtail.models import Page

from kepu.audit.rules import Deed
from kepu.audit.writes import keep_deed
from kepu.awards.models import Certificate, CertificateOrgan, Objection, PayoutBatch, PayoutLine
from kepu.awards.rules import NoRound
from kepu.awards.rules.top_ups import AnswerRow
from kepu.awards.writes import evaluate_round
from kepu.awards.writes.payouts import AnswerFile
from kepu.campaigns import reads as campaigns
from kepu.campaigns.rules import Published
from kepu.campaigns.tests.samples import VOLUNTARY
from kepu.campaigns.writes import begin_draft, publish_sheet
from kepu.console.pages.figures_sending import SALT
from kepu.console.pages.payout_answers import SALT as ANSWERS
from kepu.console.tests.clubs_world import in_clubs
from kepu.console.tests.mall_world import codes_sent, in_the_mall
from kepu.console.tests.matrix import VILLAGE
from kepu.content import models as content_models
from kepu.content import reads as articles
from kepu.content import writes as content
from kepu.content.tests.written import article as written
from kepu.content.writes.feeds import add_feed
from kepu.content.writes.reviewing import decide_review
from kepu.figures.models import LayoutRow, SentFile
from kepu.figures.writes import keep_export, parse_export
from kepu.jobs.models import JobRow
from kepu.jobs.reads import folder
from kepu.jobs.writes import ask_job, keep_upload
from kepu.kit import clock
from kepu.papers.rules import Facts, Organ, Texts
from kepu.papers.rules import Kind as PaperKind
from kepu.papers.tests.samples import CAMPAIGN
from kepu.papers.writes import Wanted, begin_paper, declare_organ
from kepu.people import reads, writes
from kepu.people.models import CounterEntry, RosterFile, StaffSession
from kepu.people.reads.announcements import Reach
from kepu.people.rules import Announced, Audience, Role
from kepu.people.tests import land
from kepu.people.tests.land import COUNTY, TOWN, newcomer
from kepu.people.writes.announcements import Confirmed, keep_announcement
from kepu.people.writes.complaints import send_complaint
from kepu.people.writes.counter import enter_at_counter
from kepu.people.writes.merging import merge_accounts
from kepu.people.writes.staff_sessions import open_staff_session
from kepu.regions.models import Division

# Words of the town that nobody outside it may read anywhere.
SECRETS = (
    "欧阳秘一",
    "投诉密语",
    "司马密员",
    "审计密文",
    "官数密件",
    "上官密报",
    "令狐通密",
    "活动密稿",
    "公文密件",
    "诸葛密奖",
    "闻人密社",
    "动态密文",
    "评论密文",
    "商城密物",
    "领取密点",
)
# Words of a colleague's own, which no other member of staff reads, wherever they stand.
COLLEAGUES = ("同事密活", "同事密册", "同事密数")


def town_at_work() -> dict[str, Any]:
    """What lies in the town, by name: an application, a complaint, a clerk, a file, a record, a merge …

    and what belongs to the clerk alone, as "their …".
    """
    now = clock.now()
    land.settle()
    Division.objects.create(code="4307", name="常德市")
    applicant = newcomer(1, "欧阳秘一")
    (unit,) = [each.id for each in reads.units_within(TOWN) if each.division == VILLAGE]
    stated = land.application(TOWN, name="欧阳秘一", unit=unit)
    assert isinstance(writes.submit_certification(applicant, stated, now), int)
    member = newcomer(2, "司马密员")
    assert writes.grant_scope(member, Role.UNIT_CLERK, VILLAGE, now) is None
    keep_deed(Deed("grant_scope", member, "司马密员", "", "审计密文", TOWN), now)
    complaint = send_complaint("投诉密语", "", path="", account=applicant, network_mark="n", now=now)
    published = publish_sheet(VOLUNTARY, "某", None, now)
    assert isinstance(published, Published), published
    world = {
        "applicant": applicant,
        "member": member,
        "unit": unit,
        "complaint": int(complaint),
        "figures": _figures(published.number, member),
        "draft": begin_draft('title = "活动密稿"', TOWN, 0, (member, "某"), now),
        "campaign": campaigns.published()[0].number,
        "paper": _paper(published.number, member),
        **in_clubs(applicant, member),
        **in_the_mall(applicant, VILLAGE),
        **_announced(member),
        **_merged(unit),
        **_articles(member),
        **_awarded(person=applicant),
    }
    theirs = belongings(world, member, "同事")
    return world | {name.replace("my ", "their "): value for name, value in theirs.items()}


def belongings(world: dict[str, Any], account: int, mark: str = "本人") -> dict[str, Any]:
    """What is one person's alone, as "my …": a session, long work, a file it made, a trial, a roster sent,
    an upload of figures; and an entry at the counter of the town's village.
    """
    now = clock.now()
    work = ask_job("count", f"{mark}密活", {}, account, now)
    open_staff_session(account, "", "", now)
    made = JobRow.objects.create(
        kind="export_roster",
        title=f"{mark}密活",
        wants={},
        asked_by=account,
        asked_at=now,
        state="done",
        ended_at=now,
        file=keep_upload(f"{mark}密册".encode()),
        file_name="x.csv",
    )
    both = {name: [1, 2] for name in ("points", "volume", "gain", "lose")}
    none: dict[str, Any] = {name: [] for name in ("kinds", "losses", "gains", "rounds")}
    trial = {"trial": both | none | {"measures": ["分享", "分享"], "acts": 1, "people": 1}}
    tried_on = {"draft": world["draft"], "source_title": "某", "first": "2026-01-01", "last": "2026-01-31"}
    tried = JobRow.objects.create(
        kind="try_rules", title=f"{mark}密活", wants=tried_on, asked_by=account, asked_at=now, state="done"
    )
    JobRow.objects.filter(pk=tried.pk).update(words=trial, ended_at=now)
    return {
        "my work": work,
        "my session": StaffSession.objects.filter(account=account).latest("pk").pk,
        "my file": made.pk,
        "my trial": tried.pk,
        "my roster": _roster(account, mark),
        "my upload": _upload(world["campaign"], account, mark),
        "my entry": _entry(world["unit"], account, world["member"]),
        "my answer": _answer(account, mark),
        **codes_sent(world["mall voucher"], account, mark),
        **{f"my answer {each}": world[f"payout {each}"] for each in ("slug", "round_id", "division")},
    }


def _paper(campaign: int, member: int) -> int:
    now, by = clock.now(), (member, "某")
    organ = declare_organ(Organ("某科协", "某科协文件", "某科协发"), COUNTY, by, now)
    assert organ is not None
    facts = Facts(replace(CAMPAIGN, title="公文密件"))
    return begin_paper(Wanted(organ, PaperKind.NOTICE, campaign), facts, Texts("公文密件"), by, now)


def _figures(campaign: int, member: int) -> int:
    now = clock.now()
    layout = LayoutRow.objects.create(
        division=COUNTY,
        digest="d",
        name="n",
        headings=[],
        columns={},
        match="phone",
        span="period",
        figure="f",
        made_by=member,
        made_at=now,
    )
    return SentFile.objects.create(
        campaign=campaign,
        division=COUNTY,
        layout=layout,
        name="官数密件.xlsx",
        sha256="0" * 64,
        first_day=20210101,
        last_day=20210131,
        sent_by=member,
        sent_at=now,
    ).pk


def _awarded(person: int) -> dict[str, Any]:
    """A round of the county with one certificate, one line to pay and one batch: what lies under an award."""
    now = clock.now()
    sheet = VOLUNTARY.replace("reading-2026", "awards-2025").replace("2026-", "2025-") + ROUND_OF_AWARDS
    sheet = sheet.replace("[earnings.read]", "boards_may_hide = true\n[earnings.read]")
    published = publish_sheet(sheet, "某", None, now)
    assert isinstance(published, Published), published
    of = {"campaign": "awards-2025", "round": "year", "division": COUNTY}
    organ = CertificateOrgan.objects.create(name="华容县科学技术协会", mark="华科协证")
    paper = Certificate.objects.create(
        **of,
        campaign_title="某活动",
        round_title="某轮",
        place="华容县",
        person=person,
        edition=1,
        name="诸葛密奖",
        unit="某村",
        rank=1,
        title="某奖",
        organ=organ,
        year=2026,
        number=1,
        serial="华科协证〔2026〕0001号",
        design="red",
        code="0123456789abcdefghjk",
        status_list=1,
        status_index=1,
        issued_at=now,
        issued_by=1,
    )
    line = PayoutLine.objects.create(
        **of,
        person=person,
        name="诸葛密奖",
        unit="某村",
        rank=1,
        volume=1,
        title="某奖",
        amount=200,
        state="to_pay",
    )
    batch = PayoutBatch.objects.create(**of, lines=1, amount=200, sha256="0" * 64, made_by=1, made_at=now)
    asked = {"slug": "awards-2025", "round_id": "year"}
    return {
        "award": paper.pk,
        "award organ": organ.pk,
        "award person": person,
        "award objection": _objected(person),
        **{f"award {name}": value for name, value in asked.items()},
        "payout": line.pk,
        "payout batch": batch.pk,
        "payout division": COUNTY,
        **{f"payout {name}": value for name, value in asked.items()},
    }


def _objected(person: int) -> int:
    """An objection against the list of that round; it is not public, so it can only be looked at."""
    stored = evaluate_round("awards-2025", "year", "某", clock.now())
    assert not isinstance(stored, NoRound)
    return Objection.objects.create(
        campaign="awards-2025",
        round="year",
        evaluation_id=stored.id,
        objector=0,
        objector_name="诸葛密异",
        about=person,
        says="密语",
        evidence="密据",
        at=clock.now(),
    ).pk


ROUND_OF_AWARDS = """
[[rounds]]
id = "year"
title = "全年评选"
opens_on = 2025-01-01
closes_on = 2025-12-31
judged_on = 2026-01-10
basic_task = 10
[[rounds.tiers]]
scope = "county"
rank_from = 1
rank_to = 10
title = "某奖"
certificate = true
"""


def _announced(member: int) -> dict[str, Any]:
    told = Announced("令狐通密", "/", Audience.COMMUNICATORS, TOWN, 0, by_text=False)
    return {"announcement": keep_announcement(told, Confirmed("s", Reach(1, 1), 0, member), clock.now())}


def _merged(unit: int) -> dict[str, Any]:
    """Somebody of the village into whom a second account was closed."""
    now = clock.now()
    writes.enroll_many([land.enrolled(3, unit, name="上官密报"), land.enrolled(5, unit)], now=now)
    person, twin = (reads.account_with_phone(land.phone(number)) for number in (3, 5))
    assert person is not None
    assert twin is not None
    officer = land.staff(6, Role.TOWN_CLERK, TOWN)
    merge = merge_accounts(person, twin, officer, now)
    assert isinstance(merge, int), merge
    return {"person": person, "person merge": merge}


def _articles(member: int) -> dict[str, Any]:
    """A published article, one that waits at each step of the review, and a feed."""
    now = clock.now()
    content.load_sample_articles(now)
    published = min(articles.published_ids())
    parent = Page.objects.get(pk=published).get_parent()
    found = {"article": published, "parent": parent.pk if parent else 1}
    reviewers = [land.staff(6 + step, role, "") for step, role in enumerate(STEPS, start=1)]
    for step in (1, 2, 3):
        page = written(f"审稿{step}", live=False, owner_id=member, first_published_at=None)
        page.save_revision(user=page.owner)
        page.get_workflow().start(page, page.owner)
        for reviewer in reviewers[: step - 1]:
            decided = decide_review(_waits_at(page.pk), reviewer, "approve", "")
            assert decided is None, decided
        found[f"review {step}"] = _waits_at(page.pk)
    topic = content_models.Topic.objects.first()
    assert topic is not None
    assert add_feed("某", "https://example.org/feed.xml", topic.pk, member, now) is None
    return found | {"feed": content_models.Feed.objects.get().pk}


def _waits_at(article: int) -> int:
    """The number of the step at which an article waits for its review."""
    page = content_models.ArticlePage.objects.get(pk=article)
    return int(page.current_workflow_state.current_task_state.pk)


def _answer(account: int, mark: str) -> str:
    """The token of a carrier's answer that was sent and not applied."""
    file = AnswerFile("x.csv", "a" * 64, [AnswerRow(2, f"{mark}密数", "200", "成功", "")])
    return signing.dumps({"by": account, "upload": keep_upload(msgspec.json.encode(file))}, salt=ANSWERS)


STEPS = (Role.REVIEWER_1, Role.REVIEWER_2, Role.REVIEWER_3)


def _roster(account: int, mark: str) -> int:
    """A roster sent, with one row that is refused."""
    content_ = f"姓名,手机号,单位\n{mark}密册,13900000000,无此村\n".encode()
    row = RosterFile.objects.create(
        job=10_000 + account,
        sha256="0" * 64,
        file_name=f"{mark}密册.csv",
        upload=keep_upload(content_, ".csv"),
        brought_by_id=account,
        brought_at=clock.now(),
        counts={"refused": 1},
        situation="s",
    )
    shown = {
        "row": 2,
        "verdict": "refused",
        "name": "某",
        "phone": "139****0000",
        "unit": "无此村",
        "changes": [],
        "column": "单位",
        "trouble": "unit_unknown",
        "detail": "",
    }
    (folder() / f"roster-{row.pk}.json").write_text(json.dumps([shown]), "utf-8")
    return row.pk


def _upload(campaign: int, account: int, mark: str) -> str:
    """The token of a file whose columns are still to be explained."""
    name = parse_export(keep_export(f"姓名,手机号,传播量\n{mark}密数,13900000000,5\n".encode()))
    read = JobRow.objects.create(
        kind="parse_figures",
        title=f"{mark}密数",
        wants={},
        asked_by=account,
        asked_at=clock.now(),
        state="done",
        words={"read": name},
        ended_at=clock.now(),
    )
    held = {"by": account, "campaign": campaign, "job": read.pk, "name": f"{mark}密数.csv"}
    return signing.dumps(held, salt=SALT)


def _entry(unit: int, account: int, clerk: int) -> int:
    """An entry at the village's counter: made by its clerk, then this account's own."""
    entry = enter_at_counter(land.phone(4), land.application(TOWN, unit=unit), clerk, clock.now())
    assert isinstance(entry, int), entry
    CounterEntry.objects.filter(pk=entry).update(entered_by=account)
    return entry

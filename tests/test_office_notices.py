"""An officer sends a notice, reads it beside its passages, corrects it and begins a draft."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from kepu.campaigns.tests.notices.samples import samples
from tests.browsing import Shots, office
from tests.live import LiveSite

pytestmark = pytest.mark.journey
OFFICER = """
import json
from django.conf import settings
from kepu.kit import clock
from kepu.people import writes
from kepu.people.models import Account
from kepu.people.rules import Role, Session, session_token
now = clock.now()
account = writes.open_staff_account("13800002100", "贺主任", None, 430623, now)
writes.grant_scope(account, Role.COUNTY_OFFICER, "430623", now)
version = Account.objects.get(pk=account).session_version
print(session_token(settings.KEPU_KEYS.session, Session(account, version, int(now.timestamp()))))
"""


def test_a_notice_becomes_a_draft(browser: Browser, site: LiveSite, tmp_path: Path, shoot: Shots) -> None:
    token = site.python(OFFICER).strip()
    page = office(browser, site, token)
    paper = tmp_path / "通知.docx"
    paper.write_bytes(next(each.content for each in samples() if each.name == "a01_town_docx"))
    page.goto(f"{site.url}/admin/notices/")
    page.set_input_files("#file", str(paper))
    page.get_by_role("button", name="读取").click()
    expect(page.locator("blockquote").first).to_contain_text("关于做好2021年科普信息传播工作的通知")
    expect(page.locator(".notice-questions")).to_contain_text("没有写明传播量相同的怎么排名")
    page.set_viewport_size({"width": 1280, "height": 2600})
    shoot.take(page, "office-notice-read")
    page.set_viewport_size({"width": 390, "height": 900})
    shoot.take(page, "office-notice-read-narrow")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.locator("[name=opens_on]").fill("2021-01-01")
    page.get_by_role("button", name="核对无误，起草活动").click()
    expect(page.get_by_role("heading", name="草稿", exact=False).first).to_be_visible()
    expect(page.locator("[name=document]")).to_have_value("插政办发〔2021〕12号")

"""A round from closing to the last payment by three officers; an objection moves ranks 30 and 31."""

import csv
import io
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browsing import Shots, office, signed_in
from tests.conftest import empty_database
from tests.live import LiveSite

pytestmark = pytest.mark.journey
ROUND = "/admin/rounds/chaqi-2021/annual/"
PAYOUT = "/admin/payouts/chaqi-2021/annual/430623/"
# 31 on the county's list, ten apart, the sixth of 机关、站所; the round's last day is long past.
PREPARED = """
import json
from datetime import date
from django.conf import settings
from kepu.kit import clock
from kepu.people import writes
from kepu.people.models import Account
from kepu.people.rules import Role, Session, session_token
from kepu.standings.tests import town
town.build()
here = town.enrol(30)
here.insert(5, *town.enrol(1, "430623110"))
for place, person in enumerate(here):
    town.credit(person, 4000 - 10 * place, date(2021, 8, 2), place)
now = clock.now()
officers = []
for number, name in enumerate(("吴评审", "郑复核", "王签发")):
    account = writes.open_staff_account(f"1380000100{number}", name, None, 430623, now)
    writes.grant_scope(account, Role.COUNTY_OFFICER, "430623", now)
    officers.append(account)
def token(account):
    version = Account.objects.get(pk=account).session_version
    return session_token(settings.KEPU_KEYS.session, Session(account, version, int(clock.now().timestamp())))
print(json.dumps([[token(each) for each in officers], token(here[30]), here[29], here[30]]))
"""
# Working days pass: the days of publicity that were fixed lie two weeks back.
DAYS_PASS = """
from datetime import date, timedelta
from kepu.awards.models import RoundStep
row = RoundStep.objects.filter(step="publish").latest("number")
for name in ("first_day", "last_day"):
    row.details[name] = (date.fromisoformat(row.details[name]) - timedelta(days=14)).isoformat()
row.save()
"""


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    with empty_database() as url:
        live = LiveSite(tmp_path_factory.mktemp("rounds") / "home", url)
        live.migrate()
        live.start()
        yield live
        live.stop()


def press(page: Page, name: str, then: str) -> None:
    """A button of the round's page is pressed, and its headline says what is next."""
    page.get_by_role("button", name=name, exact=True).click()
    expect(page.get_by_role("heading", name=then)).to_be_visible()


def confirm(page: Page, name: str, then: str) -> None:
    """A step that is asked about is opened, confirmed, and the headline says what is next."""
    page.locator(".round-steps summary", has_text=name).click()
    press(page, f"确认：{name}", then)


def evaluate(page: Page, county: LiveSite) -> None:
    page.get_by_role("button", name="评出名单", exact=True).click()
    expect(page.get_by_text("名单已评出")).to_be_visible()
    page.goto(county.url + ROUND + "?scope=430623")
    expect(page.get_by_role("heading", name="下一步：锁定名单")).to_be_visible()


def lines_of(page: Page) -> Locator:
    """The rows of the people to pay, the heading first."""
    return (
        page.get_by_role("table").filter(has=page.get_by_role("columnheader", name="名次")).get_by_role("row")
    )


def done_on_line(page: Page, county: LiveSite, rank: int, act: str, reason: str) -> None:
    """An officer does something by hand to the line of a rank."""
    page.goto(county.url + PAYOUT)
    lines_of(page).nth(rank).get_by_role("link").click()
    page.get_by_label(act, exact=True).check()
    page.get_by_label("原因").fill(reason)
    page.get_by_role("button", name="办理").click()
    expect(page.get_by_role("table").get_by_role("row").last).to_contain_text(reason)


def batch_sent(page: Page, county: LiveSite, lines: int) -> list[str]:
    """The marks of a batch's file, as the carrier gets them."""
    page.goto(county.url + PAYOUT)
    page.get_by_role("button", name="生成充值批次").click()
    expect(page.get_by_text(f"{lines} 笔")).to_be_visible()
    with page.expect_download() as taking:
        page.get_by_role("button", name="取文件（记入审计）").first.click()
    rows = list(csv.reader(io.StringIO(Path(taking.value.path()).read_text("utf-8-sig"))))
    assert len(rows) == lines + 1
    return [row[1] for row in rows[1:]]


def answered(page: Page, county: LiveSite, rows: list[tuple[str, int, str, str]]) -> None:
    """The carrier's answer file is brought to the page that shows what each row would do."""
    text = "行号,金额,结果,原因\n" + "".join(f"{m},{yuan},{said},{why}\n" for m, yuan, said, why in rows)
    page.goto(county.url + f"{PAYOUT}answer/")
    file = {"name": "运营商回单.csv", "mimeType": "text/csv", "buffer": text.encode("gbk")}
    page.get_by_label("回单文件").set_input_files(file)  # type: ignore[arg-type]
    page.get_by_role("button", name="预览").click()
    expect(page.get_by_text("还没有记入。")).to_be_visible()


def certificates_given(officer: Page, county: LiveSite, shoot: Shots, folder: Path) -> list[str]:
    """The awards are given; the addresses that the codes on the papers of the one PDF lead to."""
    officer.get_by_label("编号字头").fill("华科协证")
    shoot.take(officer, "office-certificates")
    officer.get_by_role("button", name="颁奖", exact=True).click()
    expect(officer.get_by_text("已发证书 31 份，待发补贴 31 笔。")).to_be_visible()
    shoot.take(officer, "office-round-certificates")
    officer.get_by_role("button", name="合并成一个 PDF").click()
    with officer.expect_download() as taking:
        officer.get_by_role("link", name="保存文件").click(timeout=60_000)
    document = pypdfium2.PdfDocument(taking.value.path())
    assert len(document) == 31
    read = []
    for place in (0, 30):
        picture = folder / f"certificate-{place}.png"
        document[place].render(scale=1.6).to_pil().save(picture)
        command = ["zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", str(picture)]
        read.append(subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip())
    assert all(address.startswith(f"{county.url}/certificates/") for address in read)
    return read


def paid(officer: Page, county: LiveSite, shoot: Shots) -> None:
    """A batch with one failure, its second sending, a review, money that came back: then all is paid."""
    officer.goto(county.url + "/admin/payouts/")
    shoot.take(officer, "office-payouts")
    expect(officer.get_by_role("cell", name="11,200").first).to_be_visible()
    marks = batch_sent(officer, county, 30)
    sums = [500] * 9 + [300] * 20 + [200]
    last = len(marks) - 1
    answered(
        officer,
        county,
        [
            (mark, yuan, "失败" if place == last else "成功", "用户已停机" if place == last else "")
            for place, (mark, yuan) in enumerate(zip(marks, sums, strict=True))
        ],
    )
    shoot.take(officer, "office-payout-answer")
    officer.get_by_role("button", name="记入 30 行").click()
    expect(officer.get_by_text("已记入：到账 29 笔，失败 1 笔。")).to_be_visible()
    shoot.take(officer, "office-payout", full=True)
    expect(officer.get_by_role("button", name="本轮办结")).to_have_count(0)
    done_on_line(officer, county, 31, "重新发放", "本人已复机，手机号未变")
    officer.goto(county.url + PAYOUT)
    lines_of(officer).nth(6).get_by_role("link").click()
    expect(officer.get_by_text("机关、站所人员，可能是公职人员")).to_be_visible()
    expect(officer.get_by_label("已当面发放（签字）", exact=True)).to_have_count(0)
    done_on_line(officer, county, 6, "已核实，可以发放", "已向单位核实，为编外人员")
    again = batch_sent(officer, county, 2)
    assert not set(again) & set(marks)
    # The first sending of the last line arrives after all: that is shown, and nothing follows from it.
    late = (marks[last], 200, "成功", "")
    answered(officer, county, [(again[0], 500, "成功", ""), (again[1], 200, "成功", ""), late])
    expect(officer.get_by_role("table").get_by_role("row").nth(1)).to_contain_text(
        "请向运营商核实是否重复到账"
    )
    officer.get_by_role("button", name="记入 2 行").click()
    expect(officer.get_by_text("已记入：到账 2 笔，失败 0 笔。")).to_be_visible()
    done_on_line(officer, county, 1, "款项退回", "号码已销户，充值退回")
    done_on_line(officer, county, 1, "重新发放", "改为当面发放")
    done_on_line(officer, county, 1, "已当面发放（签字）", "本人签字领取")
    shoot.take(officer, "office-payout-line", full=True)


def test_from_counting_to_paid_with_an_upheld_objection(
    county: LiveSite, browser: Browser, shoot: Shots, tmp_path: Path
) -> None:
    tokens, villager, thirtieth, next_one = json.loads(county.python(PREPARED))
    maker, checker, signer = (office(browser, county, each) for each in tokens)
    maker.goto(county.url + "/admin/rounds/")
    expect(maker.get_by_role("cell", name="下一步：封账").first).to_be_visible()
    shoot.take(maker, "office-rounds")
    maker.goto(county.url + ROUND)
    confirm(maker, "封账", "下一步：评出名单")
    evaluate(maker, county)
    shoot.take(maker, "office-round-evaluated", full=True)
    press(maker, "锁定名单", "下一步：公示")
    press(maker, "开始公示", "公示中")
    shoot.take(maker, "office-round-public", full=True)

    # The thirty-first objects on her phone, against the thirtieth.
    phone = browser.new_context(viewport={"width": 390, "height": 844})
    signed_in(phone, county, villager)
    hers = phone.new_page()
    hers.goto(county.url + "/rounds/chaqi-2021/annual/?scope=430623")
    shoot.take(hers, "round-public")
    hers.get_by_role("link", name="异议", exact=True).nth(29).click()
    expect(hers.get_by_role("heading", name="第 30 名")).to_be_visible()
    hers.get_by_label("哪里不对？").fill("他八月二日那天在医院，不是本人转发的。")
    hers.get_by_label("有什么证据？").fill("住院单编号 0802，同病房的人可以作证。")
    shoot.take(hers, "round-objection")
    hers.get_by_role("button", name="提出异议").click()
    expect(hers.get_by_text("异议已提出")).to_be_visible()

    # Whoever made the list does not answer; a colleague upholds and takes 20 of that day.
    maker.goto(county.url + ROUND)
    maker.get_by_role("link", name="答复").click()
    expect(maker.get_by_text("请同事来办")).to_be_visible()
    expect(maker.get_by_role("button", name="异议不成立")).to_have_count(0)
    address = maker.url
    checker.goto(address)
    checker.locator("#day").fill("2021-08-02")
    checker.locator("#volume").fill("-20")
    checker.locator("#reason").fill("经核实，住院单属实，当天不是本人转发。")
    shoot.take(checker, "office-objection", full=True)
    checker.get_by_role("button", name="异议成立").click()
    expect(checker.get_by_text("请重新评出名单")).to_be_visible()

    # Evaluated, frozen and public anew; the page says who rose and who fell.
    maker.goto(county.url + ROUND)
    evaluate(maker, county)
    moved = maker.get_by_role("table").first
    expect(moved.get_by_role("row").nth(1)).to_contain_text("31")
    expect(moved.get_by_role("row").nth(2)).to_contain_text("-20")
    shoot.take(maker, "office-round-moved", full=True)
    press(maker, "锁定名单", "下一步：公示")
    press(maker, "开始公示", "公示中")
    hers.goto(county.url + "/rounds/chaqi-2021/annual/why/")
    expect(hers.get_by_text("上一份名单")).to_be_visible()
    shoot.take(hers, "round-why", full=True)
    expect(maker.get_by_text("公示期满后再签字")).to_be_visible()
    county.python(DAYS_PASS)

    checker.goto(county.url + ROUND)
    confirm(checker, "签字定案", "下一步：第二人签字")
    signer.goto(county.url + ROUND)
    confirm(signer, "签字定案", "下一步：颁奖")
    signer.goto(county.url + ROUND + "?scope=430623")
    shoot.take(signer, "office-round-final", full=True)
    rows = signer.get_by_role("table").nth(1).get_by_role("row")
    expect(rows.nth(30)).to_contain_text("300")
    expect(rows.nth(31)).to_contain_text("200")
    expect(rows.nth(30).get_by_role("link")).to_have_attribute("href", f"{ROUND}persons/{next_one}/")
    expect(rows.nth(31).get_by_role("link")).to_have_attribute("href", f"{ROUND}persons/{thirtieth}/")

    # Certificates, whose codes anybody may scan; money, with what goes wrong with money.
    signer.locator(".round-steps a").click()
    expect(signer).to_have_url(f"{county.url}/admin/certificates/")
    first, last = certificates_given(signer, county, shoot, tmp_path)
    stranger = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    for address in (first, last):
        stranger.goto(address)
        expect(stranger.get_by_text("这张证书有效")).to_be_visible()
    expect(stranger.get_by_text("王*明")).to_be_visible()
    shoot.take(stranger, "certificate-valid", full=True)
    paid(checker, county, shoot)

    # The last award is revoked after it was paid: the paper says so, and the money is recovered.
    signer.goto(county.url + ROUND + "?scope=430623")
    row = signer.get_by_role("table").nth(1).get_by_role("row").nth(31)
    row.locator("summary").click()
    row.get_by_label("原因").or_(row.get_by_label("理由")).fill("核实为他人代为转发")
    row.get_by_role("button", name="撤销奖励").click()
    expect(signer.get_by_text("已撤销：核实为他人代为转发")).to_be_visible()
    stranger.goto(last)
    expect(stranger.get_by_text("这张证书已撤销")).to_be_visible()
    expect(stranger.get_by_text("核实为他人代为转发")).to_have_count(0)
    shoot.take(stranger, "certificate-revoked", full=True)
    stranger.goto(first)
    expect(stranger.get_by_text("这张证书有效")).to_be_visible()
    checker.goto(county.url + PAYOUT)
    expect(checker.get_by_text("已发中待追回（元）")).to_be_visible()
    done_on_line(checker, county, 31, "已追回", "本人已退回现金200元")
    checker.goto(county.url + PAYOUT)
    checker.get_by_role("button", name="本轮办结").click()
    expect(checker.get_by_text("本轮补贴已办结。")).to_be_visible()
    shoot.take(checker, "office-payout-settled", full=True)
    signer.goto(county.url + ROUND)
    expect(signer.get_by_role("heading", name="已办结")).to_be_visible()
    shoot.take(signer, "office-round-paid", full=True)

    # What the winner, the loser of an award and anybody else see.
    hers.goto(county.url + "/me/certificates/")
    expect(hers.get_by_text("已颁奖")).to_be_visible()
    shoot.take(hers, "my-awards", full=True)
    stranger.goto(county.url + "/rounds/chaqi-2021/annual/?scope=430623")
    expect(stranger.get_by_text("王*明").first).to_be_visible()
    assert "王一明" not in stranger.content()
    shoot.take(stranger, "round-paid")

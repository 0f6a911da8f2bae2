"""How a site gets onto a phone: the right words for each browser, and a sheet for the wall."""

import re
import shutil
import subprocess

import pytest
import resvg_py

from kepu.app.browsers import NAMES, STEPS, Browser, browser_of
from kepu.app.pages.installing import opens_here_only

CHROME = (
    "Mozilla/5.0 (Linux; Android 10; {}) AppleWebKit/537.36 (KHTML, like Gecko) "
    "{}Chrome/97.0 Mobile Safari/537.36 {}"
)


@pytest.mark.parametrize(
    ("user_agent", "browser"),
    [
        (CHROME.format("V1818A", "Version/4.0 ", "MicroMessenger/8.0.40"), Browser.WECHAT),
        (CHROME.format("ANA-AN00; HMSCore 6", "", "HuaweiBrowser/12.1"), Browser.HUAWEI),
        (CHROME.format("M2004J7AC", "Version/4.0 ", "XiaoMi/MiuiBrowser/15.7"), Browser.XIAOMI),
        (CHROME.format("PDEM10", "Version/4.0 ", "HeyTapBrowser/40.7"), Browser.OPPO),
        (CHROME.format("V2001A", "Version/4.0 ", "VivoBrowser/12.1"), Browser.VIVO),
        (CHROME.format("SM-G9810", "", ""), Browser.CHROME),
        (CHROME.format("SM-G9810", "", "MQQBrowser/11"), Browser.OTHER),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 16_0 like Mac OS X) Version/16.0 Mobile Safari/604.1",
            Browser.SAFARI,
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 16_0 like Mac OS X) CriOS/110 Mobile Safari/604.1",
            Browser.OTHER,
        ),
        ("", Browser.OTHER),
    ],
)
def test_a_browser_is_known_by_what_it_calls_itself(user_agent, browser):
    assert browser_of(user_agent) is browser


def test_every_browser_has_a_name_and_steps():
    assert set(NAMES) == set(STEPS) == set(Browser)
    assert all(2 <= len(steps) <= 3 for steps in STEPS.values())


def test_help_for_the_browser_that_asks_stands_first_and_open(client, db, django_assert_max_num_queries):
    agent = CHROME.format("V1818A", "Version/4.0 ", "MicroMessenger/8.0.40")
    with django_assert_max_num_queries(1):  # one for the tabs: which parts are switched off
        answer = client.get("/install/", headers={"User-Agent": agent})
    html = answer.content.decode()
    assert "User-Agent" in answer["Vary"]
    first = html.index("在浏览器打开")
    assert first < html.index("<details")
    assert html.count("<details") == len(Browser) - 1


def test_the_code_on_the_wall_opens_the_install_page(client, db, settings):
    settings.KEPU_SITE_URL = "https://kepu.example.cn"
    html = client.get("/install/poster/").content.decode()
    assert read_code(html) == "https://kepu.example.cn/install/"
    assert not re.search(
        "积分|奖励|补贴|排行|排名|名次|证书|签到|话费|兑换", html.split("<main")[1].split("</main>")[0]
    )


@pytest.mark.parametrize("path", ["/install/", "/install/poster/"])
@pytest.mark.parametrize(
    ("site", "host"), [("", "127.0.0.1:8000"), ("", "localhost"), ("http://[::1]:8000", "testserver")]
)
def test_an_address_nobody_else_can_open_is_no_code_but_a_hint(client, db, settings, path, site, host):
    settings.KEPU_SITE_URL, settings.ALLOWED_HOSTS = site, ["*"]
    html = client.get(path, headers={"Host": host}).content.decode()
    assert "KEPU_SITE_URL" in html
    assert "crispEdges" not in html
    assert 'class="qr"' not in html
    assert "打印" not in html


@pytest.mark.parametrize(
    ("site", "only_here"),
    [
        ("http://127.0.0.1:8000", True),
        ("http://127.8.0.1", True),
        ("http://LOCALHOST:8000", True),
        ("http://kepu.localhost", True),
        ("http://[::1]:8000", True),
        ("http://0.0.0.0:8000", True),
        ("http://192.168.1.20:8000", False),
        ("https://kepu.example.cn", False),
        ("https://localhost.example.cn", False),
    ],
)
def test_which_addresses_open_on_one_machine_only(site, only_here):
    assert opens_here_only(site) is only_here


def read_code(html: str) -> str:
    """What zbarimg reads in the poster on a page."""
    if shutil.which("zbarimg") is None:
        pytest.skip("zbarimg is not on this machine")
    drawing = re.search(
        r'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 210 297".*</svg>(?=</div>)', html, re.S
    )[0]
    picture = bytes(resvg_py.svg_to_bytes(drawing, width=840))
    read = subprocess.run(["zbarimg", "-q", "--raw", "-"], input=picture, capture_output=True, check=True)
    return read.stdout.decode().strip()

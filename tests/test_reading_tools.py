"""An article read on a phone: aloud, in larger letters, its pictures large, and on from where one stopped."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsing import signed_in
from tests.live import LiveSite

PHONE_SIZE = {"width": 360, "height": 740}
# A voice that needs 60 ms for a sentence and remembers what it said.
VOICE = """
const said = window.said = [];
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
Object.defineProperty(window, "speechSynthesis", {value: {
  getVoices: () => [],
  cancel() { clearTimeout(this.timer); },
  speak(words) {
    said.push([words.text, words.rate, words.lang]);
    words.onstart();
    this.timer = setTimeout(() => words.onend(), 60);
  },
}});
"""
MUTE = 'Object.defineProperty(window, "speechSynthesis", {value: undefined});'


def phone(browser: Browser, script: str = "", **choices: bool) -> Page:
    """A page of a phone; no error in a script passes."""
    context = browser.new_context(viewport=PHONE_SIZE, is_mobile=True, has_touch=True, **choices)
    context.add_init_script(script)
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"script error: {error}"))
    return page


def until(page: Page, true: str) -> None:
    """Wait for an expression to be true; the page's policy lets Playwright's own waiting evaluate nothing."""
    for _ in range(100):
        if page.evaluate(true):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"never true: {true}")


@pytest.mark.journey
def test_an_article_is_read_aloud_sentence_by_sentence(site: LiveSite, browser: Browser) -> None:
    page = phone(browser, VOICE)
    page.goto(f"{site.url}/a/{site.articles[0]}/")
    title = page.locator("h1").inner_text()
    page.click("[data-listen]")
    until(page, "said.length > 3")
    page.click("[data-pause]")
    expect(page.locator("[data-resume-listening]")).to_be_visible()
    count = page.evaluate("said.length")
    page.wait_for_timeout(300)
    assert page.evaluate("said.length") == count
    page.click("[data-rate='0.75']")
    page.click("[data-resume-listening]")
    until(page, f"said.length > {count + 1}")
    said = page.evaluate("said")
    assert said[0][0] in title
    assert {language for _, _, language in said} == {"zh-CN"}
    assert {rate for _, rate, _ in said[:count]} == {1}
    assert {rate for _, rate, _ in said[count:]} == {0.75}
    assert said[count][0] == said[count - 1][0]  # the sentence that was cut short is said again
    page.click("[data-stop]")
    expect(page.locator("[data-player]")).to_be_hidden()
    expect(page.locator("[data-listen]")).to_be_visible()


@pytest.mark.journey
def test_without_a_voice_there_is_no_button_and_no_error(site: LiveSite, browser: Browser) -> None:
    page = phone(browser, MUTE)
    page.goto(f"{site.url}/a/{site.articles[0]}/")
    page.wait_for_load_state("load")
    expect(page.locator("[data-listen]")).to_be_hidden()
    expect(page.locator("[data-sizes] button").last).to_be_visible()


@pytest.mark.journey
def test_letters_grow_where_one_reads_and_stay_so(site: LiveSite, browser: Browser) -> None:
    page = phone(browser)
    page.goto(f"{site.url}/a/{site.articles[0]}/")
    before = page.evaluate("parseFloat(getComputedStyle(document.querySelector('.prose p')).fontSize)")
    with page.expect_response("**/display/"):
        page.locator("[data-sizes] button").last.click()
    expect(page.locator("html")).to_have_class("text-2")
    after = page.evaluate("parseFloat(getComputedStyle(document.querySelector('.prose p')).fontSize)")
    assert after > before >= 18
    page.goto(f"{site.url}/a/{site.articles[1]}/")
    expect(page.locator("html")).to_have_class("text-2")


@pytest.mark.journey
def test_one_reads_on_where_one_stopped(site: LiveSite, browser: Browser) -> None:
    page = phone(browser)
    address = f"{site.url}/a/{site.articles[0]}/"
    page.goto(address)
    expect(page.locator("[data-resume]")).to_be_hidden()
    page.evaluate("document.querySelectorAll('.prose > *')[6].scrollIntoView()")
    until(page, "localStorage.getItem('kepu.places')")
    page.goto(address)
    page.click("[data-resume] button")
    top = page.evaluate("document.querySelectorAll('.prose > *')[6].getBoundingClientRect().top")
    assert 0 <= top < 200
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    until(page, "localStorage.getItem('kepu.places') === '{}'")
    page.goto(address)
    expect(page.locator("[data-resume]")).to_be_hidden()


@pytest.mark.journey
def test_without_a_script_everything_but_the_voice_works(site: LiveSite, browser: Browser) -> None:
    page = phone(browser, java_script_enabled=False)
    signed_in(page.context, site, site.tokens()[3])
    article = site.articles[0]
    page.goto(f"{site.url}/a/{article}/")
    expect(page.locator("[data-listen]")).to_be_hidden()
    page.locator("[data-sizes] button").last.click()
    expect(page.locator("html")).to_have_class("text-2")
    page.click("#like")
    expect(page.locator("#marks")).to_contain_text("已赞")
    page.click("#save")
    expect(page.locator("#marks")).to_contain_text("已收藏")
    for question in page.locator("#quiz fieldset").all():
        question.locator("[type=radio]").first.check()
    page.locator("#quiz button").last.click()
    expect(page.locator("#quiz [role=status]")).to_contain_text("对")
    page.goto(f"{site.url}/me/saved/")
    expect(page.locator("main")).to_contain_text(page.title().split(" ")[0])
    expect(page.locator(".article-card")).to_have_count(1)


@pytest.mark.journey
def test_suggestions_are_reached_by_keys(site: LiveSite, browser: Browser) -> None:
    page = phone(browser)
    page.goto(site.url + "/discover/")
    page.locator("[name=q]").press_sequentially("健康")
    page.locator(".suggestions").wait_for()
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.textContent") == "健康生活"
    page.keyboard.press("Escape")
    expect(page.locator(".suggestions")).to_have_count(0)
    expect(page.locator("[name=q]")).to_be_focused()

"""Which browser somebody opens the site with, and how a site is put on the home screen there."""

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Browser(StrEnum):
    """The browsers our phones come with."""

    WECHAT = "wechat"
    HUAWEI = "huawei"
    XIAOMI = "xiaomi"
    OPPO = "oppo"
    VIVO = "vivo"
    CHROME = "chrome"
    SAFARI = "safari"
    OTHER = "other"


# In this order: each of them also calls itself Chrome or Safari.
_MARKS = (
    ("MicroMessenger", Browser.WECHAT),
    ("HuaweiBrowser", Browser.HUAWEI),
    ("HONORBrowser", Browser.HUAWEI),
    ("MiuiBrowser", Browser.XIAOMI),
    ("HeyTapBrowser", Browser.OPPO),
    ("OppoBrowser", Browser.OPPO),
    ("VivoBrowser", Browser.VIVO),
    *(
        (mark, Browser.OTHER)
        for mark in ("MQQBrowser", "UCBrowser", "Quark", "baidu", "EdgA", "SamsungBrowser")
    ),
    *((mark, Browser.OTHER) for mark in ("CriOS", "FxiOS", "EdgiOS", "Firefox")),
    ("Chrome/", Browser.CHROME),
    ("Safari/", Browser.SAFARI),
)
NAMES: dict[Browser, str | Promise] = {
    Browser.WECHAT: _("In WeChat"),
    Browser.HUAWEI: _("Huawei and Honor browser"),
    Browser.XIAOMI: _("Xiaomi and Redmi browser"),
    Browser.OPPO: _("OPPO and OnePlus browser"),
    Browser.VIVO: _("vivo and iQOO browser"),
    Browser.CHROME: _("Chrome"),
    Browser.SAFARI: _("iPhone, Safari"),
    Browser.OTHER: _("Another browser"),
}
_FOUND = _("Tap Add; the red and green picture of Kepu is on the home screen now.")
_BOTTOM_MENU = _("Open the menu at the foot of the screen.")
_TO_DESKTOP = _("Choose Add to home screen; where it is not there, Add bookmark, then Home screen.")
STEPS: dict[Browser, tuple[str | Promise, ...]] = {
    Browser.WECHAT: (
        _("Tap ··· at the top right."),
        _("Choose Open in browser."),
        _("In the browser that opens, this page says how it goes on."),
    ),
    Browser.HUAWEI: (_BOTTOM_MENU, _TO_DESKTOP, _FOUND),
    Browser.XIAOMI: (_BOTTOM_MENU, _TO_DESKTOP, _FOUND),
    Browser.OPPO: (_BOTTOM_MENU, _TO_DESKTOP, _FOUND),
    Browser.VIVO: (_BOTTOM_MENU, _TO_DESKTOP, _FOUND),
    Browser.CHROME: (
        _("Tap the three dots at the top right."),
        _("Choose Install app or Add to home screen."),
        _FOUND,
    ),
    Browser.SAFARI: (
        _("Tap the share button at the foot: a box with an arrow upwards."),
        _("Scroll down and choose Add to Home Screen."),
        _FOUND,
    ),
    Browser.OTHER: (_("Open the menu: three dots or three lines."), _TO_DESKTOP, _FOUND),
}


def browser_of(user_agent: str) -> Browser:
    """The browser that calls itself so; OTHER where we know no way of its own."""
    lower = user_agent.lower()
    return next((browser for mark, browser in _MARKS if mark.lower() in lower), Browser.OTHER)

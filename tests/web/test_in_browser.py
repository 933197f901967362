"""The page in a real headless Chromium, driven through Debian's ``chromium-driver``."""

import os
import re
import shutil
import threading
from contextlib import contextmanager
from decimal import Decimal

import orjson
import pytest
from msgspec.structs import replace
from pictures import ALERT, NEWS, NOON_MS, ORDER, account, client_picture, picture
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.support.ui import WebDriverWait

from binance_margin_async.models.margin import MarginState
from binance_margin_async.models.picture import LevelPoint, OrdersPicture

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
pytestmark = [
    pytest.mark.skipif(
        CHROMIUM is None or DRIVER is None,
        reason="needs Chromium and its driver: apt-get install chromium chromium-driver",
    ),
    pytest.mark.timeout(120),
]
# The page must say within so many seconds that nobody is there any more.
STALE_WITHIN = 5
PATIENCE = 20
HOSTILE = '<img src=x onerror="document.title=1"><script>document.title=2</script>\u202e"\'&amp;'


class Browser:
    """What a person would see and do."""

    def __init__(self, driver):
        self.driver = driver

    def open(self, url, width=1200, *, dark=False):
        mobile = width < 500
        metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": mobile}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})
        self.driver.get(url)

    def run(self, script):
        return self.driver.execute_script(f"return {script}")

    def text(self, selector):
        return self.run(f"document.querySelector({selector!r})?.innerText ?? ''")

    def until(self, condition, patience=PATIENCE):
        WebDriverWait(self.driver, patience, poll_frequency=0.05).until(lambda _: condition())

    @property
    def stale(self):
        return self.run(
            "document.body.classList.contains('stale') && document.querySelector('#banner').offsetHeight > 0"
        )

    def complaints(self):
        """What the console said since the last look."""
        return [line["message"] for line in self.driver.get_log("browser")]

    def requests(self):
        """Every address that was asked since the last look."""
        messages = [orjson.loads(line["message"])["message"] for line in self.driver.get_log("performance")]
        return [
            message["params"]["request"]["url"]
            for message in messages
            if message["method"] == "Network.requestWillBeSent"
        ]


@pytest.fixture(scope="module")
def driver():
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for option in (
        "--headless=new",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--no-first-run",
        # Nothing but this computer exists.
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        # Chromium's own sandbox does not run as root; containers mostly are.
        *(["--no-sandbox"] if os.geteuid() == 0 else []),
    ):
        options.add_argument(option)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    with webdriver.Chrome(options=options, service=Service(DRIVER)) as opened:
        yield opened


@pytest.fixture
def browser(driver):
    found = Browser(driver)
    driver.get("about:blank")
    found.complaints()
    found.requests()
    return found


@contextmanager
def painting(shown, make):
    """Show ``make(number)`` five times a second while entered, as a monitor does."""
    ended = threading.Event()

    def paint():
        number = 0
        while not ended.wait(0.2):
            number += 1
            shown.gallery.hang(make(number))

    painter = threading.Thread(target=paint)
    painter.start()
    try:
        yield
    finally:
        ended.set()
        painter.join()


def falling(number):
    """A level that falls with each picture."""
    return picture(number, accounts=(account(level=Decimal("1.45") - Decimal(number) / 1000),))


def test_values_change_live_without_a_complaint_or_a_request_to_anybody_else(serve, browser):
    """The page is watched for hours; what it says must be what the monitor said last."""
    with serve() as shown, painting(shown, falling):
        browser.open(shown.page)
        browser.until(lambda: browser.text(".level"))
        before, line = browser.text(".level"), browser.run("document.querySelector('svg .line').getAttribute('d')")
        browser.until(lambda: browser.text(".level") < before)
        browser.until(lambda: browser.run("document.querySelector('svg .line').getAttribute('d')") != line)
        assert not browser.stale
        labels = browser.run("[...document.querySelectorAll('svg text')].map((each) => each.textContent)")
        assert {"call 1.3", "liquidation 1.1"} <= set(labels)
        told = browser.run("document.body.innerText")
        for word in ("MARGIN CALL", ALERT.text, "limit maker, 0.01 at 61000", "0.004 filled", NEWS.text, "no pong"):
            assert word in told
        assert [] == browser.complaints()
        asked = browser.requests()
        assert any(url.endswith("/events") for url in asked)
        assert [] == [url for url in asked if not url.startswith((shown.page, "about:", "data:"))]


def test_a_server_that_is_gone_is_seen_within_five_seconds_and_comes_back(serve, browser):
    """An old level that looks like a new one is worse than none; nobody should have to reload after a restart."""
    with serve() as shown:
        port = int(shown.page.rpartition(":")[2])
        with painting(shown, falling):
            browser.open(shown.page)
            browser.until(lambda: browser.text(".level") and not browser.stale)
            first = browser.run("document.querySelector('svg text').textContent")
    browser.until(lambda: browser.stale, STALE_WITHIN)
    assert "No word from the monitor" in browser.text("#banner")
    assert "stale" in browser.driver.title
    with serve(port) as shown, painting(shown, later):
        browser.until(lambda: not browser.stale and browser.text(".level") == "1.2000")
        # What the new server does not know any more is still drawn.
        labels = browser.run("[...document.querySelectorAll('svg text')].map((each) => each.textContent)")
        assert first in labels
    # Chromium itself notes that nobody was there; the page's own script has nothing to complain of.
    assert [] == [line for line in browser.complaints() if not re.search(r"net::ERR_\w+", line)]


def later(number):
    """What a monitor shows that was started an hour later."""
    time_ms = NOON_MS + 3_600_000 + number * 500
    past = {"CROSS": (LevelPoint(time_ms, Decimal("1.2")),)}
    return picture(number, time_ms=time_ms, accounts=(account(level="1.2"),), past=past)


def test_a_monitor_that_stands_still_is_seen_within_five_seconds(serve, browser):
    """The server has a thread of its own, and would go on for ever with the last picture."""
    with serve() as shown:
        with painting(shown, falling):
            browser.open(shown.page)
            browser.until(lambda: browser.text(".level") and not browser.stale)
        browser.until(lambda: browser.stale, STALE_WITHIN)
        assert browser.run("Number(getComputedStyle(document.querySelector('main')).opacity)") < 0.9


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_it_is_readable_at_the_width_of_a_phone(serve, browser, dark):
    """No sideways scrolling at 390 pixels, whatever the texts are, and no letter below eleven."""
    name = "A" * 40 + "USDT"
    wide = picture(
        1,
        accounts=(account(), account(name, state=MarginState.UNKNOWN, stale="the exchange could not be read")),
        orders=OrdersPicture(shown=(ORDER,) * 30, more=12, stale="CROSS: the trade stream is stale"),
        heading="Watching " + "x" * 200,
    )
    with serve() as shown:
        shown.gallery.hang(wide)
        browser.open(shown.page, 390, dark=dark)
        browser.until(lambda: name in browser.text("#accounts"))
        assert 390 == browser.run("innerWidth")
        assert browser.run("document.documentElement.scrollWidth") <= 390
        sizes = "[...document.querySelectorAll('body *')].map((each) => parseFloat(getComputedStyle(each).fontSize))"
        assert browser.run(f"Math.min(...{sizes})") >= 11
        ink = browser.run("getComputedStyle(document.querySelector('.level')).color")
        ground = browser.run("getComputedStyle(document.querySelector('.card')).backgroundColor")
        assert contrast(ink, ground) > 7
        assert [] == browser.complaints()


def contrast(one, other):
    """The contrast of two colours as the web's accessibility guidelines count it."""
    lights = sorted(map(luminance, (one, other)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def luminance(colour):
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_hostile_text_is_shown_and_never_run(serve, browser):
    """Whoever names a coin must not write the page."""
    hostile = picture(
        1,
        heading=HOSTILE,
        accounts=(account(HOSTILE, stale=HOSTILE, prices_at_liquidation={HOSTILE: Decimal(1)}),),
        alerts=(replace(ALERT, text=HOSTILE, key=HOSTILE),),
        news=(replace(NEWS, text=HOSTILE, account=HOSTILE, kind=HOSTILE),),
        orders=OrdersPicture(shown=(replace(ORDER, symbol=HOSTILE, account=HOSTILE),), more=0, stale=HOSTILE),
        past={HOSTILE: (LevelPoint(NOON_MS, Decimal("1.35")),)},
        client=client_picture(),
    )
    with serve() as shown:
        shown.gallery.hang(hostile)
        browser.open(shown.page)
        browser.until(lambda: "onerror" in browser.text("#news"))
        assert 0 == browser.run("document.querySelectorAll('img, body script').length")
        assert browser.driver.title.endswith("Margin monitor")
        assert browser.text("#accounts").count("onerror") >= 3
        assert [] == browser.complaints()

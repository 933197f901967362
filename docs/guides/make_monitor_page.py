"""
Take the pictures of the monitor's page: ``python docs/guides/make_monitor_page.py``.

Needs Chromium, its driver and the extra ``test``. It watches the simulated scenario ``slide`` in real time
until the cross account is in its margin call.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.support.ui import WebDriverWait

HERE = Path(__file__).parent
MONITOR = [sys.executable, "-m", "binance_margin_async.cli", "monitor", "--sim", "--web", "127.0.0.1:0"]
PICTURES = (("monitor_page.png", 1180, "light"), ("monitor_page_phone.png", 390, "dark"))


def browser() -> webdriver.Chrome:
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    for option in ("--headless=new", "--hide-scrollbars", *(["--no-sandbox"] if os.geteuid() == 0 else [])):
        options.add_argument(option)
    return webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))


def take(driver: webdriver.Chrome, name: str, width: int, scheme: str) -> None:
    metrics = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 500}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    feature = {"name": "prefers-color-scheme", "value": scheme}
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
    height = driver.execute_script("return document.documentElement.scrollHeight")
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics | {"height": height})
    driver.execute_async_script("setTimeout(arguments[0], 1200)")  # a new picture, drawn at the new width
    driver.save_screenshot(str(HERE / name))


def main() -> None:
    with subprocess.Popen(MONITOR, stdout=subprocess.PIPE, text=True) as monitor, browser() as driver:  # noqa: S603
        assert monitor.stdout is not None  # noqa: S101
        page = next(line.split()[-1] for line in monitor.stdout if line.startswith("Page:"))
        driver.get(page)
        shown = "return document.querySelector('.account .badge')?.textContent === 'MARGIN CALL'"
        WebDriverWait(driver, 60).until(lambda _: driver.execute_script(shown))
        for name, width, scheme in PICTURES:
            take(driver, name, width, scheme)
        monitor.terminate()


if __name__ == "__main__":
    main()

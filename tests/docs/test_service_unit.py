"""The unit for systemd that the guide tells people to copy."""

import re
import shutil
import subprocess
import sys

import pytest
from doc_pages import ROOT

UNIT = ROOT / "docs" / "examples" / "binance-margin-monitor.service"
VERIFY = shutil.which("systemd-analyze")


@pytest.mark.skipif(VERIFY is None, reason="systemd-analyze is not installed here")
def test_systemd_understands_every_line_of_the_unit(tmp_path):
    """A setting that is misspelt is left out with a warning, and the monitor runs without it."""
    text = UNIT.read_text(encoding="utf-8")
    assert 1 == text.count("/opt/binance-margin/bin/binance-margin ")
    unit = tmp_path / UNIT.name
    # The program is not installed there, and an executable that is missing would hide everything else.
    unit.write_text(text.replace("/opt/binance-margin/bin/binance-margin ", f"{sys.executable} "), encoding="utf-8")
    done = subprocess.run(  # noqa: S603  # the system's own tool
        [VERIFY, "verify", "--man=no", unit], capture_output=True, encoding="utf-8", timeout=30, check=False
    )
    if "Failed to initialize manager" in done.stderr:
        pytest.skip(f"systemd-analyze cannot work here: {done.stderr.strip()}")
    told = [line for line in done.stderr.splitlines() if UNIT.name in line]
    assert (0, []) == (done.returncode, told), done.stderr


def test_the_watchdog_gets_its_reports_in_time():
    """It is told three times within its patience; a service that is not of the notifying kind would be killed."""
    text = UNIT.read_text(encoding="utf-8")
    assert "Type=notify" in text
    assert int(re.search(r"^WatchdogSec=(\d+)$", text, re.MULTILINE)[1]) >= 30

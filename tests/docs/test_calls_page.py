"""The reference page of calls against the rows it is written from."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "calls.md"


def test_the_page_of_calls_is_what_the_rows_say(tmp_path):
    """A weight that changed in a row must not stay on the page."""
    script = (ROOT / "docs" / "reference" / "make_calls.py").read_text(encoding="utf-8")
    copy = tmp_path / "make_calls.py"
    copy.write_text(script, encoding="utf-8")

    subprocess.run([sys.executable, str(copy)], check=True, cwd=ROOT)  # noqa: S603  # our own script

    assert PAGE.read_text(encoding="utf-8") == (tmp_path / "calls.md").read_text(encoding="utf-8")

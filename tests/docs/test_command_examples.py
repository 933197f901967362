"""The examples of commands that change something, in the reference: each is accepted as it stands."""

import re
import shlex

import pytest
from doc_pages import ROOT, run_command

PAGE = ROOT / "docs" / "reference" / "command_line.md"
EXAMPLES = re.findall(r"^\| .* \| `([a-z].* .*)` \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
CHANGES = [example for example in EXAMPLES if shlex.split(example)[0] in {"order", "borrow", "repay", "transfer"}]


@pytest.mark.parametrize("example", CHANGES)
def test_an_example_makes_a_request(example, tmp_path):
    """Shown instead of sent; the simulated exchange behind it is the real one's stand-in for reads."""
    assert len(CHANGES) > 6
    done = run_command([*shlex.split(example), "--sim", "--dry-run"], tmp_path)
    assert 0 == done.returncode, done.stdout
    # A calm exchange has no debt to pay.
    assert "&signature=***" in done.stdout or ("--all" in example and "no USDT is owed" in done.stdout)

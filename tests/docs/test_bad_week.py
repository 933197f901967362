"""The bad week of the guide, two hours of it."""

import importlib.util
import sys
from pathlib import Path

import pytest

from binance_margin_async.testing import run_virtual

FILE = Path(__file__).parents[2] / "docs" / "examples" / "bad_week.py"


@pytest.fixture(scope="module")
def bad_week():
    spec = importlib.util.spec_from_file_location("example_bad_week", FILE)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("seed", [0, 3])
def test_the_bot_knows_what_it_has_after_two_bad_hours(bad_week, seed):
    """What it believes is what the exchange's books say, and nothing is wrong with the client any more."""
    week = run_virtual(bad_week.live_through(seed, 2.0), seed=seed)

    assert week.really == week.bought > 0
    assert [] == week.problems
    assert week.faults > 0


def test_the_command_prints_a_line_for_each_seed(bad_week, monkeypatch, capsys):
    """And the same seed prints the same line."""
    for _ in range(2):
        monkeypatch.setattr(sys, "argv", ["bad_week.py", "5", "--hours", "0.5"])
        bad_week.main()
    first, second = capsys.readouterr().out.splitlines()

    assert first == second
    assert first.startswith("seed 5: ")
    assert first.endswith(": well")

"""The last line of a benchmark is its result, and its exit code says whether something is grossly wrong."""

import json

from harness.report import conclude
from harness.verdicts import Budget, Ratio


def result(capsys):
    return json.loads(capsys.readouterr().out.splitlines()[-1])


def test_the_last_line_holds_all_that_a_comparison_needs(capsys):
    """What it was, of which code, where, how often, and each ratio with its noise and its budget."""
    ratios = [Ratio("ours / theirs", 0.512345, 0.031, Budget(0.6, 0.4)), Ratio("this / that", 3.0)]

    conclude("orders", ratios, rounds=5, settings={"tls": True}, figures={"us": 93.5}, missing={"ccxt": "not there"})

    told = result(capsys)
    assert {"commit", "machine", "python"} <= told.keys()
    assert ("orders", {"tls": True}, 5) == (told["benchmark"], told["settings"], told["rounds"])
    assert told["ratios"] == {
        "ours / theirs": {
            "seen": 0.5123,
            "noise": 0.031,
            "must": 0.6,
            "moonshot": 0.4,
            "at_least": False,
            "verdict": "holds",
        },
        "this / that": {"seen": 3.0, "noise": None},
    }
    assert ({"us": 93.5}, {"ccxt": "not there"}) == (told["figures"], told["missing"])


def test_only_a_gross_loss_fails_the_run(capsys):
    """A busy machine misses a budget now and then; twice the budget has another cause."""
    assert conclude("x", [Ratio("a / b", 1.9, None, Budget(1.0))], rounds=1) == 0
    assert conclude("x", [Ratio("a / b", 2.1, None, Budget(1.0))], rounds=1) == 1
    assert "GROSS LOSS" in capsys.readouterr().out


def test_a_missing_peer_is_told_and_fails_nothing(capsys):
    """Who has no peers installed still gets everything else."""
    assert conclude("x", [], rounds=1, missing={"ccxt": "ccxt is not installed"}) == 0
    assert "ccxt: not measured: ccxt is not installed" in capsys.readouterr().out

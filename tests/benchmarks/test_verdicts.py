"""Whether a ratio is good enough is decided by one rule for all benchmarks."""

import pytest
from harness.verdicts import Budget, Ratio, Verdict

COST = Budget(0.6, 0.4)
RATE = Budget(4, 8, at_least=True)


@pytest.mark.parametrize(
    ("seen", "verdict"),
    [
        (0.4, Verdict.MOONSHOT),
        (0.41, Verdict.HOLDS),
        (0.6, Verdict.HOLDS),
        (0.61, Verdict.MISSED),
        (1.2, Verdict.MISSED),
        (1.21, Verdict.GROSS_LOSS),
    ],
)
def test_a_cost_is_good_when_it_is_small(seen, verdict):
    """A bound itself is still good; twice the bound is the last that noise may explain."""
    assert verdict == COST.verdict(seen)


@pytest.mark.parametrize(
    ("seen", "verdict"),
    [
        (8, Verdict.MOONSHOT),
        (7.9, Verdict.HOLDS),
        (4, Verdict.HOLDS),
        (3.9, Verdict.MISSED),
        (2, Verdict.MISSED),
        (1.9, Verdict.GROSS_LOSS),
    ],
)
def test_a_rate_is_good_when_it_is_large(seen, verdict):
    """The same rule upside down: half of what it must be is the last that noise may explain."""
    assert verdict == RATE.verdict(seen)


def test_without_a_moonshot_good_enough_is_the_best():
    """Some budgets are facts about right and wrong, beyond which there is nothing to hope for."""
    assert Verdict.HOLDS == Budget(1.0).verdict(0.0)


def test_a_ratio_without_a_budget_has_no_verdict():
    """It is shown for the reader, and can fail nothing."""
    assert Ratio("a / b", 100.0).verdict is None

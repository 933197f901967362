"""Margin states: a rank for comparing, and which of them ring."""

import pytest

from binance_margin_async.models.margin import MarginState


def test_the_states_are_ranked_from_no_debt_to_liquidation():
    """Each worse than the one before; nobody looking is worse than a margin call."""
    ranked = sorted(MarginState, key=lambda state: state.severity)
    assert [
        "NO_DEBT",
        "OK",
        "NOTICE",
        "NO_BORROW",
        "WARN",
        "MARGIN_CALL",
        "UNKNOWN",
        "CRITICAL",
        "LIQUIDATION",
    ] == ranked
    assert len(MarginState) == len({state.severity for state in MarginState})


@pytest.mark.parametrize("state", MarginState)
def test_only_the_two_quiet_states_do_not_ring(state):
    """Being blind rings too."""
    assert (state not in {MarginState.NO_DEBT, MarginState.OK}) is state.rings

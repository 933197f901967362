"""How patient the alerts are."""

from decimal import Decimal

import pytest

from binance_margin_async.models.margin import MarginState
from binance_margin_async.rules.margin.policy import AlertPolicy, poll_period


@pytest.mark.parametrize(
    ("state", "period", "stale", "repeat"),
    [
        (MarginState.NO_DEBT, 30.0, 90.0, None),
        (MarginState.OK, 30.0, 90.0, None),
        (MarginState.NOTICE, 30.0, 90.0, None),
        (MarginState.NO_BORROW, 30.0, 90.0, None),
        (MarginState.WARN, 10.0, 30.0, None),
        (MarginState.MARGIN_CALL, 2.0, 15.0, 900.0),
        (MarginState.CRITICAL, 2.0, 15.0, 120.0),
        (MarginState.LIQUIDATION, 2.0, 15.0, 120.0),
        (MarginState.UNKNOWN, 2.0, 15.0, None),
    ],
)
def test_worse_states_are_read_and_repeated_more_often(state, period, stale, repeat):
    """Three periods without an answer mean blindness, but no sooner than after 15 s."""
    policy = AlertPolicy()

    assert (poll_period(state), policy.stale_after(state), policy.repeat_after(state)) == (period, stale, repeat)


def test_share_below_one_is_refused():
    """It would clear an alert at the bar that raised it."""
    with pytest.raises(ValueError, match="at least 1"):
        AlertPolicy(clear_share=Decimal("0.99"))

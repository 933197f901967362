"""Bars are read before the account they belong to; that must not keep anybody from seeing the account."""

from itertools import pairwise

import pytest

from binance_margin_async import RateLimitedError
from binance_margin_async.models.margin import MarginState
from binance_margin_async.sim import Fault
from binance_margin_async.testing import virtual

BARS = "GET /sapi/v1/margin/tradeCoeff"
# When a monitor reads the bars for the second time.
DUE = 3600.0


@virtual
async def test_bars_that_cannot_be_read_for_a_minute_do_not_hide_an_account_in_danger(vigil):
    """A refused call freezes its endpoint for everybody; the bars of an hour ago are good enough until it thaws."""
    async with vigil([(0, "60000"), (130, "46000")]) as watch:
        await watch.until(DUE - 5)
        watch.exchange.inject(Fault("rate_limit", target=BARS, seconds=60))
        with pytest.raises(RateLimitedError):
            await watch.client.account.trade_coeff()
        await watch.until(DUE + 120)

        assert [] == watch.rings(MarginState.UNKNOWN)
        readings = [at for at in watch.confirmed() if at > DUE - 60]
        assert max(after - before for before, after in pairwise(readings)) < 10

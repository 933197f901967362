"""Markets in which an order meets a limit: shallow, with a gap, or moving."""

from dataclasses import replace
from decimal import Decimal

import pytest

from binance_margin_async.sim import ScriptedPrice
from binance_margin_async.sim.market.liquidity import Liquidity
from binance_margin_async.sim.scenarios import scenario_named

CALM = scenario_named("calm")


@pytest.fixture
def moving(desk):
    """Return the maker of desks without interest: ``moving((10, "55000"), …)`` moves BTCUSDT from 60,000."""

    def make(*points, liquidity=None, start="60000", **changes):
        path = ScriptedPrice("BTCUSDT", [(0, start), *points])
        prices = {**CALM.prices, "BTCUSDT": path}
        return desk(
            replace(
                CALM,
                prices=prices,
                hourly_rate=Decimal(0),
                liquidity=liquidity or Liquidity(),
                duration_s=None,
                **changes,
            )
        )

    return make


@pytest.fixture(scope="session")
def shallow():
    """A level holds 0.05 bitcoin at 60,000: asks at 60,000, 60,600 and 61,200, bids mirrored."""
    return Liquidity(depth=Decimal(3_000), levels=3, gap=Decimal("0.01"), refill_ms=1_000)


@pytest.fixture(scope="session")
def gapped():
    """Between the best bid at 59,700 and the best ask at 60,300 there is room for one's own orders to meet."""
    return Liquidity(spread=Decimal("0.01"))


@pytest.fixture(scope="session")
def told():
    """Return what happened, in order: (order id, execution, status) of reports, (list id, kind, status) of lists."""

    def tell(events):
        rows = []
        for event in events:
            if event["e"] == "executionReport":
                rows.append((event["i"], event["x"], event["X"]))
            elif event["e"] == "listStatus":
                rows.append((event["g"], event["l"], event["L"]))
        return rows

    return tell

"""What a scenario file says about markets, and what is wrong in it."""

from dataclasses import replace
from decimal import Decimal

import pytest

from binance_margin_async.sim import ScenarioFileError
from binance_margin_async.sim.market.liquidity import Liquidity
from binance_margin_async.sim.market.pairs import pair_of
from binance_margin_async.sim.scenarios import read_scenario
from binance_margin_async.sim.trading.fees import FeeSchedule, Rates

PRICES = 'description = "own"\n[prices.BTCUSDT]\nkind = "constant"\nprice = 60000\n'
MARKET = """\
[liquidity]
spread = 0.0002
levels = 5
[liquidity_of.BTCUSDT]
depth = 5000
refill_ms = 250
[pairs.BTCUSDT]
max_algo_orders = 10
max_position = 2.5
trailing_above = [50, 100]
has_price_band = true
[fees]
maker = 0.0002
[fees.accounts.CROSS]
taker = 0
"""


@pytest.fixture
def read(tmp_path):
    """Read a scenario out of text."""

    def read_text(text):
        path = tmp_path / "own.toml"
        path.write_text(PRICES + text, encoding="utf-8")
        return read_scenario(path)

    return read_text


def test_markets_are_read_and_what_is_left_out_is_as_usual(read):
    """Exactly, as all money is."""
    scenario = read(MARKET)

    assert Liquidity(spread=Decimal("0.0002"), levels=5) == scenario.liquidity
    assert {"BTCUSDT": Liquidity(depth=Decimal(5_000), refill_ms=250)} == scenario.liquidity_of
    pair = replace(
        pair_of("BTCUSDT"),
        max_algo_orders=10,
        max_position=Decimal("2.5"),
        trailing_above=(50, 100),
        has_price_band=True,
    )
    assert {"BTCUSDT": pair} == scenario.own_pairs
    rates = Rates(maker=Decimal("0.0002"))
    assert FeeSchedule(rates, {"CROSS": Rates(taker=Decimal(0))}) == scenario.fees


def test_without_them_markets_are_as_usual(read):
    """The default market never runs out."""
    scenario = read("")

    assert (Liquidity(), {}, {}, FeeSchedule()) == (
        scenario.liquidity,
        scenario.liquidity_of,
        scenario.own_pairs,
        scenario.fees,
    )


@pytest.mark.parametrize(
    ("text", "line", "field"),
    [
        ("[liquidity]\nspread = 1\n", 5, "liquidity"),
        ("[liquidity]\nwidth = 1\n", 6, "liquidity.width"),
        ("[liquidity_of.BTCUSDT]\ndepth = 0\n", 5, "liquidity_of.BTCUSDT"),
        ("[pairs.ETHUSDT]\ntick = 1\n", 5, "pairs.ETHUSDT"),
        ("[pairs.BTCUSDT]\ntick = 0\n", 6, "pairs.BTCUSDT.tick"),
        ("[pairs.BTCUSDT]\nbase = 'ETH'\n", 6, "pairs.BTCUSDT.base"),
        ("[fees]\nmaker = 1\n", 6, "fees.maker"),
        ("[fees]\nbnb_share = 2\n", 6, "fees.bnb_share"),
        ("[fees.accounts.CROSS]\ntaker = -0.1\n", 6, "fees.accounts.CROSS.taker"),
    ],
)
def test_bad_market_is_told_with_line_and_field(read, text, line, field):
    """A spread as wide as the price, a word that nobody knows, a pair without prices, a rate that is none."""
    with pytest.raises(ScenarioFileError) as caught:
        read(text)

    assert (line, field) == (caught.value.line, caught.value.field)

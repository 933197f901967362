"""Our own estimate of the level, and the distance to a bar."""

from decimal import Decimal

from binance_margin_async.rules.margin.distance import Distance, distance_to_bar
from binance_margin_async.rules.margin.estimate import (
    Estimate,
    MissingPrices,
    Position,
    estimate_cross_level,
    estimate_isolated_level,
)
from binance_margin_async.rules.margin.price_at_bar import BarPrice, BarPriceKind


def position(asset: str, free: str = "0", locked: str = "0", borrowed: str = "0", interest: str = "0") -> Position:
    return Position(asset, Decimal(free), Decimal(locked), Decimal(borrowed), Decimal(interest))


ACCOUNT = [
    position("BTC", free="9", locked="1"),
    position("USDC", free="20000", borrowed="399999", interest="1"),
    position("BNB"),
]


def test_cross_estimate_counts_locked_coins_and_interest():
    """An open order does not shrink the account, unpaid interest does."""
    found = estimate_cross_level(ACCOUNT, {"BTC": Decimal(50000), "USDC": Decimal(1)})

    assert found == Estimate(assets=Decimal(520_000), liabilities=Decimal(400_000), steady=Decimal(20_000))
    assert found.level == Decimal("1.3")


def test_level_is_the_same_in_every_currency():
    """The exchange counts in BTC, we in what prices are at hand."""
    in_coins = estimate_cross_level(ACCOUNT, {"BTC": Decimal(1), "USDC": Decimal("0.00002")})

    assert isinstance(in_coins, Estimate)
    assert in_coins.level == Decimal("1.3")


def test_missing_prices_are_named_and_no_level_is_guessed():
    """An asset without a price counted as nothing would ring a false margin call."""
    assert estimate_cross_level(ACCOUNT, {"BNB": Decimal(600)}) == MissingPrices(("BTC", "USDC"))
    assert distance_to_bar(ACCOUNT, {"BTC": Decimal(50000)}, Decimal("1.1"), numeraire="USDC") == MissingPrices(
        ("USDC",)
    )


def test_account_without_debt_has_no_level():
    """None, not a large number."""
    found = estimate_cross_level([position("BTC", free="1")], {"BTC": Decimal(50000)})

    assert isinstance(found, Estimate)
    assert found.level is None


def test_isolated_estimate_is_counted_in_the_quote_asset():
    """The long of the liquidation table, at 47,000: its level is just under 1.05."""
    base, quote = position("BTC", free="0.2"), position("USDT", borrowed="9000", interest="4.5")
    found = estimate_isolated_level(base, quote, Decimal(47000))

    assert found == estimate_cross_level([base, quote], {"BTC": Decimal(47000), "USDT": Decimal(1)})
    assert found.level is not None
    assert found.level.quantize(Decimal("0.0001")) == Decimal("1.0439")


def test_isolated_estimate_knows_which_side_moves_with_the_debt():
    """A short holds quote against base; what it holds of the base moves with its debt."""
    base, quote = position("BTC", free="0.1", borrowed="0.2"), position("USDT", free="11000")

    assert estimate_isolated_level(base, quote, Decimal(40000)) == Estimate(
        Decimal(15000), Decimal(8000), steady=Decimal(4000)
    )
    assert estimate_isolated_level(position("BTC"), position("USDT", free="1", borrowed="2"), Decimal(1)).steady == 1


def test_distance_gives_the_common_fall_and_a_price_for_each_asset():
    """500,000 falling against 400,000 of debt with 20,000 standing still."""
    account = [
        position("BTC", free="5"),
        position("ETH", free="100"),
        position("USDC", free="20000", borrowed="400000"),
    ]
    prices = {"BTC": Decimal(50000), "ETH": Decimal(2500), "USDC": Decimal(1)}

    assert distance_to_bar(account, prices, Decimal("1.1"), numeraire="USDC") == Distance(
        fall=Decimal("0.16"),
        prices={
            "BTC": BarPrice(BarPriceKind.FLOOR, Decimal(34000)),
            "ETH": BarPrice(BarPriceKind.FLOOR, Decimal(1700)),
        },
    )

"""``client.rules`` on the simulated exchange as it is: what it calls good is taken, what it calls wrong is refused."""

from decimal import Decimal

import pytest

from binance_margin_async import CROSS, ExchangeError, Isolated, LimitOrder, MarginClient, MarketOrder, Severity
from binance_margin_async.testing import virtual

BTC = Isolated("BTCUSDT")


def limit(side="BUY", quantity="0.01", price="50000", **options):
    return LimitOrder("BTCUSDT", side, quantity=quantity, price=price, **options)


@pytest.mark.parametrize(
    "order",
    [
        limit(),
        limit(account=BTC),
        limit(price="59999.99", quantity="1.5"),
        limit(side="SELL", price="60000.01", quantity="0.5", account=BTC),
        limit(quantity="4", price="30000", side_effect="MARGIN_BUY"),
        MarketOrder("BTCUSDT", "SELL", quantity="0.001"),
        MarketOrder("BTCUSDT", "BUY", quote_order_quantity="100"),
    ],
    ids=str,
)
@virtual
async def test_what_has_nothing_against_it_is_accepted(order):
    """All that is known here agrees with the exchange."""
    async with MarginClient.simulated() as client:
        assert [] == await client.rules.check(order)
        await client.trade.new_order(order)


@pytest.mark.parametrize(
    ("order", "rule"),
    [
        (limit(price="50000.001"), "PRICE_FILTER"),
        (limit(quantity="0.000001", price="59999"), "LOT_SIZE"),
        (limit(quantity="0.00009", price="50000"), "NOTIONAL"),
        (limit(price="301000"), "PERCENT_PRICE_BY_SIDE"),
        (limit(quantity="3", price="59000"), "BALANCE"),
        (limit(side="SELL", quantity="1.00001", price="61000"), "BALANCE"),
        (limit(side="SELL", quantity="0.6", price="61000", account=BTC), "BALANCE"),
        (MarketOrder("BTCUSDT", "SELL", quantity="0.00008"), "NOTIONAL"),
    ],
    ids=str,
)
@virtual
async def test_what_breaks_a_rule_is_refused(order, rule):
    """The rule named here is one that the exchange has too."""
    async with MarginClient.simulated() as client:
        found = await client.rules.check(order)
        assert rule in {each.name for each in found if each.severity is Severity.ERROR}
        with pytest.raises(ExchangeError):
            await client.trade.new_order(order)


@virtual
async def test_a_rounded_order_keeps_to_the_filters():
    """Whatever precision it had before."""
    async with MarginClient.simulated() as client:
        order = await client.rules.quantize(limit(quantity="0.0123456789", price="49999.98765"))
        assert [] == await client.rules.check(order)
        filled = await client.trade.new_order(order)
    assert (Decimal("0.01234"), Decimal("49999.98")) == (filled.quantity, filled.price)


@virtual
async def test_the_smallest_loan_is_known_before_it_is_asked_for():
    """And one of that size is given."""
    async with MarginClient.simulated() as client:
        rules = await client.rules.asset("USDT")
        assert rules.is_borrowable
        assert [] == rules.check_borrow(rules.min_borrow)
        if rules.min_borrow:
            loan = await client.borrow.borrow("USDT", rules.min_borrow, account=CROSS)
            assert loan.transaction_id

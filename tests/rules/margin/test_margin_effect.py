"""What an order does to the two positions of its pair."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binance_margin_async.rules.margin.effect import Trade, effect_of
from binance_margin_async.rules.margin.estimate import Position

NOTHING = Decimal(0)


def position(asset, free="0", borrowed="0", interest="0"):
    return Position(asset, Decimal(free), NOTHING, Decimal(borrowed), Decimal(interest))


def effect(side, quantity, price, base, quote, *, reserve=None, borrows=False, repays=False, rate="0", fee="0.001"):
    trade = Trade(side == "BUY", Decimal(quantity), Decimal(price), Decimal(reserve or price), Decimal(fee))
    return effect_of(trade, base, quote, borrows=borrows, repays=repays, hourly_rate=Decimal(rate))


def test_a_buy_takes_quote_and_brings_base_less_the_commission():
    done = effect("BUY", "0.5", "100", position("BTC"), position("USDT", "60"))

    assert (Decimal("0.4995"), Decimal(10)) == (done.base.free, done.quote.free)
    assert (NOTHING, NOTHING, NOTHING) == (done.borrowed, done.repaid, done.missing)


def test_what_is_missing_is_borrowed_and_its_first_hour_charged():
    """The loan covers what is set aside at the limit, although the fill is cheaper."""
    done = effect("BUY", "1", "100", position("BTC"), position("USDT", "30"), reserve="110", borrows=True, rate="0.01")

    assert (Decimal(80), Decimal("0.8")) == (done.borrowed, done.interest)
    assert (Decimal(10), Decimal(80), Decimal("0.8")) == (done.quote.free, done.quote.borrowed, done.quote.interest)


def test_without_a_loan_what_is_missing_is_told():
    done = effect("SELL", "1", "100", position("BTC", "0.25"), position("USDT"))

    assert (Decimal("0.75"), NOTHING) == (done.missing, done.borrowed)


def test_what_comes_in_pays_the_debt_in_that_asset_interest_first():
    done = effect("SELL", "1", "100", position("BTC", "1"), position("USDT", "5", "40", "2"), repays=True, fee="0")

    assert (Decimal(42), NOTHING, NOTHING) == (done.repaid, done.quote.borrowed, done.quote.interest)
    assert Decimal(63) == done.quote.free


def test_a_debt_larger_than_what_comes_in_keeps_the_rest():
    done = effect("SELL", "1", "100", position("BTC", "1"), position("USDT", "0", "400", "2"), repays=True, fee="0")

    assert (Decimal(100), Decimal(302), NOTHING) == (done.repaid, done.quote.borrowed, done.quote.interest)


def test_a_debt_in_the_asset_spent_is_not_paid():
    """Only what is received pays, and only a debt in that same asset."""
    done = effect("SELL", "1", "100", position("BTC", "2", "1"), position("USDT"), repays=True)

    assert (NOTHING, Decimal(1)) == (done.repaid, done.base.borrowed)


AMOUNTS = st.decimals("0", "100000", places=8)


@pytest.mark.parametrize("side", ["BUY", "SELL"])
@given(st.data())
def test_nothing_appears_or_vanishes_but_commission_and_interest(side, data):
    """Net worth at the fill's price falls by exactly these two, whatever borrows and repays."""
    draw = data.draw
    base = position("BTC", *(str(draw(AMOUNTS)) for _ in range(3)))
    quote = position("USDT", *(str(draw(AMOUNTS)) for _ in range(3)))
    # Two decimals each, so that no product has to be rounded.
    price, quantity = draw(st.decimals("0.01", "99", places=2)), draw(st.decimals("0.01", "99", places=2))
    done = effect(side, str(quantity), str(price), base, quote, borrows=True, repays=draw(st.booleans()), fee="0.01")

    def worth(one, other):
        return (one.free - one.owed) * price + other.free - other.owed

    lost = quantity * Decimal("0.01") * price
    assert worth(base, quote) - lost == worth(done.base, done.quote)

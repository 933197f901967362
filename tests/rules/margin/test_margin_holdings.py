"""What an account has and owes between two readings, and when that is not known to be whole."""

from decimal import Decimal

import pytest

from binance_margin_async import CROSS, Isolated
from binance_margin_async.models.stream_events import AccountPosition, PositionBalance
from binance_margin_async.rules.margin.estimate import Position
from binance_margin_async.rules.margin.holdings import Holdings

BTCUSDT = "BTCUSDT"


def position(asset, free="0", borrowed="0"):
    return Position(asset, Decimal(free), Decimal(0), Decimal(borrowed), Decimal(0))


def pushed(at, **balances):
    told = tuple(PositionBalance(asset, Decimal(free), Decimal(0)) for asset, free in balances.items())
    return AccountPosition(event_time_ms=at, update_time_ms=at, balances=told)


def holdings(*positions, price="60000", asked_ms=1_000):
    read = Holdings(CROSS)
    read.on_reading(positions or (position("BTC", "1"), position("USDT", "0", "37500")), asked_ms=asked_ms)
    read.on_price(BTCUSDT, Decimal(price))
    return read


def level_of(read):
    return None if read.estimate is None else read.estimate.level


def test_a_price_gives_a_level_and_names_nothing_that_is_not_needed():
    """One step for each, and none for pairs of other assets."""
    read = holdings()

    assert Decimal("1.6") == level_of(read)
    assert not read.on_price("ETHUSDT", Decimal(3_000))
    assert read.on_price(BTCUSDT, Decimal(45_000))
    assert Decimal("1.2") == level_of(read)


def test_without_a_price_of_everything_there_is_no_estimate():
    """Half a sum would be taken for a loss."""
    read = Holdings(CROSS)
    read.on_reading((position("BTC", "1"), position("USDT", "0", "37500")), asked_ms=1)

    assert [BTCUSDT] == list(read.pairs)
    assert (None, None) == (read.totals, read.estimate)


def test_without_debt_no_price_is_needed():
    """Nothing can happen to such an account."""
    read = holdings(position("BTC", "1"), position("USDT", "100"))

    assert ([], None) == (list(read.pairs), read.estimate)


def test_a_trade_is_taken_as_it_is_pushed():
    """It leaves the account worth the same; fees are less than one part in five hundred."""
    read = holdings()

    assert read.on_position(pushed(1_500, BTC="0.5", USDT="29970"))
    assert Decimal(59970) / Decimal(37500) == level_of(read)


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({"USDT": "1000"}, "half of a loan"),
        ({"BTC": "0.9"}, "half of a repayment, or a transfer out"),
        ({"DOGE": "5"}, "something new, of which no price is known"),
    ],
)
def test_a_position_that_changes_the_value_ends_estimates_until_the_next_reading(told, reason):
    """The other half comes later or never."""
    read = holdings()
    read.on_position(pushed(1_500, **told))
    assert level_of(read) is None, reason

    read.on_reading((position("BTC", "1"), position("USDT", "1000", "38500")), asked_ms=1_501)
    assert Decimal(61000) / Decimal(38500) == level_of(read)


def test_a_reading_asked_for_before_the_change_does_not_end_the_doubt():
    """It may have been answered before it, too."""
    read = holdings()
    read.on_debt_changed(1_500)
    read.on_reading((position("BTC", "1"), position("USDT", "0", "37500")), asked_ms=1_500)
    assert level_of(read) is None

    read.on_reading((position("BTC", "1"), position("USDT", "0", "37500")), asked_ms=1_501)
    assert level_of(read) is not None


@pytest.mark.parametrize("late_ms", [0, 999])
def test_what_happened_before_the_reading_was_asked_for_is_not_taken(late_ms):
    """A stream that is late would bring back balances that the reading has left behind."""
    read = holdings(asked_ms=1_000)

    assert not read.on_position(pushed(late_ms, BTC="0.2", USDT="48000"))
    read.on_debt_changed(late_ms)
    assert Decimal("1.6") == level_of(read)


def test_in_pro_mode_nothing_is_estimated_and_no_price_followed():
    """Its level is another one."""
    read = Holdings(CROSS)
    read.computable = False
    read.on_reading((position("BTC", "1"), position("USDT", "0", "37500")), asked_ms=1)

    assert ([], None, None) == (list(read.pairs), read.estimate, read.distance(Decimal("1.3")))


def test_an_isolated_account_follows_its_own_pair_in_its_own_quote_asset():
    """Also when that is no dollar; the index price that is read with it counts from the start."""
    read = Holdings(Isolated("ETHBTC"))
    assert (False, "") == (read.was_read, read.numeraire)

    read.on_isolated(position("ETH", "10"), position("BTC", "0", "0.4"), Decimal("0.05"), asked_ms=1)
    assert (["ETHBTC"], "BTC") == (list(read.pairs), read.numeraire)
    assert Decimal("1.25") == level_of(read)
    read.on_price("ETHBTC", Decimal("0.06"))
    assert Decimal("1.5") == level_of(read)
    read.on_index_price(Decimal("0.044"))
    assert Decimal("1.1") == level_of(read)


def test_it_says_what_it_holds_and_whether_that_is_old():
    """For whoever looks at it in a debugger."""
    read = holdings()
    assert "<Holdings BTC, USDT in USDT>" == repr(read)
    read.on_debt_changed(1_500)
    assert "<Holdings BTC, USDT in USDT, changed since they were read>" == repr(read)

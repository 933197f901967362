"""Accounts are values: the cross account, and the isolated account of one pair."""

import msgspec
import pytest

from binance_margin_async.models.account import CROSS, Account, Cross, Isolated


def test_accounts_are_compared_and_hashed_by_what_they_name():
    """Bookkeeping is keyed by them."""
    assert Isolated("BTCUSDT") == Isolated("BTCUSDT")
    assert Isolated("BTCUSDT") != Isolated("ETHUSDT")
    assert CROSS == Cross()
    assert CROSS != Isolated("CROSS")
    assert 2 == len({CROSS, Cross(), Isolated("BTCUSDT"), Isolated("BTCUSDT")})


def test_an_account_says_what_a_call_needs_to_know():
    """Flag and symbol, and a text for people."""
    assert (False, None, "CROSS") == (CROSS.is_isolated, CROSS.symbol, str(CROSS))
    isolated = Isolated("BTCUSDT")
    assert (True, "BTCUSDT", "BTCUSDT") == (isolated.is_isolated, isolated.symbol, str(isolated))


@pytest.mark.parametrize("symbol", ["币安人生USDT", "1000SATSUSDT", "BTC_USDT"])  # the first is listed
def test_any_upper_case_symbol_is_accepted(symbol):
    """The exchange lists pairs outside ASCII, and letters without case."""
    assert symbol == Isolated(symbol).symbol


@pytest.mark.parametrize("symbol", ["", "btcusdt", "BTCusdt", "BTC USDT", " BTCUSDT", "BTCUSDT\n"])
def test_a_symbol_that_cannot_be_right_is_refused(symbol):
    """Before it becomes an account nobody has."""
    with pytest.raises(ValueError, match="upper case and without blanks"):
        Isolated(symbol)


@pytest.mark.parametrize("account", [CROSS, Isolated("BTCUSDT")])
def test_an_account_survives_being_written_and_read(account):
    """The journal and other processes speak of accounts too."""
    assert account == msgspec.json.decode(msgspec.json.encode(account), type=Account)

"""Parameters as the exchange reads them: plain, exact, percent-encoded."""

import datetime as dt
from decimal import Decimal
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binance_margin_async.models.enums import OrderResponse, Side
from binance_margin_async.wire.parameters import encode, query, text


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("BTCUSDT", "BTCUSDT"),
        ("", ""),
        (Side.BUY, "BUY"),
        (OrderResponse.FULL, "FULL"),
        (True, "true"),
        (False, "false"),
        (0, "0"),
        (2**70, "1180591620717411303424"),
        (Decimal("1E-8"), "0.00000001"),
        (Decimal("1E+2"), "100"),
        (Decimal("2.50"), "2.50"),
    ],
)
def test_a_value_is_written_as_the_exchange_wants_it(value, expected):
    """Booleans in lower case, decimals without exponent, enums as their word."""
    assert expected == text(value)


@pytest.mark.parametrize("value", [0.1, 1e-8, float("nan")])
def test_a_float_is_a_type_error_that_says_why(value):
    """It is no exact amount."""
    with pytest.raises(TypeError, match=r"quantity must be .*not float: a float is inexact"):
        query({"symbol": "BTCUSDT", "quantity": value})


@pytest.mark.parametrize("value", [b"x", ["BTC"], ("a",), {"a": 1}, object(), dt.datetime(2026, 1, 1)])  # noqa: DTZ001  # a naive one is the point
def test_a_value_without_one_exact_form_is_a_type_error(value):
    """A list, a time or bytes have several; the caller must choose."""
    with pytest.raises(TypeError, match=f"startTime must be .*not {type(value).__name__}"):
        query({"startTime": value})


@pytest.mark.parametrize("value", ["NaN", "Infinity"])
def test_a_decimal_that_is_no_number_is_a_value_error(value):
    """It must not be signed."""
    with pytest.raises(ValueError, match="cannot write"):
        query({"quantity": Decimal(value)})


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("AZaz09-_.~", "AZaz09-_.~"),
        ("a b+c&d=e~f", "a%20b%2Bc%26d%3De~f"),
        ('["BTCUSDT","ETHUSDT"]', "%5B%22BTCUSDT%22%2C%22ETHUSDT%22%5D"),
        ("币安人生USDT", "%E5%B8%81%E5%AE%89%E4%BA%BA%E7%94%9FUSDT"),
        ("/?:@!$'()*;%", "%2F%3F%3A%40%21%24%27%28%29%2A%3B%25"),
        ("", ""),
    ],
)
def test_only_unreserved_characters_stay(value, expected):
    """A space is %20 and never a plus."""
    assert expected == encode(value)


def test_parameters_keep_their_order_and_none_is_left_out():
    """The order that is signed is the order that is sent; an empty text is a value."""
    assert "b=2&a=1&empty=&flag=true" == query({"b": 2, "gone": None, "a": 1, "empty": "", "flag": True})
    assert "" == query({"gone": None})
    assert "" == query({})


@given(value=st.text())
def test_every_text_survives_the_encoding(value):
    """And the encoded form holds nothing that has a meaning in a query."""
    encoded = encode(value)
    assert value == unquote(encoded, errors="strict")
    assert encoded.isascii()
    assert not set(encoded) & set("&=+ #?/,\"'[]")


@given(number=st.decimals(allow_nan=False, allow_infinity=False, places=8) | st.integers().map(Decimal))
def test_no_decimal_is_sent_with_an_exponent(number):
    """1E-8 is a quantity the exchange refuses."""
    name, _, sent = query({"quantity": number}).partition("=")
    assert "quantity" == name
    assert "E" not in sent.upper().replace("%2E", "")
    assert number == Decimal(sent)

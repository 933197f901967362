"""Parameters are read as the exchange reads them, and refused with its codes."""

from decimal import Decimal

import pytest

from binance_margin_async.sim.errors import RefusedError
from binance_margin_async.sim.wire.parameters import Parameters


def test_query_wins_over_body():
    """A name in both places counts once, as documented."""
    assert "1" == Parameters("a=1", "a=2&b=3").text("a")


def test_names_are_decoded_as_utf8():
    """Pair names may hold any script."""
    assert "币安人生USDT" == Parameters("symbol=%E5%B8%81%E5%AE%89%E4%BA%BA%E7%94%9FUSDT").text("symbol")


@pytest.mark.parametrize(("text", "amount"), [("1", "1"), ("0.00000001", "0.00000001"), ("1.500000000", "1.5")])
def test_decimal_keeps_every_digit(text, amount):
    """Zeros beyond the eighth decimal are no precision."""
    assert Decimal(amount) == Parameters(f"quantity={text}").decimal("quantity")


@pytest.mark.parametrize(
    ("query", "read", "code"),
    [
        ("a=1&a=2", "text", -1101),
        ("a=", "text", -1105),
        ("", "required", -1102),
        ("a=", "required", -1102),
        ("a=1E-8", "decimal", -1100),
        ("a=-1", "decimal", -1100),
        ("a=%D9%A1", "decimal", -1100),
        ("a=0.000000001", "decimal", -1111),
        ("a=0", "decimal", -1102),
        ("a=1.5", "integer", -1100),
        ("a=maybe", "flag", -1130),
        ("a=two%20words", "client_id", -1100),
        ("a=" + "x" * 37, "client_id", -1100),
    ],
)
def test_bad_value_is_refused_with_the_exchange_code(query, read, code):
    """A client must learn here what it would learn there."""
    with pytest.raises(RefusedError) as caught:
        getattr(Parameters(query), read)("a")

    assert code == caught.value.code

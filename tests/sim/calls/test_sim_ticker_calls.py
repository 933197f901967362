"""Last prices of the simulated exchange."""


def test_the_price_of_the_last_trade_is_told_for_one_pair_some_or_all(desk):
    """A single pair is an object, anything else a list."""
    own, path = desk(), "/api/v3/ticker/price"
    one = own.call("GET", path, signed=False, symbol="ETHUSDT")
    every = own.call("GET", path, signed=False)
    some = own.call("GET", path, signed=False, symbols='["ETHUSDT"]')

    assert [one] == some
    assert one in every
    assert set(own.core.prices) == {row["symbol"] for row in every}
    assert -1128 == own.refusal("GET", path, signed=False, symbol="ETHUSDT", symbols='["ETHUSDT"]')
    assert -1121 == own.refusal("GET", path, signed=False, symbol="NOPE")

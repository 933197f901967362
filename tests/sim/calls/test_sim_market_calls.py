"""What the simulated exchange tells of its market."""


def test_all_pairs_are_told_or_the_one_that_is_asked_for(desk):
    """Base and quote cannot be told from a symbol."""
    pairs = desk().call("GET", "/sapi/v1/margin/allPairs", signed=False)
    assert {"BTCUSDT": ("BTC", "USDT"), "ETHUSDT": ("ETH", "USDT")}.items() <= {
        pair["symbol"]: (pair["base"], pair["quote"]) for pair in pairs
    }.items()
    assert len(pairs) == len({pair["id"] for pair in pairs})
    assert all(pair["id"] > 2**53 for pair in pairs)
    assert {"symbol", "base", "quote", "id", "isMarginTrade", "isBuyAllowed", "isSellAllowed"} == set(pairs[0])

    (one,) = desk().call("GET", "/sapi/v1/margin/allPairs", signed=False, symbol="ETHUSDT")
    assert one in pairs
    assert -1121 == desk().refusal("GET", "/sapi/v1/margin/allPairs", signed=False, symbol="NOPE")

"""``binance-margin assets``, ``pairs`` and ``limits``: tables for people, objects for programs."""

import pytest

from binance_margin_async.models.assets import CrossMarginPair, MarginAsset, MarginPair

REFUSED = 4


@pytest.mark.parametrize(
    ("arguments", "kind", "names"),
    [
        (("assets",), MarginAsset, {"BTC", "ETH", "BNB", "USDT"}),
        (("assets", "BTC"), MarginAsset, {"BTC"}),
        (("pairs",), CrossMarginPair, {"BTCUSDT", "ETHUSDT", "BNBUSDT"}),
        (("pairs", "--isolated"), MarginPair, {"BTCUSDT", "ETHUSDT", "BNBUSDT"}),
        (("pairs", "ETHUSDT", "--isolated"), MarginPair, {"ETHUSDT"}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_what_margin_offers_is_listed(within, served, arguments, kind, names):
    """One object a line; the same in a table that no terminal cuts."""
    ended = within(*arguments, "--json", env=served)
    assert (0, "") == (ended.code, ended.err)
    assert names <= {row.get("symbol", row.get("asset")) for row in ended.rows}
    assert set(kind.__struct_fields__) == set(ended.rows[0])
    for columns in (60, 80, 120):
        table = within(*arguments, env={**served, "COLUMNS": str(columns)})
        assert all(name in table.out for name in names)
        assert "…" not in table.out
        assert max(map(len, table.out.splitlines())) <= columns


@pytest.mark.parametrize("arguments", [("assets", "NOPE"), ("pairs", "NOPEUSDT"), ("pairs", "NOPEUSDT", "--isolated")])
def test_what_margin_does_not_offer_is_told(within, served, arguments):
    """An empty table would leave the reader guessing."""
    ended = within(*arguments, env=served)
    assert (REFUSED, "") == (ended.code, ended.out)
    assert any(word in ended.complaint for word in (arguments[1], "-1121", "-3027"))


@pytest.mark.parametrize("account", ["CROSS", "ETHUSDT"])
def test_used_and_allowed_weights_and_order_counts_are_told(within, served, account):
    """By the exchange's own figures."""
    ended = within("limits", "--account", account, "--json", env=served)
    assert (0, "") == (ended.code, ended.err)
    (told,) = ended.rows
    assert {"account", "weights", "orders"} == set(told)
    assert account == told["account"]
    weights = {row["endpoint"]: row for row in told["weights"]}
    counts = weights["GET /sapi/v1/margin/rateLimit/order"]
    assert ("IP", 12_000) == (counts["scope"], counts["allowed"])
    assert 20 <= counts["used"] <= 12_000
    assert 6_000 == weights["/api"]["allowed"]
    assert ["10 SECOND", "1 DAY"] == [row["interval"] for row in told["orders"]]
    assert all(0 <= row["used"] <= row["allowed"] for row in told["orders"])

    table = within("limits", "--account", account, env={**served, "COLUMNS": "80"})
    assert all(word in table.out for word in ("rateLimit/order", "12000", "10 SECOND", "180,000"))
    assert "…" not in table.out
    assert max(map(len, table.out.splitlines())) <= 104

"""Every movement in a margin account, one entry each."""

from dataclasses import replace
from decimal import Decimal

import pytest

from binance_margin_async.sim.scenarios import scenario_named

CALM = scenario_named("calm")
DAY_MS = 86_400_000
FLOW = "/sapi/v1/margin/capital-flow"
LASTING = replace(CALM, duration_s=None)


def busy(desk):
    own = desk(LASTING)
    own.move("MAIN_MARGIN", "USDT", "100")
    own.loan("BORROW", "USDT", "1000")
    own.order("BUY", "MARKET", quantity="0.01")
    own.order("SELL", "MARKET", quantity="0.01")
    own.wait(1)
    own.loan("REPAY", "USDT", "1000")
    return own


def test_entries_say_why_money_moved(desk):
    """A purchase is three movements: what was paid, what came, and the commission."""
    flows = busy(desk).call("GET", FLOW)

    assert [
        ("TRANSFER", "USDT", "100.00000000"),
        ("BORROW", "USDT", "1000.00000000"),
        ("BUY_EXPENSE", "USDT", "-600.00000000"),
        ("BUY_INCOME", "BTC", "0.01000000"),
        ("TRADING_COMMISSION", "BTC", "-0.00001000"),
        ("SELL_EXPENSE", "BTC", "-0.01000000"),
        ("SELL_INCOME", "USDT", "600.00000000"),
        ("TRADING_COMMISSION", "USDT", "-0.60000000"),
        ("REPAY", "USDT", "-1000.00000000"),
    ] == [(flow["type"], flow["asset"], flow["amount"]) for flow in flows]


def test_entries_add_up_to_the_balance(desk):
    """What is not in the flow has not happened."""
    own = busy(desk)

    moved = sum(Decimal(flow["amount"]) for flow in own.call("GET", FLOW, asset="USDT"))

    assert Decimal(100_000) + moved == own.balance("USDT").total


def test_isolated_account_names_its_pair(desk):
    """And is not told together with the cross account."""
    own = busy(desk)
    own.move("MARGIN_ISOLATEDMARGIN", "USDT", "7", toSymbol="BTCUSDT")

    assert [("BTCUSDT", "7.00000000")] == [
        (flow["symbol"], flow["amount"]) for flow in own.call("GET", FLOW, symbol="BTCUSDT")
    ]
    assert all("symbol" not in flow for flow in own.call("GET", FLOW))


def test_reading_goes_on_after_an_entry(desk):
    """The entry named does not come back."""
    own = busy(desk)
    all_of_them = own.call("GET", FLOW)
    read, after = [], 0
    while entries := own.call("GET", FLOW, fromId=after or None, limit=2):
        read += entries
        after = entries[-1]["id"]

    assert all_of_them == read


def test_kind_and_asset_choose(desk):
    """Both together."""
    flows = busy(desk).call("GET", FLOW, type="TRADING_COMMISSION", asset="BTC")

    assert ["-0.00001000"] == [flow["amount"] for flow in flows]


def test_one_time_alone_stands_for_a_week(desk):
    """From the start on, or up to the end; an entry to go on from widens nothing."""
    own = busy(desk)
    own.wait(8 * 86_400)

    assert [] == own.call("GET", FLOW)
    assert [] == own.call("GET", FLOW, fromId=1)
    assert 9 == len(own.call("GET", FLOW, startTime=own.start))
    assert 9 == len(own.call("GET", FLOW, endTime=own.start + 7 * DAY_MS))


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({"startTime": 0, "endTime": 7 * DAY_MS + 1}, -4047),
        ({"startTime": 2, "endTime": 1}, -3011),
        ({"limit": 1001}, -1130),
        ({"type": "GIFT"}, -1130),
        ({"symbol": "XYUSDT"}, -1121),
    ],
)
def test_refused_readings_of_the_flow(desk, sent, code):
    """Seven days to the millisecond are allowed, no more."""
    own = desk(LASTING)

    assert code == own.refusal("GET", FLOW, **sent)
    assert [] == own.call("GET", FLOW, startTime=own.start - 7 * DAY_MS, endTime=own.start)

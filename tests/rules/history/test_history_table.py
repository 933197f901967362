"""The history calls as the exchange's pages have them (typed in by hand, read 2026-11-22)."""

import pytest

from binance_margin_async.rules.history import KINDS
from binance_margin_async.rules.history.kind import ById, ByTime, Numbered, Whole

MARGIN = "GET /sapi/v1/margin"
# Route, field of the time, how pages are turned, records of a full page.
FACTS = {
    "trades": (f"{MARGIN}/myTrades", "time", ById("fromId", "id", "limit"), 1000),
    "orders": (f"{MARGIN}/allOrders", "time", ById("orderId", "orderId", "limit"), 500),
    "order-lists": (f"{MARGIN}/allOrderList", "transactionTime", ByTime("limit"), 1000),
    "loans": (f"{MARGIN}/borrow-repay", "timestamp", Numbered("current", "size"), 100),
    "repayments": (f"{MARGIN}/borrow-repay", "timestamp", Numbered("current", "size"), 100),
    "transfers": (f"{MARGIN}/transfer", "timestamp", Numbered("current", "size"), 100),
    "interest": (f"{MARGIN}/interestHistory", "interestAccuredTime", Numbered("current", "size"), 100),
    "liquidations": (f"{MARGIN}/forceLiquidationRec", "updatedTime", Numbered("current", "size"), 100),
    "capital-flow": (f"{MARGIN}/capital-flow", "timestamp", ByTime("limit"), 1000),
    "interest-rates": (f"{MARGIN}/interestRateHistory", "timestamp", Whole(), 0),
    "small-liabilities": (
        f"{MARGIN}/exchange-small-liability-history",
        "timestamp",
        Numbered("current", "size"),
        100,
    ),
    "liquidation-loan-repayments": (
        f"{MARGIN}/liquidation-loan/repay-history",
        "createTime",
        Numbered("current", "size"),
        50,
    ),
    "universal-transfers": ("GET /sapi/v1/asset/transfer", "timestamp", Numbered("current", "size"), 100),
}
# What a record may change after it was first told: none of it may tell records apart.
CHANGES = {"status", "executedQty", "updateTime", "listOrderStatus", "listStatusType", "interest", "principal", "note"}


def test_every_history_call_is_there():
    """And no other."""
    assert list(FACTS) == list(KINDS)


@pytest.mark.parametrize("name", FACTS)
def test_a_kind_is_as_the_exchange_has_it(name):
    """A wrong field or parameter would show only against the real exchange."""
    kind = KINDS[name]
    assert FACTS[name] == (kind.route, kind.time, kind.paging, kind.page_size)
    assert name == kind.name


def test_loans_and_repayments_differ_by_type():
    """One call, two histories; the rows themselves do not say which they are."""
    assert [(("type", "BORROW"),), (("type", "REPAY"),)] == [KINDS["loans"].parameters, KINDS["repayments"].parameters]
    assert KINDS["loans"].route == KINDS["repayments"].route
    assert {()} == {kind.parameters for kind in KINDS.values()} - {
        KINDS["loans"].parameters,
        KINDS["repayments"].parameters,
    }


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_what_tells_records_apart_never_changes(kind):
    """A record that was read twice must be known again."""
    assert set() == CHANGES & set(kind.identity)
    assert kind.identity

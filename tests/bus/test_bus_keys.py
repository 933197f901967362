"""Which event makes which one superfluous."""

from decimal import Decimal

import pytest

from binance_margin_async.bus import coalesce_key
from binance_margin_async.models.account import CROSS, Isolated
from binance_margin_async.models.enums import OrderStatus
from binance_margin_async.models.events import (
    AssetBalance,
    LoanUpdate,
    OrderUpdate,
    Overflow,
    StreamHealth,
    StreamName,
    StreamStatus,
)
from binance_margin_async.models.stream_events import ServerShutdown, UnknownEvent


def order(**changes) -> OrderUpdate:
    fields = {"symbol": "BTCUSDT", "order_id": 1, "client_order_id": "x", "status": OrderStatus.NEW, "time_ms": 0}
    return OrderUpdate(**(fields | changes))


def balance(**changes) -> AssetBalance:
    return AssetBalance(**({"asset": "BTC", "free": Decimal(1), "locked": Decimal(0)} | changes))


def status(**changes) -> StreamStatus:
    fields = {"stream": StreamName.TRADE, "health": StreamHealth.LIVE, "reason": "", "time_ms": 0}
    return StreamStatus(**(fields | changes))


SAME = [
    (order(), order(status=OrderStatus.FILLED, time_ms=9)),
    (balance(), balance(free=Decimal(2), received_at=3.0)),
    (status(), status(health=StreamHealth.STALE)),
    (ServerShutdown(event_time_ms=1), ServerShutdown(event_time_ms=2)),
    (Overflow(subscriber="a", dropped=1), Overflow(subscriber="a", dropped=2)),
]
DIFFERENT = [
    (order(), order(order_id=2)),
    (order(), order(symbol="ETHUSDT")),
    (order(), order(account=Isolated("BTCUSDT"))),
    (balance(), balance(asset="USDT")),
    (balance(account=CROSS), balance(account=Isolated("BTCUSDT"))),
    (balance(), LoanUpdate(kind=LoanUpdate.Kind.BORROW, asset="BTC", amount=Decimal(1), transaction_id=1)),
    (status(), status(stream=StreamName.RISK)),
    (Overflow(subscriber="a", dropped=1), Overflow(subscriber="b", dropped=1)),
    (UnknownEvent(name="a", raw=b""), UnknownEvent(name="b", raw=b"")),
]


@pytest.mark.parametrize(("older", "newer"), SAME)
def test_an_event_replaces_an_older_one_about_the_same_subject(older, newer):
    """What they say differs; what they speak about does not."""
    assert coalesce_key(older) == coalesce_key(newer)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_events_about_different_subjects_never_replace_each_other(one, other):
    """A stale risk stream must not hide a live trade stream, nor one account another."""
    assert coalesce_key(one) != coalesce_key(other)

"""The three stamps of an event: set by this package only, and no part of what the event says."""

from decimal import Decimal

import msgspec
import pytest

from binance_margin_async.models.account import CROSS, Isolated
from binance_margin_async.models.event import Event, Origin
from binance_margin_async.models.events import AssetBalance
from binance_margin_async.models.stream_events import BalanceUpdate, ServerShutdown


def balance(free="1", kind=AssetBalance):
    return kind(asset="BTC", free=Decimal(free), locked=Decimal(0))


def test_a_fresh_event_belongs_to_nobody_in_particular():
    """Until whoever took it in says whose it is."""
    event = balance()
    assert (CROSS, Origin.LOCAL, 0.0) == (event.account, event.origin, event.received_at)


def test_a_stamp_says_whose_whence_and_when():
    """Set once, after decoding."""
    event = balance()
    event.stamp(Isolated("BTCUSDT"), Origin.STREAM, 12.5)
    assert (Isolated("BTCUSDT"), Origin.STREAM, 12.5) == (event.account, event.origin, event.received_at)


def test_the_stamps_take_no_part_in_equality_or_hash():
    """The same change from two sources is one change."""
    one, other = balance(), balance()
    other.stamp(Isolated("BTCUSDT"), Origin.REST, 99.0)

    assert one == other
    assert hash(one) == hash(other)


def test_every_other_field_takes_part_in_equality():
    """And so does the kind of event."""
    assert balance("1") != balance("2")
    assert ServerShutdown(event_time_ms=1) != ServerShutdown(event_time_ms=2)
    assert balance() != "balance"
    update = BalanceUpdate(event_time_ms=1, asset="BTC", change=Decimal(1), clear_time_ms=2)
    assert update != ServerShutdown(event_time_ms=1)


def test_an_event_is_frozen_but_for_its_stamp():
    """Subscribers share it."""
    with pytest.raises(AttributeError, match="immutable"):
        balance().free = Decimal(2)


def every_kind(kind=Event):
    for child in kind.__subclasses__():
        yield child
        yield from every_kind(child)


@pytest.mark.parametrize("kind", sorted(every_kind(), key=lambda kind: kind.__name__), ids=lambda kind: kind.__name__)
def test_no_event_has_a_field_the_wire_could_take_for_a_stamp(kind):
    """Whatever the exchange adds one day, 'account' or 'origin' in a frame is not ours."""
    names = {field.encode_name for field in msgspec.structs.fields(kind)}
    assert {"<account>", "<origin>", "<received>"} <= names
    assert not {"account", "origin", "received_at", "received"} & names
    assert not kind.__struct_config__.eq

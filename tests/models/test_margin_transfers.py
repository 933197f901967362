"""Transfers of margin accounts: times that the exchange's own sample shows in seconds."""

import msgspec
import pytest

from binance_margin_async.models.margin_transfers import MarginTransfer

SENT = {"txId": 9007199254740993, "asset": "BTC", "amount": "0.1", "status": "CONFIRMED", "type": "ROLL_IN"}


@pytest.mark.parametrize("time", [1795312345, "1795312345", 1795312345000])
def test_a_time_in_seconds_becomes_milliseconds(time):
    """Ten digits and thirteen mean the same moment."""
    body = msgspec.json.encode(SENT | {"timestamp": time})
    transfer = msgspec.json.decode(body, type=MarginTransfer, strict=False)

    assert 1795312345000 == transfer.time_ms
    assert 9007199254740993 == transfer.transaction_id
    assert (None, None, None, None) == (transfer.from_, transfer.to, transfer.from_symbol, transfer.to_symbol)

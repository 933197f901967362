"""Every endpoint the client can call, one row each."""

from typing import Any

from binance_margin_async.wire.endpoint import Endpoint
from binance_margin_async.wire.endpoints import (
    account,
    borrow,
    debts,
    market,
    special_keys,
    spot,
    trade,
    transfer,
    user_stream,
    wallet,
)

ALL: tuple[Endpoint[Any], ...] = (
    *market.ALL,
    *account.ALL,
    *borrow.ALL,
    *trade.ALL,
    *debts.ALL,
    *special_keys.ALL,
    *transfer.ALL,
    *user_stream.ALL,
    *wallet.ALL,
    *spot.ALL,
)

"""Every endpoint the client can call, one row each."""

from typing import Any

from binance_margin_async.wire.endpoint import Endpoint
from binance_margin_async.wire.endpoints import account, borrow, market, spot, trade, user_stream, wallet

ALL: tuple[Endpoint[Any], ...] = (
    *market.ALL,
    *account.ALL,
    *borrow.ALL,
    *trade.ALL,
    *user_stream.ALL,
    *wallet.ALL,
    *spot.ALL,
)

"""The wiring of the low-latency lane: the calls of ``/api/v3`` with a special key, over HTTP or a WebSocket."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from binance_margin_async.clock import Clock
from binance_margin_async.config import Config
from binance_margin_async.rest.executor import Executor, Transport
from binance_margin_async.rest.lane import SpecialKeyAccess
from binance_margin_async.rest.spot_orders import SpotOrderCalls
from binance_margin_async.stream_assembly import dialling
from binance_margin_async.streams.order_socket import OrderSocket
from binance_margin_async.wire import ws_requests


@dataclass(frozen=True, slots=True)
class OrderLane:
    """Orders with the special key: over HTTP, or over a WebSocket that whoever uses it opens and closes."""

    orders: SpotOrderCalls
    make_socket: Callable[[], OrderSocket]
    orders_over: Callable[[OrderSocket], SpotOrderCalls]


def lane_of(
    key: SpecialKeyAccess, config: Config, transport: Transport, clock: Clock, executor_of: Callable[..., Executor]
) -> OrderLane:
    """
    Return the lane of *key*.

    Args:
        key: The special key.
        config: The client's settings, whose addresses the lane shares.
        transport: The client's HTTP session.
        clock: The loop's and the exchange's time.
        executor_of: Returns the executor for settings, a transport and a builder of signed requests.
    """
    own = key.settings(config)

    def make_socket() -> OrderSocket:
        return OrderSocket(
            own.ws_api_url,
            time=clock.now,
            exchange_ms=clock.exchange_ms,
            dial=dialling(own),
        )

    def orders_over(socket: OrderSocket) -> SpotOrderCalls:
        return SpotOrderCalls(executor_of(own, socket, ws_requests.build_signed), key.account)

    return OrderLane(SpotOrderCalls(executor_of(own, transport), key.account), make_socket, orders_over)

"""Order requests taken apart: each order they would make, in one form."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from binance_margin_async.models.enums import OrderType, Side
from binance_margin_async.models.order_legs import Leg
from binance_margin_async.models.order_lists import AnyOrder, Oco, Oto, Otoco
from binance_margin_async.models.orders import SingleOrder

_MARKET_ONCE_TRIGGERED = frozenset({OrderType.STOP_LOSS, OrderType.TAKE_PROFIT})
_WITH_TRIGGER = _MARKET_ONCE_TRIGGERED | {OrderType.STOP_LOSS_LIMIT, OrderType.TAKE_PROFIT_LIMIT}
_STOPS = frozenset({OrderType.STOP_LOSS, OrderType.STOP_LOSS_LIMIT})


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One order of a request."""

    name: str
    """Empty for a single order, else the leg's role."""
    side: Side
    type: OrderType
    quantity: Decimal | None
    quote_quantity: Decimal | None = None
    price: Decimal | None = None
    stop_price: Decimal | None = None
    trailing_delta: int | None = None
    iceberg_quantity: Decimal | None = None
    is_pending: bool = False
    """Whether it enters the book only after another one is filled."""

    @property
    def has_trigger(self) -> bool:
        """Whether it waits for a price; the exchange's filters call it an algo order."""
        return self.type in _WITH_TRIGGER

    @property
    def is_market_once_triggered(self) -> bool:
        """Whether it becomes a market order when its price is reached."""
        return self.type in _MARKET_ONCE_TRIGGERED

    @property
    def limit_price(self) -> Decimal | None:
        """The price it may trade at; that of a leg which becomes a market order is no limit."""
        return None if self.is_market_once_triggered else self.price

    @property
    def triggers_above(self) -> bool:
        """Whether its trigger price lies above the market when it is placed."""
        return (self.side is Side.BUY) == (self.type in _STOPS)


def parts_of(order: AnyOrder) -> tuple[Part, ...]:
    """Return the orders that *order* would make: one, or one for each leg."""
    match order:
        case SingleOrder():
            return (_single(order),)
        case Oco():
            return _oco(order)
        case Oto():
            working = _of_leg("working", order.working, order.side, order.quantity)
            return (working, _of_leg("pending", order.pending, order.pending_side, order.pending_quantity))
        case Otoco():
            working = _of_leg("working", order.working, order.side, order.quantity)
            exits = (("above", order.above), ("below", order.below))
            pending = (
                _of_leg(name, leg, order.pending_side, order.pending_quantity) for name, leg in exits if leg is not None
            )
            return (working, *pending)


def _single(order: SingleOrder) -> Part:
    return Part(
        name="",
        side=order.side,
        type=order.type,
        quantity=order.quantity,
        quote_quantity=order.quote_order_quantity,
        price=order.price,
        stop_price=order.stop_price,
        trailing_delta=order.trailing_delta,
        iceberg_quantity=order.iceberg_quantity,
    )


def _oco(order: Oco) -> tuple[Part, Part]:
    limit = Part(
        name="limit",
        side=order.side,
        type=OrderType.LIMIT_MAKER,
        quantity=order.quantity,
        price=order.price,
        iceberg_quantity=order.limit_iceberg_quantity,
    )
    stop = Part(
        name="stop",
        side=order.side,
        type=OrderType.STOP_LOSS if order.stop_limit_price is None else OrderType.STOP_LOSS_LIMIT,
        quantity=order.quantity,
        price=order.stop_limit_price,
        stop_price=order.stop_price,
        iceberg_quantity=order.stop_iceberg_quantity,
    )
    return limit, stop


def _of_leg(name: str, leg: Leg, side: Side, quantity: Decimal) -> Part:
    return Part(
        name=name,
        side=side,
        type=leg.type,
        quantity=quantity,
        price=leg.price,
        stop_price=leg.stop_price,
        trailing_delta=leg.trailing_delta,
        iceberg_quantity=leg.iceberg_quantity,
        is_pending=name != "working",
    )

"""
From the parameters of the calls for order lists to checked tickets.

Source: margin: new OCO, new OTO, new OTOCO; codes -1158 to -1199 (read 2026-11-22).
"""

from decimal import Decimal
from typing import NamedTuple

from binance_margin_async.sim.amounts import ZERO
from binance_margin_async.sim.errors import RefusedError
from binance_margin_async.sim.market.pairs import ORDER_TYPES, Pair
from binance_margin_async.sim.trading.order_entry import (
    SIDES,
    Names,
    Options,
    choice,
    margin_options,
    read_ticket,
)
from binance_margin_async.sim.trading.orders import Ticket
from binance_margin_async.sim.wire.parameters import Parameters

# No default is documented for lists; this is the only shape with a sample.
USUAL_REPLY = "RESULT"
# OTO and OTOCO do not take AUTO_REPAY.
OTO_SIDE_EFFECTS = ("NO_SIDE_EFFECT", "MARGIN_BUY", "AUTO_BORROW_REPAY")
WORKING_TYPES = ("LIMIT", "LIMIT_MAKER")
EXIT_TYPES = ("LIMIT_MAKER", "STOP_LOSS", "STOP_LOSS_LIMIT")

BAD_PRICES = "The relationship of the prices for the orders is not correct."

# Parameters that no leg of a list has.
_NEVER = "-"
_OCO_LIMIT = Names(
    quote_quantity=_NEVER,
    stop_price=_NEVER,
    trailing_delta=_NEVER,
    iceberg="limitIcebergQty",
    time_in_force=_NEVER,
    client_id="limitClientOrderId",
)
_OCO_STOP = Names(
    quote_quantity=_NEVER,
    price="stopLimitPrice",
    trailing_delta=_NEVER,
    iceberg="stopIcebergQty",
    time_in_force="stopLimitTimeInForce",
    client_id="stopClientOrderId",
)


class ListTickets(NamedTuple):
    """
    The orders of a list.

    Attributes:
        placed: Those that are placed at once.
        pending: Those that wait until the first of *placed* is filled.
    """

    placed: list[Ticket]
    pending: list[Ticket]


def read_oco(parameters: Parameters, pair: Pair, last: Decimal) -> ListTickets:
    """
    Read an OCO of the old form: a limit and a stop order of one side and quantity.

    Raises:
        RefusedError: What is wrong first; -2010 when the prices are not on their sides of *last*.
    """
    side = choice(parameters, "side", SIDES, -1117, "Invalid side.")
    options = margin_options(parameters, pair, reply=USUAL_REPLY)
    for name in ("quantity", "price", "stopPrice"):
        parameters.required(name)
    limit = read_ticket(parameters, _OCO_LIMIT, "LIMIT_MAKER", side, options)
    if parameters.has("stopLimitPrice"):
        parameters.required("stopLimitTimeInForce")
        stop = read_ticket(parameters, _OCO_STOP, "STOP_LOSS_LIMIT", side, options)
    else:
        stop = read_ticket(parameters, _OCO_STOP, "STOP_LOSS", side, options)
    high, low = (limit.price, stop.stop_price) if side == "SELL" else (stop.stop_price, limit.price)
    if not (high or ZERO) > last > (low or ZERO):
        raise RefusedError(-2010, BAD_PRICES)
    # The stop order comes first, as in the documented sample.
    return ListTickets([stop, limit], [])


def read_oto(parameters: Parameters, pair: Pair) -> ListTickets:
    """
    Read an OTO: a working order, and one that follows when it is filled.

    Raises:
        RefusedError: What is wrong first.
    """
    options = margin_options(parameters, pair, reply=USUAL_REPLY, side_effects=OTO_SIDE_EFFECTS)
    working = _working(parameters, options)
    kind = choice(parameters, "pendingType", ORDER_TYPES, -1116, "Invalid orderType.")
    side = choice(parameters, "pendingSide", SIDES, -1117, "Invalid side.")
    parameters.required("pendingQuantity")
    return ListTickets([working], [_follower(parameters, _leg("pending"), kind, side, options)])


def read_otoco(parameters: Parameters, pair: Pair) -> ListTickets:
    """
    Read an OTOCO: a working order, and two that exclude each other.

    Raises:
        RefusedError: What is wrong first; -1158 to -1199 for legs that cannot stand on their side.
    """
    options = margin_options(parameters, pair, reply=USUAL_REPLY, side_effects=OTO_SIDE_EFFECTS)
    working = _working(parameters, options)
    side = choice(parameters, "pendingSide", SIDES, -1117, "Invalid side.")
    parameters.required("pendingQuantity")
    parameters.required("pendingAboveType")
    pending: list[Ticket] = []
    for prefix in ("pendingAbove", "pendingBelow"):
        if parameters.has(f"{prefix}Type"):
            complaint = "Order type not supported in OCO."
            kind = choice(parameters, f"{prefix}Type", EXIT_TYPES, -1158, complaint)
            _check_side(kind, side, is_above=prefix == "pendingAbove")
            names = _leg(prefix)._replace(quantity="pendingQuantity")
            pending.append(_follower(parameters, names, kind, side, options))
    _check_prices(pending)
    return ListTickets([working], pending)


def _working(parameters: Parameters, options: Options) -> Ticket:
    kind = choice(parameters, "workingType", WORKING_TYPES, -1116, "Invalid orderType.")
    side = choice(parameters, "workingSide", SIDES, -1117, "Invalid side.")
    return read_ticket(parameters, _leg("working"), kind, side, options)


def _follower(parameters: Parameters, names: Names, kind: str, side: str, options: Options) -> Ticket:
    if parameters.has(names.trailing_delta):
        # In force since 2026-06-15 (change log, read 2026-11-22).
        parameters.required(names.price)
    return read_ticket(parameters, names, kind, side, options)


def _leg(prefix: str) -> Names:
    return Names(
        quantity=f"{prefix}Quantity",
        quote_quantity=_NEVER,
        price=f"{prefix}Price",
        stop_price=f"{prefix}StopPrice",
        trailing_delta=f"{prefix}TrailingDelta",
        iceberg=f"{prefix}IcebergQty",
        time_in_force=f"{prefix}TimeInForce",
        client_id=f"{prefix}ClientOrderId",
    )


def _check_side(kind: str, side: str, *, is_above: bool) -> None:
    if kind == "LIMIT_MAKER":
        if side == "BUY" and is_above:
            raise RefusedError(-1165, "A limit order in a buy OCO must be below.")
        if side == "SELL" and not is_above:
            raise RefusedError(-1166, "A limit order in a sell OCO must be above.")
    elif side == "BUY" and not is_above:
        raise RefusedError(-1196, "A stop loss order in a buy OCO must be above.")
    elif side == "SELL" and is_above:
        raise RefusedError(-1197, "A stop loss order in a sell OCO must be below.")


def _check_prices(pending: list[Ticket]) -> None:
    levels = [ticket.stop_price if ticket.has_trigger else ticket.price for ticket in pending]
    if len(levels) == 2 and levels[0] is not None and levels[1] is not None and levels[0] <= levels[1]:
        raise RefusedError(-2010, BAD_PRICES)

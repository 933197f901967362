"""From the parameters of an order call to a checked ticket."""

from collections.abc import Mapping
from decimal import Decimal

from binance_margin_async.sim.errors import RefusedError
from binance_margin_async.sim.market.pairs import DEFAULT_STP_MODE, STP_MODES, Pair
from binance_margin_async.sim.trading.orders import Ticket
from binance_margin_async.sim.wire.parameters import Parameters

SIDES = ("BUY", "SELL")
TIMES_IN_FORCE = ("GTC", "IOC", "FOK")
REPLIES = ("ACK", "RESULT", "FULL")
SIDE_EFFECTS = ("NO_SIDE_EFFECT", "MARGIN_BUY", "AUTO_REPAY", "AUTO_BORROW_REPAY")
BORROWING = ("MARGIN_BUY", "AUTO_BORROW_REPAY")
REPAYING = ("AUTO_REPAY", "AUTO_BORROW_REPAY")

# Types that the exchange has and this simulation does not.
CONTINGENT = ("STOP_LOSS", "STOP_LOSS_LIMIT", "TAKE_PROFIT", "TAKE_PROFIT_LIMIT")

# Parameters that each type cannot do without, and those it does not take (spot REST rules, read 2026-11-22).
NEEDED: Mapping[str, tuple[str, ...]] = {
    "LIMIT": ("timeInForce", "quantity", "price"),
    "LIMIT_MAKER": ("quantity", "price"),
    "MARKET": (),
}
UNWANTED: Mapping[str, tuple[str, ...]] = {
    "LIMIT": ("quoteOrderQty", "stopPrice", "trailingDelta"),
    "LIMIT_MAKER": ("quoteOrderQty", "stopPrice", "trailingDelta", "timeInForce"),
    "MARKET": ("price", "timeInForce", "stopPrice", "trailingDelta", "icebergQty"),
}


def read_ticket(parameters: Parameters, pair: Pair, price_now: Decimal) -> Ticket:
    """
    Read an order for *pair*.

    Args:
        parameters: Of the call.
        pair: Found by the call's symbol.
        price_now: Reference price of the filters.

    Raises:
        RefusedError: What is wrong first; -1013 for a filter.
    """
    side = _choice(parameters, "side", SIDES, -1117, "Invalid side.")
    kind = _type(parameters)
    side_effect = _choice(parameters, "sideEffectType", SIDE_EFFECTS, -1130, default="NO_SIDE_EFFECT")
    ticket = Ticket(
        pair=pair,
        side=side,
        type=kind,
        quantity=parameters.decimal("quantity"),
        quote_quantity=parameters.decimal("quoteOrderQty"),
        price=parameters.decimal("price"),
        time_in_force=_choice(parameters, "timeInForce", TIMES_IN_FORCE, -1115, "Invalid timeInForce.", default="GTC"),
        client_id=parameters.client_id("newClientOrderId"),
        # Without a wish, LIMIT and MARKET answer in full and the rest with an acknowledgement.
        reply=_choice(
            parameters, "newOrderRespType", REPLIES, -1130, default="ACK" if kind == "LIMIT_MAKER" else "FULL"
        ),
        stp_mode=_choice(parameters, "selfTradePreventionMode", STP_MODES, -1130, default=DEFAULT_STP_MODE),
        borrows=side_effect in BORROWING,
        repays=side_effect in REPAYING,
        repays_at_cancel=parameters.flag("autoRepayAtCancel", default=True),
    )
    check_filters(ticket, price_now)
    return ticket


def check_filters(ticket: Ticket, price_now: Decimal) -> None:
    """
    Check *ticket* against the filters of its pair.

    Raises:
        RefusedError: -1013, naming the filter.
    """
    pair, quantity, price = ticket.pair, ticket.quantity, ticket.price
    if price is not None:
        _must(pair.tick <= price <= pair.max_price and price % pair.tick == 0, "PRICE_FILTER")
        _must(pair.down * price_now <= price <= pair.up * price_now, "PERCENT_PRICE_BY_SIDE")
    if quantity is not None:
        _must(pair.step <= quantity <= pair.max_quantity and quantity % pair.step == 0, "LOT_SIZE")
        _must(ticket.type != "MARKET" or quantity <= pair.max_market_quantity, "MARKET_LOT_SIZE")
    worth = ticket.quote_quantity if quantity is None else quantity * (price or price_now)
    top = None if ticket.type == "MARKET" else pair.max_notional
    _must(worth is not None and pair.min_notional <= worth and (top is None or worth <= top), "NOTIONAL")


def _type(parameters: Parameters) -> str:
    kind = parameters.required("type")
    if kind in CONTINGENT:
        raise RefusedError(-1014, f"Unsupported order combination: the simulated exchange has no {kind} orders yet.")
    if kind not in NEEDED:
        raise RefusedError(-1116, "Invalid orderType.")
    for name in NEEDED[kind]:
        parameters.required(name)
    for name in UNWANTED[kind]:
        if parameters.has(name):
            raise RefusedError(-1106, f"Parameter '{name}' sent when not required.")
    if kind == "MARKET" and parameters.has("quantity") == parameters.has("quoteOrderQty"):
        if parameters.has("quantity"):
            raise RefusedError(-1106, "Parameter 'quoteOrderQty' sent when not required.")
        parameters.required("quantity")
    return kind


def _choice(
    parameters: Parameters,
    name: str,
    choices: tuple[str, ...],
    code: int,
    complaint: str | None = None,
    *,
    default: str | None = None,
) -> str:
    value = parameters.required(name) if default is None else parameters.text(name) or default
    if value not in choices:
        raise RefusedError(code, complaint or f"Data sent for parameter '{name}' is not valid.")
    return value


def _must(holds: bool, name: str) -> None:
    if not holds:
        raise RefusedError(-1013, f"Filter failure: {name}")

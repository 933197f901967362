"""From the parameters of an order call to checked tickets."""

from collections.abc import Mapping
from typing import NamedTuple

from binance_margin_async.sim.errors import RefusedError
from binance_margin_async.sim.market.pairs import ORDER_TYPES, STP_MODES, Pair
from binance_margin_async.sim.trading.orders import LIMIT_ONCE_TRIGGERED, MARKET_ONCE_TRIGGERED, WITH_TRIGGER, Ticket
from binance_margin_async.sim.wire.parameters import Parameters

SIDES = ("BUY", "SELL")
TIMES_IN_FORCE = ("GTC", "IOC", "FOK")
REPLIES = ("ACK", "RESULT", "FULL")
SIDE_EFFECTS = ("NO_SIDE_EFFECT", "MARGIN_BUY", "AUTO_REPAY", "AUTO_BORROW_REPAY")
BORROWING = ("MARGIN_BUY", "AUTO_BORROW_REPAY")
REPAYING = ("AUTO_REPAY", "AUTO_BORROW_REPAY")

# Strategy types below this number are Binance's own (spot: new order, read 2026-11-22).
LEAST_STRATEGY_TYPE = 1_000_000


class Names(NamedTuple):
    """What the parameters of one order are called."""

    quantity: str = "quantity"
    quote_quantity: str = "quoteOrderQty"
    price: str = "price"
    stop_price: str = "stopPrice"
    trailing_delta: str = "trailingDelta"
    iceberg: str = "icebergQty"
    time_in_force: str = "timeInForce"
    client_id: str = "newClientOrderId"


SINGLE = Names()

# What each type cannot do without, and what it does not take (spot REST rules, read 2026-11-22).
_NEEDED: Mapping[str, tuple[str, ...]] = {
    "LIMIT": ("time_in_force", "quantity", "price"),
    "LIMIT_MAKER": ("quantity", "price"),
    "MARKET": (),
    **dict.fromkeys(MARKET_ONCE_TRIGGERED, ("quantity",)),
    **dict.fromkeys(LIMIT_ONCE_TRIGGERED, ("time_in_force", "quantity", "price")),
}
_UNWANTED: Mapping[str, tuple[str, ...]] = {
    "LIMIT": ("quote_quantity", "stop_price", "trailing_delta"),
    "LIMIT_MAKER": ("quote_quantity", "stop_price", "trailing_delta", "time_in_force"),
    "MARKET": ("price", "time_in_force", "stop_price", "trailing_delta", "iceberg"),
    **dict.fromkeys(MARKET_ONCE_TRIGGERED, ("quote_quantity", "time_in_force", "iceberg")),
    **dict.fromkeys(LIMIT_ONCE_TRIGGERED, ("quote_quantity",)),
}


class Options(NamedTuple):
    """What all orders of one call share."""

    pair: Pair
    reply: str
    stp_mode: str
    borrows: bool = False
    repays: bool = False
    repays_at_cancel: bool = True
    strategy_id: int | None = None
    strategy_type: int | None = None


def margin_options(
    parameters: Parameters, pair: Pair, *, reply: str, side_effects: tuple[str, ...] = SIDE_EFFECTS
) -> Options:
    """
    Read what all orders of a margin call share.

    Args:
        parameters: Of the call.
        pair: What is traded.
        reply: How much is told when nothing else is wanted.
        side_effects: Those that the call accepts.

    Raises:
        RefusedError: What is wrong first.
    """
    side_effect = choice(parameters, "sideEffectType", side_effects, -1130, default="NO_SIDE_EFFECT")
    return Options(
        pair=pair,
        reply=choice(parameters, "newOrderRespType", REPLIES, -1130, default=reply),
        stp_mode=_stp_mode(parameters, pair, STP_MODES),
        borrows=side_effect in BORROWING,
        repays=side_effect in REPAYING,
        repays_at_cancel=parameters.flag("autoRepayAtCancel", default=True),
    )


def spot_options(parameters: Parameters, pair: Pair, *, reply: str) -> Options:
    """
    Read what an order of the spot call has besides its own terms; no loans there.

    Raises:
        RefusedError: What is wrong first; -1014 for pegged orders, which no pair offers.
    """
    if any(parameters.has(name) for name in ("pegPriceType", "pegOffsetType", "pegOffsetValue")):
        raise RefusedError(-1014, "Unsupported order combination.")
    strategy_type = parameters.integer("strategyType")
    if strategy_type is not None and strategy_type < LEAST_STRATEGY_TYPE:
        raise RefusedError(-1134, "'strategyType' was less than 1000000.")
    return Options(
        pair=pair,
        reply=choice(parameters, "newOrderRespType", REPLIES, -1130, default=reply),
        stp_mode=_stp_mode(parameters, pair, pair.stp_modes),
        strategy_id=parameters.integer("strategyId"),
        strategy_type=strategy_type,
    )


def default_reply(kind: str) -> str:
    """Return how much a single order of a type tells when nothing else is wanted."""
    return "FULL" if kind in {"LIMIT", "MARKET"} else "ACK"


def read_single(parameters: Parameters, pair: Pair, *, is_margin: bool = True) -> Ticket:
    """
    Read the order of a call for one order.

    Raises:
        RefusedError: What is wrong first.
    """
    side = choice(parameters, "side", SIDES, -1117, "Invalid side.")
    kind = choice(parameters, "type", ORDER_TYPES, -1116, "Invalid orderType.")
    read_options = margin_options if is_margin else spot_options
    return read_ticket(parameters, SINGLE, kind, side, read_options(parameters, pair, reply=default_reply(kind)))


def read_ticket(parameters: Parameters, names: Names, kind: str, side: str, options: Options) -> Ticket:
    """
    Read one order, alone or of a list.

    Args:
        parameters: Of the call.
        names: What they are called for this order.
        kind: Type of the order.
        side: ``BUY`` or ``SELL``.
        options: What it shares with the others.

    Raises:
        RefusedError: -1102 for what is missing, -1106 for what is too much, and what is wrong with a value.
    """
    _check_names(parameters, names, kind)
    ticket = Ticket(
        pair=options.pair,
        side=side,
        type=kind,
        quantity=parameters.decimal(names.quantity),
        quote_quantity=parameters.decimal(names.quote_quantity),
        price=parameters.decimal(names.price),
        time_in_force=choice(
            parameters, names.time_in_force, TIMES_IN_FORCE, -1115, "Invalid timeInForce.", default="GTC"
        ),
        client_id=parameters.client_id(names.client_id),
        reply=options.reply,
        stp_mode=options.stp_mode,
        borrows=options.borrows,
        repays=options.repays,
        repays_at_cancel=options.repays_at_cancel,
        stop_price=parameters.decimal(names.stop_price),
        trailing_delta=parameters.integer(names.trailing_delta),
        iceberg=parameters.decimal(names.iceberg),
        strategy_id=options.strategy_id,
        strategy_type=options.strategy_type,
    )
    if ticket.iceberg is not None and ticket.time_in_force != "GTC":
        raise RefusedError(-1160, f"Parameter '{names.iceberg}' is not supported if {names.time_in_force} is not GTC.")
    return ticket


def choice(
    parameters: Parameters,
    name: str,
    choices: tuple[str, ...],
    code: int,
    complaint: str | None = None,
    *,
    default: str | None = None,
) -> str:
    """
    Return one of *choices*; without a *default* it must be there.

    Raises:
        RefusedError: *code* for another word, -1102 for none.
    """
    value = parameters.required(name) if default is None else parameters.text(name) or default
    if value not in choices:
        raise RefusedError(code, complaint or f"Data sent for parameter '{name}' is not valid.")
    return value


def unwanted(name: str) -> RefusedError:
    """Return the refusal of a parameter that was sent where it must not be."""
    return RefusedError(-1106, f"Parameter '{name}' sent when not required.")


def _check_names(parameters: Parameters, names: Names, kind: str) -> None:
    called = names._asdict()
    for field in _NEEDED[kind]:
        parameters.required(called[field])
    for field in _UNWANTED[kind]:
        if parameters.has(called[field]):
            raise unwanted(called[field])
    if kind in WITH_TRIGGER and not parameters.has(names.trailing_delta):
        parameters.required(names.stop_price)
    if kind == "MARKET":
        if parameters.has(names.quantity) and parameters.has(names.quote_quantity):
            raise unwanted(names.quote_quantity)
        if not parameters.has(names.quote_quantity):
            parameters.required(names.quantity)


def _stp_mode(parameters: Parameters, pair: Pair, accepted: tuple[str, ...]) -> str:
    # A pair's default may be a mode that cannot be asked for.
    if not parameters.has("selfTradePreventionMode"):
        return pair.default_stp_mode
    modes = tuple(mode for mode in accepted if mode in pair.stp_modes)
    return choice(parameters, "selfTradePreventionMode", modes, -1130)

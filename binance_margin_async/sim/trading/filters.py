"""
What the filters of a pair let pass.

Source: spot: filters; margin: limit price pairs (read 2026-11-22).
"""

from collections.abc import Sequence
from decimal import Decimal

from binance_margin_async.sim.amounts import ONE, ZERO, ceiling_to
from binance_margin_async.sim.errors import RefusedError
from binance_margin_async.sim.ledger.accounts import Account
from binance_margin_async.sim.trading.orders import MARKET_ONCE_TRIGGERED, Order, Ticket
from binance_margin_async.sim.trading.register import Register

# Half the width of the band around the price index (margin: limit price pairs, read 2026-11-22).
BAND = Decimal("0.15")


def check_filters(ticket: Ticket, reference: Decimal) -> None:
    """
    Check prices and sizes of *ticket*.

    Args:
        ticket: Also of an order that waits for another one, or for its trigger.
        reference: Price from which the others are reckoned.

    Raises:
        RefusedError: -1013, naming the filter.
    """
    _check_prices(ticket, reference)
    if ticket.quantity is not None:
        _check_lot(ticket, ticket.quantity)
    if ticket.type == "MARKET":
        _check_market_lot(ticket, ticket.quantity)
        worth = (ticket.quantity or ZERO) * reference if ticket.quote_quantity is None else ticket.quote_quantity
        _must(ticket.pair.min_notional <= worth, "NOTIONAL")
    elif ticket.limit_price is not None:
        worth = (ticket.quantity or ZERO) * ticket.limit_price
        _must(ticket.pair.min_notional <= worth <= ticket.pair.max_notional, "NOTIONAL")


def check_market(ticket: Ticket, quantity: Decimal, price: Decimal) -> None:
    """
    Check the filters of market orders when a stop or take-profit becomes one.

    Raises:
        RefusedError: -1013, naming the filter.
    """
    if ticket.type in MARKET_ONCE_TRIGGERED:
        _check_market_lot(ticket, quantity)
        _must(ticket.pair.min_notional <= quantity * price, "NOTIONAL")


def check_band(ticket: Ticket, index: Decimal) -> None:
    """
    Check the limit-price band that cross margin has on some pairs: no buy far above the index, no sell far below.

    Raises:
        RefusedError: -3064.
    """
    price = ticket.limit_price
    if price is None:
        return
    if price > index * (ONE + BAND) if ticket.is_buy else price < index * (ONE - BAND):
        raise RefusedError(-3064, "Limit price needs to be within 15% of the price index for this margin trading pair.")


def check_counts(register: Register, account: str, tickets: Sequence[Ticket]) -> None:
    """
    Check how many orders of each kind would be open; a market order never is.

    Raises:
        RefusedError: -1013, naming the filter.
    """
    pair = tickets[0].pair
    present = register.open_of(account, pair.symbol)
    lists = sum(each.account == account and each.symbol == pair.symbol for each in register.open_lists.values())
    for name, most, there, more in (
        ("MAX_NUM_ORDERS", pair.max_orders, len(present), sum(ticket.type != "MARKET" for ticket in tickets)),
        ("MAX_NUM_ALGO_ORDERS", pair.max_algo_orders, _algos(present), sum(each.has_trigger for each in tickets)),
        ("MAX_NUM_ICEBERG_ORDERS", pair.max_iceberg_orders, _icebergs(present), _icebergs_in(tickets)),
        ("MAX_NUM_ORDER_LISTS", pair.max_order_lists, lists, int(len(tickets) > 1)),
    ):
        _must(not more or there + more <= most, name)


def check_position(register: Register, account: Account, tickets: Sequence[Ticket]) -> None:
    """
    Check how much of the base asset would be held or on order.

    Raises:
        RefusedError: -1013 for MAX_POSITION.
    """
    pair = tickets[0].pair
    bought = max((ticket.quantity or ZERO for ticket in tickets if ticket.is_buy), default=ZERO)
    if pair.max_position is None or not bought:
        return
    on_order = sum(
        (order.quantity for order in register.open_of(account.name, pair.symbol) if order.ticket.is_buy), ZERO
    )
    _must(account.balance(pair.base).total + on_order + bought <= pair.max_position, "MAX_POSITION")


def _check_prices(ticket: Ticket, reference: Decimal) -> None:
    pair = ticket.pair
    for price in (ticket.price, ticket.stop_price):
        if price is not None:
            _must(pair.tick <= price <= pair.max_price and price % pair.tick == 0, "PRICE_FILTER")
    price = ticket.limit_price
    if price is not None:
        up, down = (pair.bid_up, pair.bid_down) if ticket.is_buy else (pair.ask_up, pair.ask_down)
        _must(down * reference <= price <= up * reference, "PERCENT_PRICE_BY_SIDE")
        if pair.percent_up is not None and pair.percent_down is not None:
            _must(pair.percent_down * reference <= price <= pair.percent_up * reference, "PERCENT_PRICE")
    if ticket.trailing_delta is not None:
        low, high = pair.trailing_above if ticket.triggers_above else pair.trailing_below
        _must(low <= ticket.trailing_delta <= high, "TRAILING_DELTA")


def _check_lot(ticket: Ticket, quantity: Decimal) -> None:
    pair = ticket.pair
    for size in (quantity, ticket.iceberg):
        if size is not None:
            _must(pair.step <= size <= pair.max_quantity and size % pair.step == 0, "LOT_SIZE")
    if ticket.iceberg is not None:
        _must(ceiling_to(quantity, ticket.iceberg) <= pair.iceberg_parts * ticket.iceberg, "ICEBERG_PARTS")


def _check_market_lot(ticket: Ticket, quantity: Decimal | None) -> None:
    if quantity is not None:
        _must(quantity <= ticket.pair.max_market_quantity, "MARKET_LOT_SIZE")


def _algos(orders: Sequence[Order]) -> int:
    return sum(order.ticket.has_trigger and not order.is_working for order in orders)


def _icebergs(orders: Sequence[Order]) -> int:
    return _icebergs_in([order.ticket for order in orders])


def _icebergs_in(tickets: Sequence[Ticket]) -> int:
    return sum(ticket.iceberg is not None for ticket in tickets)


def _must(holds: bool, name: str) -> None:
    if not holds:
        raise RefusedError(-1013, f"Filter failure: {name}")

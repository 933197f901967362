"""When a stop, a take-profit or a trailing order has seen its price."""

from decimal import Decimal

from binance_margin_async.sim.trading.orders import Order, Ticket, Trail

BASIS_POINTS = Decimal(10_000)


def reaches(ticket: Ticket, price: Decimal) -> bool:
    """Tell whether *price* is at the stop price of *ticket* or beyond."""
    stop = ticket.stop_price
    if stop is None:
        return False
    return price >= stop if ticket.triggers_above else price <= stop


def would_trigger(ticket: Ticket, price: Decimal) -> bool:
    """Tell whether *ticket* is on the wrong side of the market: its stop price would be reached at once."""
    return ticket.has_trigger and reaches(ticket, price)


def begin(order: Order, price: Decimal, now: int) -> None:
    """Let a trailing order without a stop price follow the price from now on."""
    if order.ticket.trailing_delta is not None and order.ticket.stop_price is None:
        order.trail = Trail(price, now)


def is_triggered(order: Order, price: Decimal, now: int) -> bool:
    """
    Show *price* to a waiting order, and tell whether that triggers it.

    A trailing one begins to follow when its stop price is reached, if it has one. One that triggers above keeps the
    lowest price it has seen and waits for a rise from there; one that triggers below, the other way round.

    Source: spot: trailing stop FAQ (read 2026-11-22).
    """
    ticket = order.ticket
    if ticket.trailing_delta is None:
        return reaches(ticket, price)
    if order.trail is None:
        if reaches(ticket, price):
            order.trail = Trail(price, now)
        return False
    if ticket.triggers_above:
        order.trail.best = min(order.trail.best, price)
    else:
        order.trail.best = max(order.trail.best, price)
    turn = turning_price(ticket, order.trail.best)
    return price >= turn if ticket.triggers_above else price <= turn


def turning_price(ticket: Ticket, best: Decimal) -> Decimal:
    """Return the price at which a trailing *ticket* triggers when *best* is the best it has seen."""
    share = Decimal(ticket.trailing_delta or 0) / BASIS_POINTS
    return best * (1 + share) if ticket.triggers_above else best * (1 - share)


def expected_price(ticket: Ticket, price: Decimal) -> Decimal:
    """Return about where an order without a limit will trade: its stop price, or where it would turn now."""
    if ticket.stop_price is not None:
        return ticket.stop_price
    return turning_price(ticket, price) if ticket.has_trigger else price

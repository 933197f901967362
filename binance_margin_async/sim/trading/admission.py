"""Which orders are taken: everything that is checked before money is."""

from collections.abc import Sequence

from binance_margin_async.sim.errors import RefusedError
from binance_margin_async.sim.ledger.accounts import Account
from binance_margin_async.sim.market.feed import Feed
from binance_margin_async.sim.trading.filters import check_counts, check_position
from binance_margin_async.sim.trading.matching import Matching
from binance_margin_async.sim.trading.order_counts import OrderCounts
from binance_margin_async.sim.trading.orders import Ticket
from binance_margin_async.sim.trading.register import Register
from binance_margin_async.sim.trading.triggers import would_trigger

WOULD_TRIGGER = "Stop price would trigger immediately."
WOULD_TAKE = "Order would immediately match and take."


class Admission:
    """Look at new orders beside those that are open, and beside the book."""

    def __init__(self, register: Register, counts: OrderCounts, matching: Matching, feed: Feed) -> None:
        self._register = register
        self._counts = counts
        self._matching = matching
        self._feed = feed

    def check(self, account: Account, tickets: Sequence[Ticket], now: int, *, pending: Sequence[Ticket] = ()) -> None:
        """
        Check orders against everything but the balance.

        Args:
            account: Whose orders they are.
            tickets: Those that are placed at once.
            now: Epoch milliseconds.
            pending: Those of the same list that follow later.

        Raises:
            RefusedError: -2010 with the reason in words, -1013 for a filter, -1015 for too many, -1112 for an empty
                book.
        """
        everything = [*tickets, *pending]
        if account.frozen_until is not None:
            raise RefusedError(-2010, "This action is disabled on this account.")
        if everything[0].pair.status != "TRADING":
            raise RefusedError(-2010, "Market is closed.")
        self._counts.check(account.name, len(everything), now)
        ids = [ticket.client_id for ticket in everything if ticket.client_id is not None]
        if len(set(ids)) < len(ids) or any(self._register.is_open_id(account.name, each) for each in ids):
            raise RefusedError(-2010, "Duplicate order sent.")
        check_counts(self._register, account.name, everything)
        check_position(self._register, account, everything)
        for ticket in tickets:
            self.check_market(ticket, now)

    def check_market(self, ticket: Ticket, now: int) -> None:
        """
        Check an order against the book that it is about to enter; refusals as of :meth:`check`.
        """
        if ticket.type == "MARKET" and not self._matching.has_offer(ticket, now):
            raise RefusedError(-1112, "No orders on book for symbol.")
        if ticket.type == "LIMIT_MAKER" and self._matching.would_take(ticket, now):
            raise RefusedError(-2010, WOULD_TAKE)
        if would_trigger(ticket, self._feed.prices[ticket.pair.symbol]):
            raise RefusedError(-2010, WOULD_TRIGGER)

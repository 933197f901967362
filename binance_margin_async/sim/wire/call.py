"""One call on its way, once it has been read; REST and the WebSocket API share it."""

from collections.abc import Mapping
from dataclasses import dataclass

from binance_margin_async.sim.errors import RefusedError
from binance_margin_async.sim.ledger.accounts import Account
from binance_margin_async.sim.ledger.wallets import SPOT
from binance_margin_async.sim.venue import Venue
from binance_margin_async.sim.wire.accepted import check_accepted
from binance_margin_async.sim.wire.order_limits import ORDERS_OF, TOO_MANY_ORDERS, too_many
from binance_margin_async.sim.wire.parameters import Parameters
from binance_margin_async.sim.wire.route import Route
from binance_margin_async.sim.wire.weights import Usage

# Calls of /api that cost nothing when they succeed (spot change log of 2026-04-02, read 2026-11-22).
FREE_WHEN_ACCEPTED = frozenset({"POST /api/v3/order", "DELETE /api/v3/order", "DELETE /api/v3/openOrders"})

# Calls whose page names a frequency besides the weight (margin account pages, read 2026-11-22).
CALLS_PER_MINUTE: Mapping[str, int] = {"POST /sapi/v1/margin/max-leverage": 1}


@dataclass(frozen=True, slots=True)
class Call:
    """
    A call and who made it.

    Attributes:
        venue: Where it is made.
        name: Verb and path.
        route: What it needs, costs and does.
        parameters: What was sent.
        address: Where it comes from.
        now: Epoch milliseconds.
    """

    venue: Venue
    name: str
    route: Route
    parameters: Parameters
    address: str
    now: int

    @property
    def is_api(self) -> bool:
        """Whether it is one of ``/api``."""
        return " /api/" in self.name

    @property
    def places_orders(self) -> bool:
        """Whether it counts for the limits on unfilled orders."""
        return self.name in ORDERS_OF

    @property
    def account(self) -> Account:
        """
        Whose orders it places.

        Raises:
            RefusedError: It names none that is open.
        """
        if self.is_api and not self.parameters.key().is_special:
            return self.venue.book.wallets[SPOT]
        return self.venue.account_of(self.parameters)

    def used(self, weight: int = 0) -> Usage:
        """Add *weight* to the counter of this call, and return the count."""
        return self.venue.meter.count(self.route.scope, self.address, self.name, weight, self.now)

    def charge(self) -> None:
        """
        Count what the call costs.

        Raises:
            TooManyError: The counter is over its cap.
        """
        meter = self.venue.meter
        meter.check(self.used(self.route.cost(self.parameters)), self.address, self.now)
        if self.name in CALLS_PER_MINUTE:
            meter.count_call(self.address, self.name, CALLS_PER_MINUTE[self.name], self.now)

    def perform(self) -> object:
        """
        Do what is asked for, and return the reply, ready for JSON.

        Raises:
            RefusedError: It was refused; nothing has changed then.
        """
        check_accepted(self.name, self.parameters)
        answer = self._placed() if self.places_orders else self.route.answer(self.venue, self.parameters, self.now)
        if self.route.has_effect:
            self.venue.risk.assess(self.now)
        if self.name in FREE_WHEN_ACCEPTED:
            self.used(-self.route.cost(self.parameters))
        return answer

    def _placed(self) -> object:
        try:
            return self.route.answer(self.venue, self.parameters, self.now)
        except RefusedError as refusal:
            if refusal.code != TOO_MANY_ORDERS:
                raise
            told = too_many(self.venue.trading.counts, self.account.name, self.name, refusal.text, self.now)
            self.venue.meter.refuse(told, self.address, self.now)
            raise

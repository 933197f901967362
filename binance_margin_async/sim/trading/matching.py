"""
Price-time priority: the user's own orders and the rest of the world, in one book for each pair.

At one price the user's own orders come first, in the order in which they came.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from binance_margin_async.sim.amounts import ZERO, ceiling, floor_to
from binance_margin_async.sim.market.liquidity import Depth, Level
from binance_margin_async.sim.trading.orders import Order, Ticket
from binance_margin_async.sim.trading.register import Register
from binance_margin_async.sim.trading.reports import Prevention
from binance_margin_async.sim.trading.resting import RestingOrders
from binance_margin_async.sim.trading.settlement import Settlement


@dataclass(slots=True)
class PairMarket:
    """
    Everything that waits or stands in one pair.

    Attributes:
        depth: The rest of the world.
        resting: The user's orders in the book.
        waiting: The user's orders whose trigger has not been reached, by id.
        wake_at: When the depth is full again, if a resting order could trade with it then.
    """

    depth: Depth
    resting: RestingOrders = field(default_factory=RestingOrders)
    waiting: dict[int, Order] = field(default_factory=dict[int, Order])
    wake_at: int | None = None

    def offer(self, *, is_buy: bool, now: int) -> Order | Level | None:
        """Return what an order of that side would trade with first."""
        own = self.resting.best(is_buy=not is_buy)
        level = self.depth.best(is_buy=is_buy, now=now)
        if own is None or level is None:
            return own or level
        price = price_of(own)
        return own if (price <= level.price if is_buy else price >= level.price) else level

    def note_refill(self) -> None:
        """Decide whether somebody has to come back when the depth has grown again."""
        self.wake_at = None
        if self.depth.refill_at is None:
            return
        for is_buy in (True, False):
            own, touch = self.resting.best(is_buy=is_buy), self.depth.touch(is_buy=is_buy)
            if own is not None and touch is not None and accepts(own.ticket, touch):
                self.wake_at = self.depth.refill_at


def price_of(offer: Order | Level) -> Decimal:
    """Return the price of an offer; a resting order always has one."""
    return (offer.ticket.price or ZERO) if isinstance(offer, Order) else offer.price


def accepts(ticket: Ticket, price: Decimal) -> bool:
    """Tell whether *ticket* may trade at *price*."""
    limit = ticket.limit_price
    return limit is None or (price <= limit if ticket.is_buy else price >= limit)


class Matching:
    """
    The matching engine.

    Args:
        markets: By symbol.
        register: Numbers trades and prevented matches.
        settlement: Carries them out.
        on_touch: Called with an order whenever it has traded or has been ended by self-trade prevention.
    """

    def __init__(
        self,
        markets: Mapping[str, PairMarket],
        register: Register,
        settlement: Settlement,
        on_touch: Callable[[Order, int], None],
    ) -> None:
        self._markets = markets
        self._register = register
        self._settlement = settlement
        self._on_touch = on_touch

    def take(self, order: Order, now: int) -> None:
        """Let *order* trade with what stands on the other side, until nothing fits any more."""
        market, is_buy = self._markets[order.symbol], order.ticket.is_buy
        if order.ticket.time_in_force == "FOK" and self._within_reach(order, now) < order.remaining:
            return
        while order.is_open and order.remaining:
            offer = market.offer(is_buy=is_buy, now=now)
            if offer is None or not accepts(order.ticket, price_of(offer)):
                return
            if isinstance(offer, Order) and order.ticket.stp_mode != "NONE":
                self._prevent(order, offer, now)
                continue
            quantity = min(order.remaining, offer.visible if isinstance(offer, Order) else offer.quantity)
            quantity = self._affordable(order, price_of(offer), quantity)
            if not quantity:
                return
            self._trade(order, offer, quantity, now)

    def meet(self, symbol: str, now: int) -> list[Order]:
        """
        Let the rest of the world trade with the resting orders that its price has reached.

        Returns:
            The orders that have traded, each once.
        """
        market = self._markets[symbol]
        traded: dict[int, Order] = {}
        for is_buy in (True, False):
            while (order := market.resting.best(is_buy=is_buy)) is not None:
                level = market.depth.best(is_buy=is_buy, now=now)
                if level is None or not accepts(order.ticket, level.price):
                    break
                quantity = min(order.visible, level.quantity)
                market.depth.take(quantity, is_buy=is_buy, now=now)
                self._fill_maker(order, quantity, self._register.new_trade_id(), now)
                traded[order.order_id] = order
        return list(traded.values())

    def has_offer(self, ticket: Ticket, now: int) -> bool:
        """Tell whether there is anything that *ticket* could trade with, at whatever price."""
        return self._markets[ticket.pair.symbol].offer(is_buy=ticket.is_buy, now=now) is not None

    def would_take(self, ticket: Ticket, now: int) -> bool:
        """Tell whether *ticket* would trade at once."""
        offer = self._markets[ticket.pair.symbol].offer(is_buy=ticket.is_buy, now=now)
        return offer is not None and accepts(ticket, price_of(offer))

    def cost(self, ticket: Ticket, quantity: Decimal, now: int) -> Decimal:
        """
        Return the most quote that buying *quantity* at any price can cost.

        Self-trade prevention may take the user's own offers away, so the rest of the world is reckoned first.
        """
        total = ZERO
        for price, offered in self._offers(ticket, now):
            part = min(quantity, offered)
            total += part * price
            quantity -= part
        return ceiling(total)

    def quantity_for(self, ticket: Ticket, quote: Decimal, now: int) -> Decimal:
        """Return how much base *quote* buys, or must be sold for it, in whole steps."""
        step, total = ticket.pair.step, ZERO
        for price, offered in sorted(self._offers(ticket, now), reverse=not ticket.is_buy):
            part = min(offered, floor_to(quote / price, step))
            total += part
            quote -= part * price
            if part < offered:
                break
        return total

    def _offers(self, ticket: Ticket, now: int) -> list[tuple[Decimal, Decimal]]:
        market = self._markets[ticket.pair.symbol]
        levels = market.depth.levels(is_buy=ticket.is_buy, now=now)
        own = [order for order in market.resting if order.ticket.is_buy != ticket.is_buy]
        return [
            *((level.price, level.quantity) for level in levels),
            *((price_of(order), order.remaining) for order in own),
        ]

    def _within_reach(self, order: Order, now: int) -> Decimal:
        # What an all-or-nothing order could trade: an order of its own user counts only where they may meet, and
        # where it would end the order, nothing behind it counts.
        ticket, total = order.ticket, ZERO
        own = [each for each in self._markets[order.symbol].resting if each.ticket.is_buy != ticket.is_buy]
        for level in self._markets[order.symbol].depth.levels(is_buy=ticket.is_buy, now=now):
            ends_before = ticket.stp_mode not in {"NONE", "EXPIRE_MAKER"} and any(
                price_of(each) <= level.price if ticket.is_buy else price_of(each) >= level.price for each in own
            )
            if not accepts(ticket, level.price) or ends_before:
                break
            total += level.quantity
        if ticket.stp_mode == "NONE":
            total += sum((each.remaining for each in own if accepts(ticket, price_of(each))), ZERO)
        return total

    @staticmethod
    def _affordable(order: Order, price: Decimal, quantity: Decimal) -> Decimal:
        # A buy at any price stops when what was set aside for it is spent.
        if not order.ticket.is_buy or order.ticket.limit_price is not None:
            return quantity
        return min(quantity, floor_to(order.locked / price, order.ticket.pair.step))

    def _trade(self, taker: Order, offer: Order | Level, quantity: Decimal, now: int) -> None:
        price, trade_id = price_of(offer), self._register.new_trade_id()
        if isinstance(offer, Level):
            self._markets[taker.symbol].depth.take(quantity, is_buy=taker.ticket.is_buy, now=now)
        self._settlement.fill(taker, price, quantity, trade_id=trade_id, is_maker=False, now=now)
        self._on_touch(taker, now)
        if isinstance(offer, Order):
            self._fill_maker(offer, quantity, trade_id, now)
            self._settlement.publish_balances(offer, now)

    def _fill_maker(self, order: Order, quantity: Decimal, trade_id: int, now: int) -> None:
        self._settlement.fill(order, price_of(order), quantity, trade_id=trade_id, is_maker=True, now=now)
        self._markets[order.symbol].resting.shrink(order, quantity)
        self._on_touch(order, now)

    def _prevent(self, taker: Order, maker: Order, now: int) -> None:
        """Keep two orders of one user apart, as the mode of the taker says."""
        mode, quantity = taker.ticket.stp_mode, min(taker.remaining, maker.remaining)
        from_taker = taker.remaining if mode in {"EXPIRE_TAKER", "EXPIRE_BOTH"} else ZERO
        from_maker = maker.remaining if mode in {"EXPIRE_MAKER", "EXPIRE_BOTH"} else ZERO
        if mode == "DECREMENT":
            from_taker = from_maker = quantity
        match = self._register.file_match(taker, maker, (from_taker, from_maker), now)
        for order, counter, taken in ((taker, maker, from_taker), (maker, taker, from_maker)):
            if taken:
                prevention = Prevention(match.match_id, counter, taken, quantity, match.price)
                self._settlement.prevent(order, prevention, now)
        if from_maker:
            # What is left of it is shown anew, without losing its place.
            maker.visible = min(maker.visible, maker.remaining)
            self._settlement.publish_balances(maker, now)
        for order in (taker, maker):
            if not order.is_open:
                self._on_touch(order, now)

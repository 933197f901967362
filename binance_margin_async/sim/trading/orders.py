"""Orders, from what was asked for to what became of it."""

from dataclasses import dataclass, field
from decimal import Decimal

from binance_margin_async.sim.amounts import ZERO
from binance_margin_async.sim.market.pairs import Pair

MARKET_ONCE_TRIGGERED = ("STOP_LOSS", "TAKE_PROFIT")
LIMIT_ONCE_TRIGGERED = ("STOP_LOSS_LIMIT", "TAKE_PROFIT_LIMIT")
WITH_TRIGGER = MARKET_ONCE_TRIGGERED + LIMIT_ONCE_TRIGGERED

# The statuses of an order that may still trade, now or later.
OPEN = ("NEW", "PARTIALLY_FILLED", "PENDING_NEW")


@dataclass(frozen=True, slots=True)
class Ticket:
    """
    An order as it was asked for, its parameters checked one by one.

    Attributes:
        quantity: In base units; ``None`` for a market order by *quote_quantity*.
        price: ``None`` for market orders.
        time_in_force: ``GTC`` where the type has none.
        borrows: May draw a loan for what is missing.
        repays: What it receives pays the debt in that asset.
        repays_at_cancel: A loan it drew and did not use is paid back when it is cancelled.
        stop_price: Where it triggers, or where a trailing one begins to follow the price.
        trailing_delta: How far the price must turn back to trigger it, in basis points.
        iceberg: How much of it the book shows at a time, in base units.
        is_forced: Whether a liquidation places it.
    """

    pair: Pair
    side: str
    type: str
    quantity: Decimal | None
    quote_quantity: Decimal | None
    price: Decimal | None
    time_in_force: str
    client_id: str | None
    reply: str
    stp_mode: str
    borrows: bool
    repays: bool
    repays_at_cancel: bool
    stop_price: Decimal | None = None
    trailing_delta: int | None = None
    iceberg: Decimal | None = None
    strategy_id: int | None = None
    strategy_type: int | None = None
    is_forced: bool = False

    @property
    def is_buy(self) -> bool:
        """Whether base is received."""
        return self.side == "BUY"

    @property
    def has_trigger(self) -> bool:
        """Whether it waits for a price before it reaches the book."""
        return self.type in WITH_TRIGGER

    @property
    def limit_price(self) -> Decimal | None:
        """The worst price it may trade at; ``None`` where it takes any."""
        return None if self.type == "MARKET" or self.type in MARKET_ONCE_TRIGGERED else self.price

    @property
    def triggers_above(self) -> bool:
        """Whether a rising price triggers it: a buy stop and a selling take-profit."""
        return self.is_buy == self.type.startswith("STOP_LOSS")

    @property
    def spends(self) -> str:
        """Asset that leaves the account."""
        return self.pair.quote if self.is_buy else self.pair.base

    @property
    def receives(self) -> str:
        """Asset that comes in."""
        return self.pair.base if self.is_buy else self.pair.quote


@dataclass(frozen=True, slots=True)
class Fill:
    """One trade of an order; the commission is in units of its own asset."""

    trade_id: int
    price: Decimal
    quantity: Decimal
    quote: Decimal
    commission: Decimal
    commission_asset: str
    is_maker: bool
    time: int


@dataclass(slots=True)
class Trail:
    """The best price a trailing order has seen, and since when it looks."""

    best: Decimal
    since: int


@dataclass(slots=True, eq=False)
class Order:
    """
    An accepted order.

    Attributes:
        locked: What is still set aside for it, in the asset it spends; of two legs bound to each other one holds it.
        borrowed: The loan it drew when it was accepted.
        list_id: Of the order list it belongs to; -1 for none.
        working_at: When it reached the book, in epoch milliseconds.
        prevented: Base units that self-trade prevention took away.
        visible: What the book shows of it.
        queue: Its place in the line at its price; lower is earlier.
    """

    ticket: Ticket
    account: str
    is_isolated: bool
    order_id: int
    client_id: str
    quantity: Decimal
    created_at: int
    updated_at: int
    status: str = "NEW"
    locked: Decimal = ZERO
    borrowed: Decimal = ZERO
    executed: Decimal = ZERO
    executed_quote: Decimal = ZERO
    fills: list[Fill] = field(default_factory=list)
    list_id: int = -1
    working_at: int | None = None
    trail: Trail | None = None
    prevented: Decimal = ZERO
    prevented_match_id: int | None = None
    expiry_reason: str | None = None
    visible: Decimal = ZERO
    queue: int = 0

    @property
    def symbol(self) -> str:
        """Pair name."""
        return self.ticket.pair.symbol

    @property
    def spends(self) -> str:
        """Asset that leaves the account."""
        return self.ticket.spends

    @property
    def receives(self) -> str:
        """Asset that comes in."""
        return self.ticket.receives

    @property
    def remaining(self) -> Decimal:
        """Base units that may still be traded."""
        return self.quantity - self.executed - self.prevented

    @property
    def is_open(self) -> bool:
        """Whether it may still trade."""
        return self.status in OPEN

    @property
    def is_working(self) -> bool:
        """Whether it has reached the book."""
        return self.working_at is not None

"""Orders, from what was asked for to what became of it."""

from dataclasses import dataclass, field
from decimal import Decimal

from binance_margin_async.sim.amounts import ZERO
from binance_margin_async.sim.market.pairs import Pair


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

    @property
    def is_buy(self) -> bool:
        """Whether base is received."""
        return self.side == "BUY"


@dataclass(frozen=True, slots=True)
class Fill:
    """One trade of an order; the commission is in units of the asset received."""

    trade_id: int
    price: Decimal
    quantity: Decimal
    quote: Decimal
    commission: Decimal
    commission_asset: str
    is_maker: bool
    time: int


@dataclass(slots=True)
class Order:
    """An accepted order; ``locked`` is what is still set aside for it, in the asset it spends."""

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
    fills: list[Fill] = field(default_factory=list)

    @property
    def symbol(self) -> str:
        """Pair name."""
        return self.ticket.pair.symbol

    @property
    def spends(self) -> str:
        """Asset that leaves the account."""
        return self.ticket.pair.quote if self.ticket.is_buy else self.ticket.pair.base

    @property
    def receives(self) -> str:
        """Asset that comes in."""
        return self.ticket.pair.base if self.ticket.is_buy else self.ticket.pair.quote

    @property
    def executed(self) -> Decimal:
        """Base units traded so far."""
        return sum((fill.quantity for fill in self.fills), ZERO)

    @property
    def executed_quote(self) -> Decimal:
        """Quote units traded so far."""
        return sum((fill.quote for fill in self.fills), ZERO)

    @property
    def is_open(self) -> bool:
        """Whether it may still trade."""
        return self.status in {"NEW", "PARTIALLY_FILLED"}

"""An order that is followed: what became of it, and what it is at now."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from decimal import Decimal
from functools import partial

from binance_margin_async.errors import OrderEndedError, Outcome, SubscriptionOverflowError
from binance_margin_async.models.enums import OrderStatus
from binance_margin_async.models.events import OrderUpdate
from binance_margin_async.models.order_replies import CanceledOrder, Order, OrderFull
from binance_margin_async.models.orders import SingleOrder
from binance_margin_async.rules.orders.order_state import OrderState
from binance_margin_async.services.desk.fate import Fate
from binance_margin_async.services.desk.placed import Placed

# An order of very many fills; who reads its changes and falls further behind is told.
MOST_CHANGES = 10_000


class LiveOrder(Placed):
    """
    One order of the desk. It moves forward only, whoever brings its changes: replies, the stream, or repair.

    ::

        order = await client.orders.place(LimitOrder("BTCUSDT", "BUY", quantity="0.01", price="61000"))
        async for change in order:
            print(change.status, order.filled_quantity, order.average_price)

    Args:
        fate: Of the call that placed it, which it may share with other orders of a list.
        client_order_id: Our id of it.
        request: What was sent; ``None`` for the orders of a list, and for one found again after a restart.
    """

    def __init__(self, fate: Fate, client_order_id: str, request: SingleOrder | None = None) -> None:
        super().__init__(fate)
        self.client_order_id: str = client_order_id
        self.request: SingleOrder | None = request
        self.state: OrderState = OrderState()
        self.borrowed: Decimal | None = None
        """Loan drawn for it when it was placed, in the asset it spends; ``None`` when the reply did not tell."""
        self.answer: OrderFull | CanceledOrder | Order | None = None
        """The exchange's last answer to a call about it; ``None`` when none came, or for the orders of a list."""
        self.ask: Callable[[LiveOrder], Awaitable[None]] | None = None
        """Asks what became of it, when it is waited for and nothing has been told for a while; the desk's."""
        self._changes: deque[OrderUpdate] = deque(maxlen=MOST_CHANGES)
        self._count = 0

    def __repr__(self) -> str:
        outcome = self.outcome or "being sent"
        return f"<LiveOrder {self.client_order_id} {self.symbol} in {self.account}: {outcome}, {self.status}>"

    @property
    def order_id(self) -> int | None:
        """The exchange's id."""
        return self.state.order_id

    @property
    def status(self) -> OrderStatus | None:
        """As the exchange calls it; ``None`` until it is known to be there."""
        return self.state.status

    @property
    def filled_quantity(self) -> Decimal:
        """In the base asset."""
        return self.state.filled_quantity

    @property
    def average_price(self) -> Decimal | None:
        """Quote per base over all fills."""
        return self.state.average_price

    @property
    def commissions(self) -> dict[str, Decimal]:
        """By asset, of the fills whose details are known."""
        return self.state.commissions

    async def done(self) -> OrderStatus:
        """
        Wait until nothing can happen to it any more, and return how it ended.

        The trade stream tells within milliseconds. While it does not run, or is away, the exchange is asked every five
        seconds, at a weight of 10.

        Raises:
            MarginError: The exchange never had it.
            ClosedError: As of ``verdict``.
        """
        await self.accepted()
        await self._until(lambda: self.state.is_final)
        return self.state.status or OrderStatus.UNKNOWN

    async def filled(self) -> Decimal:
        """
        Wait until it is filled completely, and return its average price.

        Raises:
            OrderEndedError: It ended otherwise; its fields say how much was filled.
            MarginError: The exchange never had it.
            ClosedError: As of ``verdict``.
        """
        status = await self.done()
        price = self.average_price
        if status is not OrderStatus.FILLED or price is None:
            raise OrderEndedError(
                f"order {self.client_order_id} ended as {status} with {self.filled_quantity} filled",
                client_order_id=self.client_order_id,
                status=str(status),
                filled_quantity=self.filled_quantity,
            )
        return price

    async def __aiter__(self) -> AsyncIterator[OrderUpdate]:
        """
        Yield its changes from the first to the last, each once; several may read them at the same time.

        Raises:
            SubscriptionOverflowError: The reader fell behind by more changes than are kept.
            ClosedError: The client was closed before the last.
        """
        read = 0
        while True:
            while read < self._count:
                missed = self._count - len(self._changes) - read
                if missed > 0:
                    raise SubscriptionOverflowError(
                        f"order {self.client_order_id}: {missed} changes were given up unread", dropped=missed
                    )
                change = self._changes[read - self._count]
                read += 1
                yield change
            if self._is_over():
                return
            await self._until(partial(self._goes_on, read))

    def on_update(self, update: OrderUpdate) -> None:
        """Take one merged change."""
        self.state = self.state.on_update(update)
        self._changes.append(update)
        self._count += 1
        if update.status is OrderStatus.REJECTED:
            self._fate.on_rejected(self.client_order_id, update.received_at)
        else:
            self._fate.on_seen(update.received_at)

    async def _until(self, holds: Callable[[], bool]) -> None:
        await self._fate.until(holds, None if self.ask is None else partial(self.ask, self))

    def _goes_on(self, read: int) -> bool:
        return read < self._count or self._is_over()

    def _is_over(self) -> bool:
        return self.state.is_final or self.outcome in {Outcome.REFUSED, Outcome.NOT_SENT}

"""
A small strategy: when the index price falls, sell some bitcoin and pay back debt with what comes in.

Run ``python docs/examples/strategy.py``. It trades on a simulated exchange and needs no keys. It listens before it
orders, so that nothing is missed, and it ends when its order has ended and the new balance is known.
"""

import asyncio
from dataclasses import dataclass, field
from decimal import Decimal

from binance_margin_async import CROSS, AssetBalance, MarginClient, MarketOrder, OrderUpdate

SYMBOL, BASE = "BTCUSDT", "BTC"
QUANTITY = Decimal("0.1")
FALL = Decimal("0.01")  # sell when the index is this share below where it was first seen
LOOK_EVERY = 0.1  # seconds; a look costs 10 of the 12,000 weight that each minute allows


@dataclass
class Session:
    """What happened: the signal's price, and everything heard about order and balances."""

    signal: Decimal
    orders: list[OrderUpdate] = field(default_factory=list)
    balances: list[AssetBalance] = field(default_factory=list)

    @property
    def is_over(self) -> bool:
        """Whether the order has ended and its effect on the balance has been told."""
        if not self.orders or not self.orders[-1].status.is_final:
            return False
        return bool(self.balances) and self.balances[-1].received_at >= self.orders[0].received_at


async def wait_for_signal(client: MarginClient) -> Decimal:
    """Return the index price that is low enough."""
    first = price = (await client.market.price_index(SYMBOL)).price
    while price > first * (1 - FALL):
        await asyncio.sleep(LOOK_EVERY)
        price = (await client.market.price_index(SYMBOL)).price
    return price


async def run(client: MarginClient) -> Session:
    """Wait for the signal, sell at the market, and listen until it is over."""
    async with client.events(OrderUpdate, AssetBalance, account=CROSS) as news:
        session = Session(await wait_for_signal(client))
        print(f"signal: {SYMBOL} at {session.signal}")
        await client.trade.new_order(MarketOrder(SYMBOL, "SELL", quantity=QUANTITY, side_effect="AUTO_REPAY"))
        async for event in news:
            if isinstance(event, OrderUpdate):
                session.orders.append(event)
                print(f"order {event.order_id}: {event.status}, {event.cumulative_quantity} {BASE} sold")
            elif isinstance(event, AssetBalance) and event.asset == BASE:
                session.balances.append(event)
                print(f"balance: {event.free} {BASE} free")
            if session.is_over:
                break
    return session


async def main() -> None:
    """Run the strategy on a falling market, and show what it did to the margin level."""
    async with MarginClient.simulated("slide") as client:
        before = await client.account.cross()
        await run(client)
        after = await client.account.cross()
        for name, account in (("before", before), ("after", after)):
            print(f"margin level {name}: {account.margin_level:.4f}, owed {account.total_liability_of_btc} BTC")


if __name__ == "__main__":
    asyncio.run(main())

"""
The life of a margin position, from an account that is not open yet to the review of everything that happened.

Run ``python docs/examples/lifecycle.py``, or ``python docs/examples/lifecycle.py BTCUSDT`` for an isolated account. It
trades on a simulated exchange, needs no keys, and takes about half a minute, for the price has to fall and rise again.
"""

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from binance_margin_async import (
    CROSS,
    SPOT,
    Account,
    AccountStateError,
    Isolated,
    LimitOrder,
    MarginAlert,
    MarginClient,
    MarginState,
    MarketOrder,
    SimulatedExchange,
)

SCENARIO = str(Path(__file__).with_suffix(".toml"))
SYMBOL, BASE, QUOTE = "BTCUSDT", "BTC", "USDT"
STAKE, HIGH = Decimal(5_000), Decimal(60_000)


@dataclass
class Review:
    """What the exchange has on record, oldest first."""

    trades: Sequence[object]
    orders: Sequence[object]
    loans: Sequence[object]
    repayments: Sequence[object]
    transfers: Sequence[object]
    interest: Sequence[object]
    liquidations: Sequence[object]


async def activate(client: MarginClient, account: Account) -> None:
    """Show what an account says that is not open, and open it by the first transfer."""
    try:
        await client.borrow.max_borrowable(QUOTE, account=account)
    except AccountStateError as problem:
        print("not open:", problem)
    moved = await client.funds.move(QUOTE, STAKE, from_=SPOT, to=account)
    print("funded:", ", ".join(f"{each.type} {each.transaction_id}" for each in moved.transfers))


async def build(client: MarginClient, account: Account) -> None:
    """Buy bitcoin worth more than the stake: first with a loan taken by hand, then with one the order takes."""
    await client.borrow.borrow(QUOTE, STAKE, account=account)
    by_hand = await client.orders.place(LimitOrder(SYMBOL, "BUY", quantity="0.15", price="60500", account=account))
    print("bought by hand at", await by_hand.filled())
    by_order = await client.orders.place(
        MarketOrder(SYMBOL, "BUY", quantity="0.05", side_effect="AUTO_BORROW_REPAY", account=account)
    )
    print("bought on margin at", await by_order.filled(), "with a loan of", by_order.borrowed)


async def watch(client: MarginClient, account: Account) -> MarginAlert:
    """Wait until the monitor warns, and return the alert."""
    async with client.monitor([account]), client.events(MarginAlert, account=account) as alerts:
        async for alert in alerts:
            if alert.state.severity >= MarginState.WARN.severity and alert.state is not MarginState.UNKNOWN:
                print("alert:", alert.text)
                return alert
    raise AssertionError("the client was closed")


async def unwind(client: MarginClient, account: Account) -> None:
    """Sell everything once the price is back, pay every debt, and take the rest out."""
    await until_back(client)
    base = await free_of(client, account, BASE)
    rules = await client.rules.of(SYMBOL)
    sold = await client.orders.place(
        MarketOrder(SYMBOL, "SELL", quantity=rules.quantize_quantity(base), side_effect="AUTO_REPAY", account=account)
    )
    print("sold at", await sold.filled())
    repayment = await client.funds.repay_all(QUOTE, account=account)
    print("repaid:", repayment.repaid, "left:", repayment.left)
    await client.funds.move(QUOTE, await free_of(client, account, QUOTE), from_=account, to=SPOT)


async def until_back(client: MarginClient) -> None:
    """Return when the index price is at 60,000 again."""
    while (await client.market.price_index(SYMBOL)).price < HIGH:  # noqa: ASYNC110  # the exchange pushes no index price
        await asyncio.sleep(0.5)


async def free_of(client: MarginClient, account: Account, asset: str) -> Decimal:
    """Return the free balance of *asset*."""
    if isinstance(account, Isolated):
        (pair,) = (await client.account.isolated([account.symbol])).pairs
        return pair.base_asset.free if asset == BASE else pair.quote_asset.free
    cross = await client.account.cross()
    return next((each.free for each in cross.user_assets if each.asset == asset), Decimal(0))


async def review(client: MarginClient, account: Account, since: int) -> Review:
    """Read everything that is on record about the account."""
    history = client.history
    return Review(
        trades=[each async for each in history.trades(SYMBOL, account=account, since=since)],
        orders=[each async for each in history.orders(SYMBOL, account=account, since=since)],
        loans=[each async for each in history.loans(account=account, since=since)],
        repayments=[each async for each in history.repayments(account=account, since=since)],
        transfers=[each async for each in history.transfers(account=account, since=since)],
        interest=[each async for each in history.interest(account=account, since=since)],
        liquidations=[each async for each in history.liquidations(account=account, since=since)],
    )


async def live(client: MarginClient, account: Account) -> tuple[MarginAlert, Review]:
    """Do all of it, and return the alert that came and the review."""
    since = client.clock.exchange_ms()
    await activate(client, account)
    await build(client, account)
    alert = await watch(client, account)
    await unwind(client, account)
    told = await review(client, account, since)
    for name in Review.__dataclass_fields__:
        print(f"{name}: {len(getattr(told, name))}")
    return alert, told


async def main(account: Account) -> None:
    """Run on a simulated exchange."""
    async with MarginClient(sim=SimulatedExchange(SCENARIO), accounts=[account]) as client:
        await live(client, account)


if __name__ == "__main__":
    asyncio.run(main(Isolated(sys.argv[1]) if sys.argv[1:] else CROSS))

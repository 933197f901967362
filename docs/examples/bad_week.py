"""A bot, and bad weeks for it: ``python docs/examples/bad_week.py 0:5``, or one seed for two hours, ``3 --hours 2``."""

import argparse
import asyncio
import random
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from binance_margin_async import LimitOrder, MarginClient, MarginError, OrderUpdate, SimulatedExchange
from binance_margin_async.sim import FaultPlan
from binance_margin_async.testing import Conditions, Network, VirtualLoop, run_virtual, torn

SYMBOL, QUANTITY = "BTCUSDT", Decimal("0.001")
PATIENCE = 600  # seconds for which an order stays
QUIET = 600  # seconds at the end in which nothing goes wrong, and everything has to come right
HOUR = 3600
SCENARIO = str(Path(__file__).with_name("bad_week.toml"))


@dataclass
class Bot:
    """Buys a little again and again, and believes what it is told; replace it by your own."""

    bought: Decimal = Decimal(0)
    filled: dict[int, Decimal] = field(default_factory=dict)
    errors: dict[str, int] = field(default_factory=dict)

    async def run(self, client: MarginClient) -> None:
        """Trade until cancelled."""
        async with client.on(OrderUpdate, handler=self.on_order):
            while True:
                with suppress(MarginError):
                    await self.one_order(client)
                await asyncio.sleep(60)

    async def one_order(self, client: MarginClient) -> None:
        """Buy just below the price, wait, and take back what is left."""
        try:
            price = (await client.market.price_index(SYMBOL)).price * Decimal("0.9995")
            order = await client.orders.place(LimitOrder(SYMBOL, "BUY", quantity=QUANTITY, price=price))
            await asyncio.sleep(PATIENCE)
            await client.orders.cancel(order)
        except MarginError as problem:
            name = type(problem).__name__
            self.errors[name] = self.errors.get(name, 0) + 1
            raise

    def on_order(self, update: OrderUpdate) -> None:
        """Count what was bought: by the sum of each order, because after a gap only that may be told."""
        if update.symbol == SYMBOL:
            self.bought += update.cumulative_quantity - self.filled.get(update.order_id, Decimal(0))
            self.filled[update.order_id] = update.cumulative_quantity


@dataclass
class Week:
    """What came of it."""

    seed: int
    faults: int
    bought: Decimal
    really: Decimal
    errors: dict[str, int]
    problems: list[str]


async def live_through(seed: int, hours: float) -> Week:
    """Let the bot trade for *hours* of virtual time, of which the last ten minutes are quiet, and look at the books."""
    plan = FaultPlan.random(seed, duration_s=hours * HOUR, count=round(4 * hours), quiet_s=QUIET)
    exchange = SimulatedExchange(SCENARIO, seed=seed, faults=plan)
    bot, loop = Bot(), asyncio.get_running_loop()
    assert isinstance(loop, VirtualLoop)  # noqa: S101  # run_virtual made it
    async with MarginClient(sim=exchange) as client:
        begin = client.clock.exchange_ms()
        trading = asyncio.create_task(bot.run(client))
        weather = asyncio.create_task(change_the_weather(loop.network, random.Random(seed)))
        await asyncio.sleep(hours * HOUR - QUIET)
        weather.cancel()
        loop.network.set_conditions(Conditions())
        await asyncio.sleep(QUIET)
        trading.cancel()
        await asyncio.gather(trading, weather, return_exceptions=True)
        await client.orders.settled()
        really = sum([fill.quantity async for fill in client.history.trades(SYMBOL, since=begin)], Decimal(0))
        problems = [str(problem) for problem in client.health().problems]
    return Week(seed, len(exchange.faults.fired), bot.bought, really, bot.errors, problems)


async def change_the_weather(network: Network, chance: random.Random) -> None:
    """Make the network slow or choppy, cut all connections, or leave it alone, every half hour or so."""
    while True:
        await asyncio.sleep(chance.uniform(0.5, 1.5) * HOUR / 2)
        kind = chance.choice(["calm", "slow", "choppy", "cut"])
        if kind == "cut":
            for connection in network.connections():
                connection.reset()
        else:
            slow = Conditions(latency=lambda rng: rng.uniform(0.1, 0.6))
            network.set_conditions({"calm": Conditions(), "slow": slow, "choppy": Conditions(pieces=torn)}[kind])


def main() -> None:
    """Play one seed, or a window of them."""
    options = argparse.ArgumentParser()
    options.add_argument("seeds", help="such as 3, or 0:5 for the first five")
    options.add_argument("--hours", type=float, default=7 * 24.0)
    asked = options.parse_args()
    first, _, end = asked.seeds.partition(":")
    for seed in range(int(first), int(end or int(first) + 1)):
        week = run_virtual(live_through(seed, asked.hours), seed=seed)
        verdict = "well" if week.bought == week.really and not week.problems else f"BROKEN: {week.problems}"
        told = f"{week.faults} faults, bought {week.bought} of {week.really}, errors {week.errors}"
        print(f"seed {seed}: {told}: {verdict}")


if __name__ == "__main__":
    main()

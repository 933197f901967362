"""``binance-margin bench orders``."""

from __future__ import annotations

import os
import platform
import random
from contextlib import AsyncExitStack
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from binance_margin_async.bench.causes import within
from binance_margin_async.bench.exchange_process import exchange_process
from binance_margin_async.bench.orders import OrderPlan, WayTimes, measure
from binance_margin_async.bench.ways import WayName, available, opened
from binance_margin_async.cli.bench.hdr import need_hdr, write_hdr
from binance_margin_async.cli.bench.texts import loop_name, print_causes, print_way
from binance_margin_async.cli.changing import ask
from binance_margin_async.cli.exit_code import ExitCode
from binance_margin_async.cli.exits import EXPECTED
from binance_margin_async.cli.options import Flag, Json, MaybeAmount
from binance_margin_async.cli.running import complain, quiet_logging, run_command
from binance_margin_async.cli.tables import print_json
from binance_margin_async.cli.target import account_trading
from binance_margin_async.client import MarginClient
from binance_margin_async.config import Config, require_credentials, secret_named
from binance_margin_async.errors import ConfigError
from binance_margin_async.models.account import Account
from binance_margin_async.models.enums import Side
from binance_margin_async.models.orders import LimitMakerOrder
from binance_margin_async.rest.lane import SpecialKeyAccess

# A price this far from the market is met by no ordinary minute.
FAR = Decimal("0.1")
MOST_LIVE, FASTEST_LIVE = 100, 5.0
# A cancel weighs 10 of an address's 12,000 a minute (margin trade pages, read 2026-11-22), of which a margin is kept.
RATE = 18.0
_KEY, _SECRET = "BINANCE_SPECIAL_API_KEY", "BINANCE_SPECIAL_API_SECRET"
# In the simulated market BTC stands at 60,000.
_SIM_PAIR, _SIM_PRICE, _SIM_QUANTITY = "BTCUSDT", Decimal(50_000), Decimal("0.001")


def _check_count(_kind: object, count: int | None) -> None:
    if count is not None and not 1 <= count <= 100_000:
        raise ValueError("It must be 1 to 100000.")


def _check_rate(_kind: object, rate: float | None) -> None:
    if rate is not None and not 0 < rate <= 10_000:
        raise ValueError("It must be above 0 and at most 10000.")


Count = Annotated[int, Parameter(validator=_check_count)]
MaybeCount = Annotated[int | None, Parameter(validator=_check_count)]
MaybeRate = Annotated[float | None, Parameter(validator=_check_rate)]


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Orders:
    """Which orders, and how many."""

    side: Side = Side.BUY
    """What to do with the base asset."""
    quantity: MaybeAmount = None
    """In the base asset; needed with --live."""
    price: MaybeAmount = None
    """Far from the market, so that nothing is filled; needed with --live."""
    account: str = "CROSS"
    """CROSS or a pair such as BTCUSDT."""
    count: MaybeCount = None
    """Orders of each way: 100 if left out, 20 with --live, where 100 is the most."""
    rate: MaybeRate = None
    """Orders a second: 18 if left out, as more cancels would wait for weight; 2 with --live, where 5 is the most."""
    way: Annotated[tuple[WayName, ...], Parameter(negative="", consume_multiple=False, show_default=False)] = ()
    """Only this way; may be given several times. With --live, websocket is measured only if it is named."""


_ORDERS = Orders()


def bench_orders(
    pair: str | None = None,
    /,
    *,
    orders: Orders = _ORDERS,
    sim: Flag = False,
    live: Flag = False,
    config: Path | None = None,
    yes: Flag = False,
    hdr: Path | None = None,
    json: Json = False,
) -> ExitCode:
    """
    Place and cancel orders at fixed times, and show what they take, leg by leg.

    Without --live it is a simulated exchange in another process, and shows what this computer and this package add.

    Parameters
    ----------
    pair
        Such as BTCUSDT; needed with --live.
    sim
        A simulated exchange; so it is without --live, too.
    live
        The real exchange, with real orders that rest far from the market until they are canceled. A special key in
        BINANCE_SPECIAL_API_KEY and BINANCE_SPECIAL_API_SECRET is measured as well.
    config
        TOML file with settings, for --live.
    yes
        Do not ask before --live.
    hdr
        File for the distribution of all times, as HdrHistogram writes it.
    json
        JSON on stdout, and nothing else there.
    """
    quiet_logging(verbose=False)
    try:
        if hdr is not None:
            need_hdr()
        if not live:
            run = _simulated(pair, orders, config=config)
        elif sim:
            raise ValueError("give --sim or --live, not both")
        else:
            run = _live(pair, orders, config=config)
            if not yes and (refusal := ask(run.question)) is not None:
                return refusal
    except EXPECTED as problem:
        return complain(problem)
    return run_command(_bench(run, hdr=hdr, as_json=json))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """What is measured, and where."""

    config: Config | None
    """``None``: a simulated exchange."""
    account: Account
    key: SpecialKeyAccess | None
    ways: tuple[WayName, ...]
    plan: OrderPlan

    @property
    def question(self) -> str:
        """What a person has to agree to."""
        order, config = self.plan.order, self.config
        where = "the simulated exchange" if config is None else config.rest_url
        ways = self.ways or tuple(available(self.key, unproven=False))
        each = self.plan.count + self.plan.warm_up
        pace = f"{each} times over {', '.join(ways)} each, {self.plan.rate:g} a second"
        return f"Place and cancel {order} on {where}, {pace}"


def _simulated(pair: str | None, orders: Orders, *, config: Path | None) -> _Run:
    if config is not None:
        raise ValueError("--config belongs to the real exchange: add --live or leave it out")
    symbol = pair or _SIM_PAIR
    account = account_trading(symbol, orders.account)
    order = _order(symbol, account, orders, orders.quantity or _SIM_QUANTITY, orders.price or _SIM_PRICE)
    plan = OrderPlan(order=order, count=orders.count or 100, rate=orders.rate or RATE)
    return _Run(config=None, account=account, key=None, ways=orders.way, plan=plan)


def _live(pair: str | None, orders: Orders, *, config: Path | None) -> _Run:
    if pair is None or orders.quantity is None or orders.price is None:
        raise ValueError("--live needs the pair, --quantity and --price, all written out")
    count, rate = orders.count or 20, orders.rate or 2.0
    if count > MOST_LIVE:
        raise ValueError(f"--live places at most {MOST_LIVE} orders of each way, not {count}")
    if rate > FASTEST_LIVE:
        raise ValueError(f"--live places at most {FASTEST_LIVE:g} orders a second, not {rate:g}")
    settings = Config.load(config)
    require_credentials(settings)
    account = account_trading(pair, orders.account)
    order = _order(pair, account, orders, orders.quantity, orders.price)
    plan = OrderPlan(order=order, count=count, rate=rate)
    return _Run(config=settings, account=account, key=_special_key(account), ways=orders.way, plan=plan)


def _order(pair: str, account: Account, orders: Orders, quantity: Decimal, price: Decimal) -> LimitMakerOrder:
    # A maker's order is refused where it would be filled at once.
    return LimitMakerOrder(pair, orders.side, quantity=quantity, price=price, account=account)


def _special_key(account: Account) -> SpecialKeyAccess | None:
    key, secret = secret_named(_KEY, os.environ), secret_named(_SECRET, os.environ)
    if (key is None) != (secret is None):
        raise ConfigError(f"set both {_KEY} and {_SECRET}, or neither")
    return None if key is None else SpecialKeyAccess(key, secret, account=account)


async def _bench(run: _Run, *, hdr: Path | None, as_json: bool) -> ExitCode:
    measured = await _measured(run)
    files = [] if hdr is None else write_hdr(hdr, {str(times.way): times.totals for times in measured})
    where = "a simulated exchange in another process" if run.config is None else run.config.rest_url
    if as_json:
        print_json(
            {
                "exchange": where,
                "loop": loop_name(),
                "python": platform.python_version(),
                "rate": run.plan.rate,
                "ways": measured,
                "avoidable": {str(times.way): within(times) for times in measured},
                "files": [str(file) for file in files],
            }
        )
        return ExitCode.DONE
    print(f"{run.plan.rate:g} orders a second on {where}; {loop_name()}, Python {platform.python_version()}\n")
    for times in measured:
        print_way(times)
        print_causes(within(times), otherwise="nothing here is worth changing")
        print()
    for file in files:
        print(f"written: {file}")
    return ExitCode.DONE


async def _measured(run: _Run) -> list[WayTimes]:
    async with AsyncExitStack() as exits:
        config, key = run.config, run.key
        if config is None:
            config = await exits.enter_async_context(exchange_process())
            key = await _make_key(config, run.account)
        else:
            await _check_far(config, run.plan)
        names = run.ways or tuple(available(key, unproven=run.config is None))
        ways = await exits.enter_async_context(opened(names, config, run.account, key))
        return await measure(ways, run.plan, chance=random.Random())


async def _make_key(config: Config, account: Account) -> SpecialKeyAccess:
    async with MarginClient(config=config, accounts=[account]) as client:
        made = await client.trade.create_special_key("bench", account=account)
    return SpecialKeyAccess(made.api_key, made.secret_key, account=account)


async def _check_far(config: Config, plan: OrderPlan) -> None:
    """Refuse a price that the market could reach while an order is open."""
    order = plan.order
    assert order.price is not None  # noqa: S101  # of a maker's order
    async with MarginClient(config=config) as client:
        market = (await client.market.price_index(order.symbol)).price
    limit = market * (1 - FAR if order.side is Side.BUY else 1 + FAR)
    is_far = order.price <= limit if order.side is Side.BUY else order.price >= limit
    if not is_far:
        side = "at most" if order.side is Side.BUY else "at least"
        raise ValueError(
            f"--price {order.price} is too near the market, which is at {market}: "
            f"a {order.side} needs {side} {limit:.8g}, so that nothing is filled"
        )

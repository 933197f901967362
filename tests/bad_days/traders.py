"""Orders: the client's own, and those of another tool of the same user, which the client does not cause."""

import asyncio
import random
from collections import Counter
from decimal import Decimal

import orjson

from binance_margin_async import CROSS, Isolated, LimitOrder, MarginError, MarketOrder, Oco
from binance_margin_async.sim.errors import RefusedError
from binance_margin_async.sim.trading.orders import Ticket

SIZES = {"BTCUSDT": Decimal("0.01"), "ETHUSDT": Decimal("0.2"), "BNBUSDT": Decimal(1)}
# As much as four levels of the thin book of ``player.SCENARIO`` hold, and more than its side.
STORM = Decimal(45)
SUBSCRIBE = "userDataStream.subscribe.listenToken"


class Traders:
    """
    Attributes:
        done: How often each act had an effect.
        tasks: The client's acts.
    """

    def __init__(self, client, exchange, seed):
        self._client, self._exchange = client, exchange
        self._loop = asyncio.get_running_loop()
        self._chance = random.Random(f"traders/{seed}")
        self._timers = []
        self.done = Counter()
        self.tasks = []

    def plan(self, acts):
        """Set a timer for each act, counted from now."""
        self._timers += [self._loop.call_later(act.at, self._do, act) for act in acts]

    def greet(self):
        """From now on, trade in the moment in which an account is subscribed."""
        core, on_frame = self._exchange.core, self._exchange.core.on_frame

        def greeting(number, text, now):
            frame = orjson.loads(text)
            token = (
                core.venue.trade_streams.tokens.get(frame["params"]["listenToken"])
                if frame["method"] == SUBSCRIBE
                else None
            )
            on_frame(number, text, now)
            if token is not None:
                symbol = "BTCUSDT" if token.account == "CROSS" else token.account
                self._place(token.account, symbol, "BUY", SIZES[symbol])

        core.on_frame = greeting

    def close(self):
        """Call off what has not happened."""
        for timer in self._timers:
            timer.cancel()

    def _do(self, act):
        if act.who == "client":
            self.tasks.append(asyncio.create_task(self._by_client(act), name=f"{act.what} of the client"))
            return
        self._exchange.core.advance(self._exchange._now())
        if act.what == "cancel":
            order = self._some_open(act)
            if order is not None:
                self._exchange.core.venue.trading.cancel(order, None, self._exchange.core.now)
                self.done["other cancel"] += 1
        elif act.what == "take":
            self._place(act.account, act.symbol, act.side, SIZES[act.symbol])
        else:
            size = SIZES[act.symbol] * (STORM if act.what == "storm" else 1)
            away = Decimal(str(-act.away if act.what == "storm" else act.away))
            self._place(act.account, act.symbol, act.side, size, self._price(act.symbol, act.side, away))
        self._exchange._flush()

    def _price(self, symbol, side, away):
        price = self._exchange.core.prices[symbol] * (1 - away if side == "BUY" else 1 + away)
        return price.quantize(self._exchange.core.venue.pairs[symbol].tick)

    def _place(self, account, symbol, side, quantity, price=None):
        venue = self._exchange.core.venue
        ticket = Ticket(
            pair=venue.pairs[symbol],
            side=side,
            type="MARKET" if price is None else "LIMIT",
            quantity=quantity,
            quote_quantity=None,
            price=price,
            time_in_force="GTC",
            client_id=None,
            reply="ACK",
            stp_mode="EXPIRE_MAKER",
            borrows=False,
            repays=False,
            repays_at_cancel=False,
        )
        try:
            venue.trading.place(venue.account(None if account == "CROSS" else account), ticket, self._exchange.core.now)
        except RefusedError:
            self.done["other refused"] += 1
        else:
            self.done["other placed"] += 1

    def _some_open(self, act):
        resting = self._exchange.core.venue.trading.open_of(act.account)
        return self._chance.choice(resting) if resting else None

    async def _by_client(self, act):
        account = CROSS if act.account == "CROSS" else Isolated(act.account)
        size = SIZES[act.symbol]
        try:
            if act.what == "cancel":
                order = self._some_open(act)
                if order is not None:
                    await self._client.trade.cancel_order(order.symbol, order_id=order.order_id, account=account)
            elif act.what == "take":
                await self._client.orders.place(MarketOrder(act.symbol, act.side, quantity=size, account=account))
            elif act.what == "list":
                away = Decimal(str(act.away))
                above, below = self._price(act.symbol, "SELL", away), self._price(act.symbol, "BUY", away)
                limit, stop = (above, below) if act.side == "SELL" else (below, above)
                oco = Oco(act.symbol, act.side, quantity=size, price=limit, stop_price=stop, account=account)
                await self._client.trade.new_oco(oco)
            else:
                price = self._price(act.symbol, act.side, Decimal(str(act.away)))
                order = LimitOrder(act.symbol, act.side, quantity=size, price=price, account=account)
                await self._client.orders.place(order)
            self.done[f"client {act.what}"] += 1
        except MarginError as problem:
            self.done[f"client {type(problem).__name__}"] += 1

"""A user who does anything at all, decided by a seed."""

import random
from dataclasses import replace
from decimal import Decimal

import orjson

from binance_margin_async.sim import Holding, IsolatedOpening, RandomWalk
from binance_margin_async.sim.ledger.wallets import WAYS
from binance_margin_async.sim.scenarios import scenario_named

PAIRS = ("BTCUSDT", "ETHUSDT", "BNBUSDT")
ASSETS = ("BTC", "ETH", "BNB", "USDT")
STEPS = {"BTCUSDT": Decimal("0.00001"), "ETHUSDT": Decimal("0.0001"), "BNBUSDT": Decimal("0.001")}
STARTS = {"BTCUSDT": "60000", "ETHUSDT": "3000", "BNBUSDT": "600"}
SIDE_EFFECTS = ("NO_SIDE_EFFECT", "MARGIN_BUY", "AUTO_REPAY", "AUTO_BORROW_REPAY")
# Worth of a usual amount of each asset is some thousand dollars.
USUAL = {"BTC": Decimal("0.05"), "ETH": Decimal(1), "BNB": Decimal(5), "USDT": Decimal(3000)}
# Small accounts, so that a jump of the price can end one.
SMALL = replace(
    scenario_named("calm"),
    duration_s=None,
    cross={"BTC": Holding(Decimal("0.1")), "USDT": Holding(Decimal(5_000)), "BNB": Holding(Decimal(2))},
    isolated={
        pair: IsolatedOpening({"USDT": Holding(Decimal(3_000))}, leverage=leverage)
        for pair, leverage in (("BTCUSDT", 10), ("ETHUSDT", 5))
    },
)


class RandomSession:
    """
    Attributes:
        desk: Sends what is decided; any desk of the same seed and scenario gets the same requests.
        accepted: How many requests had an effect, by name of the act.
    """

    def __init__(self, desk, seed, *, scenario=SMALL, restless=0.004):
        self._chance = random.Random(seed)
        prices = {
            pair: RandomWalk(
                pair, STARTS[pair], seed=seed, step_ms=60_000, volatility=restless, jump_chance=0.01, jump=0.15
            )
            for pair in PAIRS
        }
        self.desk = desk(scenario, prices=prices)
        self.accepted = {}

    def act(self, *others):
        """Do one thing, with every desk of *others* too; return the replies of each."""
        name = self._chance.choices(list(ACTS), weights=[weight for weight, _ in ACTS.values()])[0]
        request = ACTS[name][1](self)
        desks = (self.desk, *others)
        if request is None:
            seconds = self._chance.choice((0.05, 1, 60, 3600))
            for each in desks:
                each.wait(seconds)
            return [b"" for _ in desks]
        verb, path, sent = request
        replies = [each.send(verb, path, **sent) for each in desks]
        if replies[0].status == 200:
            self.accepted[name] = self.accepted.get(name, 0) + 1
        for each in desks:
            each.wait(0.1)
        return replies

    # -- what may be done -----------------------------------------------------------------------------------------

    def _account(self):
        pair = self._chance.choice((None, None, "BTCUSDT", "ETHUSDT"))
        return pair, {"isIsolated": str(pair is not None).upper(), "symbol": pair}

    def _amount(self, asset):
        share = Decimal(self._chance.choice((1, 7, 100, 2000))) * self._chance.randint(1, 30) / 700
        return f"{USUAL[asset] * share:.8f}"

    def order(self):
        pair, account = self._account()
        symbol = pair or self._chance.choice(PAIRS)
        kind = self._chance.choice(("MARKET", "LIMIT", "LIMIT_MAKER"))
        quantity = self._chance.randint(1, 2_000) * STEPS[symbol] * 5
        price = self.desk.core.prices[symbol] * (1000 + self._chance.randint(-30, 30)) // 1000
        sent = {"side": self._chance.choice(("BUY", "SELL")), "type": kind, "quantity": quantity}
        sent |= {"sideEffectType": self._chance.choice(SIDE_EFFECTS)}
        sent |= {} if kind == "MARKET" else {"price": price}
        sent |= {"timeInForce": self._chance.choice(("GTC", "IOC", "FOK"))} if kind == "LIMIT" else {}
        return "POST", "order", {**account, "symbol": symbol, **sent}

    def cancel(self):
        resting = list(self.desk.core.venue.trading.open.values())
        if not resting:
            return None
        order = self._chance.choice(resting)
        sent = {"symbol": order.symbol, "orderId": order.order_id, "isIsolated": str(order.is_isolated).upper()}
        return "DELETE", "order", sent

    def loan(self):
        asset = self._chance.choice(ASSETS)
        pair, account = self._account()
        amount, venue = self._amount(asset), self.desk.core.venue
        held_by = venue.book.accounts[pair or "CROSS"]
        if self._chance.random() < 0.2 and venue.appraiser.can_hold(held_by, asset):
            amount = f"{venue.room.max_borrowable(held_by, asset):.8f}"
        return "POST", "loan", {**account, "asset": asset, "amount": amount, "type": "BORROW"}

    def repayment(self):
        pair, account = self._account()
        held = self.desk.core.venue.book.accounts[pair or "CROSS"].balances
        owed = [asset for asset, balance in held.items() if balance.liability]
        if not owed:
            return None
        asset = self._chance.choice(owed)
        whole = min(held[asset].liability, held[asset].free)
        amount = whole if self._chance.random() < 0.5 else whole / 3
        return "POST", "loan", {**account, "asset": asset, "amount": f"{amount:.8f}", "type": "REPAY"}

    def transfer(self):
        kind, asset = self._chance.choice(list(WAYS)), self._chance.choice(ASSETS)
        symbols = {name: self._chance.choice(PAIRS[:2]) for name in ("fromSymbol", "toSymbol")}
        return "POST", "move", {"type": kind, "asset": asset, "amount": self._amount(asset), **symbols}

    def burn(self):
        flags = {name: self._chance.choice(("true", "false")) for name in ("spotBNBBurn", "interestBNBBurn")}
        return "POST", "/sapi/v1/bnbBurn", flags

    def leverage(self):
        return "POST", "/sapi/v1/margin/max-leverage", {"maxLeverage": self._chance.choice((3, 5))}

    def small_debts(self):
        small = self.desk.core.venue.debts.small(self.desk.core.venue.account(None))
        names = ",".join(debt.asset for debt in small) or "BTC"
        return "POST", "/sapi/v1/margin/exchange-small-liability", {"assetNames": names}

    def liquidation(self):
        pair = self._chance.choice((None, "BTCUSDT", "ETHUSDT"))
        kind = {"type": "MARGIN"} if pair is None else {"type": "ISOLATED", "symbol": pair}
        return "POST", "/sapi/v1/margin/manual-liquidation", kind

    def deficit(self):
        left = self.desk.core.venue.debts.loan.remaining / 2
        sent = {"asset": "USDT", "amount": f"{left:.8f}" if left else "1"}
        return "POST", "/sapi/v1/margin/liquidation-loan/repay", sent

    def bracket(self):
        pair, account = self._account()
        symbol = pair or self._chance.choice(PAIRS)
        price, tick = self.desk.core.prices[symbol], self.desk.core.venue.pairs[symbol].tick
        above, below = ((price * share // tick) * tick for share in (Decimal("1.01"), Decimal("0.99")))
        side = self._chance.choice(("BUY", "SELL"))
        limit, stop = (above, below) if side == "SELL" else (below, above)
        sent = {"side": side, "quantity": self._chance.randint(1, 500) * STEPS[symbol] * 5, "price": limit}
        sent |= {"stopPrice": stop, "sideEffectType": self._chance.choice(SIDE_EFFECTS)}
        return "POST", "/sapi/v1/margin/order/oco", {**account, "symbol": symbol, **sent}

    def wait(self):
        return None


# Weight and act.
ACTS = {
    "order": (30, RandomSession.order),
    "cancel": (8, RandomSession.cancel),
    "loan": (15, RandomSession.loan),
    "repayment": (12, RandomSession.repayment),
    "transfer": (15, RandomSession.transfer),
    "bracket": (5, RandomSession.bracket),
    "burn": (1, RandomSession.burn),
    "leverage": (1, RandomSession.leverage),
    "small_debts": (1, RandomSession.small_debts),
    "liquidation": (0.2, RandomSession.liquidation),
    "deficit": (1, RandomSession.deficit),
    "wait": (15, RandomSession.wait),
}


def faults(core):
    """Return what is wrong with the money of an exchange, in words; nothing if all is well."""
    venue = core.venue
    found = [f"{asset}: {amount} made or lost" for asset, amount in venue.book.audit().items() if amount]
    locked = {}
    for account in venue.book.accounts.values():
        for asset, balance in account.balances.items():
            locked[account.name, asset] = balance.locked
            if min(balance.free, balance.locked, balance.borrowed, balance.interest) < 0:
                found.append(f"{account.name}: {asset} below zero: {balance}")
    for order in venue.trading.open.values():
        locked[order.account, order.spends] -= order.locked
    found += [f"{place}: {amount} locked for no order" for place, amount in locked.items() if amount]
    found += [
        f"{wallet}: {asset} below zero: {balance}"
        for wallet, account in venue.book.wallets.items()
        for asset, balance in account.balances.items()
        if min(balance.free, balance.locked) < 0
    ]
    return found


def plain(replies):
    return [orjson.dumps([reply.status, reply.body.decode()]) if reply else b"" for reply in replies]

"""A protected client on the simulated exchange, whose books tell what was done."""

import asyncio
from contextlib import AsyncExitStack
from decimal import Decimal

import pytest

from binance_margin_async import (
    CROSS,
    ActionKind,
    ActionStage,
    Isolated,
    MarginClient,
    MonitorPolicy,
    ProtectionRule,
    ProtectiveAction,
    Ring,
    Route,
    Routing,
    Urgency,
)
from binance_margin_async.sim import Fault, Holding, IsolatedOpening, Scenario, ScriptedPrice, SimulatedExchange

PAIR = Isolated("BTCUSDT")
# Called at 48,750 and liquidated at 41,250; the isolated account at 1.19 and 1.15.
FALL = ((0, "60000"), (30, "60000"), (60, "48000"), (120, "46000"), (150, "40500"), (400, "40500"))


def rule_of(kind, name="rule", **terms):
    """A rule that acts at 1.35."""
    trigger = {} if {"distance", "urgency"} & terms.keys() else {"level": Decimal("1.35")}
    return ProtectionRule(
        **{"name": name, "kind": ActionKind(kind), "dry_run": False, "cool_down": 30.0} | trigger | terms
    )


class Fort:
    """
    Client, exchange and a monitor that protects; what it publishes is kept.

    Args:
        rules: Of the policy.
        prices: (second, price) of BTCUSDT.
        accounts: Whom to watch.
        journal: Of an earlier client, to go on with.
        exchange: A running exchange to go on with, instead of one of its own.
    """

    def __init__(self, *rules, prices=FALL, accounts=(CROSS,), journal=None, exchange=None, free="0", **scenario):
        terms = {
            "cross": {
                "BTC": Holding(free=Decimal(1)),
                "USDT": Holding(free=Decimal(free), borrowed=37_500 + Decimal(free)),
            },
            "isolated": {
                "BTCUSDT": IsolatedOpening(
                    {"BTC": Holding(free=Decimal(1)), "USDT": Holding(borrowed=Decimal(40_000))}, leverage=5
                )
            },
            "wallets": {"SPOT": {"USDT": Decimal(20_000)}},
        }
        script = ScriptedPrice("BTCUSDT", prices, between="linear")
        self.exchange = exchange or SimulatedExchange(
            Scenario(
                "fort",
                pairs=("BTCUSDT",),
                prices={"BTCUSDT": script},
                hourly_rate=Decimal(0),
                duration_s=None,
                **terms | scenario,
            )
        )
        self.core = self.exchange.core
        if exchange is None:
            self.client = MarginClient(sim=self.exchange, accounts=accounts, journal=journal)
        else:
            self.client = MarginClient(config=exchange.config, accounts=accounts, journal=journal)
        self.policy = MonitorPolicy(
            routing=Routing({urgency: Route(()) for urgency in Urgency}), protection=rules, accounts=accounts
        )
        self.actions, self.rings = [], []
        self._exit = AsyncExitStack()

    async def __aenter__(self):
        self.begun = asyncio.get_running_loop().time()
        await self._exit.enter_async_context(self.client)
        for kind, kept in ((ProtectiveAction, self.actions), (Ring, self.rings)):
            await self._exit.enter_async_context(self.client.bus.on(kind, handler=kept.append))
        self.monitor = await self._exit.enter_async_context(self.client.monitor(policy=self.policy))
        return self

    async def __aexit__(self, *_):
        await self._exit.aclose()

    async def until(self, second):
        await asyncio.sleep(self.begun + second - asyncio.get_running_loop().time())

    def inject(self, *args, **terms):
        self.exchange.inject(Fault(*args, **terms))

    def stages(self, rule="rule", account=None):
        found = [each for each in self.actions if each.rule == rule and account in {None, each.account}]
        return [each.stage for each in found if each.stage is not ActionStage.IDLE]

    @property
    def repaid(self):
        """What the books say was paid back of the cross account's debt, by calls or by orders."""
        repayments = [each for each in self.core.venue.book.histories.loans if each.kind == "REPAY"]
        return [each.principal + each.interest for each in repayments if each.account == "CROSS"]

    @property
    def moved(self):
        return [each.amount for each in self.core.venue.book.histories.transfers]

    @property
    def liquidated(self):
        return list(dict.fromkeys(order.account for order in self.core.liquidations))

    def balance(self, asset, account=None):
        return self.core.venue.account(account).balances[asset]


@pytest.fixture(scope="session")
def fort():
    """Return the maker of protected clients: ``fort(rule("repay", asset="USDT", ...))``."""
    return Fort


@pytest.fixture(scope="session")
def rule():
    """Return the maker of rules."""
    return rule_of

"""
Loans, repayments and transfers whose replies are lost, by the thousand, while another tool may do the very same.

``python tests/services/funds/lost_loans.py 0:1000`` plays the seeds 0 to 999 with ``client.funds`` and with two
policies that are common and wrong, and prints what each did.
"""

import argparse
import asyncio
import concurrent.futures
import functools
import platform
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "desk"))

from lost_replies import Weather, parameter, rolled

from binance_margin_async import CROSS, Isolated, MarginClient, MarginError, Outcome
from binance_margin_async.journal import MemoryJournal
from binance_margin_async.models.events import OutcomeAmbiguous
from binance_margin_async.sim import Fault, SimulatedExchange
from binance_margin_async.sim.errors import RefusedError
from binance_margin_async.sim.ledger.records import Sum
from binance_margin_async.testing import run_virtual

CALLS = 6
# Until then questions fail.
STORM = 60.0
LOAN, TRANSFER = "/sapi/v1/margin/borrow-repay", "/sapi/v1/asset/transfer"
PAIR = Isolated("BTCUSDT")
KINDS = {"BORROW": 45, "REPAY": 25, "MARGIN_ISOLATEDMARGIN": 30}
# What becomes of the call, and how often; "late" goes on inside the exchange after the reply is lost.
TREATMENTS = {
    None: 25,
    "late": 20,
    "never connected": 5,
    Fault("drop", effect="none"): 7,
    Fault("drop", effect="done"): 8,
    Fault("reset", effect="done"): 8,
    Fault("lost_reply", effect="none"): 4,
    Fault("lost_reply", effect="done"): 4,
    Fault("server_error", status=502, effect="none"): 3,
    Fault("server_error", status=504, effect="done"): 4,
    Fault("unknown_outcome", code=-1006, effect="done"): 2,
    Fault("unknown_outcome", code=-1007, effect="none"): 2,
    Fault("unknown_outcome", code=-1007, effect="done"): 3,
    Fault("truncated_body"): 2,
    Fault("garbled_body"): 2,
    Fault("delay", seconds=12): 2,
}
# Whether another tool makes the same call: never, all the time, or once at a moment nobody foresees.
OTHERS = {"nobody": 50, "regular": 30, "once": 20}


@dataclass
class Told:
    """What one caller was told."""

    kind: str
    amount: Decimal
    outcome: Outcome
    transaction: int | None = None
    name: str | None = None


@dataclass
class Played:
    """One schedule, afterwards."""

    seed: int
    others: str
    calls: int = 0
    lost: int = 0
    duplicated: int = 0
    wrong: list = field(default_factory=list)
    needless: list = field(default_factory=list)
    repeated_deliveries: int = 0
    never_journaled: int = 0
    not_rung: int = 0
    mistaken: int = 0
    """Calls that never happened, and were taken for the only one that another tool ever made."""
    ambiguous: int = 0
    fired: Counter = field(default_factory=Counter)

    @property
    def problems(self):
        """What must not happen, and did."""
        names = ("duplicated", "wrong", "needless", "repeated_deliveries", "never_journaled", "not_rung")
        found = {name: getattr(self, name) for name in names if getattr(self, name)}
        return found | ({"mistaken": self.mistaken} if self.mistaken and self.others != "once" else {})


class Bank(Weather):
    """Stands before an exchange that lends and moves money, and knows which request became which transaction."""

    changes = (f"POST {LOAN}", f"POST {TRANSFER}")
    questions = (f"GET {LOAN}", f"GET {TRANSFER}", "GET /sapi/v1/margin/account")
    storm = STORM

    def __init__(self, exchange, chance):
        super().__init__(exchange, chance)
        self.transactions = {}
        self.foreign = []

    def name(self, request):
        return parameter(request, "type"), int(parameter(request, "timestamp"))

    def made(self):
        """Loans and repayments by hand, and transfers."""
        histories = self._exchange.core.venue.book.histories
        return [each for each in histories.loans if each.origin == "MANUAL"] + histories.transfers

    def on_made(self, request):
        self.transactions[self.name(request)] = max(each.transaction for each in self.made())
        super().on_made(request)

    async def do_the_same(self, kind, amount):
        """Make a call as another tool, which waits for its turn."""
        venue = self._exchange.core.venue
        for _ in range(50):
            now = self._exchange._now()
            try:
                if kind in {"BORROW", "REPAY"}:
                    account = venue.book.accounts["CROSS"]
                    made = venue.loans.by_hand(account, "USDT", amount, borrow=kind == "BORROW", now=now)
                else:
                    made = venue.transfers.move(kind, "CROSS", venue.pair("BTCUSDT"), Sum("USDT", amount), now)
            except RefusedError:
                await asyncio.sleep(0.05)
            else:
                self.foreign.append((kind, amount, made))
                return


# -- policies ----------------------------------------------------------------------------------------------------------


class Ours:
    """Read until there is proof, or a person has to decide."""

    def __init__(self, client):
        self._client = client

    async def make(self, kind, amount, patience):
        funds = self._client.funds
        name = None
        try:
            if kind == "BORROW":
                change = await funds.borrow("USDT", amount, patience=patience)
            elif kind == "REPAY":
                change = await funds.repay("USDT", amount, patience=patience)
            else:
                moved = await funds.move("USDT", amount, from_=CROSS, to=PAIR)
                return Told(kind, amount, Outcome.ACCEPTED, moved.transfers[0].transaction_id)
            name = change.intent_id
            return Told(kind, amount, await change.verdict(), change.transaction_id, name)
        except MarginError as problem:
            return Told(kind, amount, problem.outcome, name=getattr(problem, "intent_id", name))


class Plain:
    """The plain calls, under a policy."""

    def __init__(self, client):
        self._client = client

    async def call(self, kind, amount):
        if kind in {"BORROW", "REPAY"}:
            calls = self._client.borrow
            reply = await (calls.borrow if kind == "BORROW" else calls.repay)("USDT", amount)
        else:
            reply = await self._client.wallet.universal_transfer(kind, "USDT", amount, to_symbol="BTCUSDT")
        return reply.transaction_id

    async def records(self, kind, since_ms):
        if kind in {"BORROW", "REPAY"}:
            return (await self._client.borrow.borrow_repay_records(kind, asset="USDT", start_ms=since_ms)).rows
        return (await self._client.wallet.universal_transfer_history(kind, start_ms=since_ms, to_symbol="BTCUSDT")).rows


class SendAgain(Plain):
    """Wrong: make the call again until there is an answer."""

    async def make(self, kind, amount, _patience):
        for _ in range(4):
            try:
                return Told(kind, amount, Outcome.ACCEPTED, await self.call(kind, amount))
            except MarginError as problem:
                if problem.outcome is not Outcome.UNKNOWN:
                    return Told(kind, amount, problem.outcome)
            await asyncio.sleep(1.0)
        return Told(kind, amount, Outcome.UNKNOWN)


class BelieveOneMiss(Plain):
    """Wrong: read the records once, and take their silence for a refusal."""

    async def make(self, kind, amount, _patience):
        since_ms = self._client.clock.exchange_ms()
        try:
            return Told(kind, amount, Outcome.ACCEPTED, await self.call(kind, amount))
        except MarginError as problem:
            if problem.outcome is not Outcome.UNKNOWN:
                return Told(kind, amount, problem.outcome)
        while True:
            try:
                rows = await self.records(kind, since_ms)
            except MarginError:
                await asyncio.sleep(1.0)
            else:
                found = [each.transaction_id for each in rows if each.amount == amount]
                return Told(kind, amount, Outcome.ACCEPTED if found else Outcome.REFUSED, *found[:1])


POLICIES = {"send again": SendAgain, "believe one miss": BelieveOneMiss, "read until proof": Ours}


# -- one schedule ------------------------------------------------------------------------------------------------------


def play(seed, policy="read until proof", calls=CALLS):
    """Play the schedule of *seed*, and return what the judge saw."""
    return run_virtual(_play(seed, policy, calls), seed=seed)


async def _one(maker, bank, chance, amount, told):
    loop = asyncio.get_running_loop()
    await asyncio.sleep(chance.uniform(0, 24))
    treatment = rolled(chance, TREATMENTS)
    if treatment == "never connected":
        bank.fired[treatment] += 1
        port = int(bank._exchange.rest_url.rpartition(":")[2])
        for connection in loop.network.connections(port):
            connection.close()
        loop.network.refuse(port)
        loop.call_later(1.5, loop.network.accept, port)
    else:
        bank.next = treatment
    patience = chance.choice([None, 2.0])
    told.append(await maker.make(rolled(chance, KINDS), amount, patience))


async def _others(bank, chance, mode, kind, amounts):
    if mode == "regular":
        while True:
            await bank.do_the_same(kind, amounts[0])
            await asyncio.sleep(chance.uniform(2, 8))
    elif mode == "once":
        await asyncio.sleep(chance.uniform(10, 50))
        await bank.do_the_same(kind, chance.choice(amounts))


async def _play(seed, policy, calls):
    chance = random.Random(f"lost loans/{seed}")
    exchange = SimulatedExchange("calm", seed=seed)
    journal = MemoryJournal()
    rung, told = [], []
    mode = rolled(chance, OTHERS)
    is_same = mode == "regular" or chance.random() < 0.5
    amounts = [Decimal(100 if is_same else 100 + number) for number in range(calls)]
    async with MarginClient(sim=exchange, journal=journal) as client:
        await client.borrow.borrow("USDT", 5000)  # so that there is something to pay back
        bank = Bank(exchange, chance)
        asyncio.get_running_loop().call_later(STORM, bank.clear_up)
        async with client.bus.on(OutcomeAmbiguous, handler=rung.append):
            other = asyncio.ensure_future(_others(bank, chance, mode, rolled(chance, KINDS), amounts))
            await asyncio.sleep(10)
            maker = POLICIES[policy](client)
            async with asyncio.TaskGroup() as group:
                for amount in amounts:
                    group.create_task(_one(maker, bank, chance, amount, told))
            await asyncio.sleep(30)
            other.cancel()
            await asyncio.gather(other, return_exceptions=True)
        result = Played(seed, mode, calls=calls, fired=bank.fired)
        judge(result, bank, told)
        if policy == "read until proof":
            await client.orders._outcomes.flush()
            audit(result, bank, list(journal._intents.values()), rung)
        return result


def judge(result, bank, told):
    """Compare what callers were told with the exchange's books, call by call of the same kind and amount."""
    histories = bank._exchange.core.venue.book.histories
    amounts = {each.transaction: each.principal + each.interest for each in histories.loans}
    amounts |= {each.transaction: each.amount for each in histories.transfers}
    made = Counter((kind, amounts[transaction]) for (kind, _), transaction in bank.transactions.items())
    asked = Counter((each.kind, each.amount) for each in told)
    accepted = Counter((each.kind, each.amount) for each in told if each.outcome is Outcome.ACCEPTED)
    unknown = Counter((each.kind, each.amount) for each in told if each.outcome is Outcome.UNKNOWN)
    result.duplicated = sum(max(0, made[key] - asked[key]) for key in made)
    for key in asked:
        if made[key] > accepted[key] + unknown[key]:
            result.wrong.append((*key, "made, but not said to be"))
    foreign = {transaction for _, _, transaction in bank.foreign}
    result.mistaken = sum(each.transaction in foreign for each in told)
    taken = Counter(each.transaction for each in told if each.transaction is not None)
    result.wrong += [(transaction, "taken twice") for transaction, count in taken.items() if count > 1]


def audit(result, bank, intents, rung):
    """Compare each intent with the request that went out for it."""
    result.repeated_deliveries = sum(count > 1 for count in bank.delivered.values())
    foreign = {transaction: (kind, amount) for kind, amount, transaction in bank.foreign}
    known = {each.exchange_id for each in intents}
    stamps = {(each.parameters["type"], each.stamped_ms) for each in intents}
    result.never_journaled = sum(
        transaction not in known and name not in stamps for name, transaction in bank.transactions.items()
    )
    for each in intents:
        name = (each.parameters["type"], each.stamped_ms)
        if each.stamped_ms is None:
            continue
        result.lost += 1
        made, told = bank.transactions.get(name), each.exchange_id
        if each.outcome is Outcome.ACCEPTED and told != made and not (told in foreign and made is None):
            result.wrong.append((each.id, "another transaction is said to be it"))
        elif each.outcome in {Outcome.REFUSED, Outcome.NOT_SENT} and made is not None:
            result.wrong.append((each.id, "refused, but made"))
        elif each.is_open:
            result.ambiguous += 1
            same = (each.parameters["type"], Decimal(each.parameters["amount"]))
            result.not_rung += each.id not in {update.intent.id for update in rung}
            if same not in foreign.values():
                result.needless.append((each.id, each.reason))


# -- many --------------------------------------------------------------------------------------------------------------


def main():
    """Play a window of seeds with each policy, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seeds", help="first:end, such as 0:1000")
    parser.add_argument("--calls", type=int, default=CALLS, help="in each schedule")
    parser.add_argument("--policy", choices=list(POLICIES), help="only this one")
    parser.add_argument("--jobs", type=int, default=1)
    given = parser.parse_args()
    first, end = map(int, given.seeds.split(":"))
    print(f"Python {platform.python_version()}, seeds {given.seeds}, {given.calls} calls each")
    with concurrent.futures.ProcessPoolExecutor(given.jobs) as pool:
        for policy in [given.policy] if given.policy else POLICIES:
            begun = time.perf_counter()
            games = list(pool.map(functools.partial(play, policy=policy, calls=given.calls), range(first, end)))
            print(
                f"{policy}: {sum(game.calls for game in games)} calls, {sum(game.lost for game in games)} lost; "
                f"{sum(game.duplicated for game in games)} duplicated, "
                f"{sum(len(game.wrong) for game in games)} wrong verdicts, "
                f"{sum(game.ambiguous for game in games)} left to a person, "
                f"{sum(game.mistaken for game in games)} mistaken for another tool's; "
                f"{time.perf_counter() - begun:.0f} s"
            )
            for game in games:
                if policy == "read until proof" and game.problems:
                    print(f"  seed {game.seed}: {game.problems}")
    fired = sum((game.fired for game in games), Counter())
    print("fired: " + ", ".join(f"{name} {count}" for name, count in sorted(fired.items())))


if __name__ == "__main__":
    main()

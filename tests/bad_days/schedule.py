"""One bad day as data: what goes wrong, and what is traded meanwhile."""

import random
from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from binance_margin_async.config import StreamTransport
from binance_margin_async.sim import Fault, FaultPlan
from binance_margin_async.sim.faults.plan import ROLLED

# Virtual seconds in which troubles begin; the next comparison with the exchange comes at 300 (services/repair.py), and
# a minute before it everything has to be well.
STORM = 160.0
# One day of twelve is long enough for a listen key to be kept alive at minute 30.
LONG_STORM = 2_000.0
LONG_DAYS = 1 / 12
# On one of so many days the streams are read out of the library's queue.
QUEUED = 5

ACCOUNTS = ("CROSS", "BTCUSDT", "ETHUSDT", "BNBUSDT")
PLACES = ("rest", "streams", "all")
CONSUMERS = ("consumer_slow", "consumer_raises", "consumer_calls", "consumer_leaves")


class Trouble(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """
    One thing that goes wrong.

    Attributes:
        kind: A kind of fault of the simulated exchange, or one of ``OWN``.
        at: Seconds after every stream was live.
        seconds: How long it lasts.
        target: Which connections: ``"rest"``, ``"streams"`` or ``"all"``.
        amount: Seconds, bytes or a share, as the kind needs it.
        fault: For a fault of the exchange; its own times count from *at*.
    """

    kind: str
    at: float
    seconds: float = 0.0
    target: str = "all"
    amount: float = 0.0
    fault: Fault | None = None

    @property
    def ends_at(self) -> float:
        """When nothing of it is left but what the client makes of it."""
        if self.fault is None:
            return self.at + self.seconds
        latest = max(self.fault.until_s or 0.0, 0.0) + (self.fault.seconds or 0.0)
        # A subscription that vanishes is found at the next look, a minute later at most (promise W8).
        return self.at + latest + (61.0 if self.kind == "subscription_vanishes" else 0.0)


class Act(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """
    One thing that is done with orders.

    Attributes:
        at: Seconds after every stream was live.
        who: ``"client"``, or ``"other"``: another tool of the same user.
        what: ``"take"`` trades at once, ``"rest"`` waits in the book, ``"cancel"`` ends what rests, ``"list"`` places
            an OCO, ``"storm"`` eats through a thin book in many fills.
        account: ``"CROSS"`` or a pair.
        symbol: Pair.
        side: ``"BUY"`` or ``"SELL"``.
        away: How far the price of a resting order is from the market, a fraction.
    """

    at: float
    who: str
    what: str
    account: str
    symbol: str
    side: str
    away: float = 0.0


class Schedule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """
    A whole day.

    Attributes:
        seed: Decides delays of the network, jitter and harmed bytes.
        shuffle: Whether tasks that are ready together run in a seeded order.
        skew: Seconds by which the exchange's clock is ahead at the start.
        drift: How much faster it runs.
        greeted: Whether the other tool trades in the moment in which an account is subscribed.
        stream_transport: How the client reads its streams.
    """

    seed: int
    shuffle: bool
    skew: float
    drift: float
    greeted: bool
    troubles: tuple[Trouble, ...]
    acts: tuple[Act, ...]
    stream_transport: StreamTransport = "direct"

    @property
    def calm_at(self) -> float:
        """When the last trouble is over, in seconds after every stream was live."""
        return max((each.ends_at for each in self.troubles), default=0.0)

    def to_json(self) -> bytes:
        """Return it as text."""
        return msgspec.json.format(msgspec.json.encode(self), indent=1)


def read(text: bytes) -> Schedule:
    """Return the schedule written down as *text*."""
    return msgspec.json.decode(text, type=Schedule)


@dataclass(frozen=True)
class _Rolled:
    """What is drawn for one kind: its length, its amount, and whether it is about some connections only."""

    seconds: tuple[float, float] = (0.0, 0.0)
    amount: tuple[float, float] = (0.0, 0.0)
    placed: bool = False


# What is not the exchange's own misbehaviour.
OWN: Mapping[str, _Rolled] = {
    # network
    "latency": _Rolled((1, 20), (0.2, 3), placed=True),
    "torn": _Rolled((5, 30), placed=True),
    "coalesced": _Rolled((5, 20), (0.05, 0.5), placed=True),
    "slow_reader": _Rolled((2, 15), (200, 5_000), placed=True),
    "reset_all": _Rolled(placed=True),
    "reset_one": _Rolled(placed=True),
    "reset_after": _Rolled((5, 20), (1, 2_000), placed=True),
    "closed": _Rolled(placed=True),
    "hole_up": _Rolled((2, 60), placed=True),
    "hole_down": _Rolled((2, 60), placed=True),
    "hole_both": _Rolled((2, 60), placed=True),
    "refused": _Rolled((1, 40), placed=True),
    "connect_slow": _Rolled((1, 30), (0.5, 20), placed=True),
    "accept_then_silence": _Rolled((1, 30), placed=True),
    "dns_fails": _Rolled((1, 30)),
    "dns_slow": _Rolled((1, 30), (0.5, 10)),
    # time
    "clock_jump": _Rolled(amount=(-5, 60)),
    "clock_drift": _Rolled((5, 60), (-300e-6, 300e-6)),
    "loop_stall": _Rolled(amount=(0.3, 12)),
    "suspend": _Rolled(amount=(60, 1_200)),
    "date_set": _Rolled(amount=(-3_600, 3_600)),
    # consumers
    **{kind: _Rolled((5, 60)) for kind in CONSUMERS},
    # the market
    "price_jump": _Rolled(amount=(-0.03, 0.03)),
    "margin_call": _Rolled((20, 60)),
}
KINDS = (*map(str, ROLLED), *OWN)


def rolled(seed: int) -> Schedule:
    """Return the schedule of *seed*."""
    chance = random.Random(f"bad day/{seed}")
    storm = LONG_STORM if chance.random() < LONG_DAYS else STORM
    faults = FaultPlan.random(chance.getrandbits(32), duration_s=storm, quiet_s=30.0, count=chance.randint(1, 7))
    troubles = [_of_fault(fault) for fault in faults]
    if storm == LONG_STORM:
        # Without help no kept-alive key would ever meet it.
        troubles.append(Trouble("keep_alive_fails", at=1_500.0, fault=Fault("keep_alive_fails", until_s=500.0)))
    troubles += [_own(chance, storm) for _ in range(chance.randint(1, 6))]
    acts = [_act(chance, storm) for _ in range(chance.randint(8, 20))]
    return Schedule(
        seed=seed,
        shuffle=chance.random() < 0.5,
        skew=round(chance.uniform(-3_600, 3_600), 3),
        drift=round(chance.uniform(-200e-6, 200e-6), 9),
        greeted=chance.random() < 0.3,
        troubles=tuple(sorted(troubles, key=lambda each: each.at)),
        acts=tuple(sorted(acts, key=lambda each: each.at)),
        stream_transport="queued" if seed % QUEUED == 0 else "direct",
    )


def _of_fault(fault: Fault) -> Trouble:
    until_s = None if fault.until_s is None else round(fault.until_s - fault.after_s, 3)
    moved = msgspec.structs.replace(fault, after_s=0.0, until_s=until_s)
    return Trouble(str(fault.kind), at=fault.after_s, fault=moved)


def _own(chance: random.Random, storm: float) -> Trouble:
    kind = chance.choice(list(OWN))
    draws = OWN[kind]
    seconds = round(chance.uniform(*draws.seconds), 3)
    return Trouble(
        kind,
        at=round(chance.uniform(0.0, storm - 30.0), 3),
        seconds=seconds,
        target=chance.choice(PLACES) if draws.placed else "all",
        amount=round(chance.uniform(*draws.amount), 6),
    )


def _act(chance: random.Random, storm: float) -> Act:
    account = chance.choice(ACCOUNTS)
    what = chance.choices(("take", "rest", "cancel", "list", "storm"), (8, 6, 4, 1, 1))[0]
    return Act(
        at=round(chance.uniform(0.0, storm), 3),
        who="other" if what == "storm" or chance.random() < 0.7 else "client",
        what=what,
        account=account,
        symbol=chance.choice(ACCOUNTS[1:]) if account == "CROSS" else account,
        side=chance.choice(("BUY", "SELL")),
        away=round(chance.uniform(0.001, 0.02), 4),
    )

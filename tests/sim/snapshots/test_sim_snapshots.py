"""Objects of the simulator as plain values, and back."""

import random
from collections import defaultdict, deque
from decimal import Decimal
from fractions import Fraction

import orjson
import pytest

from binance_margin_async.sim import ConstantPrice, Exchange, PricePath, PriceStep
from binance_margin_async.sim.errors import SnapshotError
from binance_margin_async.sim.faults.fault import Layer
from binance_margin_async.sim.ledger.accounts import Account, Balance
from binance_margin_async.sim.market.pairs import pair_of
from binance_margin_async.sim.scenarios import scenario_named
from binance_margin_async.sim.snapshots import from_plain, to_plain
from binance_margin_async.sim.wire.authentication import Security


def through_text(value):
    return from_plain(orjson.loads(orjson.dumps(to_plain(value))))


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        2**60,
        0.1,
        float("inf"),
        "text",
        Decimal("1E-8"),
        Fraction(1, 3),
        ("a", (1, [2])),
        [1, [2]],
        {"a": 1, "$": 2, "#": 3},
        {1: "a", (2, 3): "b"},
        {Layer.FRAME: 1},
        {3, 1, 2},
        PriceStep(5, Decimal("0.10")),
        Balance(Decimal(1), Decimal(2)),
        pair_of("BTCUSDT"),
        Security.TRADE,
        pair_of,
        Account,
    ],
)
def test_values_come_back_equal(value):
    """With their types: a tuple is no list, and 0.10 keeps its zero."""
    back = through_text(value)

    assert value == back
    assert type(value) is type(back)
    assert str(value) == str(back)


def test_queues_keep_their_limit_and_defaults_their_maker():
    """Two containers that know more than what they hold."""
    queue, sums = through_text([deque([1, 2], maxlen=2), defaultdict(Decimal, {("a", "b"): Decimal(1)})])
    queue.append(3)

    assert deque([2, 3], maxlen=2) == queue
    assert Decimal(0) == sums["c", "d"]


def test_chance_goes_on_where_it_was():
    """The next number is the one that would have come."""
    chance = random.Random(7)
    chance.random()

    assert through_text(chance).random() == chance.random()


def test_what_was_one_object_stays_one():
    """An order is in the list of all orders and in that of the open ones."""
    balance = Balance()
    first, second = through_text([balance, {"USDT": balance}])
    second["USDT"].free = Decimal(5)

    assert Decimal(5) == first.free


def test_what_holds_itself_comes_back_so():
    """A callback, for one, leads back to its owner."""
    account = Account("CROSS", {})
    account.balances["self"] = account
    account.balances["method"] = account.balance

    back = through_text(account)

    assert back is back.balances["self"]
    assert back is back.balances["method"].__self__


def test_same_state_gives_the_same_text(desk):
    """Snapshots can be compared."""
    assert orjson.dumps(desk().core.snapshot()) == orjson.dumps(desk().core.snapshot())


def test_own_price_paths_cannot_be_kept(desk):
    """The message names the class that stands in the way."""

    class Flat(ConstantPrice):
        pass

    own = desk(scenario_named("calm"), prices={"BTCUSDT": Flat("BTCUSDT", "1")})

    with pytest.raises(SnapshotError, match="Flat"):
        own.core.snapshot()


@pytest.mark.parametrize(
    ("plain", "word"),
    [
        ({"$": "os:system"}, "os:system"),
        ({"$": "code", "name": "snapshots.names:import_module"}, "import_module"),
        ({"$": "ledger.accounts:Decimal"}, "Decimal"),
        ({"$": "ledger.accounts:Nothing"}, "Nothing"),
        ({"$": "market.pairs:pair_of"}, "pair_of"),
        ({"$": "market.pairs:KNOWN"}, "KNOWN"),
        ({"$": "ref", "#": 1}, "1"),
        ({"$": "Decimal"}, "text"),
    ],
)
def test_bad_snapshots_are_refused(plain, word):
    """Nothing outside of the simulator can be named, and nothing of it that is no class is made an object."""
    with pytest.raises(SnapshotError, match=word):
        from_plain(plain)


@pytest.mark.parametrize(
    ("snapshot", "word"),
    [({}, "format"), ({"format": 0}, "format"), ({"format": 1, "exchange": []}, "no exchange")],
)
def test_exchange_is_restored_from_its_own_snapshots_only(snapshot, word):
    """An older format, or something else altogether."""
    with pytest.raises(SnapshotError, match=word):
        Exchange.restore(snapshot)


def test_price_paths_are_kept_with_their_place(desk):
    """Also one that is drawn by chance, and ends nowhere."""
    own = desk("slide")
    own.wait(13)
    twin = Exchange.restore(own.core.snapshot())
    own.wait(10)
    twin.advance(own.now)

    assert own.core.prices == twin.prices
    assert all(isinstance(path, PricePath) for path in twin.scenario.prices.values())

"""What the shipped scenarios show, and when."""

from decimal import Decimal
from itertools import pairwise

import pytest

from binance_margin_async.sim import (
    ConstantPrice,
    Holding,
    IsolatedOpening,
    KlineCsv,
    Scenario,
    ScenarioError,
    SimulatedExchange,
)
from binance_margin_async.sim.scenarios import scenario_named, scenario_names

LINES = """open_time,open,high,low,close,volume
2023-03-10 20:00:00+00:00,21000,21000,20500,20500,1
2023-03-10 20:01:00+00:00,20150.01,20200,20150,20160,1
2023-03-10 20:02:00+00:00,20500,20600,19600,20600,1
"""


def changes(core, account):
    records = [record for record in core.levels if record.account == account]
    changed = [records[0], *(after for before, after in pairwise(records) if before.status != after.status)]
    return [((record.time - core.start_ms) / 1000, record.status) for record in changed]


def test_slide_calls_and_liquidates_both_accounts_within_28_seconds(desk):
    """The first thing a newcomer sees must happen while he looks."""
    played = desk("slide")
    played.wait(60)

    expected = [(0.0, "NORMAL"), (12.0, "MARGIN_CALL"), (24.0, "FORCE_LIQUIDATION"), (27.0, "EXCESSIVE")]
    assert expected == changes(played.core, "CROSS")
    expected = [(0.0, "NORMAL"), (16.0, "MARGIN_CALL"), (17.5, "PRE_LIQUIDATION"), (18.5, "FORCE_LIQUIDATION")]
    assert [*expected, (21.5, "EXCESSIVE")] == changes(played.core, "BTCUSDT")
    assert played.core.is_finished


def test_slide_begins_above_the_warning(desk):
    """A warning comes five percent above the call; the story must start before it."""
    first = {record.account: record.level for record in desk("slide").core.levels[:2]}

    assert first["CROSS"] > Decimal("1.3") * Decimal("1.05")
    assert first["BTCUSDT"] > Decimal("1.19") * Decimal("1.05")


# Second of the first time that each band is seen; what a scenario's description promises.
SHOWN = {
    "flash-crash": {
        "CROSS": {"NORMAL": 0.0, "MARGIN_CALL": 11.8},
        "BTCUSDT": {
            "NORMAL": 0.0,
            "MARGIN_CALL": 11.0,
            "PRE_LIQUIDATION": 11.3,
            "FORCE_LIQUIDATION": 11.5,
            "EXCESSIVE": 14.5,
        },
    },
    "short-squeeze": {
        "CROSS": {"NORMAL": 0.0, "MARGIN_CALL": 66.0, "FORCE_LIQUIDATION": 109.5, "EXCESSIVE": 112.5},
        "BTCUSDT": {
            "NORMAL": 0.0,
            "MARGIN_CALL": 28.5,
            "PRE_LIQUIDATION": 31.0,
            "FORCE_LIQUIDATION": 34.0,
            "EXCESSIVE": 37.0,
        },
    },
    "slow-bleed": {
        "CROSS": {"NORMAL": 0.0, "MARGIN_CALL": 27_945.0},
        "ETHUSDT": {"NORMAL": 0.0, "MARGIN_CALL": 28_380.0},
    },
    "ban-hammer": {"CROSS": {"NORMAL": 0.0, "MARGIN_CALL": 120.0}},
    "blackout": {"CROSS": {"NORMAL": 0.0, "MARGIN_CALL": 70.0}},
    "maintenance": {"CROSS": {"NORMAL": 0.0, "MARGIN_CALL": 300.0}},
    "daily-disconnect": {"CROSS": {"NORMAL": 0.0, "MARGIN_CALL": 220_140.0}},
    "delisting": {
        "CROSS": {"EXCESSIVE": 0.0},
        "AAVEUSDT": {
            "NORMAL": 0.0,
            "MARGIN_CALL": 460.0,
            "PRE_LIQUIDATION": 485.0,
            "FORCE_LIQUIDATION": 505.0,
            "EXCESSIVE": 508.0,
        },
    },
    "interest-creep": {"CROSS": {"NORMAL": 0.0, "MARGIN_CALL": 34 * 3600.0}},
    "contagion": {
        "CROSS": {"NORMAL": 0.0, "MARGIN_CALL": 52_920.0},
        "ETHUSDT": {
            "NORMAL": 0.0,
            "MARGIN_CALL": 6_765.0,
            "PRE_LIQUIDATION": 59_810.0,
            "FORCE_LIQUIDATION": 61_660.0,
            "EXCESSIVE": 61_663.0,
        },
    },
    "calm": {"CROSS": {"EXCESSIVE": 0.0}, "BTCUSDT": {"EXCESSIVE": 0.0}, "ETHUSDT": {"EXCESSIVE": 0.0}},
}


@pytest.mark.parametrize("name", SHOWN)
def test_scenario_shows_what_it_promises(desk, name):
    """Whoever rehearses on it relies on when things happen."""
    played = desk(name)
    played.wait(played.core.scenario.duration_s)

    assert played.core.is_finished
    for account, bands in SHOWN[name].items():
        seen = changes(played.core, account)
        assert bands == {status: at for at, status in reversed(seen)}, account


def kinds(name):
    return {fault.kind for fault in scenario_named(name).faults}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ban-hammer", {"limits_halved": 20, "rate_limit": 40, "ban": 60}),
        ("blackout", {"black_hole": 40}),
        ("maintenance", {"server_shutdown": 115, "maintenance": 120}),
        ("inventory-dry", {"inventory_empty": 60}),
        ("clock-jump", {"clock_shift": 0}),
        ("event-storm", {"event_unknown": 10, "event_garbage": 65, "event_huge": 125}),
    ],
)
def test_faults_of_a_scenario_strike_when_it_promises(desk, name, expected):
    """Second of the first strike; what meets calls or events strikes with the first that comes."""
    played = desk(name)
    for _ in range(int(played.core.scenario.duration_s)):
        played.wait(1)
        played.send("GET", "account")
    first = {}
    for fired in played.core.faults.fired:
        first.setdefault(fired.kind, (fired.time - played.start) / 1000)

    assert set(expected) <= kinds(name)
    assert expected == first


def test_lost_replies_loses_every_third_and_does_some_of_them(desk):
    """Two pass, one is lost; from the reply nobody can tell whether it was done."""
    played = desk("lost-replies")
    bad = []
    for number in range(24):
        order = {"symbol": "BTCUSDT", "side": "BUY", "type": "MARKET", "quantity": "0.001"}
        reply = played.send("POST", "order", newClientOrderId=f"n{number}", **order)
        if reply.status != 200 or reply.delivery.ending != "whole" or not reply.body.endswith(b"}"):
            bad.append(number)
    done = {order.client_id for order in played.core.venue.trading.orders.values()}

    assert [2, 5, 8, 11, 14, 17, 20] == bad
    assert [8, 17] == [number for number in range(24) if f"n{number}" not in done]


def test_every_shipped_scenario_says_what_happens():
    """The list is how people choose."""
    for name in scenario_names():
        shipped = scenario_named(name)
        assert name == shipped.name
        assert 40 < len(shipped.description) < 130


def test_bank_run_calls_at_20150_at_every_hour(desk, tmp_path):
    """The debt is given and bears no interest, so the call price never moves."""
    path = tmp_path / "prices.csv"
    path.write_text(LINES, encoding="utf-8")
    played = desk("bank-run", prices=KlineCsv(path))
    played.wait(180)

    statuses = [record.status for record in played.core.levels]
    assert [*["NORMAL"] * 5, "MARGIN_CALL", "NORMAL", "NORMAL", "NORMAL", "MARGIN_CALL", "NORMAL"] == statuses[:-1]
    assert Decimal(20_150) / 15_500 == played.core.levels[5].level
    assert played.core.is_finished
    assert 1_678_478_400_000 == played.core.start_ms


def test_unknown_scenario_names_those_there_are():
    """One sentence for the command line."""
    with pytest.raises(ScenarioError, match=r"no scenario 'bankrun'; choose one of ban-hammer, bank-run, "):
        SimulatedExchange("bankrun")


def test_scenario_without_its_prices_asks_for_them():
    """The only way to play the bank run is with a file."""
    with pytest.raises(ScenarioError, match="needs prices for BTCUSDT; give a price file"):
        SimulatedExchange("bank-run")


def test_prices_of_a_foreign_pair_are_refused():
    """A file for the wrong symbol would silently do nothing."""
    with pytest.raises(ScenarioError, match="has no pair 'DOGEUSDT'"):
        SimulatedExchange("calm", prices=ConstantPrice("DOGEUSDT", "1"))


@pytest.mark.parametrize(
    "faulty",
    [
        {"pairs": ("NONSENSE",)},
        {"isolated": {"ETHUSDT": IsolatedOpening()}, "pairs": ("BTCUSDT",)},
        {"isolated": {"BTCUSDT": IsolatedOpening(leverage=7)}},
    ],
)
def test_scenario_that_contradicts_itself_is_refused(faulty):
    """Better a sentence at the start than a wrong level later."""
    with pytest.raises(ScenarioError, match="scenario 'own'"):
        Scenario("own", **faulty)


def test_holding_without_a_price_is_refused():
    """An asset that cannot be valued has no margin level."""
    prices = {"BTCUSDT": ConstantPrice("BTCUSDT", "1")}
    own = Scenario("own", pairs=("BTCUSDT",), prices=prices, cross={"DOGE": Holding(free=Decimal(1))})

    with pytest.raises(ScenarioError, match="cannot hold DOGE"):
        SimulatedExchange(own)


def test_price_file_decides_how_long_the_scenario_lasts(tmp_path):
    """A replay ends with its file."""
    path = tmp_path / "prices.csv"
    path.write_text(LINES, encoding="utf-8")

    assert 180.0 == SimulatedExchange("calm", prices=KlineCsv(path)).core.scenario.duration_s

"""A seed and a fault file replay the same session, to the byte."""

import hashlib

import pytest

from binance_margin_async.sim import FaultPlan, SimulatedExchange
from binance_margin_async.sim.faults import FaultKind, read_faults


def session(desk, seed, plan):
    """Play ten minutes of calls and frames; return the digest of all that left, and what struck."""
    own = desk("slide", seed=seed, faults=plan)
    digest = hashlib.sha256()
    trade, risk = own.watch(), own.watch_risk()
    for second in range(600):
        for method, path in (("GET", "account"), ("POST", "token"), ("GET", "/api/v3/time"), ("PUT", "key")):
            request = own.request(method, path, signed=path == "account", listenKey="x" if path == "key" else None)
            digest.update(repr((own.core.hold(request, own.now), own.core.handle(request, own.now))).encode())
        if second % 7 == 0:
            own.send("POST", "order", symbol="ETHUSDT", side="BUY", type="MARKET", quantity="0.01")
            own.frame(trade, "session.subscriptions")
            own.frame(risk, "LIST_SUBSCRIPTIONS")
        digest.update(repr(own.core.take_outbox()).encode())
        own.wait(1)
    return digest.hexdigest(), list(own.core.faults.fired)


@pytest.mark.parametrize("seed", range(5))
def test_a_seed_replays_the_same_session(desk, seed):
    """A failure that was seen once can be looked at."""
    plan = FaultPlan.random(seed, duration_s=600, count=60)
    first, second = session(desk, seed, plan), session(desk, seed, FaultPlan.random(seed, duration_s=600, count=60))
    assert first == second
    assert first[1]
    assert first[0] != session(desk, seed + 1, plan)[0]


def test_a_file_replays_the_same_session(desk, tmp_path):
    """So it can be kept, and sent to somebody."""
    plan = FaultPlan.random(3, duration_s=600, count=60)
    path = tmp_path / "faults.json"
    path.write_bytes(plan.to_json())
    assert session(desk, 3, plan) == session(desk, 3, read_faults(path))


def test_every_kind_strikes_in_some_session(desk):
    """A kind that never strikes would be a word and nothing else."""
    struck = set()
    for seed in range(6):
        struck |= {fired.kind for fired in session(desk, seed, FaultPlan.random(seed, duration_s=600, count=120))[1]}
    assert set(FaultKind) - {FaultKind.REPLY} == struck


def test_no_fault_is_armed_unless_asked_for():
    """The exchange behaves by itself."""
    assert [] == SimulatedExchange("calm").faults.armed

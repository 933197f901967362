"""A fault says what, whom, when and how often, and refuses what makes no sense."""

import msgspec
import pytest

from binance_margin_async.sim.faults import Fault, FaultKind, FaultPlan
from binance_margin_async.sim.faults.fault import SPECS, Layer


def test_every_kind_says_where_it_acts_and_can_be_made_without_arguments():
    """The shortest fault file names a kind and nothing else; only a clock must be told how far it is off."""
    assert set(FaultKind) == set(SPECS)
    for kind in FaultKind:
        needed = {"shift_s": 3.0} if kind is FaultKind.CLOCK_SHIFT else {}
        assert SPECS[kind].layer is Fault(kind, **needed).layer


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"kind": "thunder"}, "thunder"),
        ({"kind": "delay", "status": 500}, "kind 'delay' takes no 'status'; it takes after_s, effect, seconds, skip"),
        ({"kind": "delay", "every_s": 5}, "takes no 'every_s'"),
        ({"kind": "maintenance", "target": "x"}, "takes no 'target'"),
        ({"kind": "maintenance", "until_s": 9}, "takes no 'until_s'"),
        ({"kind": "socket_close", "skip": 1}, "takes no 'skip'"),
        ({"kind": "delay", "after_s": -1}, "after_s must be at least 0"),
        ({"kind": "delay", "after_s": float("nan")}, "after_s must be at least 0"),
        ({"kind": "delay", "after_s": 5, "until_s": 5}, "until_s must be later"),
        ({"kind": "delay", "skip": -1}, "skip must be"),
        ({"kind": "delay", "times": 0}, "times must be at least 1"),
        ({"kind": "delay", "seconds": 0}, "seconds must be above 0"),
        ({"kind": "token_expires", "times": 2}, "needs every_s"),
        ({"kind": "token_expires", "times": "always"}, "needs every_s"),
        ({"kind": "token_expires", "every_s": 0}, "every_s must be at least"),
        ({"kind": "event_drop", "target": "POST /x"}, "target must be one of all, trade, risk, market"),
        ({"kind": "socket_reset", "target": "rest"}, "target must be one of all, trade, risk, market"),
        ({"kind": "clock_shift"}, "needs shift_s"),
        ({"kind": "server_error", "status": 404}, "500 to 599"),
        ({"kind": "socket_close", "code": 1006}, "may be closed with"),
        ({"kind": "socket_close", "code": 999}, "may be closed with"),
        ({"kind": "event_huge", "size": 0}, "size must be above 0"),
    ],
    ids=str,
)
def test_a_fault_that_makes_no_sense_is_refused(settings, words):
    """It would silently never strike, or fail in the middle of a session."""
    with pytest.raises(ValueError, match=words):
        Fault(**settings)


def test_a_black_hole_may_swallow_rest():
    """It is the only fault of sockets that REST has as well."""
    assert "rest" == Fault("black_hole", target="rest").target


def test_a_plan_survives_being_written_down():
    """A failing session is kept as a file."""
    plan = FaultPlan.random(7, count=100)
    assert plan == FaultPlan(msgspec.json.decode(plan.to_json(), type=dict[str, list[Fault]])["faults"])


def test_a_seed_rolls_the_same_plan():
    """And another seed another one."""
    assert FaultPlan.random(1) == FaultPlan.random(1)
    assert hash(FaultPlan.random(1)) == hash(FaultPlan.random(1))
    assert FaultPlan.random(1) != FaultPlan.random(2)
    assert 30 == len(FaultPlan.random(1))


def test_every_kind_is_rolled_sooner_or_later():
    """A kind that never comes is never survived."""
    rolled = {fault.kind for seed in range(20) for fault in FaultPlan.random(seed)}
    assert set(FaultKind) - {FaultKind.REPLY} == rolled


def test_a_rolled_plan_is_over_before_its_quiet_end():
    """Whether everything recovers can only be seen when nothing strikes any more."""
    for seed in range(50):
        for fault in FaultPlan.random(seed, duration_s=300, quiet_s=100):
            last = fault.until_s if fault.until_s is not None else fault.after_s
            if fault.layer is Layer.CONDITION:
                last = fault.after_s + fault.seconds
            assert last <= 200.001


def test_only_the_chosen_kinds_are_rolled():
    """To rehearse one weakness at a time."""
    assert {"reset"} == {fault.kind for fault in FaultPlan.random(3, kinds=["reset"])}


def test_a_plan_without_time_for_faults_is_refused():
    """All of it would be the quiet end."""
    with pytest.raises(ValueError, match="duration_s must be above quiet_s"):
        FaultPlan.random(1, duration_s=100, quiet_s=100)

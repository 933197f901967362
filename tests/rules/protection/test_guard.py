"""When an account is protected: one action at a time, one for each crossing, within caps and cool-downs."""

from decimal import Decimal

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from binance_margin_async.models.account import CROSS, Isolated
from binance_margin_async.models.enums import AccountType
from binance_margin_async.rules.protection.guard import DAY_MS, FRESH, Guard, Idle
from binance_margin_async.rules.protection.kept import KeptGuard
from binance_margin_async.rules.protection.look import Deed
from binance_margin_async.rules.protection.rule import Measured

SHARE = Decimal("1.01")


@pytest.fixture
def low(look, holds):
    """An account at 1.25 with 5,000 USDT free to repay with; at other prices with ``low(price=...)``."""

    def make(**more):
        return look(holds("BTC", "1"), holds("USDT", "5000", owed="44000"), **more)

    return make


def guard_of(*rules, kept=None):
    return Guard(CROSS, rules, clear_share=SHARE, kept=kept)


def deeds(told):
    return [each for each in told if isinstance(each, Deed)]


def at(level, state="OK"):
    return Measured(level=None if level is None else Decimal(level), distance=None, state=state)


def test_a_crossing_has_one_action_however_often_it_is_looked_at(rule, low):
    """Not after the cool-down either, as long as it lasts."""
    guard = guard_of(rule("repay", cool_down=10.0))
    (deed,) = guard.decide(low(), now=0.0, now_ms=0)
    assert Decimal(1_000) == deed.amount

    guard.end(done=deed.amount, now_ms=1_000)
    assert [] == guard.decide(low(read_at=60.0), now=60.0, now_ms=60_000)
    assert [] == guard.due(at("1.25"), confirmed=True, now_ms=60_000)


def test_nothing_else_is_begun_while_an_outcome_is_open(rule, low):
    """Whatever other rules say."""
    guard = guard_of(rule("repay"), rule("repay", "other"))
    guard.decide(low(), now=0.0, now_ms=0)

    assert [] == guard.decide(low(), now=1.0, now_ms=1_000)
    assert [] == guard.due(at("1.1"), confirmed=True, now_ms=1_000)
    assert guard.pending is not None


def test_a_confirmed_reading_that_is_clear_by_a_margin_arms_the_rule_again(rule, low):
    """An estimate does not, nor does one within the margin."""
    guard = guard_of(rule("repay", cool_down=0.0))
    guard.end(done=deeds(guard.decide(low(), now=0.0, now_ms=0))[0].amount, now_ms=0)

    guard.due(at("1.5"), confirmed=False, now_ms=10)
    guard.due(at("1.312"), confirmed=True, now_ms=20)
    assert [] == guard.due(at("1.25"), confirmed=True, now_ms=30)
    guard.due(at("1.314"), confirmed=True, now_ms=40)
    assert ["rule"] == [each.name for each in guard.due(at("1.25"), confirmed=True, now_ms=50)]


def test_the_cool_down_holds_over_a_new_crossing(rule, low):
    """A level that swings about the trigger costs one action per cool-down."""
    guard = guard_of(rule("repay", cool_down=60.0))
    guard.end(done=deeds(guard.decide(low(), now=0.0, now_ms=0))[0].amount, now_ms=1_000)
    guard.due(at("2"), confirmed=True, now_ms=2_000)

    assert [] == guard.decide(low(read_at=60.0), now=60.0, now_ms=60_999)
    assert 1 == len(guard.decide(low(read_at=61.0), now=61.0, now_ms=61_000))


def test_the_cap_of_a_day_counts_what_was_done_within_24_hours(rule, low):
    """1,000, 1,000, then the 500 that are left, then nothing until the first is a day old."""
    guard = guard_of(rule("repay", cool_down=0.0))
    done = []
    for number in range(4):
        for each in deeds(guard.decide(low(), now=0.0, now_ms=number * 10_000)):
            done.append(each.amount)
            guard.end(done=each.amount, now_ms=number * 10_000)
        guard.due(at("2"), confirmed=True, now_ms=number * 10_000)
    assert [Decimal(1_000), Decimal(1_000), Decimal(500)] == done

    assert [] == deeds(guard.decide(low(), now=0.0, now_ms=DAY_MS - 1))
    assert [Decimal(1_000)] == [each.amount for each in deeds(guard.decide(low(), now=0.0, now_ms=DAY_MS + 6_000))]


def test_what_was_proved_not_to_be_done_is_given_back_after_the_cool_down(rule, low):
    """The crossing, and its part of the cap."""
    guard = guard_of(rule("repay", cool_down=60.0, most_per_day=Decimal(1_000)))
    guard.decide(low(), now=0.0, now_ms=0)
    guard.end(done=Decimal(0), now_ms=1_000)

    assert [] == guard.decide(low(), now=0.0, now_ms=60_999)
    assert [Decimal(1_000)] == [each.amount for each in guard.decide(low(), now=0.0, now_ms=61_000)]


def test_an_old_look_decides_nothing(rule, low):
    """Nor does one at another account."""
    guard = guard_of(rule("repay"))
    assert [] == guard.decide(low(read_at=0.0), now=FRESH + 0.001, now_ms=0)
    assert [] == guard.decide(low(account=Isolated("BTCUSDT")), now=0.0, now_ms=0)
    assert 1 == len(guard.decide(low(read_at=0.0), now=FRESH, now_ms=0))


def test_an_account_of_another_mode_is_never_touched(rule, low):
    """Its liquidation follows figures that are not modelled here."""
    guard = guard_of(rule("repay"))
    for mode in (AccountType.MARGIN_2, AccountType.UNKNOWN):
        (told,) = guard.decide(low(account_type=mode), now=0.0, now_ms=0) or [None]
        assert told is None or isinstance(told, Idle)
    assert guard.pending is None


@pytest.mark.parametrize(("trusts", "acts"), [(False, 0), (True, 1)])
def test_an_estimate_is_enough_only_when_the_rule_says_so(rule, low, trusts, acts):
    """The exchange still shows 1.4 while its prices have fallen."""
    guard = guard_of(rule("repay", on_estimate=trusts))
    assert acts == len(guard.decide(low(level="1.4"), now=0.0, now_ms=0))


def test_what_an_estimate_began_an_estimate_must_have_left_too(rule, low):
    """The exchange's figure that lags is no end of the crossing."""
    guard = guard_of(rule("repay", on_estimate=True, cool_down=0.0))
    guard.end(done=guard.decide(low(level="1.4"), now=0.0, now_ms=0)[0].amount, now_ms=0)

    assert [] == guard.decide(low(level="1.4"), now=0.0, now_ms=10)
    guard.due(at("1.5"), confirmed=False, now_ms=20)
    guard.due(at("1.4"), confirmed=True, now_ms=30)
    assert 1 == len(guard.decide(low(level="1.4"), now=0.0, now_ms=40))


def test_a_rule_that_can_do_nothing_says_so_and_leaves_it_to_the_next(rule, low):
    """In the order of the policy, and once in a crossing; it looks again after five seconds."""
    guard = guard_of(rule("transfer_in", "first"), rule("repay", "second"))
    idle, deed = guard.decide(low(), now=0.0, now_ms=0)

    assert ("first", "no USDT is free in the spot wallet") == (idle.rule.name, idle.reason)
    assert "second" == deed.rule
    guard.end(done=deed.amount, now_ms=0)
    assert [] == guard.due(at("1.25"), confirmed=True, now_ms=4_999)
    assert ["first"] == [each.name for each in guard.due(at("1.25"), confirmed=True, now_ms=5_000)]
    assert [] == guard.decide(low(), now=0.0, now_ms=5_000)
    guard.due(at("2"), confirmed=True, now_ms=6_000)
    again, _ = guard.decide(low(), now=0.0, now_ms=70_000)
    assert "first" == again.rule.name


def test_a_restart_keeps_crossings_caps_cool_downs_and_what_is_open(rule, low):
    """Through JSON."""
    guard = guard_of(rule("repay", cool_down=60.0))
    guard.decide(low(), now=0.0, now_ms=0)
    kept = msgspec.json.decode(msgspec.json.encode(guard.export()), type=KeptGuard)
    risen = guard_of(rule("repay", cool_down=60.0), kept=kept)

    assert guard.pending == risen.pending
    assert [] == risen.decide(low(), now=0.0, now_ms=0)
    risen.end(done=Decimal(1_000), now_ms=1_000)
    kept = msgspec.json.decode(msgspec.json.encode(risen.export()), type=KeptGuard)
    again = guard_of(rule("repay", cool_down=60.0), kept=kept)
    assert [] == again.due(at("1.2"), confirmed=True, now_ms=100_000)


moves = st.lists(
    st.tuples(
        st.sampled_from(["look", "reading", "end", "fail", "restart"]),
        st.integers(min_value=30_000, max_value=90_000),
        st.integers(min_value=0, max_value=DAY_MS // 3),
    ),
    max_size=40,
)


def test_no_course_of_events_exceeds_a_cap_or_acts_twice_at_once(rule, low):
    """Prices, times, outcomes and restarts in any order; what was done in any 24 hours is added up by the test."""
    terms = {"cool_down": 30.0, "level": Decimal("1.3")}
    rules = rule("repay", **terms), rule("transfer_in", "other", **terms)

    @settings(max_examples=60)
    @given(moves)
    def check(course):
        guard, now_ms, done = guard_of(*rules), 0, []
        last_end = {}
        for what, price, wait in course:
            now_ms += wait
            if what == "look":
                was_open = guard.pending
                found = deeds(guard.decide(low(price=price, spot={"USDT": Decimal(9_000)}), now=0.0, now_ms=now_ms))
                assert len(found) <= (0 if was_open else 1)
                for deed in found:
                    assert deed.level <= Decimal("1.3")
                    assert deed.amount <= Decimal(1_000)
                    assert now_ms - last_end.get(deed.rule, -DAY_MS) >= 30_000
            elif what == "reading":
                guard.due(at(Decimal(price + 5_000) / 44_000), confirmed=True, now_ms=now_ms)
            elif what == "restart":
                guard = guard_of(*rules, kept=guard.export())
            elif guard.pending is not None:
                deed = guard.pending
                guard.end(done=deed.amount if what == "end" else Decimal(0), now_ms=now_ms)
                last_end[deed.rule] = now_ms
                if what == "end":
                    done.append((deed.at_ms, deed.rule, deed.amount))
        for begun, name, _ in done:
            day = [amount for at_ms, other, amount in done if name == other and begun - DAY_MS < at_ms <= begun]
            assert sum(day) <= Decimal(2_500)

    check()

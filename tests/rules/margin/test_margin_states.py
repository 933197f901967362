"""From a level to a state."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binance_margin_async.models.margin import MarginState
from binance_margin_async.rules.margin.bars import Bars
from binance_margin_async.rules.margin.states import classify, is_known_status

THREE = Bars(Decimal("1.5"), Decimal("1.3"), Decimal("1.1"))
FIVE = Bars(Decimal("1.25"), Decimal("1.16"), Decimal("1.1"))
NO_DEBT, OK, NOTICE, NO_BORROW, WARN, MARGIN_CALL, CRITICAL, LIQUIDATION, UNKNOWN = MarginState

levels = st.decimals(min_value=0, max_value=5, places=8)


def venue_band(state: MarginState) -> str:
    """Return the exchange's coarser name: it knows no warning of ours."""
    if state in {MARGIN_CALL, CRITICAL}:
        return "MARGIN_CALL"
    if state in {NO_DEBT, OK, LIQUIDATION}:
        return state.value
    return "above call"


@pytest.mark.parametrize(
    ("level", "three", "five"),
    [
        (None, "NO_DEBT", "NO_DEBT"),
        ("2.0001", "OK", "OK"),
        ("1.3001", "above call", "above call"),
        ("1.3", "MARGIN_CALL", "above call"),
        ("1.16", "MARGIN_CALL", "MARGIN_CALL"),
        ("1.1001", "MARGIN_CALL", "MARGIN_CALL"),
        ("1.1", "LIQUIDATION", "LIQUIDATION"),
    ],
)
def test_borders_are_those_of_the_exchange(level, three, five):
    """At a bar is already under it."""
    number = None if level is None else Decimal(level)

    assert venue_band(classify(number, THREE)) == three
    assert venue_band(classify(number, FIVE)) == five


@pytest.mark.parametrize(
    ("level", "collateral_level", "expected"),
    [
        ("2.5", "2.00000001", OK),
        ("2.5", "2", NOTICE),
        ("2.5", "1.50000001", NOTICE),
        ("2.5", "1.5", NO_BORROW),
        ("1.36500001", "2.1", OK),
        ("1.365", "2.1", WARN),
        ("1.30000001", "1.2", WARN),
        ("1.3", "1.2", MARGIN_CALL),
        ("1.15000001", "1.1", MARGIN_CALL),
        ("1.15", "1.1", CRITICAL),
        ("1.10000001", "1", CRITICAL),
        ("1.1", "1", LIQUIDATION),
        ("0", "0", LIQUIDATION),
    ],
)
def test_collateral_level_decides_room_and_margin_level_decides_danger(level, collateral_level, expected):
    """Haircuts stop borrowing; only the full value calls and liquidates."""
    assert classify(Decimal(level), THREE, collateral_level=Decimal(collateral_level)) == expected


@pytest.mark.parametrize(
    ("level", "expected"),
    [("2.00000001", OK), ("2", NOTICE), ("1.5", NO_BORROW), ("1.365", WARN), ("1.15", CRITICAL)],
)
def test_isolated_account_has_one_level_for_everything(level, expected):
    """It knows no haircut."""
    assert classify(Decimal(level), THREE) == expected


def test_isolated_initial_ratio_above_two_stops_borrowing_first():
    """High tiers of a 3x pair may not borrow at levels that still count as comfortable elsewhere."""
    bars = Bars(Decimal("2.25"), Decimal("1.22"), Decimal("1.18"))

    assert classify(Decimal("2.25"), bars) == NO_BORROW
    assert classify(Decimal("2.26"), bars) == OK


@pytest.mark.parametrize(
    ("text", "level", "expected"),
    [
        ("MARGIN_CALL", "1.7", MARGIN_CALL),
        ("MARGIN_CALL", "1.12", CRITICAL),
        ("PRE_LIQUIDATION", "1.29", CRITICAL),
        ("PRE_LIQUIDATION", "1.05", LIQUIDATION),
        ("FORCE_LIQUIDATION", "1.7", LIQUIDATION),
        ("NORMAL", "1.2", MARGIN_CALL),
        ("EXCESSIVE", "1.1", LIQUIDATION),
        ("EXCESSIVE", "2.5", OK),
        ("SOMETHING_NEW", "1.2", MARGIN_CALL),
        ("SOMETHING_NEW", "2.5", OK),
        ("FORCE_LIQUIDATION", None, LIQUIDATION),
        ("NORMAL", None, NO_DEBT),
    ],
)
def test_exchange_word_makes_a_state_worse_but_never_better(text, level, expected):
    """Its borders are not documented, so the worse of word and number counts."""
    number = None if level is None else Decimal(level)

    assert classify(number, THREE, status_text=text) == expected


def test_unknown_exchange_word_is_recognisable():
    """The caller logs it once; the number decides."""
    assert is_known_status("PRE_LIQUIDATION")
    assert not is_known_status("SOMETHING_NEW")


def test_widened_bars_ask_for_a_margin_to_spare():
    """1.313 is above the call bar of 1.3, but not by more than one percent."""
    widen = Decimal("1.01")

    assert classify(Decimal("1.313"), THREE, widen=widen) == MARGIN_CALL
    assert classify(Decimal("1.31300001"), THREE, widen=widen) == WARN
    assert classify(Decimal("2.02"), THREE, widen=widen) == NOTICE
    assert classify(Decimal("2.03"), THREE, widen=widen) == OK


def test_severity_orders_the_states_and_blindness_outranks_a_call():
    """Who filters for margin calls and worse must hear that none could be seen."""
    by_severity = sorted(MarginState, key=lambda state: state.severity)

    assert by_severity == [NO_DEBT, OK, NOTICE, NO_BORROW, WARN, MARGIN_CALL, UNKNOWN, CRITICAL, LIQUIDATION]
    assert len({state.severity for state in MarginState}) == len(MarginState)
    assert [state for state in MarginState if not state.rings] == [NO_DEBT, OK]


@given(lower=levels, rise=levels, bars=st.sampled_from([THREE, FIVE]), widen=st.sampled_from(["1", "1.01", "1.1"]))
def test_lower_level_is_never_a_better_state(lower, rise, bars, widen):
    """Monotone in the level and in the widening."""
    low = classify(lower, bars, widen=Decimal(widen))
    high = classify(lower + rise, bars, widen=Decimal(widen))

    assert low.severity >= high.severity
    assert low.severity >= classify(lower, bars).severity

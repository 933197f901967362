"""When a healthy connection is replaced."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binance_margin_async.rules.lifecycles.rotation import RotationLifecycle

HOUR = 3600.0


def opened(roll=0.5, *, now=0.0):
    rotation = RotationLifecycle(lambda: roll)
    rotation.on_opened(now)
    return rotation


@pytest.mark.parametrize(("roll", "expected"), [(0.0, 22.5 * HOUR), (0.5, 23 * HOUR), (1.0, 23.5 * HOUR)])
def test_a_connection_is_replaced_an_hour_before_its_end_give_or_take_half_an_hour(roll, expected):
    """Promise W4: many clients that started together do not come back together."""
    rotation = opened(roll)
    assert expected == rotation.wake_at
    assert not rotation.is_due(expected - 1)
    assert rotation.is_due(expected)


@given(roll=st.floats(0, 1), now=st.floats(0, 1e9))
def test_it_is_replaced_before_the_exchange_ends_it(roll, now):
    """Promise W4: whatever is rolled, half an hour is left."""
    assert opened(roll, now=now).wake_at <= now + 23.5 * HOUR + 1e-3


def test_an_announced_shutdown_makes_it_due_at_once():
    """Promise W4: there is no lead time to rely on."""
    rotation = opened()
    rotation.on_shutdown(100.0)
    assert rotation.is_due(100.0)


def test_while_a_connection_is_being_opened_no_other_one_is_due():
    """Two are enough."""
    rotation = opened()
    rotation.on_dialled()
    assert not rotation.is_due(1e9)


def test_a_failed_attempt_is_made_again_when_it_may_be():
    """By the rules of every other attempt."""
    rotation = opened()
    rotation.on_dialled()
    rotation.on_failed(200.0)
    assert (False, True) == (rotation.is_due(199.9), rotation.is_due(200.0))


def test_nothing_is_due_before_there_is_a_connection():
    """There is nothing to replace."""
    assert not RotationLifecycle(lambda: 0.5).is_due(1e9)

"""Whose event it is: subscription ids learned, remapped and forgotten, and events that came too early."""

import logging

import pytest

from binance_margin_async.models.account import CROSS, Isolated
from binance_margin_async.models.stream_events import ServerShutdown
from binance_margin_async.streams.routes import MOST_HELD, Routes

BTC = Isolated("BTCUSDT")


def event(number):
    return ServerShutdown(event_time_ms=number)


def test_an_id_belongs_to_the_account_it_was_learned_for():
    """Only the client knows, the exchange lists bare ids."""
    routes = Routes()
    assert routes.account_of(0) is None
    assert [] == routes.learn(0, CROSS)
    assert [] == routes.learn(1, BTC)
    assert (CROSS, BTC) == (routes.account_of(0), routes.account_of(1))


def test_a_renewal_may_bring_a_new_id_while_the_old_one_still_speaks():
    """Both lead to the account until the old one is ended."""
    routes = Routes()
    routes.learn(0, CROSS)
    routes.learn(7, CROSS)
    assert (CROSS, CROSS) == (routes.account_of(0), routes.account_of(7))
    routes.forget(0)
    assert (None, CROSS) == (routes.account_of(0), routes.account_of(7))


def test_events_that_overtook_the_answer_are_handed_over_in_order_and_once():
    """The exchange may push before it has replied."""
    routes = Routes()
    for number in (1, 2, 3):
        routes.hold(5, event(number))
    routes.hold(6, event(9))

    assert [event(1), event(2), event(3)] == routes.learn(5, BTC)
    assert [] == routes.learn(5, BTC)
    assert [event(9)] == routes.learn(6, CROSS)


def test_held_events_are_bounded_and_what_is_dropped_is_said(caplog):
    """An id that never becomes known must not fill the memory."""
    routes = Routes()
    with caplog.at_level(logging.ERROR, "binance_margin_async.streams"):
        for number in range(MOST_HELD + 2):
            routes.hold(number % 3, event(number))

    assert 2 == len(caplog.messages)
    assert "dropped ServerShutdown of the unknown subscription" in caplog.messages[0]
    assert MOST_HELD == sum(len(routes.learn(number, CROSS)) for number in range(3))


def test_room_for_held_events_comes_back_when_they_are_handed_over():
    """The bound is on those that wait, not on those that ever waited."""
    routes = Routes()
    for _ in range(3):
        for number in range(MOST_HELD):
            routes.hold(5, event(number))
        assert MOST_HELD == len(routes.learn(5, CROSS))


def test_the_end_of_a_connection_forgets_everything():
    """Ids begin anew on the next one, for other accounts."""
    routes = Routes()
    routes.learn(0, CROSS)
    for number in range(MOST_HELD):
        routes.hold(1, event(number))
    routes.clear()

    assert routes.account_of(0) is None
    assert [] == routes.learn(1, BTC)
    routes.hold(2, event(1))
    assert [event(1)] == routes.learn(2, CROSS)


@pytest.mark.parametrize("number", [0, 5])
def test_forgetting_an_unknown_id_is_nothing(number):
    """Its end may come twice."""
    routes = Routes()
    routes.learn(5, CROSS)
    routes.forget(number)
    routes.forget(number)
    assert routes.account_of(number) is None

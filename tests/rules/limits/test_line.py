"""The order of a waiting line."""

from hypothesis import given
from hypothesis import strategies as some

from binance_margin_async.rules.limits import Demand, Lane, Scope, Ticket
from binance_margin_async.rules.limits.line import NOBODY, Line, group_of


def ticket(lane: Lane, weight: int = 1, *, serial: str | None = None) -> Ticket:
    return Ticket(Demand(Scope.IP, "GET /x", weight, lane, serial=serial))


def line_of(*tickets: Ticket) -> Line:
    line = Line()
    for one in tickets:
        line.add(one)
    return line


def test_better_lanes_go_first_and_within_a_lane_the_first_come():
    """A cancel overtakes queries; two queries keep their order."""
    old, new, cancel = ticket(Lane.QUERY), ticket(Lane.QUERY), ticket(Lane.SAFETY)

    line = line_of(old, new, cancel)

    assert list(line) == [cancel, old, new]
    assert line.first() is cancel


def test_the_front_is_the_best_lane_in_line():
    """A newcomer compares itself with the front to see whether it may try at all."""
    query, order = ticket(Lane.QUERY), ticket(Lane.ORDER)
    line = line_of(query, order)

    fronts = [line.front]
    for one in (order, query):
        line.remove(one)
        fronts.append(line.front)

    assert fronts == [Lane.ORDER, Lane.QUERY, NOBODY]
    assert line.first() is None


def test_a_newcomer_has_its_own_and_better_lanes_before_it():
    """Worse lanes do not lengthen its wait."""
    line = line_of(ticket(Lane.SAFETY, 1), ticket(Lane.QUERY, 20), ticket(Lane.HISTORY, 300))

    assert line.weight_ahead(Lane.QUERY) == 21
    assert line.count_ahead(Lane.QUERY) == 2
    assert line.weight_ahead(Lane.HISTORY) == 321


def test_calls_that_wait_for_each_other_do_not_count_as_weight_ahead():
    """A borrow held up by another borrow holds up nobody else."""
    line = line_of(ticket(Lane.ORDER, 1500, serial="CROSS"))
    weights = [line.weight_ahead(Lane.ORDER)]
    line.remove(next(iter(line)))

    assert [*weights, line.weight_ahead(Lane.ORDER)] == [0, 0]


WAITING = some.builds(
    lambda lane, orders, account, serial: Ticket(
        Demand(Scope.UID, "POST /x", 1, lane, orders, account, serial=None if orders else serial)
    ),
    some.sampled_from(Lane),
    some.sampled_from([0, 1]),
    some.sampled_from([None, "CROSS", "BTCUSDT"]),
    some.sampled_from([None, "CROSS"]),
)


@given(some.lists(WAITING, max_size=12), some.sets(some.integers(0, 11)))
def test_a_group_that_is_held_steps_aside_and_nobody_else_moves(tickets, holding):
    """
    Whoever waits for its account must not hold up others, and a thousand of them are not looked at one by one.

    The reference is the plain rule: lane by lane, in order of arrival, leaving out those whose group is held by then.
    """
    expected, held = [], set()
    for one in sorted(tickets, key=lambda each: each.demand.lane):
        group = group_of(one.demand)
        if group not in held:
            expected.append(one)
            if len(expected) - 1 in holding and group is not None:
                held.add(group)

    seen, held = [], set()
    for one in line_of(*tickets).in_turn(held):
        seen.append(one)
        if len(seen) - 1 in holding and group_of(one.demand) is not None:
            held.add(group_of(one.demand))

    assert expected == seen

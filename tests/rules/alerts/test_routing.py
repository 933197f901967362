"""Who is told, and when it is quiet."""

import pytest

from binance_margin_async.models.alerts import Urgency
from binance_margin_async.rules.alerts.routing import Quiet, Route, Routing, Step

HOUR = 3600
# 2026-11-25, 00:00 UTC.
MIDNIGHT = 1_795_564_800_000


@pytest.mark.parametrize(
    ("begins", "ends", "hour", "left"),
    [
        (22, 6, 21.9, None),
        (22, 6, 22, 8),
        (22, 6, 23, 7),
        (22, 6, 0, 6),
        (22, 6, 5, 1),
        (22, 6, 6, None),
        (1, 2, 1, 1),
        (1, 2, 0, None),
        (1, 2, 2, None),
    ],
)
def test_quiet_lasts_from_its_first_second_to_its_last(begins, ends, hour, left):
    """Over midnight too."""
    quiet = Quiet(begins * HOUR, ends * HOUR)

    assert (None if left is None else left * HOUR) == quiet.left(MIDNIGHT + int(hour * HOUR * 1000))


@pytest.mark.parametrize(("urgency", "held"), list(zip(Urgency, [HOUR, HOUR, None, None], strict=True)))
def test_only_what_is_milder_is_held(urgency, held):
    """A margin call does not wait for the morning."""
    routing = Routing({}, Quiet(0, HOUR))

    assert held == routing.held_for(urgency, MIDNIGHT)
    assert Routing().held_for(urgency, MIDNIGHT) is None


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        (lambda: Route(("a",), repeat=0.0), "above 0"),
        (lambda: Route(("a", "a")), "named twice"),
        (lambda: Route(("a",), escalate=(Step(1.0, ("a",)),)), "named twice"),
        (lambda: Route((), escalate=(Step(2.0, ("a",)), Step(1.0, ("b",)))), "rise"),
        (lambda: Route((), escalate=(Step(0.0, ("a",)),)), "above 0"),
        (lambda: Quiet(5, 5), "one time"),
        (lambda: Quiet(0, 24 * HOUR), "one time"),
    ],
)
def test_what_could_not_work_is_refused(make, complaint):
    """At the start, and not in the night in which it is needed."""
    with pytest.raises(ValueError, match=complaint):
        make()


def test_urgencies_rise():
    """They are compared by rank, not by spelling."""
    assert [0, 1, 2, 3] == [urgency.rank for urgency in Urgency]

"""What blinds or silences the monitor."""

import pytest

from binance_margin_async.models.account import CROSS
from binance_margin_async.models.alerts import Urgency
from binance_margin_async.models.health import HealthProblem, HealthState
from binance_margin_async.rules.alerts.dead_man import AGREEMENT, of_blindness, of_channel, of_disagreement, of_health

DEGRADED, UNHEALTHY = HealthState.DEGRADED, HealthState.UNHEALTHY


@pytest.mark.parametrize(
    ("part", "state", "expected"),
    [
        ("clock", UNHEALTHY, (2, Urgency.URGENT)),
        ("clock", DEGRADED, (1, Urgency.WARNING)),
        ("loop", DEGRADED, (1, Urgency.WARNING)),
        ("limits", UNHEALTHY, (2, Urgency.URGENT)),
        ("risk stream of CROSS", UNHEALTHY, (2, Urgency.URGENT)),
        ("risk stream of CROSS", DEGRADED, None),
        ("monitor 1: prices", UNHEALTHY, (2, Urgency.URGENT)),
        ("bus", DEGRADED, None),
        ("alert channel phone", UNHEALTHY, None),
    ],
)
def test_lasting_trouble_is_urgent_and_passing_trouble_is_told_where_it_blinds(part, state, expected):
    """A stream that comes back by itself is nobody's business; a ban is."""
    told = [(each.rank, each.urgency) for each in of_health([HealthProblem(part, state, "why")])]

    assert ([] if expected is None else [expected]) == told


def test_trouble_of_the_client_must_stay_away_for_a_minute():
    """What comes and goes is one trouble."""
    (told,) = of_health([HealthProblem("limits", UNHEALTHY, "the exchange wants no calls for 60 s more")])

    assert 60.0 == told.hold
    assert "the monitor may be blind: limits: the exchange wants no calls for 60 s more" == told.text


def test_a_channel_and_an_account_are_well_or_not():
    """There is no half of it."""
    assert (1, "channel/phone") == (of_channel("phone", "no answer").rank, of_channel("phone", "no answer").key)
    assert 0 == of_channel("phone", None).rank
    assert (1, "CROSS/blind") == (of_blindness(CROSS, "?", blind=True).rank, of_blindness(CROSS, "?", blind=True).key)
    assert 0 == of_blindness(CROSS, "?", blind=False).rank
    assert (1, "CROSS/disagreement") == (
        of_disagreement(CROSS, "why", differs=True).rank,
        of_disagreement(CROSS, "why", differs=True).key,
    )
    assert ("CROSS: why", f"CROSS: {AGREEMENT}") == (
        of_disagreement(CROSS, "why", differs=True).text,
        of_disagreement(CROSS, "why", differs=False).text,
    )
    assert 0 == of_disagreement(CROSS, "why", differs=False).rank

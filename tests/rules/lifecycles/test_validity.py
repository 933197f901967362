"""The span in which a key or a token is good."""

import pytest

from binance_margin_async.rules.lifecycles.validity import Validity


def test_its_half_and_its_last_quarter_are_counted_from_its_ends():
    """Promise W5: renewed at half life, told when a quarter is left."""
    validity = Validity(100.0, 500.0)
    assert (300.0, 400.0) == (validity.half_at, validity.at_risk_at)


@pytest.mark.parametrize(("at", "expected"), [(100.0, 400.0), (450.0, 50.0), (500.0, 0.0), (9999.0, 0.0)])
def test_the_seconds_left_count_down_to_zero(at, expected):
    """Never below."""
    assert expected == Validity(100.0, 500.0).seconds_left(at)

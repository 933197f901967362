"""How long a ban of an earlier process lasts still."""

import pytest

from binance_margin_async.rules.limits.kept_ban import KeptBan

DAY = 86_400.0


@pytest.mark.parametrize(
    ("wall", "left"),
    [
        (1_000.0, 600.0),
        (1_400.0, 200.0),
        (1_600.0, 0.0),
        (9_999.0, 0.0),
        (0.0, 600.0),  # the date was set back: never longer than it was
    ],
)
def test_it_lasts_until_its_end_and_never_longer_than_its_length(wall, left):
    """Promise L4."""
    assert left == KeptBan(until=1_600.0, length=600.0).left(wall)


def test_none_lasts_longer_than_the_longest():
    """A broken entry must not stop a bot for years."""
    assert 3 * DAY == KeptBan(until=1e12, length=1e12).left(0.0)

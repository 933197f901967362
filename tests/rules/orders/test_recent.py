"""Bounded memory."""

import pytest

from binance_margin_async.rules.orders.recent import DAY, Recent


def test_the_entry_not_touched_longest_is_forgotten_first():
    """Touching an entry keeps it."""
    recent: Recent[str, int] = Recent(2)
    for now, key in enumerate("abac"):
        recent.put(key, now, float(now))

    assert [2, None, 3] == [recent.get(key) for key in "abc"]
    assert 2 == len(recent)


def test_an_entry_is_forgotten_after_a_day():
    """Nothing repeats what is older."""
    recent: Recent[str, int] = Recent(100)
    recent.put("old", 1, 0.0)
    recent.put("new", 1, 1.0)
    recent.put("now", 1, DAY)
    assert "old" in recent
    recent.put("now", 1, DAY + 0.5)

    assert ("old" in recent, "new" in recent) == (False, True)


def test_a_memory_without_room_is_refused():
    """It would forget what it was just told."""
    with pytest.raises(ValueError, match="capacity=0"):
        Recent(0)

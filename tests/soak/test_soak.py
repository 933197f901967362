"""Two days in the life of a client; ``soak.py`` lives through as many as one likes."""

from soak import soak


def test_two_days_of_cuts_and_resets_end_as_they_began():
    """Promises P7, W4 and W7: no stream goes silent, no fill is lost or told twice, tasks and objects are flat."""
    result = soak(2)
    assert (2, 96) == (result.days, result.fills)
    assert result.cuts["hourly"] >= 46
    assert result.cuts["daily"] >= 4
    assert ([], [], 0, 0) == (result.silent, result.unhealthy, result.lost, result.repeated)
    assert result.is_flat, (result.tasks, result.objects)

"""The chart of a level in a terminal."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from binance_margin_async.cli.sparkline import sparkline
from binance_margin_async.models.picture import LevelPoint

LEVELS = st.lists(st.none() | st.decimals("0.5", "999", places=4), max_size=60)


def points(*levels):
    return [LevelPoint(number * 1000, None if level is None else Decimal(level)) for number, level in enumerate(levels)]


def drawn(*levels, width=6, height=3):
    lines = sparkline(points(*levels), call=Decimal("1.3"), liquidation=Decimal("1.10"), width=width, height=height)
    return [line.plain for line in lines]


def test_a_fall_goes_through_the_bars():
    """The bars lie behind the level, named, so that a glance tells how much room is left."""
    assert [
        "█▃    ",
        "██▆▃┄┄ call 1.3",
        "████▅▁ liquidation 1.1",
    ] == drawn("1.6", "1.5", "1.4", "1.33", "1.2", "1.1")


def test_a_stretch_without_debt_is_empty():
    """No level is not a low one."""
    assert [
        "█ █",
        "█┄█ call 1.3",
        "█┄█ liquidation 1.1",
    ] == drawn("1.6", None, "1.6", width=3)


def test_nothing_owed_draws_nothing():
    """There is no level to draw."""
    assert [] == drawn() == drawn(None, None)


def test_a_level_is_coloured_by_the_bars_it_has_reached():
    """Whoever sees no numbers sees red."""
    lines = sparkline(points("1.6", "1.3", "1.1"), call=Decimal("1.3"), liquidation=Decimal("1.1"), width=3, height=1)
    assert ["green", "red", "bold red"] == [str(span.style) for span in lines[0].spans[:3]]


def test_of_readings_in_one_column_the_lowest_is_drawn():
    """A dip between two columns must not vanish."""
    levels = ["1.6"] * 50 + ["1.1"] + ["1.6"] * 49
    assert "████ █████" == drawn(*levels, width=10)[0]


@given(LEVELS, st.integers(1, 80), st.integers(1, 6))
def test_it_has_the_size_that_was_asked_for(levels, width, height):
    """It shares a screen with a table."""
    lines = sparkline(points(*levels), call=Decimal("1.3"), liquidation=Decimal("1.1"), width=width, height=height)
    assert len(lines) in {0, height}
    assert all(len(line.plain) <= width + len(" liquidation 1.1") for line in lines)

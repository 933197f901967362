"""What of an order's time could be saved."""

import pytest

from binance_margin_async.bench.causes import between, within
from binance_margin_async.bench.orders import WayTimes
from binance_margin_async.bench.samples import percentiles
from binance_margin_async.bench.ways import WayName


def times(total=1.0, *, way=WayName.AIOHTTP, cold=0.0, collecting=0.0, **legs):
    told = {"start": 0.0, "limiter": 0.0, "sign": 0.0, "connection": 0.0, "exchange": total} | legs
    return WayTimes(
        way=way,
        legs={name: percentiles([seconds]) for name, seconds in told.items()},
        hand_back=0.0,
        total=percentiles([total] * 10),
        totals=[total] * 10,
        echo=None,
        ping=None,
        cancel=None,
        cold=cold,
        collections=0,
        collecting=collecting,
    )


@pytest.mark.parametrize(
    ("measured", "name", "share"),
    [
        (times(limiter=0.3), "limiter", 0.3),
        (times(start=0.25), "busy loop", 0.25),
        (times(journal=0.5), "journal", 0.5),
        (times(connection=0.1), "connection", 0.1),
        (times(collecting=2.0), "garbage collector", 0.2),
        (times(sign=0.4), "signature", 0.4),
        (times(cold=3.0), "cold start", 2.0),
    ],
)
def test_what_takes_time_without_need_is_named_with_its_share(measured, name, share):
    """A number without a name helps nobody."""
    (cause,) = within(measured)

    assert (name, pytest.approx(share)) == (cause.name, cause.share)
    assert cause.advice


def test_the_largest_share_comes_first_and_what_only_the_first_order_pays_comes_last():
    """It is read from the top."""
    told = within(times(limiter=0.1, start=0.3, cold=50.0))

    assert ["busy loop", "limiter", "cold start"] == [cause.name for cause in told]


def test_what_is_not_worth_a_person_s_time_is_not_told():
    """The network's own time is no cause: no program can save it."""
    assert [] == within(times(limiter=0.001, exchange=1.0))


def test_the_time_of_a_quick_signature_is_none_that_can_be_saved():
    """There is no quicker key than an HMAC key."""
    assert [] == within(times(0.001, sign=0.0001))


def test_another_loop_and_another_way_are_named_by_what_they_save():
    """Each is held against the default: asyncio and aiohttp."""
    plain = [times(1.0), times(0.5, way=WayName.LANE)]
    quick = [times(0.8), times(0.4, way=WayName.LANE)]

    told = between({"asyncio": plain, "uvloop": quick}, loop="asyncio")

    assert [("aiohttp", pytest.approx(0.5)), ("no uvloop", pytest.approx(0.2))] == [(c.name, c.share) for c in told]


def test_a_loop_that_is_slower_is_not_advised():
    """Measured, not believed."""
    assert [] == between({"asyncio": [times(1.0)], "uvloop": [times(1.2)]}, loop="asyncio")

"""Fixed minutes, one counter for each endpoint and kind, and the ban."""

import pytest

from binance_margin_async.sim.wire.weights import Meter, TooManyError

START = 1_767_571_200_000


HOME, AWAY = "127.0.0.1", "10.0.0.7"


def spend(meter, weight, now, *, scope="ip", route="GET /a", address=HOME):
    usage = meter.count(scope, address, route, weight, now)
    meter.check(usage, address, now)
    return usage.used


def test_window_is_a_utc_minute():
    """A burst at 59.999 s and another at 60.000 s both pass: the window does not slide."""
    meter = Meter()

    assert 12_000 == spend(meter, 12_000, START + 59_999)
    assert 12_000 == spend(meter, 12_000, START + 60_000)


def test_each_endpoint_and_kind_counts_for_itself():
    """One exhausted call leaves the others alone."""
    meter = Meter()
    spend(meter, 12_000, START)

    with pytest.raises(TooManyError):
        spend(meter, 1, START)

    assert 1 == spend(meter, 1, START, route="POST /a")
    assert 1 == spend(meter, 1, START, scope="uid")


def test_api_routes_share_one_pool():
    """/api and the WebSocket API draw from the same 6,000."""
    meter = Meter()
    spend(meter, 5_999, START, scope="api", route="GET /api/v3/time")

    assert 6_000 == spend(meter, 1, START, scope="api", route="ws")
    with pytest.raises(TooManyError):
        spend(meter, 1, START, scope="api", route="GET /api/v3/ping")


def test_refusal_names_the_next_minute():
    """Retry-After leads to the moment when the counter is empty again."""
    meter = Meter()
    spend(meter, 12_000, START + 20_000)

    with pytest.raises(TooManyError) as caught:
        spend(meter, 1, START + 20_000)

    assert (429, START + 60_000) == (caught.value.status, caught.value.retry_at)


def test_going_on_is_banned_for_longer_each_time():
    """Two minutes at first, then four: the ladder of the documentation."""
    meter = Meter()
    meter.patience = 2
    bans = []
    for start in (START, START + 600_000):
        spend(meter, 12_000, start)
        for _ in range(3):
            with pytest.raises(TooManyError) as caught:
                spend(meter, 1, start)
        assert 418 == caught.value.status
        bans.append(caught.value.retry_at - start)

    assert [120_000, 240_000] == bans
    with pytest.raises(TooManyError):
        meter.check_ban(HOME, START + 600_000 + 239_999)
    meter.check_ban(HOME, START + 600_000 + 240_000)
    meter.check_ban(AWAY, START + 600_000)


def test_weights_of_the_kind_ip_count_for_each_address():
    """And those of the kind UID for the one user, wherever he is."""
    meter = Meter()
    spend(meter, 12_000, START)
    spend(meter, 180_000, START, scope="uid")

    assert 1 == spend(meter, 1, START, address=AWAY)
    with pytest.raises(TooManyError):
        spend(meter, 1, START, scope="uid", address=AWAY)


def test_caps_may_be_changed_while_it_runs():
    """A quarter of an hour in which the exchange allows half is one line."""
    meter = Meter()
    spend(meter, 6_000, START)
    meter.caps["ip"] = 6_000

    with pytest.raises(TooManyError):
        spend(meter, 1, START)


def test_raw_requests_and_connections_have_limits_of_five_minutes():
    """300,000 requests under /api, 300 attempts to connect, each for an address."""
    meter = Meter()
    for _ in range(300_000):
        meter.count_raw(HOME, START)
    for _ in range(300):
        meter.count_connection(HOME, START)

    with pytest.raises(TooManyError) as raw:
        meter.count_raw(HOME, START + 299_999)
    with pytest.raises(TooManyError) as connects:
        meter.count_connection(HOME, START + 299_999)

    assert (-1003, 429, START + 300_000) == (raw.value.code, raw.value.status, raw.value.retry_at)
    assert (-1034, 429, START + 300_000) == (connects.value.code, connects.value.status, connects.value.retry_at)
    meter.count_raw(HOME, START + 300_000)
    meter.count_connection(AWAY, START)

"""The listen key's life: created, extended at half life, given up in time, asked for in an older way."""

import pytest

from binance_margin_async.rules.lifecycles.listen_key import CreateKey, KeepAlive, ListenKeyLifecycle


def created(at=0.0, validity=3600.0):
    lifecycle = ListenKeyLifecycle(validity)
    lifecycle.on_created("k1", at)
    return lifecycle


def due_times(lifecycle, until, *, step=1.0, fails=True):
    """Return when something is due, if every attempt fails."""
    due, at = [], 0.0
    while at <= until:
        action = lifecycle.on_time(at)
        if action is not None:
            due.append((at, type(action)))
            if fails:
                lifecycle.on_failed(at)
        at += step
    return due


def test_a_key_is_asked_for_at_once():
    """Nothing can be connected without one."""
    assert CreateKey() == ListenKeyLifecycle().on_time(0.0)


def test_keep_alive_is_due_half_way_through_validity():
    """A 60-minute key is refreshed at minute 30, with time left to fail."""
    lifecycle = created()

    assert lifecycle.on_time(1799.0) is None
    assert KeepAlive("k1") == lifecycle.on_time(1800.0)
    assert 1800.0 == lifecycle.wake_at


def test_an_extended_key_has_its_full_life_again():
    """From the moment of the answer."""
    lifecycle = created()
    lifecycle.on_kept_alive(1805.0)

    assert 3605.0 == lifecycle.wake_at
    assert 3600.0 == lifecycle.seconds_left(1805.0)
    assert lifecycle.on_time(3604.0) is None
    assert KeepAlive("k1") == lifecycle.on_time(3605.0)


def test_a_failed_extension_is_tried_again_soon_and_then_slower():
    """Five seconds, doubled, at most a minute."""
    lifecycle = created()
    waits = []
    at = 1800.0
    for _ in range(6):
        lifecycle.on_failed(at)
        waits.append(lifecycle.wake_at - at)
        assert lifecycle.on_time(lifecycle.wake_at - 0.1) is None
        at = lifecycle.wake_at
    assert [5.0, 10.0, 20.0, 40.0, 60.0, 60.0] == waits


def test_a_key_that_cannot_be_extended_is_given_up_at_three_quarters_of_its_life():
    """While there is still a quarter to get another one."""
    due = due_times(created(), 3000.0)
    kinds = {kind: [at for at, each in due if each is kind] for kind in (KeepAlive, CreateKey)}

    assert 1800.0 == min(kinds[KeepAlive])
    assert max(kinds[KeepAlive]) < 2700.0
    assert 2700.0 <= min(kinds[CreateKey]) <= 2760.0


def test_a_new_key_takes_the_old_ones_place():
    """With its own half life."""
    lifecycle = created()
    lifecycle.on_failed(2700.0)
    lifecycle.on_created("k2", 2710.0)

    assert ("k2", 4510.0, False) == (lifecycle.listen_key, lifecycle.wake_at, lifecycle.at_risk)
    assert KeepAlive("k2") == lifecycle.on_time(4510.0)


def test_success_makes_the_next_failure_a_first_one():
    """Yesterday's trouble does not slow down today's retry."""
    lifecycle = created()
    for _ in range(5):
        lifecycle.on_failed(1800.0)
    lifecycle.on_kept_alive(1900.0)
    lifecycle.on_failed(3700.0)

    assert 3705.0 == lifecycle.wake_at


def test_a_failure_to_create_is_tried_again_and_puts_nothing_at_risk():
    """There is no key that could be lost."""
    lifecycle = ListenKeyLifecycle()
    lifecycle.on_failed(0.0)

    assert lifecycle.on_time(4.9) is None
    assert CreateKey() == lifecycle.on_time(5.0)
    assert not lifecycle.at_risk
    assert 0.0 == lifecycle.seconds_left(1.0)


def test_a_key_is_at_risk_from_the_first_failed_extension_to_the_next_success():
    """That is news for whoever relies on the stream."""
    lifecycle = created()
    assert not lifecycle.at_risk
    lifecycle.on_failed(1800.0)
    assert lifecycle.at_risk
    lifecycle.on_kept_alive(1805.0)
    assert not lifecycle.at_risk


@pytest.mark.parametrize(("at", "expected"), [(0.0, 3600.0), (3000.0, 600.0), (3600.0, 0.0), (9999.0, 0.0)])
def test_the_seconds_left_count_down_to_zero(at, expected):
    """Never below."""
    assert expected == created().seconds_left(at)


def test_a_key_the_exchange_no_longer_knows_is_replaced_at_once():
    """No half life to wait for."""
    lifecycle = created()
    lifecycle.on_failed(1800.0)
    lifecycle.on_gone()

    assert (None, None) == (lifecycle.listen_key, lifecycle.wake_at)
    assert CreateKey() == lifecycle.on_time(1800.1)
    lifecycle.on_failed(1801.0)
    assert 1806.0 == lifecycle.wake_at


def test_a_missing_version_is_left_for_the_older_one_at_once_and_for_good():
    """Two first, then one, then nothing is left."""
    lifecycle = ListenKeyLifecycle()
    lifecycle.on_failed(0.0)

    assert 2 == lifecycle.version
    assert lifecycle.on_version_missing()
    assert (1, None) == (lifecycle.version, lifecycle.wake_at)
    assert CreateKey() == lifecycle.on_time(0.1)
    lifecycle.on_created("k1", 1.0)
    lifecycle.on_gone()
    assert 1 == lifecycle.version
    assert not lifecycle.on_version_missing()
    assert 1 == lifecycle.version


def test_every_lifecycle_starts_with_all_versions():
    """One that fell back does not decide for the next."""
    ListenKeyLifecycle().on_version_missing()
    assert 2 == ListenKeyLifecycle().version


def test_the_keep_alive_action_does_not_print_its_key():
    """It is logged when it fails."""
    assert "KeepAlive(***)" == repr(KeepAlive("canary"))


def test_another_validity_moves_everything_with_it():
    """Some pages say 24 hours."""
    lifecycle = created(validity=86_400.0)
    assert 43_200.0 == lifecycle.wake_at
    assert KeepAlive("k1") == lifecycle.on_time(64_799.0)
    assert CreateKey() == lifecycle.on_time(64_800.0)

"""The listen key's life: created, extended at half life, asked for anew when that fails."""

from binance_margin_async.rules.lifecycles.listen_key import CreateKey, KeepAlive, ListenKeyLifecycle
from binance_margin_async.secret import Secret

K1, K2 = Secret("k1"), Secret("k2")


def created(at=0.0, validity=3600.0):
    lifecycle = ListenKeyLifecycle(validity)
    lifecycle.on_created(K1, at)
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
    assert KeepAlive(K1) == lifecycle.on_time(1800.0)
    assert 1800.0 == lifecycle.wake_at


def test_an_extended_key_has_its_full_life_again():
    """From the moment of the answer."""
    lifecycle = created()
    lifecycle.on_kept_alive(1805.0)

    assert 3605.0 == lifecycle.wake_at
    assert 3600.0 == lifecycle.validity.seconds_left(1805.0)
    assert lifecycle.on_time(3604.0) is None
    assert KeepAlive(K1) == lifecycle.on_time(3605.0)


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


def test_after_two_failed_extensions_a_key_is_asked_for():
    """Promise W10: a living key comes back extended, a key that somebody deleted is replaced."""
    due = due_times(created(), 3600.0)

    assert [KeepAlive, KeepAlive, CreateKey] == [kind for _, kind in due[:3]]
    assert {CreateKey} == {kind for _, kind in due[2:]}
    assert [1800.0, 1805.0, 1815.0] == [at for at, _ in due[:3]]


def test_a_new_key_takes_the_old_ones_place():
    """With its own half life."""
    lifecycle = created()
    lifecycle.on_failed(2700.0)
    lifecycle.on_created(K2, 2710.0)

    assert (K2, 4510.0) == (lifecycle.listen_key, lifecycle.wake_at)
    assert KeepAlive(K2) == lifecycle.on_time(4510.0)


def test_success_makes_the_next_failure_a_first_one():
    """Yesterday's trouble does not slow down today's retry."""
    lifecycle = created()
    for _ in range(5):
        lifecycle.on_failed(1800.0)
    lifecycle.on_kept_alive(1900.0)
    lifecycle.on_failed(3700.0)

    assert 3705.0 == lifecycle.wake_at


def test_a_failure_to_create_is_tried_again():
    """There is no key that could be lost."""
    lifecycle = ListenKeyLifecycle()
    lifecycle.on_failed(0.0)

    assert lifecycle.on_time(4.9) is None
    assert CreateKey() == lifecycle.on_time(5.0)
    assert lifecycle.validity is None


def test_a_refusal_is_asked_again_soon_once_and_then_rarely():
    """Promise W3: no hot loop, and the second refusal is worth a ring."""
    lifecycle = created()
    assert not lifecycle.on_failed(1800.0, refused=True)
    assert 1805.0 == lifecycle.wake_at
    assert lifecycle.on_failed(1805.0, refused=True)
    assert 1865.0 == lifecycle.wake_at
    assert not lifecycle.on_failed(1865.0)


def test_a_key_is_at_risk_when_a_quarter_of_its_life_is_left():
    """Promise W9: extension has been failing for a quarter of an hour by then."""
    assert 2700.0 == created().validity.at_risk_at


def test_a_key_the_exchange_no_longer_knows_is_replaced_at_once():
    """No half life to wait for."""
    lifecycle = created()
    lifecycle.on_failed(1800.0)
    lifecycle.on_gone()

    assert (None, None, None) == (lifecycle.listen_key, lifecycle.validity, lifecycle.wake_at)
    assert CreateKey() == lifecycle.on_time(1800.1)
    lifecycle.on_failed(1801.0)
    assert 1806.0 == lifecycle.wake_at


def test_the_keep_alive_action_does_not_print_its_key():
    """It is logged when it fails."""
    assert "KeepAlive(listen_key=Secret(***))" == repr(KeepAlive(Secret("canary")))


def test_another_validity_moves_everything_with_it():
    """Some pages say 24 hours."""
    lifecycle = created(validity=86_400.0)
    assert 43_200.0 == lifecycle.wake_at
    assert 64_800.0 == lifecycle.validity.at_risk_at


def test_a_key_whose_life_is_over_is_no_key():
    """After an outage of an hour it would open nothing, and asking with it is refused as a breach of the rules."""
    lifecycle = ListenKeyLifecycle(length=3600.0)
    lifecycle.on_created(K1, now=0.0)

    assert K1 == lifecycle.living(3599.0)
    assert lifecycle.living(3600.0) is None
    lifecycle.on_created(K2, now=7200.0)
    assert K2 == lifecycle.living(7200.0)

"""When a failed read may be asked again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binance_margin_async.errors import (
    AuthError,
    BannedError,
    ClockError,
    DecodeError,
    InvalidRequestError,
    NotSentError,
    RateLimitedError,
    ReplyLostError,
    ServerError,
)
from binance_margin_async.rules.limits.retry import RetryPolicy

PASSING = NotSentError("no connection")


def policy(roll=0.5):
    return RetryPolicy(lambda: roll)


@pytest.mark.parametrize(
    "problem",
    [
        NotSentError("x"),
        ReplyLostError("x"),
        ServerError("x", status=500),
        ServerError("x", status=503),
        ClockError("x", status=400),
    ],
    ids=lambda problem: type(problem).__name__,
)
def test_trouble_that_may_pass_is_waited_for(problem):
    """No connection, no reply, a server that fails, a clock that is being measured again."""
    assert 0.125 == policy().wait(problem, 1)


@pytest.mark.parametrize(
    "problem",
    [
        ServerError("-3044", status=400),
        ServerError("no status"),
        InvalidRequestError("x", status=400),
        AuthError("x", status=401),
        RateLimitedError("x", status=429),
        BannedError("x", status=418),
        DecodeError("x"),
    ],
    ids=str,
)
def test_trouble_that_asking_again_does_not_mend_is_not_asked_again(problem):
    """Limits and bans are the limiter's business; a wrong question stays wrong."""
    assert policy().wait(problem, 1) is None


def test_a_read_is_tried_three_times_at_most():
    """Then its caller is told."""
    retry = policy()
    assert [True, True, False] == [retry.wait(PASSING, tries) is not None for tries in (1, 2, 3)]


@pytest.mark.parametrize(("tries", "longest"), [(1, 0.25), (2, 0.5)])
@pytest.mark.parametrize("roll", [0.0, 0.5, 0.999])
def test_the_wait_is_anything_up_to_a_doubling_bound(tries, longest, roll):
    """Full jitter: those who failed together do not come back together."""
    assert roll * longest == policy(roll).wait(PASSING, tries)


def test_a_new_client_may_retry_three_times_before_it_has_earned_any():
    """The first calls of a run meet cold connections."""
    retry = policy()
    assert [True, True, True, False] == [retry.wait(PASSING, 1) is not None for _ in range(4)]


def test_ten_calls_earn_one_retry():
    """A tenth of the calls may be retries."""
    retry = policy()
    while retry.wait(PASSING, 1) is not None:
        pass
    granted = []
    for _ in range(100):
        retry.on_call()
        granted.append(retry.wait(PASSING, 1) is not None)

    assert sum(granted) in {9, 10}


def test_a_quiet_hour_saves_up_ten_retries_and_no_more():
    """Or an outage after it would be met with a storm."""
    retry = policy()
    for _ in range(10_000):
        retry.on_call()
    granted = 0
    while retry.wait(PASSING, 1) is not None:
        granted += 1

    assert 10 == granted


def test_a_refusal_to_retry_costs_no_budget():
    """Only what is asked again is paid for."""
    retry = policy()
    for _ in range(50):
        assert retry.wait(PASSING, 3) is None
        assert retry.wait(AuthError("x"), 1) is None
    assert retry.wait(PASSING, 1) is not None


@given(fails=st.lists(st.booleans(), max_size=300))
def test_retries_are_never_more_than_a_tenth_of_the_calls_and_the_start(fails):
    """Whatever fails and whenever: the budget cannot be exceeded."""
    retry = policy()
    retries = 0
    for calls, failing in enumerate(fails, 1):
        retry.on_call()
        tries = 1
        while failing and retry.wait(PASSING, tries) is not None:
            tries += 1
            retries += 1
        assert retries <= 3 + calls / 10 + 1e-6

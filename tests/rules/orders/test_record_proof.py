"""When the fate of a call without an id is proved."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binance_margin_async.errors import Outcome
from binance_margin_async.rules.orders.record_proof import RECORD_LAG, RecordProof
from binance_margin_async.rules.orders.records import Match

LAST = 20.0
NONE, ONE, TWO, SHARED = Match((), ()), Match((7,), ()), Match((7, 8), ()), Match((7,), (3,))


def read(proof, found, at, *, contradicted=False):
    proof.on_reading(found, contradicted=contradicted, asked_at=at, now=at + 0.1)


def read_twice(found, at=LAST + 0.1, **told):
    proof = RecordProof(now=0.0, expires_at=LAST)
    read(proof, found, at, **told)
    assert proof.verdict is None
    read(proof, found, at + 1.0, **told)
    return proof.verdict


def test_nothing_is_asked_before_the_last_moment():
    """No answer could prove anything: one that fits may be somebody else's, and ours may still come."""
    assert RecordProof(now=0.0, expires_at=LAST).wake_at == pytest.approx(LAST, abs=0.01)
    assert RecordProof(now=30.0, expires_at=LAST).wake_at == pytest.approx(30.0, abs=0.01)


@pytest.mark.parametrize("found", [NONE, ONE, TWO])
def test_a_reading_from_before_the_last_moment_proves_nothing(found):
    """What counts is when it was asked for."""
    proof = RecordProof(now=0.0, expires_at=LAST)
    read(proof, found, 1.0)
    read(proof, found, LAST)
    read(proof, found, LAST + 0.5)
    assert proof.verdict is None


@pytest.mark.parametrize(
    ("found", "outcome", "exchange_id", "candidates"),
    [
        (NONE, Outcome.REFUSED, None, ()),
        (Match((), (3, 4)), Outcome.REFUSED, None, ()),
        (ONE, Outcome.ACCEPTED, 7, ()),
        (TWO, Outcome.UNKNOWN, None, (7, 8)),
        (SHARED, Outcome.UNKNOWN, None, (7,)),
    ],
    ids=["none", "others only", "one", "two", "one, and others"],
)
def test_two_equal_readings_a_second_apart_decide(found, outcome, exchange_id, candidates):
    """No record proves a refusal, one an acceptance; more, or somebody else's habit, leave it to a person."""
    verdict = read_twice(found)
    assert (outcome, exchange_id, candidates) == (verdict.outcome, verdict.exchange_id, verdict.candidates)


def test_readings_that_differ_begin_anew():
    """A copy that lags behind must not have the last word."""
    proof = RecordProof(now=0.0, expires_at=LAST)
    read(proof, NONE, 21.0)
    read(proof, ONE, 22.0)
    assert proof.verdict is None
    read(proof, NONE, 23.0)
    read(proof, ONE, 24.0)
    read(proof, ONE, 24.5)
    assert (proof.verdict, proof.wake_at) == (None, 25.0)
    read(proof, ONE, 25.0)
    assert proof.verdict.outcome is Outcome.ACCEPTED


def test_while_the_debt_contradicts_the_records_time_is_given_to_them():
    """A record may be filed later than the debt it changed."""
    proof = RecordProof(now=0.0, expires_at=LAST)
    for at in (21.0, 24.0, LAST + RECORD_LAG):
        read(proof, NONE, at, contradicted=True)
    assert proof.verdict is None
    read(proof, ONE, LAST + RECORD_LAG + 1)
    read(proof, ONE, LAST + RECORD_LAG + 2)
    assert 7 == proof.verdict.exchange_id


def test_a_debt_that_no_record_explains_is_left_to_a_person():
    verdict = read_twice(NONE, LAST + RECORD_LAG + 1, contradicted=True)
    assert (Outcome.UNKNOWN, "and no record tells why") == (verdict.outcome, verdict.reason.rpartition(", ")[2])


@given(
    st.lists(
        st.tuples(st.floats(0.1, 5.0), st.sampled_from([None, NONE, ONE, TWO, SHARED]), st.booleans()),
        min_size=30,
        max_size=60,
    )
)
def test_a_verdict_always_repeats_what_was_read_twice_after_the_last_moment(steps):
    """Whatever was read before, and whatever failed between."""
    proof = RecordProof(now=0.0, expires_at=LAST)
    now, told = 0.0, []
    for pause, found, contradicted in steps:
        assert proof.wake_at is not None
        now += pause
        if found is None:
            proof.on_unanswered(now=now)
        else:
            read(proof, found, now, contradicted=contradicted)
            told.append((now, found, contradicted))
        if proof.verdict:
            break
    if proof.verdict:
        last_at, last, contradicted = told[-1]
        assert any(each == last and said == contradicted and LAST < at <= last_at - 1.0 for at, each, said in told[:-1])
        if proof.verdict.outcome is not Outcome.UNKNOWN:
            assert len(last.candidates) <= 1
            assert last.candidates or not contradicted

"""Which record tells of a call that has no id of its own."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binance_margin_async.models.enums import LoanOrigin, LoanStatus
from binance_margin_async.models.loans import LoanRecord
from binance_margin_async.models.transfers import TransferStatus, UniversalTransfer
from binance_margin_async.models.wallets import TransferType
from binance_margin_async.rules.orders.records import (
    Change,
    Debts,
    Match,
    Search,
    Trace,
    contradicts,
    loan_traces,
    match,
    search,
    transfer_traces,
)

WANTED = Search(Decimal(100), from_ms=10_000, until_ms=30_000)


def trace(number, time_ms=20_000, amount="100"):
    return Trace(number, time_ms, Decimal(amount))


@pytest.mark.parametrize(
    ("traces", "claimed", "candidates", "others"),
    [
        ([], (), (), ()),
        ([trace(1)], (), (1,), ()),
        ([trace(1, 10_000), trace(2, 30_000)], (), (1, 2), ()),
        ([trace(1, 9_999), trace(2, 30_001)], (), (), (1, 2)),
        ([trace(1), trace(2)], (1,), (2,), ()),
        ([trace(1, 5_000), trace(2)], (1,), (2,), ()),
        ([trace(1, amount="100.00000001")], (), (), ()),
        ([trace(1, amount="100.00")], (), (1,), ()),
        ([trace(2), trace(1), trace(2)], (), (1, 2), ()),
    ],
    ids=["none", "one", "both ends", "outside", "claimed", "ours before", "other amount", "zeros", "twice"],
)
def test_a_record_fits_by_amount_and_time_and_if_it_is_nobodys(traces, claimed, candidates, others):
    """The two ends of the window belong to it."""
    assert Match(candidates, others) == match(WANTED, traces, claimed)


@given(st.lists(st.builds(trace, st.integers(1, 9), st.integers(0, 40_000), st.sampled_from(["100", "99"]))))
def test_every_record_of_the_amount_that_is_nobodys_is_told_once(traces):
    """None is lost between the window and what is beside it, whatever their order."""
    traces = list({each.transaction_id: each for each in traces}.values())
    found = match(WANTED, traces, {1, 2})
    told = [*found.candidates, *found.others]
    assert sorted(told) == sorted(
        each.transaction_id for each in traces if each.amount == 100 and each[0] not in {1, 2}
    )
    assert match(WANTED, traces[::-1], {1, 2}) == found


def test_the_window_reaches_from_the_stamp_to_the_last_moment_with_the_clocks_error():
    """A record's time may be cut to the whole second, as in the exchange's samples."""
    found = search(Decimal(1), stamped_ms=1_700_000_005_700, last_ms=1_700_000_025_700, error_ms=600)
    assert Search(Decimal(1), 1_700_000_005_000, 1_700_000_026_300) == found


def loan(number, **other):
    told = {"asset": "USDT", "origin": LoanOrigin.MANUAL, "status": LoanStatus.CONFIRMED, **other}
    sums = {"amount": Decimal(3), "interest": Decimal(1), "principal": Decimal(2)}
    return LoanRecord(transaction_id=number, time_ms=7, **sums, **told)


def test_only_loans_by_hand_that_did_not_fail_count():
    """An order's own loan is no candidate; a kind of origin that nobody knows yet may be."""
    records = [
        loan(1),
        loan(2, origin=LoanOrigin.AUTO),
        loan(3, origin=LoanOrigin.BNB_AUTO_REPAY),
        loan(4, status=LoanStatus.FAILED),
        loan(5, status=LoanStatus.PENDING),
        loan(6, asset="BTC"),
        loan(7, origin=LoanOrigin.UNKNOWN),
    ]
    assert [Trace(number, 7, Decimal(3)) for number in (1, 5, 7)] == loan_traces(records, "USDT")


def test_only_transfers_that_did_not_fail_count():
    records = [
        UniversalTransfer(
            asset=asset,
            amount=Decimal(3),
            type=TransferType.MAIN_MARGIN,
            status=status,
            transaction_id=number,
            time_ms=7,
        )
        for number, (asset, status) in enumerate(
            [
                ("USDT", TransferStatus.CONFIRMED),
                ("USDT", TransferStatus.FAILED),
                ("USDT", TransferStatus.PENDING),
                ("BTC", TransferStatus.CONFIRMED),
            ]
        )
    ]
    assert [Trace(number, 7, Decimal(3)) for number in (0, 2)] == transfer_traces(records, "USDT")


def debts(before, now):
    return Debts(Decimal(before), (10_000, 12_000), Decimal(now), 40_000)


@pytest.mark.parametrize(
    ("amount", "before", "now", "changes", "contradicted"),
    [
        (100, 0, "100.001", [], True),
        (100, 0, "99", [], False),
        (100, 50, "50", [], False),
        (100, 0, "100", [(20_000, 100)], False),
        (100, 0, "100", [(11_000, 100)], False),
        (100, 0, "100", [(8_000, 100)], True),
        (100, 200, "200", [(20_000, -100)], True),
        (100, 200, "200", [(11_000, -100)], False),
        (100, 200, "200", [(39_500, -100)], False),
        (-100, 200, "100", [], True),
        (-100, 200, "100.5", [], False),
        (-100, 200, "100", [(20_000, -100)], False),
        (-100, 200, "100", [(39_500, -100)], False),
        (-100, 200, "200", [(20_000, 100)], True),
        (-100, 200, "200", [(11_500, 100)], False),
    ],
)
def test_a_debt_contradicts_what_no_record_explains(amount, before, now, changes, contradicted):
    """A record from just about when the debt was read counts as whatever explains more."""
    told = [Change(time_ms, Decimal(changed)) for time_ms, changed in changes]
    assert contradicted == contradicts(Decimal(amount), debts(before, now), told)


@given(
    amount=st.sampled_from([Decimal(100), Decimal(-100)]),
    changes=st.lists(st.builds(Change, st.integers(9_000, 41_000), st.integers(-300, 300).map(Decimal)), max_size=6),
    read=st.integers(10_000, 12_000),
    again=st.integers(40_000, 41_000),
)
def test_a_debt_that_records_explain_never_contradicts(amount, changes, read, again):
    """Whenever within their bounds both readings were made, and whatever happened beside them."""
    before = Decimal(1_000) + sum(each.amount for each in changes if each.time_ms <= read)
    now = Decimal(1_000) + sum(each.amount for each in changes if each.time_ms <= again)
    assert not contradicts(amount, debts(before, now), changes)

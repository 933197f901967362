"""Calls about loans and transfers: what is refused before it is sent, and in which lane the rest goes."""

import pytest

from binance_margin_async.models.account import CROSS, Isolated
from binance_margin_async.rest.borrow import BorrowCalls
from binance_margin_async.rest.transfer import TransferCalls

TWENTY_ONE = [f"A{number}" for number in range(21)]


@pytest.mark.parametrize(
    "wrong",
    [
        (BorrowCalls, "borrow_repay_records", ("BORROW",), {}, ValueError, "transaction_id=… or start_ms=…"),
        (BorrowCalls, "borrow_repay_records", ("BORROW",), {"end_ms": 1}, ValueError, "transaction_id=… or start_ms=…"),
        (
            BorrowCalls,
            "borrow_repay_records",
            ("LEND",),
            {"start_ms": 1},
            ValueError,
            "kind must be one of BORROW, REPAY",
        ),
        (BorrowCalls, "next_hourly_interest_rate", ("BTC",), {}, TypeError, "assets must be a list"),
        (BorrowCalls, "next_hourly_interest_rate", ([],), {}, ValueError, "1 to 20 assets"),
        (BorrowCalls, "next_hourly_interest_rate", (TWENTY_ONE,), {}, ValueError, "1 to 20 assets at once, not 21"),
        (TransferCalls, "history", (), {"direction": "IN"}, ValueError, "direction must be one of ROLL_IN, ROLL_OUT"),
    ],
)
async def test_a_wrong_argument_is_refused_in_python_words(bench, wrong):
    """No weight is spent and nothing is signed."""
    group, method, arguments, options, kind, text = wrong
    ready = bench()
    with pytest.raises(kind, match=text):
        await getattr(group(ready.executor), method)(*arguments, **options)
    assert [] == ready.network.sent


@pytest.mark.parametrize("assets", [["BTC"], TWENTY_ONE[:20]])
async def test_up_to_twenty_assets_are_asked_for_at_once(bench, assets):
    """The border of the exchange's page."""
    ready = bench()
    ready.network.reply([])
    assert [] == await BorrowCalls(ready.executor).next_hourly_interest_rate(assets)


@pytest.mark.parametrize("named", [{"transaction_id": 1}, {"start_ms": 1}])
async def test_one_of_both_names_is_enough_for_a_loan(bench, named):
    """The exchange's page says that one of them must be sent."""
    ready = bench()
    ready.network.reply({"rows": [], "total": 0})
    page = await BorrowCalls(ready.executor).borrow_repay_records("BORROW", **named)
    assert ((), 0) == (page.rows, page.total)


@pytest.mark.parametrize(("account", "expected"), [(CROSS, False), (Isolated("BTCUSDT"), True)])
async def test_the_pair_is_named_for_an_isolated_account_alone(bench, account, expected):
    """Without it the exchange answers for the cross account."""
    ready = bench()
    ready.network.reply({"amount": "1", "borrowLimit": 2})
    ready.network.reply({"amount": "1"})
    await BorrowCalls(ready.executor).max_borrowable("BTC", account=account)
    await TransferCalls(ready.executor).max_transferable("BTC", account=account)

    assert [expected] * 2 == ["isolatedSymbol=BTCUSDT" in sent.request.target for sent in ready.network.sent]

"""``client.funds.repay_all`` and ``loan_status``: the whole debt, in one write or one more after a proved refusal."""

import asyncio
from decimal import Decimal

import pytest

from binance_margin_async import MarginClient
from binance_margin_async.errors import (
    ExchangeError,
    InsufficientCollateralError,
    InvalidRequestError,
    Outcome,
    RateLimitedError,
    ReplyLostError,
)
from binance_margin_async.models.account import CROSS, Isolated
from binance_margin_async.models.funds import Repayment
from binance_margin_async.testing import virtual

BTC = Isolated("BTCUSDT")
LOAN, RECORDS = "POST /sapi/v1/margin/borrow-repay", "GET /sapi/v1/margin/borrow-repay"
# Loop time zero is 1,795,312,000 s; the next full hour follows 800 s later.
HOUR_AT = 3_600 - 1_795_312_000 % 3_600


def owing(treasury, debt, **balances):
    bank = treasury(**balances)
    bank.debt = Decimal(debt)
    return bank


@pytest.mark.parametrize("account", [CROSS, BTC])
@virtual
async def test_the_whole_debt_is_paid_interest_included(funds_of, treasury, account):
    """As it is read right before."""
    bank = owing(treasury, "250.00000001", CROSS="300", BTCUSDT="300")
    paid = await funds_of(bank).repay_all("USDT", account=account)

    owed = Decimal("250.00000001")
    assert Repayment(account=account, asset="USDT", owed=owed, repaid=owed, transaction_id=1) == paid
    assert (Decimal(0), True, Decimal(0)) == (paid.left, paid.is_complete, bank.debt)
    assert ["GET", "GET", "POST"] == [route.split()[0] for route, _, _ in bank.calls]


@virtual
async def test_when_nothing_is_owed_nothing_is_sent(funds_of, treasury):
    """It is no error: the account is as it should be."""
    bank = owing(treasury, 0, CROSS="5")
    paid = await funds_of(bank).repay_all("USDT")
    assert (Decimal(0), None, True, []) == (paid.repaid, paid.transaction_id, paid.is_complete, bank.writes)


@virtual
async def test_an_asset_that_was_never_in_the_account_is_not_owed(funds_of, treasury):
    """The cross account lists what it knows."""
    assert (await funds_of(owing(treasury, 5, CROSS="5")).repay_all("BTC")).is_complete


@virtual
async def test_what_there_is_is_paid_when_it_is_less_than_the_debt(funds_of, treasury):
    """And what is left is said."""
    bank = owing(treasury, 100, CROSS="40.123456789")
    paid = await funds_of(bank).repay_all("USDT")
    assert (Decimal("40.12345678"), False, Decimal("59.87654322")) == (paid.repaid, paid.is_complete, paid.left)


@virtual
async def test_with_nothing_free_it_is_said_that_nothing_was_sent(funds_of, treasury):
    """Zero cannot be repaid, and a silent return would pass for success."""
    bank = owing(treasury, 100, CROSS="0.000000001")
    with pytest.raises(InsufficientCollateralError, match="USDT is owed in CROSS and none is free") as refused:
        await funds_of(bank).repay_all("USDT")
    assert (Outcome.NOT_SENT, []) == (refused.value.outcome, bank.writes)


@pytest.mark.parametrize("code", [-3015, -3024, -3007])
@virtual
async def test_a_refusal_that_a_new_reading_mends_gets_one_more_attempt(funds_of, treasury, code):
    """The debt is read again, and the new call is signed anew."""
    bank = owing(treasury, 100, CROSS="500")
    bank.faults[LOAN] = [(400, code)]
    paid = await funds_of(bank).repay_all("USDT")

    assert (Decimal(100), 1) == (paid.repaid, paid.transaction_id)
    assert ["GET", "GET", "POST", "GET", "GET", "POST"] == [route.split()[0] for route, _, _ in bank.calls]
    (_, first, began), (_, second, again) = bank.writes
    assert first["signature"] != second["signature"]
    assert again - began >= 1.0


@pytest.mark.parametrize(("code", "kind"), [(-3015, InvalidRequestError), (-3007, RateLimitedError)])
@virtual
async def test_a_second_refusal_is_told(funds_of, treasury, code, kind):
    """Two attempts are all."""
    bank = owing(treasury, 100, CROSS="500")
    bank.faults[LOAN] = [(400, code), (400, code)]
    with pytest.raises(kind):
        await funds_of(bank).repay_all("USDT")
    assert 2 == len(bank.writes)


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (ReplyLostError("no reply"), ReplyLostError),
        ((500, -3015), ReplyLostError),
        ((400, -1007), ReplyLostError),
        ((400, -3044), ReplyLostError),
        ((400, -3036), ExchangeError),
    ],
)
@virtual
async def test_without_proof_of_a_refusal_nothing_is_sent_again(funds_of, treasury, fault, kind):
    """A repayment has no id of ours: a second one could pay twice."""
    bank = owing(treasury, 100, CROSS="500")
    bank.faults[LOAN] = [fault]
    with pytest.raises(kind):
        await funds_of(bank).repay_all("USDT", patience=30.0)
    assert 1 == len(bank.writes)


@pytest.mark.parametrize(
    ("start", "read_at"),
    [(HOUR_AT - 11, HOUR_AT - 11), (HOUR_AT - 9, HOUR_AT + 5), (HOUR_AT + 3, HOUR_AT + 5), (HOUR_AT + 6, HOUR_AT + 6)],
)
@virtual
async def test_the_debt_is_not_read_around_the_full_hour(funds_of, treasury, start, read_at):
    """Interest added between reading and paying would be left over."""
    bank = owing(treasury, 100, CROSS="500")
    loop = asyncio.get_running_loop()
    funds = funds_of(bank)
    begun = loop.time()
    await asyncio.sleep(start - loop.time())
    assert begun < HOUR_AT - 11
    await funds.repay_all("USDT")
    assert read_at == pytest.approx(bank.calls[0][2], abs=0.2)


@pytest.mark.parametrize(
    ("asset", "account", "text"),
    [("usdt", CROSS, "upper case"), ("ETH", BTC, "holds BTC and USDT, not ETH")],
)
@virtual
async def test_a_wrong_asset_is_refused_in_python_words(funds_of, treasury, asset, account, text):
    """A debt that stays because of a typing error is worse than an exception."""
    bank = owing(treasury, 100, BTCUSDT="500")
    with pytest.raises(ValueError, match=text):
        await funds_of(bank).repay_all(asset, account=account)
    assert [] == bank.writes


@virtual
async def test_on_the_simulated_exchange_a_loan_is_paid_to_the_last_grain():
    """With the interest of an hour that has passed in between."""
    async with MarginClient.simulated("calm") as client:
        await client.borrow.borrow("USDT", "1000")
        await asyncio.sleep(3_590)
        paid = await client.funds.repay_all("USDT")
        again = await client.funds.repay_all("USDT")
        account = await client.account.cross()

    dollar = next(each for each in account.user_assets if each.asset == "USDT")
    assert Decimal(0) == dollar.borrowed + dollar.interest
    assert Decimal("1000.01") == paid.repaid == paid.owed  # one hour at once, one at the full hour
    assert again.transaction_id is None


# -- looking a loan up --


def record(number):
    told = {"txId": number, "type": "MANUAL", "asset": "USDT", "amount": "1", "interest": "0", "principal": "1"}
    return {**told, "status": "CONFIRMED", "timestamp": 1}


@pytest.mark.parametrize(("told", "found"), [([record(4), record(5)], True), ([record(4)], False), ([], False)])
@virtual
async def test_a_loan_is_found_by_its_id(funds_of, treasury, told, found):
    """Another record does not stand for it."""
    bank = treasury()
    bank.pages = [{"rows": told, "total": len(told)}]
    status = await funds_of(bank).loan_status(5, "REPAY", account=BTC)

    assert found == (status is not None)
    assert ("5", "REPAY", "BTCUSDT") == tuple(bank.calls[0][1][name] for name in ("txId", "type", "isolatedSymbol"))


@virtual
async def test_on_the_simulated_exchange_loans_and_repayments_are_found():
    """Each under its own kind."""
    async with MarginClient.simulated("calm") as client:
        loan = await client.borrow.borrow("USDT", "1000")
        paid = await client.funds.repay_all("USDT")
        assert paid.transaction_id is not None
        borrowed = await client.funds.loan_status(loan.transaction_id, "BORROW")
        repaid = await client.funds.loan_status(paid.transaction_id, "REPAY")
        assert await client.funds.loan_status(paid.transaction_id, "BORROW") is None
    assert borrowed is not None
    assert repaid is not None
    assert (Decimal(1000), paid.repaid) == (borrowed.amount, repaid.amount)

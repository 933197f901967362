"""``client.funds.move`` and ``transfer_status``: what is checked, what is sent, and where the money is afterwards."""

import asyncio
from decimal import Decimal

import pytest

from binance_margin_async import MarginClient
from binance_margin_async.errors import InsufficientCollateralError, NotSentError, Outcome, ReplyLostError
from binance_margin_async.models.account import CROSS, Isolated
from binance_margin_async.models.funds import Moved, MoveIncompleteError, Transferred
from binance_margin_async.models.wallets import FUNDING, OPTIONS, PORTFOLIO_MARGIN, SPOT, TransferType
from binance_margin_async.testing import virtual

BTC, ETH = Isolated("BTCUSDT"), Isolated("ETHUSDT")
TRANSFER, HISTORY = "POST /sapi/v1/asset/transfer", "GET /sapi/v1/asset/transfer"
DAY_MS = 86_400_000
EPOCH_MS = 1_795_312_000_000  # the exchange's time at loop time zero


def sent(bank):
    return [(told["type"], told["amount"], told.get("fromSymbol"), told.get("toSymbol")) for _, told, _ in bank.writes]


@virtual
async def test_between_spot_and_an_isolated_account_the_money_goes_through_cross(funds_of, treasury):
    """The exchange has no direct way."""
    bank = treasury(SPOT="100", CROSS="7")
    moved = await funds_of(bank).move("USDT", "60.5", from_=SPOT, to=BTC)

    assert [("MAIN_MARGIN", "60.5", None, None), ("MARGIN_ISOLATEDMARGIN", "60.5", None, "BTCUSDT")] == sent(bank)
    assert {"SPOT": Decimal("39.5"), "CROSS": Decimal(7), "BTCUSDT": Decimal("60.5")} == bank.balances
    first = Transferred(type=TransferType.MAIN_MARGIN, from_=SPOT, to=CROSS, transaction_id=1)
    second = Transferred(type=TransferType.MARGIN_ISOLATEDMARGIN, from_=CROSS, to=BTC, transaction_id=2)
    assert Moved(asset="USDT", amount=Decimal("60.5"), transfers=(first, second)) == moved
    assert Outcome.ACCEPTED is first.outcome


@virtual
async def test_a_direct_way_is_one_transfer(funds_of, treasury):
    """And the pairs of both ends are named."""
    bank = treasury(BTCUSDT="5")
    await funds_of(bank).move("USDT", 5, from_=BTC, to=ETH)
    assert [("ISOLATEDMARGIN_ISOLATEDMARGIN", "5", "BTCUSDT", "ETHUSDT")] == sent(bank)


@pytest.mark.parametrize(
    ("from_", "keeps", "maximum"),
    [(SPOT, 0, "10"), (CROSS, 4, "6"), (BTC, 9, "1")],
)
@virtual
async def test_more_than_can_leave_is_refused_before_anything_is_sent(funds_of, treasury, from_, keeps, maximum):
    """Half of a move is worse than none."""
    bank = treasury(SPOT="10", CROSS="10", BTCUSDT="10")
    bank.keeps = {"CROSS": keeps, "BTCUSDT": keeps}
    to = FUNDING if from_ == CROSS else CROSS
    with pytest.raises(InsufficientCollateralError, match="not sent") as refused:
        await funds_of(bank).move("USDT", "10.00000001", from_=from_, to=to)

    assert (Outcome.NOT_SENT, Decimal(maximum)) == (refused.value.outcome, refused.value.maximum)
    assert [] == bank.writes


@virtual
async def test_all_that_can_leave_may_be_moved(funds_of, treasury):
    """The border itself is allowed."""
    bank = treasury(SPOT="10", CROSS="10")
    bank.keeps = {"CROSS": 4}
    funds = funds_of(bank)
    await funds.move("USDT", 10, from_=SPOT, to=FUNDING)
    await funds.move("USDT", 6, from_=CROSS, to=OPTIONS)
    assert 2 == len(bank.writes)


@pytest.mark.parametrize(("level", "lets_through"), [("1.99999999", False), ("0", False), ("2", True), ("999", True)])
@virtual
async def test_money_is_not_sent_into_a_cross_account_that_would_keep_it(funds_of, treasury, level, lets_through):
    """Assets leave the cross account only while its collateral margin level is two or more."""
    bank = treasury(SPOT="10", CROSS="0")
    bank.level = level
    move = funds_of(bank).move("USDT", 1, from_=SPOT, to=BTC)
    if lets_through:
        await move
    else:
        with pytest.raises(InsufficientCollateralError, match="through the cross account"):
            await move
    assert (2 if lets_through else 0) == len(bank.writes)


@virtual
async def test_a_wallet_that_cannot_be_read_is_not_checked(funds_of, treasury):
    """The exchange refuses what is not there."""
    bank = treasury(FUNDING="1")
    await funds_of(bank).move("USDT", 1, from_=FUNDING, to=SPOT)
    assert [TRANSFER] == [route for route, _, _ in bank.calls]


@pytest.mark.parametrize(
    ("fault", "outcome", "text"),
    [
        (
            (400, -3020),
            Outcome.REFUSED,
            r"1 USDT is at CROSS\. Mend the cause and move it on from there, or back to SPOT",
        ),
        (NotSentError("no route"), Outcome.NOT_SENT, "1 USDT is at CROSS"),
        (ReplyLostError("no reply"), Outcome.UNKNOWN, "1 USDT is at CROSS or already at BTCUSDT"),
        ((500, -1000), Outcome.UNKNOWN, "1 USDT is at CROSS or already at BTCUSDT"),
    ],
)
@virtual
async def test_a_failed_second_transfer_says_where_the_money_is(funds_of, treasury, fault, outcome, text):
    """With the first transfer's id, and whether the second may have been carried out."""
    bank = treasury(SPOT="1", CROSS="0")
    bank.faults[TRANSFER] = [None, fault]
    with pytest.raises(MoveIncompleteError, match=text) as halfway:
        await funds_of(bank).move("USDT", 1, from_=SPOT, to=BTC, patience=30.0)

    error = halfway.value
    assert (CROSS, BTC, outcome, "USDT", Decimal(1)) == (
        error.place,
        error.to,
        error.outcome,
        error.asset,
        error.amount,
    )
    assert (1, SPOT, Outcome.ACCEPTED) == (error.first.transaction_id, error.first.from_, error.first.outcome)
    assert error.__cause__ is not None
    assert error.__cause__.outcome is outcome
    assert 2 == len(bank.writes)  # never sent again


@pytest.mark.parametrize("fault", [ReplyLostError("no reply"), NotSentError("no route")])
@virtual
async def test_a_failed_first_transfer_is_told_as_it_is(funds_of, treasury, fault):
    """Nothing is half-way: the error of the call says all there is to say."""
    bank = treasury(SPOT="1", CROSS="0")
    bank.faults[TRANSFER] = [fault]
    with pytest.raises(type(fault)):
        await funds_of(bank).move("USDT", 1, from_=SPOT, to=BTC, patience=30.0)
    assert 1 == len(bank.writes)


@virtual
async def test_a_move_cancelled_half_way_says_so(funds_of, treasury, caplog):
    """Cancelling passes through, but money that is under way must not be forgotten."""
    bank = treasury(SPOT="1", CROSS="0")
    task = asyncio.ensure_future(funds_of(bank).move("USDT", 1, from_=SPOT, to=BTC))
    await asyncio.sleep(0.3)  # the second transfer is under way
    assert 2 == len(bank.writes)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert "cancelled half-way: 1 USDT is at CROSS or BTCUSDT" in caplog.text


@pytest.mark.parametrize(
    ("amount", "ends", "wrong"),
    [
        (1.5, (SPOT, CROSS), (TypeError, "amount must be a Decimal")),
        (0, (SPOT, CROSS), (ValueError, "amount must be above zero")),
        (1, (SPOT, SPOT), (ValueError, "two places")),
        (1, (BTC, PORTFOLIO_MARGIN), (ValueError, "no two transfers lead from BTCUSDT to PORTFOLIO_MARGIN")),
    ],
)
@virtual
async def test_a_senseless_move_is_refused_in_python_words(funds_of, treasury, amount, ends, wrong):
    """Nothing is asked and nothing is sent."""
    bank = treasury()
    (from_, to), (kind, text) = ends, wrong
    with pytest.raises(kind, match=text):
        await funds_of(bank).move("USDT", amount, from_=from_, to=to)
    assert [] == bank.calls


# -- looking a transfer up --


def row(number):
    return {
        "asset": "USDT",
        "amount": "1",
        "type": "MAIN_MARGIN",
        "status": "CONFIRMED",
        "tranId": number,
        "timestamp": 1,
    }


def page(*numbers, total):
    return {"rows": [row(number) for number in numbers], "total": total}


def asked(bank):
    return [
        (told["startTime"], told.get("endTime"), told["current"]) for route, told, _ in bank.calls if route == HISTORY
    ]


@virtual
async def test_a_transfer_is_looked_for_on_every_page_of_every_window(funds_of, treasury):
    """No call takes its id."""
    bank = treasury()
    since = EPOCH_MS - 40 * DAY_MS
    bank.pages = [page(*range(100), total=101), page(100, total=101), page(7, 2**53 + 1, total=2)]
    found = await funds_of(bank).transfer_status(2**53 + 1, "MAIN_MARGIN", since_ms=since)

    assert found is not None
    assert (2**53 + 1, "CONFIRMED") == (found.transaction_id, found.status)
    first, second = str(since), str(since + 30 * DAY_MS)
    assert [(first, second, "1"), (first, second, "2"), (second, None, "1")] == asked(bank)


@virtual
async def test_the_search_ends_when_the_transfer_is_found(funds_of, treasury):
    """Further pages would cost weight for nothing."""
    bank = treasury()
    bank.pages = [page(*range(100), total=500)]
    assert await funds_of(bank).transfer_status(99, "MAIN_MARGIN", since_ms=EPOCH_MS - DAY_MS)
    assert 1 == len(bank.calls)


@pytest.mark.parametrize(
    "pages", [[page(1, total=1)], [page(total=0)], [page(*range(100), total=900), page(total=900)]]
)
@virtual
async def test_a_transfer_that_is_not_listed_is_none(funds_of, treasury, pages):
    """And the search ends, even where the exchange promises more than it gives."""
    bank = treasury()
    bank.pages = list(pages)
    assert await funds_of(bank).transfer_status(777, "MAIN_MARGIN", since_ms=EPOCH_MS - DAY_MS) is None
    assert [] == bank.pages


@virtual
async def test_the_pair_of_an_isolated_end_is_named_in_the_search_too(funds_of, treasury):
    """Without it the exchange refuses the type."""
    bank = treasury()
    bank.pages = [page(total=0)]
    await funds_of(bank).transfer_status(1, "MARGIN_ISOLATEDMARGIN", since_ms=EPOCH_MS - 1, to_symbol="BTCUSDT")
    assert "BTCUSDT" == bank.calls[0][1]["toSymbol"]


# -- on the simulated exchange --


@virtual
async def test_on_the_simulated_exchange_money_goes_there_and_back():
    """With its own ledger: what leaves one place arrives at the other."""
    async with MarginClient.simulated("calm") as client:
        await client.funds.move("USDT", "500", from_=CROSS, to=BTC)
        since = client.clock.exchange_ms() - 1_000
        moved = await client.funds.move("USDT", "20500", from_=BTC, to=SPOT)
        first, second = moved.transfers
        told = await client.funds.transfer_status(
            first.transaction_id, first.type, since_ms=since, from_symbol="BTCUSDT"
        )
        (pair,) = (await client.account.isolated(["BTCUSDT"])).pairs
        with pytest.raises(InsufficientCollateralError) as refused:
            await client.funds.move("USDT", "0.00000001", from_=BTC, to=SPOT)
        (wallet,) = (each for each in (await client.spot.account()).balances if each.asset == "USDT")
        with pytest.raises(InsufficientCollateralError) as poor:
            await client.funds.move("USDT", wallet.free + Decimal("0.00000001"), from_=SPOT, to=BTC)
        await client.funds.move("USDT", wallet.free, from_=SPOT, to=BTC)
        (again,) = (await client.account.isolated(["BTCUSDT"])).pairs

    assert (Decimal(0), Decimal(0)) == (pair.quote_asset.free, refused.value.maximum)
    assert {wallet.free} == {poor.value.maximum, again.quote_asset.free}
    assert told is not None
    assert (Decimal(20_500), "CONFIRMED") == (told.amount, told.status)
    assert (BTC, CROSS, CROSS, SPOT) == (first.from_, first.to, second.from_, second.to)

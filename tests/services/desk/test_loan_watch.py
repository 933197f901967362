"""What orders borrow and pay back besides, when it does not come out as it should."""

import asyncio
from contextlib import asynccontextmanager
from decimal import Decimal

import pytest

from binance_margin_async import CROSS, LimitOrder, MarginClient, MarketOrder, Outcome
from binance_margin_async.errors import ExchangeError, OrderRefusedError
from binance_margin_async.journal import MemoryJournal
from binance_margin_async.models.events import AutoRepayMissed, CancelRepayMismatch, LoanLeftBehind
from binance_margin_async.sim import Fault, SimulatedExchange
from binance_margin_async.testing import virtual

PLACE = "POST /sapi/v1/margin/order"
BUY = LimitOrder("BTCUSDT", "BUY", quantity="3", price="50000", side_effect="MARGIN_BUY")
SELL_ALL = MarketOrder("BTCUSDT", "SELL", quantity="0.01", side_effect="AUTO_REPAY")


class Watched:
    def __init__(self, client, exchange):
        self.client, self.exchange, self.told = client, exchange, []

    @property
    def account(self):
        return self.exchange.core.venue.book.accounts["CROSS"]

    def block_repayments(self, seconds=3_600.0):
        """Let a loan of the account be in work, so that repayments by side effects do not happen."""
        self.account.loan_busy_until = self.exchange._now() + round(seconds * 1000)

    def draw(self, amount):
        """Draw a loan as an order does."""
        self.exchange.core.venue.loans.borrow(self.account, "USDT", Decimal(amount), self.exchange._now())


@asynccontextmanager
async def watched():
    exchange = SimulatedExchange("calm")
    async with MarginClient(sim=exchange, accounts=[CROSS], journal=MemoryJournal()) as client:
        at = Watched(client, exchange)
        await client.rules.of("BTCUSDT")
        kinds = (LoanLeftBehind, AutoRepayMissed, CancelRepayMismatch)
        async with client.bus.on(*kinds, handler=at.told.append):
            yield at


@virtual
async def test_a_loan_that_a_refused_order_left_behind_is_told_and_can_be_paid():
    """A refusal is no word about the loan: promise of reliability, orders with a borrow side effect."""
    async with watched() as at:
        at.exchange.inject(Fault("drop", target=PLACE, effect="none"))
        placing = asyncio.ensure_future(at.client.orders.place(BUY))
        await asyncio.sleep(1.0)
        at.draw("50000")
        with pytest.raises(OrderRefusedError) as refused:
            await placing
        await asyncio.sleep(5.0)
        (event,) = at.told
        assert ("USDT", Decimal(50_000), CROSS) == (event.asset, event.amount, event.account)
        assert (refused.value.client_order_id, Outcome.REFUSED) == (event.intent.id, event.intent.outcome)
        paid = await at.client.funds.repay_left(event)
        assert Decimal(50_000) == paid.repaid


@virtual
async def test_it_is_looked_after_a_plain_refusal_too():
    async with watched() as at:
        at.exchange.inject(
            Fault("reply", target=PLACE, status=400, body='{"code":-2010,"msg":"refused"}', effect="none")
        )
        with pytest.raises(ExchangeError):
            await at.client.orders.place(BUY)
        at.draw("50000")
        await asyncio.sleep(5.0)
        assert [Decimal(50_000)] == [each.amount for each in at.told]


@virtual
async def test_the_loans_of_orders_that_are_there_are_none_left_behind():
    """Another order borrows while one is refused."""
    async with watched() as at:
        at.exchange.inject(Fault("drop", target=PLACE, effect="none"))
        placing = asyncio.ensure_future(at.client.orders.place(BUY))
        await asyncio.sleep(1.0)
        other = await at.client.orders.place(BUY)
        assert other.borrowed
        with pytest.raises(OrderRefusedError):
            await placing
        await asyncio.sleep(10.0)
        assert [] == at.told


@pytest.mark.parametrize("side_effect", ["AUTO_REPAY", "AUTO_BORROW_REPAY"])
@virtual
async def test_a_repayment_that_silently_did_not_happen_is_told_and_can_be_finished(side_effect):
    """It meets a pending loan, and no report says so (promise of the desk)."""
    async with watched() as at:
        await at.client.funds.borrow("USDT", "1000")
        at.block_repayments(20)
        order = await at.client.orders.place(SELL_ALL.replace(side_effect=side_effect))
        await order.filled()
        await asyncio.sleep(15.0)
        (event,) = at.told
        assert ("BTCUSDT", order.client_order_id, "USDT", 0) == (
            event.symbol,
            event.client_order_id,
            event.asset,
            event.paid,
        )
        assert Decimal("599.4") == event.due == event.amount  # 0.01 at 60,000, less the fee
        await asyncio.sleep(10.0)
        paid = await at.client.funds.repay_left(event)
        assert (Decimal("599.4"), Decimal("400.605")) == (paid.repaid, paid.left)


@virtual
async def test_a_repayment_that_happened_is_no_news():
    """Whether it paid everything that came in or all that was owed."""
    async with watched() as at:
        await at.client.funds.borrow("USDT", "1000")
        await asyncio.sleep(1.0)
        for _ in range(3):
            await (await at.client.orders.place(SELL_ALL)).filled()
        await asyncio.sleep(15.0)
        assert [] == at.told
        assert 0 == at.account.balance("USDT").liability


@virtual
async def test_a_debt_taken_after_the_repayment_is_not_held_against_it():
    async with watched() as at:
        await at.client.funds.borrow("USDT", "100")
        await asyncio.sleep(1.0)
        await (await at.client.orders.place(SELL_ALL)).filled()
        await asyncio.sleep(0.5)
        at.draw("300")
        await asyncio.sleep(15.0)
        assert [] == at.told


@virtual
async def test_an_unused_loan_that_stays_after_a_cancel_is_told():
    """``autoRepayAtCancel`` promised that it would be paid back."""
    async with watched() as at:
        order = await at.client.orders.place(BUY)
        assert order.borrowed == 50_000
        at.block_repayments(20)
        await at.client.orders.cancel(order)
        await asyncio.sleep(15.0)
        (event,) = at.told
        assert (Decimal(50_000), 0, Decimal(50_000)) == (event.due, event.paid, event.amount)
        await asyncio.sleep(10.0)
        assert Decimal(50_000) == (await at.client.funds.repay_left(event)).repaid


@pytest.mark.parametrize("repays", [True, False, None])
@virtual
async def test_a_loan_that_goes_or_stays_as_promised_is_no_news(repays):
    async with watched() as at:
        order = await at.client.orders.place(BUY.replace(auto_repay_at_cancel=repays))
        await asyncio.sleep(1.0)
        await at.client.orders.cancel(order)
        await asyncio.sleep(15.0)
        assert [] == at.told
        # Interest is paid first, so that a little of the loan itself is left.
        assert (repays is False) == (at.account.balance("USDT").borrowed > 1)


@virtual
async def test_a_loan_that_was_to_stay_and_was_paid_back_is_told():
    async with watched() as at:
        order = await at.client.orders.place(BUY.replace(auto_repay_at_cancel=False))
        await at.client.orders.cancel(order)
        await asyncio.sleep(1.0)
        at.exchange.core.venue.loans.repay(at.account, "USDT", Decimal(50_000), at.exchange._now())
        await asyncio.sleep(15.0)
        (event,) = at.told
        assert (Decimal(0), Decimal(50_000), Decimal(0)) == (event.due, event.paid, event.amount)


@virtual
async def test_an_order_without_side_effects_is_not_looked_at():
    """Nothing is asked, so nothing is paid in request weight."""
    async with watched() as at:
        before = at.client.statistics()["limits"]
        await (await at.client.orders.place(SELL_ALL.replace(side_effect="NO_SIDE_EFFECT"))).filled()
        await asyncio.sleep(15.0)
        asked = {bucket.endpoint for bucket in at.client.statistics()["limits"].buckets}
        assert asked - {bucket.endpoint for bucket in before.buckets} <= {PLACE, None}
        assert [] == at.told


@virtual
async def test_what_cannot_be_looked_at_is_looked_at_later():
    async with watched() as at:
        await at.client.funds.borrow("USDT", "1000")
        at.block_repayments()
        at.exchange.inject(Fault("server_error", target="GET /sapi/v1/margin/borrow-repay", times=6))
        await (await at.client.orders.place(SELL_ALL)).filled()
        await asyncio.sleep(60.0)
        assert [AutoRepayMissed] == [type(each) for each in at.told]

"""REST replies and stream events become events on the bus, each change once."""

from decimal import Decimal

import msgspec
import pytest

from binance_margin_async.clock import Clock
from binance_margin_async.models.account import CROSS, Isolated
from binance_margin_async.models.enums import (
    ExecutionType,
    MarginLevelStatus,
    OrderStatus,
    OrderType,
    Side,
    TimeInForce,
)
from binance_margin_async.models.event import Origin
from binance_margin_async.models.events import AccountSnapshot, AssetBalance, LoanUpdate, OrderUpdate
from binance_margin_async.models.order_replies import CanceledOrder, Fill, OrderFull
from binance_margin_async.models.replies import (
    CrossAccount,
    CrossAsset,
    Empty,
    IsolatedAccounts,
    IsolatedAsset,
    IsolatedPair,
    ListenKey,
    LoanReply,
)
from binance_margin_async.models.stream_events import (
    AccountPosition,
    ExecutionReport,
    PositionBalance,
    ServerShutdown,
    UnknownEvent,
)
from binance_margin_async.rest.executor import Call
from binance_margin_async.secret import Secret
from binance_margin_async.services.intake import Intake
from binance_margin_async.wire.endpoints import account, borrow, trade, user_stream

BTC = Isolated("BTCUSDT")
ONE = Decimal(1)


class Stage:
    """An intake, the time, and what was published."""

    def __init__(self):
        self.now = 100.0
        self.published = []
        clock = Clock(lambda: self.now)
        clock.adjust(1_795_312_000.0, 0.0)
        self.intake = Intake(self.published.append, clock)

    def push(self, event, whose=CROSS):
        event.stamp(whose, Origin.STREAM, self.now)
        return self.take(self.intake.on_event, event)

    def reply(self, row, reply, *, whose=None, asked_at=99.0, **parameters):
        return self.take(self.intake.on_reply, Call(row, parameters, whose, asked_at, self.now), reply)

    def take(self, function, *arguments):
        """Call, and return what was published by it."""
        before = len(self.published)
        function(*arguments)
        return self.published[before:]


@pytest.fixture
def stage():
    return Stage()


def report(**changes):
    event = ExecutionReport(
        event_time_ms=1,
        symbol="BTCUSDT",
        client_order_id="bma-1",
        side=Side.BUY,
        type=OrderType.LIMIT,
        time_in_force=TimeInForce.GTC,
        quantity=ONE,
        price=Decimal(61000),
        stop_price=Decimal(0),
        iceberg_quantity=Decimal(0),
        execution_type=ExecutionType.TRADE,
        status=OrderStatus.FILLED,
        order_id=17,
        execution_id=900,
        last_filled_quantity=ONE,
        cumulative_quantity=ONE,
        last_filled_price=Decimal(61000),
        commission=Decimal("0.001"),
        commission_asset="BTC",
        transaction_time_ms=2,
        trade_id=5,
        creation_time_ms=1,
        cumulative_quote=Decimal(61000),
    )
    return msgspec.structs.replace(event, **changes)


FULL = OrderFull(
    symbol="BTCUSDT",
    order_id=17,
    client_order_id="bma-1",
    transact_time_ms=2,
    price=Decimal(61000),
    quantity=ONE,
    executed_quantity=ONE,
    executed_quote=Decimal(61000),
    status=OrderStatus.FILLED,
    type=OrderType.LIMIT,
    side=Side.BUY,
    fills=(Fill(price=Decimal(61000), quantity=ONE, commission=Decimal("0.001"), commission_asset="BTC", trade_id=5),),
)


def kinds(events):
    return [type(event) for event in events]


# -- orders --------------------------------------------------------------------------------------------------------


def test_a_report_is_published_with_the_update_it_means(stage):
    """Raw for who wants all of it, and as an update for who wants each change once."""
    raw, update = stage.push(report(), BTC)

    assert (ExecutionReport, OrderUpdate) == (type(raw), type(update))
    assert (BTC, Origin.STREAM, 100.0) == (update.account, update.origin, update.received_at)
    assert (17, 5, OrderStatus.FILLED, ONE) == (
        update.order_id,
        update.trade_id,
        update.status,
        update.last_filled_quantity,
    )


def test_the_same_report_again_is_dropped(stage):
    """It came over another socket, or after a repair."""
    stage.push(report())
    assert [] == stage.push(report())


def test_the_same_order_in_two_accounts_is_two(stage):
    """Nothing else tells cross from isolated."""
    stage.push(report())
    assert 2 == len(stage.push(report(), BTC))


def test_a_fill_that_the_reply_told_first_is_not_told_again_by_the_stream(stage):
    """The report itself is still published: only it has everything."""
    told = stage.reply(trade.NEW_ORDER, FULL, whose=CROSS)
    assert [(OrderStatus.NEW, None), (OrderStatus.FILLED, 5)] == [(each.status, each.trade_id) for each in told]
    assert {Origin.REST} == {each.origin for each in told}

    assert [ExecutionReport] == kinds(stage.push(report()))


def test_a_fill_that_the_stream_told_first_is_not_told_again_by_the_reply(stage):
    """The event may overtake the answer."""
    stage.push(report())
    assert [] == stage.reply(trade.NEW_ORDER, FULL, whose=CROSS)


def test_a_filled_order_that_nobody_listens_for_is_kept_in_mind_and_told_to_nobody_later(stage):
    """Who subscribes after the reply hears what happens from then on; the pair has had a fill all the same."""
    wanted = []
    intake = Intake(stage.published.append, Clock(lambda: 100.0), wants=lambda *asked: wanted.append(asked))
    intake.on_reply(Call(trade.NEW_ORDER, {}, CROSS, 99.0, 100.0), FULL)
    assert [] == stage.published
    assert [(OrderUpdate, CROSS, "BTCUSDT")] == wanted
    assert ("BTCUSDT",) == intake.followed.pairs(CROSS)

    event = report()
    event.stamp(CROSS, Origin.STREAM, 101.0)
    intake.on_event(event)
    assert [ExecutionReport] == kinds(stage.published)


def test_an_order_that_rests_is_followed_although_nobody_listens_for_it(stage):
    """What is open has to be asked about after a gap."""
    intake = Intake(stage.published.append, Clock(lambda: 100.0), wants=lambda *_: False)
    resting = {"status": OrderStatus.NEW, "fills": (), "executed_quantity": Decimal(0), "executed_quote": Decimal(0)}
    reply = msgspec.structs.replace(FULL, **resting)
    intake.on_reply(Call(trade.NEW_ORDER, {}, CROSS, 99.0, 100.0), reply)

    assert [17] == list(intake.followed.open_orders(CROSS))


def test_a_cancel_is_told_under_the_orders_own_id_and_the_exchanges_time(stage):
    """Its reply names the cancel's id first and no time at all."""
    reply = CanceledOrder(
        symbol="BTCUSDT",
        order_id=18,
        orig_client_order_id="bma-2",
        client_order_id="cancel-1",
        price=ONE,
        quantity=ONE,
        executed_quantity=Decimal(0),
        executed_quote=Decimal(0),
        status=OrderStatus.CANCELED,
        type=OrderType.LIMIT,
        side=Side.BUY,
    )
    (update,) = stage.reply(trade.CANCEL_ORDER, reply, whose=BTC)

    assert ("bma-2", OrderStatus.CANCELED, BTC, 1_795_312_100_000) == (
        update.client_order_id,
        update.status,
        update.account,
        update.time_ms,
    )


# -- balances ------------------------------------------------------------------------------------------------------


def position(free, *, update_time_ms=10):
    return AccountPosition(
        event_time_ms=update_time_ms,
        update_time_ms=update_time_ms,
        balances=(PositionBalance(asset="BTC", free=Decimal(free), locked=Decimal(0)),),
    )


def cross_account(free="1"):
    assets = (
        CrossAsset(
            asset="BTC",
            free=Decimal(free),
            locked=Decimal(0),
            borrowed=Decimal(0),
            interest=Decimal(0),
            net_asset=Decimal(free),
        ),
    )
    return CrossAccount(
        created=True,
        borrow_enabled=True,
        trade_enabled=True,
        transfer_in_enabled=True,
        transfer_out_enabled=True,
        margin_level=Decimal(999),
        total_asset_of_btc=ONE,
        total_liability_of_btc=Decimal(0),
        total_net_asset_of_btc=ONE,
        user_assets=assets,
    )


def test_a_position_is_published_with_the_balances_that_changed(stage):
    """An unchanged one is no news."""
    raw, balance = stage.push(position("1"))
    assert (AccountPosition, AssetBalance(asset="BTC", free=ONE, locked=Decimal(0), update_time_ms=10)) == (
        type(raw),
        balance,
    )
    assert [AccountPosition] == kinds(stage.push(position("1", update_time_ms=11)))


def test_a_cross_reading_is_a_snapshot_and_the_balances_that_changed(stage):
    """Stamped as read by REST, whoever asked for it."""
    snapshot, balance = stage.reply(account.CROSS_ACCOUNT, cross_account())

    assert AccountSnapshot(reply=cross_account()) == snapshot
    assert [(CROSS, Origin.REST, 100.0)] * 2 == [
        (each.account, each.origin, each.received_at) for each in (snapshot, balance)
    ]
    assert [AccountSnapshot] == kinds(stage.reply(account.CROSS_ACCOUNT, cross_account(), asked_at=100.0))


def test_a_reading_that_was_asked_for_before_the_streams_news_does_not_undo_them(stage):
    """It was already old when it came."""
    stage.push(position("2"))
    assert [AccountSnapshot] == kinds(stage.reply(account.CROSS_ACCOUNT, cross_account("1"), asked_at=99.0))
    stage.now = 200.0
    assert [AccountSnapshot, AssetBalance] == kinds(
        stage.reply(account.CROSS_ACCOUNT, cross_account("1"), asked_at=199.0)
    )


def isolated_pair(symbol):
    def asset(name):
        return IsolatedAsset(
            asset=name,
            free=ONE,
            locked=Decimal(0),
            borrowed=Decimal(0),
            interest=Decimal(0),
            net_asset=ONE,
            net_asset_of_btc=ONE,
            total_asset=ONE,
            borrow_enabled=True,
            repay_enabled=True,
        )

    return IsolatedPair(
        symbol=symbol,
        base_asset=asset(symbol.removesuffix("USDT")),
        quote_asset=asset("USDT"),
        isolated_created=True,
        enabled=True,
        margin_level=Decimal(999),
        margin_level_status=MarginLevelStatus.EXCESSIVE,
        margin_ratio=Decimal(10),
        index_price=ONE,
        liquidate_price=Decimal(0),
        liquidate_rate=Decimal(0),
        trade_enabled=True,
    )


def test_an_isolated_reading_is_one_snapshot_for_each_pair_under_its_own_account(stage):
    """Both assets of the pair, and the quote asset of one pair is not that of another."""
    reply = IsolatedAccounts(pairs=(isolated_pair("BTCUSDT"), isolated_pair("ETHUSDT")))
    told = stage.reply(account.ISOLATED_ACCOUNT, reply)

    assert [AccountSnapshot, AssetBalance, AssetBalance] * 2 == kinds(told)
    assert [BTC] * 3 + [Isolated("ETHUSDT")] * 3 == [each.account for each in told]
    assert ["BTC", "USDT", "ETH", "USDT"] == [each.asset for each in told if isinstance(each, AssetBalance)]


# -- the rest ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "expected"), [("BORROW", LoanUpdate.Kind.BORROW), ("REPAY", LoanUpdate.Kind.REPAY)])
def test_a_loan_is_its_own_event_and_no_balance(stage, kind, expected):
    """What it did to the balances the next reading tells."""
    told = stage.reply(
        borrow.BORROW_REPAY,
        LoanReply(transaction_id=77),
        whose=BTC,
        asset="USDT",
        amount=Decimal("0.00000001"),
        type=kind,
    )

    assert [LoanUpdate(kind=expected, asset="USDT", amount=Decimal("1E-8"), transaction_id=77)] == told
    assert (BTC, Origin.REST, 100.0) == (told[0].account, told[0].origin, told[0].received_at)


@pytest.mark.parametrize(
    "event",
    [ServerShutdown(event_time_ms=1), UnknownEvent(name="new", raw=b"{}")],
    ids=lambda event: type(event).__name__,
)
def test_every_other_event_passes_through_as_often_as_it_comes(stage, event):
    """Only what has an identity can be known again."""
    assert [event, event] == stage.push(event) + stage.push(event)


@pytest.mark.parametrize(
    "reply", [Empty(), ListenKey(listen_key=Secret("canary")), [], object()], ids=lambda reply: type(reply).__name__
)
def test_a_reply_that_changes_nothing_is_no_event(stage, reply):
    """A listen key least of all."""
    assert [] == stage.reply(user_stream.START_LISTEN_KEY, reply)

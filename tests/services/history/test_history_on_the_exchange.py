"""Histories of a simulated exchange with forty days behind it, in virtual time and under its limits."""

import asyncio
from contextlib import asynccontextmanager
from decimal import Decimal

import msgspec
import pytest

from binance_margin_async import (
    CROSS,
    HistoryMark,
    Isolated,
    MarginClient,
    MarketOrder,
    SimulatedExchange,
    StatementMark,
)
from binance_margin_async.rules.history import time_of
from binance_margin_async.services.history import Histories
from binance_margin_async.testing import virtual

DAYS, DAY_S = 40, 86_400
PAIR = Isolated("BTCUSDT")


@asynccontextmanager
async def a_past(*accounts):
    """Yield a client whose accounts borrowed, traded and repaid on two days forty days apart, and the first ms."""
    exchange = SimulatedExchange("calm")
    async with exchange:
        for quantity in ("0.01", "0.02"):
            async with MarginClient(config=exchange.config) as client:
                for account in accounts:
                    await client.borrow.borrow("USDT", "1000", account=account)
                    await client.borrow.borrow("BTC", "0.1", account=account)
                    for side in ("BUY", "SELL"):
                        order = MarketOrder("BTCUSDT", side, quantity=quantity, account=account)
                        await client.trade.new_order(order)
                    await client.borrow.repay("USDT", "10", account=account)
            await asyncio.sleep(DAYS / 2 * DAY_S)
        async with MarginClient(config=exchange.config) as client:
            yield client, exchange.core.start_ms


async def told(history):
    return [record async for record in history]


@virtual
async def test_every_history_of_an_account_is_told_in_full_and_in_order():
    """Over several windows and pages, of this account and no other."""
    async with a_past(CROSS, PAIR) as (client, begin):
        for account, isolated_symbol in ((CROSS, None), (PAIR, "BTCUSDT")):
            trades = await told(client.history.trades("BTCUSDT", since=begin, account=account))
            assert ["0.01", "0.01", "0.02", "0.02"] == [str(each.quantity.normalize()) for each in trades]
            assert {account.is_isolated} == {each.is_isolated for each in trades}
            orders = await told(client.history.orders("BTCUSDT", since=begin, account=account))
            assert [each.order_id for each in trades] == [each.order_id for each in orders]
            loans = await told(client.history.loans(since=begin, account=account))
            assert ["USDT", "BTC"] * 2 == [each.asset for each in loans]
            repayments = await told(client.history.repayments(since=begin, account=account))
            assert [Decimal(10)] * 2 == [each.amount for each in repayments]
            interest = await told(client.history.interest(since=begin, account=account))
            assert {isolated_symbol} == {each.isolated_symbol for each in interest}
            assert len(interest) >= 2 * 24 * DAYS
            hours = [each.accrued_time_ms for each in interest]
            assert sorted(hours) == hours
            assert len(interest) == len(
                {(each.asset, each.accrued_time_ms) for each in interest if each.type == "PERIODIC"}
            ) + len(loans)


@virtual
async def test_a_filter_and_a_period_tell_what_they_name():
    """Half of the time, half of the assets."""
    async with a_past(CROSS) as (client, begin):
        everything = await told(client.history.interest(since=begin))
        middle = begin + DAYS // 2 * DAY_S * 1000
        chosen = await told(client.history.interest(asset="BTC", since=middle))
        assert [each for each in everything if each.asset == "BTC" and each.accrued_time_ms >= middle] == chosen


@pytest.mark.parametrize("account", [CROSS, PAIR])
def test_a_statement_is_all_histories_of_an_account_in_the_order_of_time(account):
    """Which pairs the cross account traded is found out."""

    @virtual
    async def scenario():
        async with a_past(CROSS, PAIR) as (client, begin):
            until, read = client.clock.exchange_ms(), client.history
            parts = {
                "transfers": read.transfers(since=begin, until=until, account=account),
                "loans": read.loans(since=begin, until=until, account=account),
                "orders": read.orders("BTCUSDT", since=begin, until=until, account=account),
                "trades": read.trades("BTCUSDT", since=begin, until=until, account=account),
                "interest": read.interest(since=begin, until=until, account=account),
                "repayments": read.repayments(since=begin, until=until, account=account),
                "liquidations": read.liquidations(since=begin, until=until, account=account),
                "capital-flow": read.capital_flow(since=begin, until=until, account=account),
            }
            expected = [(time_of(part.kind, each), kind, each) for kind, part in parts.items() async for each in part]
            expected.sort(key=lambda entry: entry[0])
            seen = []
            statement = read.statement(
                account, since=begin, until=until, on_progress=lambda done, total: seen.append((done, total))
            )
            assert expected == [(entry.time_ms, entry.kind, entry.record) async for entry in statement]
            assert {"loans", "orders", "trades", "interest", "repayments", "capital-flow"} == {
                each[1] for each in expected
            }
            assert sorted(seen) == seen
            assert seen[-1][0] == seen[-1][1] == sum(part.progress[1] for part in parts.values())

    scenario()


@pytest.mark.parametrize("pieces", [[1, 1, 5], [500], [2000, 3]])
def test_a_statement_that_ends_anywhere_goes_on_behind_its_mark(pieces):
    """With the mark out of a file, and the pairs that were found out by then."""

    @virtual
    async def scenario():
        async with a_past(CROSS) as (client, begin):
            period = {"since": begin, "until": client.clock.exchange_ms()}
            whole = await told(client.history.statement(**period))
            joined, mark = [], None
            for at_most in [*pieces, len(whole)]:
                statement = client.history.statement(after=mark, **period)
                joined += [entry for _ in range(at_most) if (entry := await anext(statement, None)) is not None]
                mark = msgspec.json.decode(msgspec.json.encode(statement.mark), type=StatementMark)
            assert whole == joined

    scenario()


@virtual
async def test_a_pair_that_is_found_out_later_is_told_from_the_beginning():
    """A bot that continues its statement every night may have traded a new pair by day."""
    async with a_past(CROSS) as (client, begin):
        first = client.history.statement(since=begin)
        await told(first)
        await client.trade.new_order(MarketOrder("ETHUSDT", "BUY", quantity="0.5"))
        await asyncio.sleep(60)
        more = [entry async for entry in client.history.statement(since=begin, after=first.mark)]
        assert ["ETHUSDT"] == [entry.record.symbol for entry in more if entry.kind == "trades"]


@virtual
async def test_a_statement_without_an_end_ends_for_all_kinds_at_its_first_request():
    """Otherwise the kinds that are read last would run ahead of the others."""
    async with a_past(PAIR) as (client, begin):
        seen, now = [], client.clock.exchange_ms()
        statement = client.history.statement(PAIR, since=begin, on_progress=lambda *told: seen.append(told))
        await told(statement)
        (total,) = {total for _, total in seen}
        assert 8 * (now - begin) <= total <= 8 * (now + 1000 - begin)
        assert 1 == len({mark.until_ms for mark in statement.mark.marks.values()})


async def test_the_mark_of_a_statement_that_was_not_begun_is_the_one_it_was_given(bench):
    """A run that fails at once must not forget what an earlier one told."""
    ready = bench()
    mark = StatementMark("BTCUSDT", {"loans": HistoryMark("loans", 10**12)})
    assert mark == Histories(ready.executor, ready.clock).statement(PAIR, since=10**12, after=mark).mark


async def test_a_statement_of_another_account_or_pair_is_refused(bench):
    """At once, and by name."""
    ready = bench()
    read = Histories(ready.executor, ready.clock)
    with pytest.raises(ValueError, match="statement of CROSS: the mark is of another account: BTCUSDT"):
        read.statement(CROSS, since=10**12, after=StatementMark("BTCUSDT", {}))
    with pytest.raises(ValueError, match="has one pair only: leave symbols=… out"):
        read.statement(PAIR, since=10**12, symbols=["BTCUSDT"])
    with pytest.raises(TypeError, match="symbols must be a list of pairs, not the text 'BTCUSDT'"):
        read.statement(CROSS, since=10**12, symbols="BTCUSDT")
    with pytest.raises(ValueError, match="statement: the period ends before it begins"):
        read.statement(CROSS, since=10**12, until=10**12 - 1)

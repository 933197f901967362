"""Accounts that fall in virtual time, and what is done for them; the exchange's books are the judge."""

import asyncio
from contextlib import AsyncExitStack
from decimal import Decimal

import pytest

from binance_margin_async import (
    CROSS,
    SPOT,
    ActionStage,
    Isolated,
    LimitOrder,
    MarginClient,
    MemoryJournal,
    OutcomeAmbiguous,
    ProtectiveAction,
    RingKind,
    Urgency,
)
from binance_margin_async.sim import Holding
from binance_margin_async.testing import run_virtual, virtual

USDT = {"asset": "USDT", "most": Decimal(8_000), "most_per_day": Decimal(10_000)}
BTC = {"symbol": "BTCUSDT", "most": Decimal("0.4"), "most_per_day": Decimal("0.5")}
LOAN, MOVE, ORDER = "POST /sapi/v1/margin/borrow-repay", "POST /sapi/v1/asset/transfer", "POST /sapi/v1/margin/order"
ENDED = [ActionStage.BEGUN, ActionStage.DONE]


@virtual
async def test_without_a_rule_nothing_is_done_and_the_account_is_liquidated(fort):
    """What the others are compared with."""
    async with fort() as it:
        await it.until(300)

        assert ["BTCUSDT", "CROSS"] == it.liquidated
        assert [] == it.actions


@virtual
async def test_a_debt_is_paid_back_from_what_is_free(fort, rule):
    """6,000 USDT lie idle beside the debt."""
    async with fort(
        rule("repay", **USDT), free="6000", prices=((0, "60000"), (30, "60000"), (60, "45000"), (120, "41500"))
    ) as it:
        await it.until(300)

        assert ENDED == it.stages()
        assert [Decimal(6_000)] == it.repaid
        assert "CROSS" not in it.liquidated


@virtual
async def test_money_comes_from_spot_up_to_the_cap_and_saves_the_account(fort, rule):
    """It is there before the price that would have liquidated."""
    async with fort(rule("transfer_in", **USDT | {"most_per_day": Decimal(8_000)})) as it:
        await it.until(300)

        assert ENDED == it.stages()
        assert [Decimal(8_000)] == it.moved
        assert "CROSS" not in it.liquidated


@virtual
async def test_a_position_is_reduced_and_the_debt_paid_with_it(fort, rule):
    """Selling 0.4 of a bitcoin pays half the debt."""
    async with fort(rule("reduce", **BTC)) as it:
        await it.until(300)

        assert ENDED == it.stages()
        assert Decimal("0.6") == it.balance("BTC").free
        assert it.balance("USDT").borrowed < Decimal(19_500)
        assert "CROSS" not in it.liquidated


@virtual
async def test_open_orders_are_cancelled_and_what_they_locked_pays_the_debt(fort, rule):
    """The first rule frees what the second one needs."""
    rules = rule("cancel_orders", "clear"), rule("repay", "pay", **USDT, level=Decimal("1.34"))
    fall = ((0, "60000"), (30, "60000"), (60, "49000"))
    async with fort(*rules, free="5000", prices=fall) as it:
        await it.client.orders.place(LimitOrder("BTCUSDT", "BUY", quantity="0.12", price="40000"))
        await it.until(300)

        assert ENDED == it.stages("clear") == it.stages("pay")
        assert [Decimal(5_000)] == it.repaid
        assert 0 == it.balance("USDT").locked


@virtual
async def test_a_dry_run_says_what_it_would_do_and_does_nothing(fort, rule):
    """Once for the crossing."""
    async with fort(rule("transfer_in", **USDT, dry_run=True)) as it:
        await it.until(140)

        assert [ActionStage.WOULD] == it.stages()
        assert [] == it.moved
        assert "would move in 8000 USDT from spot now (dry run)" in it.actions[0].text


@virtual
async def test_people_are_told_before_and_after(fort, rule):
    """Under one number, and with the proof."""
    async with fort(rule("transfer_in", **USDT)) as it:
        await it.until(100)

        told = [ring for ring in it.rings if ring.key == "CROSS/protection/rule"]
        assert [RingKind.RAISED, RingKind.CLEARED] == [ring.kind for ring in told]
        assert 1 == len({ring.number for ring in told})
        assert "about to move in 8000 USDT from spot" in told[0].text
        assert "moved 8000 USDT in, transaction" in told[1].text


@virtual
async def test_one_crossing_has_one_action_and_the_next_one_another_within_the_cap_of_the_day(fort, rule):
    """Down, up, down, up and down again: 8,000 of 10,000, then the rest, then nothing."""
    swing = ((0, "60000"), (60, "49500"), (120, "49500"), (180, "90000"), (300, "90000"))
    wave = (*swing, (400, "40000"), (600, "40000"), (660, "90000"), (800, "90000"), (900, "36000"), (1100, "36000"))
    async with fort(rule("transfer_in", **USDT), prices=wave) as it:
        await it.until(1100)

        assert [*ENDED, *ENDED] == it.stages()
        assert [Decimal(8_000), Decimal(2_000)] == it.moved
        assert any(each.stage is ActionStage.IDLE and "cap for a day" in each.text for each in it.actions)


@pytest.mark.parametrize("effect", ["done", "none"])
@pytest.mark.parametrize(
    ("kind", "terms", "route"), [("repay", USDT, LOAN), ("transfer_in", USDT, MOVE), ("reduce", BTC, ORDER)]
)
def test_a_lost_reply_never_leads_to_a_second_action(fort, rule, *, kind, terms, route, effect):
    """What was carried out counts, and what was not is done after the cool-down."""

    @virtual
    async def play():
        fall = ((0, "60000"), (30, "60000"), (60, "48500"))
        async with fort(rule(kind, **terms), free="3000", prices=fall) as it:
            it.inject("drop", target=route, effect=effect)
            await it.until(250)

            done = [each for each in it.actions if each.stage is ActionStage.DONE]
            assert 1 == len(done)
            assert (effect == "none") == (ActionStage.FAILED in it.stages())
            if kind == "reduce":
                assert Decimal("0.6") == it.balance("BTC").free
            else:
                assert 1 == len(it.repaid if kind == "repay" else it.moved)

    play()


@virtual
async def test_two_accounts_are_protected_side_by_side(fort, rule):
    """Each by its own crossing and its own cap."""
    pair = Isolated("BTCUSDT")
    rules = (
        rule("reduce", **BTC, accounts=(CROSS,)),
        rule("reduce", "other", **BTC | {"most": Decimal("0.5")}, accounts=(pair,)),
    )
    async with fort(*rules, accounts=(CROSS, pair)) as it:
        await it.until(300)

        assert [] == it.liquidated
        assert ENDED == it.stages("rule", CROSS) == it.stages("other", pair)
        assert (Decimal("0.6"), Decimal("0.5")) == (it.balance("BTC").free, it.balance("BTC", "BTCUSDT").free)


@virtual
async def test_an_account_that_cannot_be_read_is_left_alone(fort, rule):
    """A pushed margin call alone moves no money."""
    async with fort(rule("transfer_in", **USDT)) as it:
        it.inject("reply", target="GET /sapi/v1/margin/account", status=500, body="{}", times="always")
        await it.until(140)

        assert [] == it.moved == it.actions


@virtual
async def test_a_restart_finds_out_what_was_begun_before_anything_else_is_done(fort, rule):
    """The money left, the reply was lost, and the process ended before it knew."""
    journal = MemoryJournal()
    outer = fort(prices=((0, "60000"), (30, "60000"), (60, "48500")))
    async with outer.exchange:
        async with fort(rule("transfer_in", **USDT), exchange=outer.exchange, journal=journal) as it:
            it.inject("drop", target=MOVE, effect="done")
            async with it.client.bus.subscribe(ProtectiveAction) as begun:
                await anext(begun)
            await asyncio.sleep(0.5)
        assert [ActionStage.BEGUN] == it.stages()

        async with fort(rule("transfer_in", **USDT), exchange=outer.exchange, journal=journal) as it:
            await it.until(100)
            assert [ActionStage.DONE] == it.stages()
            assert [Decimal(8_000)] == it.moved

        async with fort(rule("transfer_in", **USDT), exchange=outer.exchange, journal=journal) as it:
            await it.until(200)
            assert [] == it.stages()


@virtual
async def test_an_outcome_that_nobody_can_prove_stops_everything_else_and_calls_for_a_person(fort, rule):
    """Another tool makes the same transfer just then: two records could be ours, until a person says which."""
    terms = {"asset": "USDT", "most": Decimal(1_000), "most_per_day": Decimal(5_000)}
    fall = ((0, "60000"), (30, "60000"), (60, "49500"))
    async with fort(rule("transfer_in", **terms), prices=fall) as it, AsyncExitStack() as stack:
        found = []
        await stack.enter_async_context(it.client.bus.on(OutcomeAmbiguous, handler=found.append))
        it.inject("drop", target=MOVE, effect="done")
        async with it.client.bus.subscribe(ProtectiveAction) as begun:
            await anext(begun)
        other = await stack.enter_async_context(MarginClient(config=it.exchange.config))
        await other.funds.move("USDT", Decimal(1_000), from_=SPOT, to=CROSS)
        await it.until(300)

        assert [ActionStage.BEGUN, ActionStage.STUCK] == it.stages()
        assert [Decimal(1_000)] * 2 == it.moved  # ours, and the other tool's: nothing was sent after
        (ring,) = [ring for ring in it.rings if ring.urgency is Urgency.CRITICAL and "protection" in ring.key]
        assert "nobody can tell whether it did move in 1000 USDT from spot" in ring.text

        await it.client.funds.settle(found[0].intent.id, found[0].candidates[0])
        await it.until(330)
        assert ActionStage.DONE is it.stages()[2]


@virtual
async def test_money_that_stays_half_way_counts_is_told_and_is_not_sent_again(fort, rule):
    """It left the spot wallet and did not leave the cross account: more of it would end there as well."""
    pair = Isolated("BTCUSDT")
    terms = USDT | {"most_per_day": Decimal(8_000)}
    rules = (rule("transfer_in", **terms, accounts=(pair,)),)
    async with fort(*rules, accounts=(pair,), cross={"BTC": Holding(free=Decimal(1))}) as it:
        it.inject("reply", target=MOVE, status=400, body='{"code":-3020,"msg":"x"}', skip=1, times="always")
        await it.until(140)

        assert ENDED == it.stages()
        assert "8000 USDT is half-way" in it.actions[1].text
        assert "is at CROSS" in it.actions[1].text
        assert [Decimal(8_000)] == it.moved


@virtual
async def test_a_short_position_is_bought_back_before_the_rise_that_would_liquidate(fort, rule):
    """Owed are bitcoins; 0.4 of them are bought with the money that lies there."""
    short = {"USDT": Holding(free=Decimal(90_000)), "BTC": Holding(borrowed=Decimal(1))}
    rise = ((0, "60000"), (30, "60000"), (60, "67500"), (120, "72000"), (150, "82000"), (300, "82000"))
    rules = (rule("reduce", **BTC | {"most_per_day": Decimal("0.4")}),)
    async with fort(*rules, prices=rise, cross=short) as it:
        await it.until(300)

        assert ENDED == it.stages()
        assert "buy" in it.actions[0].text
        assert Decimal("0.6004") == it.balance("BTC").borrowed  # 0.4 were bought, and a thousandth is the fee
        assert "CROSS" not in it.liquidated


@virtual
async def test_without_protection_that_rise_liquidates(fort):
    """What the test above is compared with."""
    short = {"USDT": Holding(free=Decimal(90_000)), "BTC": Holding(borrowed=Decimal(1))}
    rise = ((0, "60000"), (30, "60000"), (60, "67500"), (120, "72000"), (150, "82000"), (300, "82000"))
    async with fort(prices=rise, cross=short) as it:
        await it.until(300)
        assert "CROSS" in it.liquidated


@pytest.mark.parametrize("dry_run", [False, True])
def test_the_cool_down_and_the_cap_survive_a_restart_by_the_journal(fort, rule, dry_run):
    """A process that is started anew in the middle of a fall must not begin where it began an hour ago."""
    terms = {"asset": "USDT", "most": Decimal(1_000), "most_per_day": Decimal(1_500), "cool_down": 100.0}
    wave = ((0, "60000"), (30, "60000"), (60, "49500"), (70, "49500"), (75, "90000"), (130, "90000"), (140, "48000"))

    async def play():
        journal = MemoryJournal()
        outer = fort(prices=(*wave, (900, "48000")))
        async with outer.exchange:
            async with fort(
                rule("transfer_in", **terms, dry_run=dry_run), exchange=outer.exchange, journal=journal
            ) as it:
                await it.until(75)
                begun = it.stages()
                at = it.actions[0].time_ms
            async with fort(
                rule("transfer_in", **terms, dry_run=dry_run), exchange=outer.exchange, journal=journal
            ) as it:
                await it.until(400)
                return begun, it.stages(), it.actions, at

    begun, later, actions, at = run_virtual(play())
    stages = [ActionStage.WOULD] if dry_run else ENDED
    assert (stages, stages) == (begun, later)
    first = next(each for each in actions if each.stage in {ActionStage.BEGUN, ActionStage.WOULD})
    assert first.time_ms - at >= 100_000  # from the end of the first, in the process before
    assert Decimal(500) == first.amount  # what the cap of the day has left

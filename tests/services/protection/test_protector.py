"""Accounts that fall in virtual time, and what is done for them; the exchange's books are the judge."""

import asyncio
from decimal import Decimal

import pytest

from binance_margin_async import CROSS, ActionStage, Isolated, LimitOrder, MemoryJournal, ProtectiveAction, RingKind
from binance_margin_async.testing import virtual

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

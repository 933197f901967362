"""Room to borrow and to transfer out."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binance_margin_async.rules.margin.haircut import NO_HAIRCUT, HaircutTier, collateral_value
from binance_margin_async.rules.margin.room import borrow_room, isolated_borrow_room, transfer_out_room

FOUR = Decimal("0.0001")
PENNY = Decimal("0.00000001")


def flat(rate: str) -> list[HaircutTier]:
    return [HaircutTier(Decimal(0), None, Decimal(rate))]


SMALL_COIN = [
    HaircutTier(Decimal(0), Decimal(500_000), Decimal(1)),
    HaircutTier(Decimal(500_000), Decimal(1_000_000), Decimal("0.9")),
    HaircutTier(Decimal(1_000_000), None, Decimal(0)),
]

values = st.decimals(min_value=0, max_value=3_000_000, places=2)


@pytest.mark.parametrize(
    ("collateral", "liabilities", "ratio", "rate", "expected"),
    [
        ("1000", "0", "1.25", "1", "4000"),
        ("1000", "0", "1.5", "1", "2000"),
        ("5000", "2000", "1.25", "1", "10000"),
        ("5000", "2000", "1.5", "0.95", "3636.3636"),
        ("3000", "2500", "1.25", "1", "0"),
    ],
)
def test_borrow_room_keeps_the_collateral_level_at_the_initial_ratio(collateral, liabilities, ratio, rate, expected):
    """What is borrowed is collateral too, which is why the room is a multiple of the equity."""
    room = borrow_room(
        collateral=Decimal(collateral), liabilities=Decimal(liabilities), initial_ratio=Decimal(ratio), tiers=flat(rate)
    )

    assert room.quantize(FOUR) == Decimal(expected).quantize(FOUR)


def test_borrow_room_is_solved_slice_by_slice():
    """A loan that grows past a tier counts less from there on."""
    room = borrow_room(
        collateral=Decimal(400_000),
        liabilities=Decimal(0),
        initial_ratio=Decimal("1.5"),
        held_value=Decimal(300_000),
        tiers=SMALL_COIN,
    )

    # 200,000 at 0.5 uses 100,000 of the slack; 500,000 at 0.6 would use 300,000: exactly the rest.
    assert room == 700_000


@given(held=values, collateral=values, liabilities=values)
def test_after_borrowing_the_room_the_level_is_the_initial_ratio(held, collateral, liabilities):
    """A cent more would be refused."""
    ratio = Decimal("1.25")
    room = borrow_room(
        collateral=collateral, liabilities=liabilities, initial_ratio=ratio, held_value=held, tiers=SMALL_COIN
    )
    after = collateral + collateral_value(held + room, SMALL_COIN) - collateral_value(held, SMALL_COIN)

    if room:
        assert abs(after - ratio * (liabilities + room)) < PENNY
    else:
        assert collateral <= ratio * liabilities


@pytest.mark.parametrize(("rate", "expected"), [("1", "1000"), ("0.95", "1052.6315")])
def test_transfer_out_room_keeps_the_collateral_level_at_two(rate, expected):
    """Value that counts less may leave in a larger amount."""
    room = transfer_out_room(
        collateral=Decimal(5000),
        liabilities=Decimal(2000),
        free_value=Decimal(9000),
        held_value=Decimal(9000),
        tiers=flat(rate),
    )

    assert room.quantize(FOUR, rounding="ROUND_DOWN") == Decimal(expected).quantize(FOUR)


def test_transfer_out_takes_the_last_slice_first():
    """750,000 of a small coin and 200,000 stable against 400,000: 125,000 of collateral may leave at rate 0.9."""
    room = transfer_out_room(
        collateral=Decimal(925_000),
        liabilities=Decimal(400_000),
        free_value=Decimal(750_000),
        held_value=Decimal(750_000),
        tiers=SMALL_COIN,
    )

    assert room.quantize(FOUR) == Decimal("138888.8889")


def test_transfer_out_may_cross_a_tier():
    """Two slices leave, each at its own rate."""
    room = transfer_out_room(
        collateral=Decimal(1_045_000),
        liabilities=Decimal(400_000),
        free_value=Decimal(750_000),
        held_value=Decimal(750_000),
        tiers=SMALL_COIN,
    )

    # 250,000 at 0.9 takes 225,000 of the 245,000; the other 20,000 leave at rate 1.
    assert room == 270_000


def test_value_that_counts_for_nothing_may_always_leave_unless_the_bar_is_broken():
    """A slice at rate 0 does not carry the debt; but under 2 nothing leaves at all."""
    arguments = {"free_value": Decimal(1_400_000), "held_value": Decimal(1_400_000), "tiers": SMALL_COIN}

    assert transfer_out_room(collateral=Decimal(950_000), liabilities=Decimal(475_000), **arguments) == 400_000
    assert transfer_out_room(collateral=Decimal(950_000), liabilities=Decimal("475000.01"), **arguments) == 0


def test_only_the_free_balance_may_leave():
    """Open orders lock the rest."""
    assert (
        transfer_out_room(
            collateral=Decimal(5000), liabilities=Decimal(2000), free_value=Decimal(10), held_value=Decimal(900)
        )
        == 10
    )
    assert (
        transfer_out_room(
            collateral=Decimal(0), liabilities=Decimal(0), free_value=Decimal(700), held_value=Decimal(900)
        )
        == 700
    )


@given(held=values, collateral=values, liabilities=values)
def test_after_transferring_the_room_the_level_is_still_two(held, collateral, liabilities):
    """The exchange refuses a transfer that goes a cent further."""
    room = transfer_out_room(
        collateral=collateral, liabilities=liabilities, free_value=held, held_value=held, tiers=SMALL_COIN
    )
    left = collateral - collateral_value(held, SMALL_COIN) + collateral_value(held - room, SMALL_COIN)

    assert 0 <= room <= held
    if room and liabilities:
        assert left >= 2 * liabilities - PENNY
        assert room == held or abs(left - 2 * liabilities) < PENNY


@pytest.mark.parametrize(
    ("assets", "liabilities", "ratio", "tier_left", "expected"),
    [
        ("1000", "0", "1.25", None, "4000"),
        ("1000", "0", "1.111", None, "9009.009"),
        ("1000", "0", "1.25", "3000", "3000"),
        ("1000", "0", "1.25", "-5", "0"),
        ("1000", "900", "1.25", None, "0"),
    ],
)
def test_isolated_room_has_no_haircut_but_a_tier(assets, liabilities, ratio, tier_left, expected):
    """A bigger debt would move to a tier with a higher ratio."""
    room = isolated_borrow_room(
        assets=Decimal(assets),
        liabilities=Decimal(liabilities),
        initial_ratio=Decimal(ratio),
        tier_left=None if tier_left is None else Decimal(tier_left),
    )

    assert room.quantize(Decimal("0.001")) == Decimal(expected)


def test_borrowing_without_tiers_counts_in_full():
    """The default is the asset without a haircut."""
    assert borrow_room(collateral=Decimal(1000), liabilities=Decimal(0), initial_ratio=Decimal("1.25")) == borrow_room(
        collateral=Decimal(1000), liabilities=Decimal(0), initial_ratio=Decimal("1.25"), tiers=NO_HAIRCUT
    )

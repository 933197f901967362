"""The way of a transfer: the exchange's table, and what goes through where there is no direct way."""

import itertools

import pytest

from binance_margin_async.models.account import CROSS, Isolated
from binance_margin_async.models.wallets import (
    CM_FUTURES,
    FUNDING,
    OPTIONS,
    PORTFOLIO_MARGIN,
    SPOT,
    UM_FUTURES,
    TransferType,
    Wallet,
)
from binance_margin_async.rules.orders.transfers import Step, route

BTC, ETH = Isolated("BTCUSDT"), Isolated("ETHUSDT")
PLACES = (*Wallet, CROSS, BTC, ETH)
# Typed in from the exchange's table: type, from, to, whether fromSymbol and toSymbol are required.
TABLE = [
    ("MAIN_MARGIN", SPOT, CROSS, False, False),
    ("UMFUTURE_MARGIN", UM_FUTURES, CROSS, False, False),
    ("CMFUTURE_MARGIN", CM_FUTURES, CROSS, False, False),
    ("MARGIN_MAIN", CROSS, SPOT, False, False),
    ("MARGIN_UMFUTURE", CROSS, UM_FUTURES, False, False),
    ("MARGIN_CMFUTURE", CROSS, CM_FUTURES, False, False),
    ("ISOLATEDMARGIN_MARGIN", BTC, CROSS, True, False),
    ("MARGIN_ISOLATEDMARGIN", CROSS, BTC, False, True),
    ("ISOLATEDMARGIN_ISOLATEDMARGIN", BTC, ETH, True, True),
    ("MARGIN_FUNDING", CROSS, FUNDING, False, False),
    ("FUNDING_MARGIN", FUNDING, CROSS, False, False),
    ("MARGIN_OPTION", CROSS, OPTIONS, False, False),
    ("OPTION_MARGIN", OPTIONS, CROSS, False, False),
    ("MAIN_UMFUTURE", SPOT, UM_FUTURES, False, False),
    ("MAIN_CMFUTURE", SPOT, CM_FUTURES, False, False),
    ("UMFUTURE_MAIN", UM_FUTURES, SPOT, False, False),
    ("CMFUTURE_MAIN", CM_FUTURES, SPOT, False, False),
    ("MAIN_FUNDING", SPOT, FUNDING, False, False),
    ("FUNDING_MAIN", FUNDING, SPOT, False, False),
    ("FUNDING_UMFUTURE", FUNDING, UM_FUTURES, False, False),
    ("UMFUTURE_FUNDING", UM_FUTURES, FUNDING, False, False),
    ("FUNDING_CMFUTURE", FUNDING, CM_FUTURES, False, False),
    ("CMFUTURE_FUNDING", CM_FUTURES, FUNDING, False, False),
    ("MAIN_OPTION", SPOT, OPTIONS, False, False),
    ("OPTION_MAIN", OPTIONS, SPOT, False, False),
    ("UMFUTURE_OPTION", UM_FUTURES, OPTIONS, False, False),
    ("OPTION_UMFUTURE", OPTIONS, UM_FUTURES, False, False),
    ("FUNDING_OPTION", FUNDING, OPTIONS, False, False),
    ("OPTION_FUNDING", OPTIONS, FUNDING, False, False),
    ("MAIN_PORTFOLIO_MARGIN", SPOT, PORTFOLIO_MARGIN, False, False),
    ("PORTFOLIO_MARGIN_MAIN", PORTFOLIO_MARGIN, SPOT, False, False),
]


def types(from_, to):
    return [step.type.value for step in route(from_, to)]


@pytest.mark.parametrize(("name", "from_", "to", "needs_from", "needs_to"), TABLE, ids=[row[0] for row in TABLE])
def test_a_direct_way_is_one_step_with_the_symbols_it_needs(name, from_, to, needs_from, needs_to):
    """An isolated account is named by its pair, and nothing else may be."""
    (step,) = route(from_, to)
    assert {
        "type": name,
        "fromSymbol": from_.symbol if needs_from else None,
        "toSymbol": to.symbol if needs_to else None,
    } == step.parameters


def test_every_type_is_a_way():
    """Also a guard for a type that is added without its wallet."""
    assert set(TransferType) - {TransferType.UNKNOWN} == {TransferType(row[0]) for row in TABLE}
    one_step = {step.type for pair in itertools.permutations(PLACES, 2) for step in steps_or_none(*pair)}
    assert set(TransferType) - {TransferType.UNKNOWN} == one_step


def steps_or_none(from_, to):
    try:
        return route(from_, to)
    except ValueError:
        return ()


def test_spot_and_isolated_are_joined_through_cross():
    """There is no type between them."""
    assert (
        Step(TransferType.MAIN_MARGIN, SPOT, CROSS),
        Step(TransferType.MARGIN_ISOLATEDMARGIN, CROSS, BTC),
    ) == route(SPOT, BTC)
    assert (
        Step(TransferType.ISOLATEDMARGIN_MARGIN, BTC, CROSS),
        Step(TransferType.MARGIN_MAIN, CROSS, SPOT),
    ) == route(BTC, SPOT)


@pytest.mark.parametrize("wallet", [FUNDING, UM_FUTURES, CM_FUTURES, OPTIONS])
def test_other_wallets_reach_an_isolated_account_through_cross(wallet):
    """Both ways."""
    assert [(wallet, CROSS), (CROSS, BTC)] == [(step.from_, step.to) for step in route(wallet, BTC)]
    assert [(BTC, CROSS), (CROSS, wallet)] == [(step.from_, step.to) for step in route(BTC, wallet)]


def test_without_a_direct_way_spot_is_the_first_choice():
    """Money that gets stuck there is in no margin account."""
    assert ["UMFUTURE_MAIN", "MAIN_CMFUTURE"] == types(UM_FUTURES, CM_FUTURES)
    assert ["OPTION_MAIN", "MAIN_CMFUTURE"] == types(OPTIONS, CM_FUTURES)
    assert ["MARGIN_MAIN", "MAIN_PORTFOLIO_MARGIN"] == types(CROSS, PORTFOLIO_MARGIN)


def test_the_steps_of_every_way_join():
    """It begins and ends where it should, and no step stays where it is."""
    for from_, to in itertools.permutations(PLACES, 2):
        steps = steps_or_none(from_, to)
        ends = [from_, *(step.to for step in steps)]
        assert not steps or to == ends[-1]
        assert ends[:-1] == [step.from_ for step in steps]
        assert len(set(ends)) == len(ends)


@pytest.mark.parametrize("place", PLACES)
def test_a_place_is_not_moved_to_itself(place):
    """The exchange would refuse it, or do nothing and say that it did."""
    with pytest.raises(ValueError, match=f"both are {place}"):
        route(place, place)


def test_two_isolated_accounts_of_one_pair_are_the_same_place():
    """They are equal, though not the same object."""
    with pytest.raises(ValueError, match="both are BTCUSDT"):
        route(BTC, Isolated("BTCUSDT"))


def test_a_way_of_three_steps_is_refused_with_what_to_do():
    """Portfolio margin is reached from spot only, an isolated account from cross only."""
    with pytest.raises(ValueError, match=r"no two transfers lead from PORTFOLIO_MARGIN to BTCUSDT: .* spot first"):
        route(PORTFOLIO_MARGIN, BTC)
    with pytest.raises(ValueError, match="from BTCUSDT to PORTFOLIO_MARGIN"):
        route(BTC, PORTFOLIO_MARGIN)


def test_a_step_knows_whether_it_leaves_margin():
    """Then debts limit how much may go."""
    assert [False] == [step.leaves_margin for step in route(SPOT, CROSS)]
    assert [True, True] == [step.leaves_margin for step in route(BTC, SPOT)]
    assert [False, True] == [step.leaves_margin for step in route(SPOT, BTC)]

"""
Whatever is done, money is neither made nor lost, and a kept state goes on as if nothing had happened.

The long run: ``SIM_SEEDS=200 SIM_OPERATIONS=10000 python -m pytest tests/sim/ledger/test_sim_sessions.py``.
"""

import os
from decimal import Decimal

import orjson
import pytest
from random_session import RandomSession, faults, plain

from binance_margin_async.sim import Exchange

SEEDS = int(os.environ.get("SIM_SEEDS", "4"))
OPERATIONS = int(os.environ.get("SIM_OPERATIONS", "400"))


@pytest.mark.parametrize("seed", range(SEEDS))
def test_money_is_conserved_to_the_last_digit(desk, seed):
    """All purses together stay at zero, debts equal claims, and what is locked belongs to an open order."""
    session = RandomSession(desk, seed)
    for number in range(OPERATIONS):
        session.act()
        wrong = faults(session.desk.core)
        assert [] == wrong, f"after act {number} of seed {seed}"

    # A session in which everything was refused would prove nothing.
    assert {"order", "loan", "repayment", "transfer"} <= set(session.accepted)


@pytest.mark.parametrize("seed", range(min(SEEDS, 20)))
def test_capital_flow_adds_up_to_every_balance(desk, seed):
    """Each unit that an account holds came by an entry, or was there at the start."""
    session = RandomSession(desk, seed)
    book = session.desk.core.venue.book
    opened = {
        (name, asset): held.total for name, each in book.accounts.items() for asset, held in each.balances.items()
    }
    for _ in range(min(OPERATIONS, 1_000)):
        session.act()

    moved = dict(opened)
    for flow in book.histories.flows:
        moved[flow.account, flow.asset] = moved.get((flow.account, flow.asset), Decimal(0)) + flow.amount

    held = {(name, asset): held.total for name, each in book.accounts.items() for asset, held in each.balances.items()}
    assert {place: amount for place, amount in moved.items() if amount} == {
        place: amount for place, amount in held.items() if amount
    }


@pytest.mark.parametrize("seed", range(min(SEEDS, 20)))
def test_a_restored_exchange_goes_on_to_the_byte(desk, seed):
    """Same requests, same replies, same pushed frames, same state, after a way through JSON text."""
    session = RandomSession(desk, seed)
    session.desk.watch()
    session.desk.watch_risk()
    for _ in range(100):
        session.act()
    text = orjson.dumps(session.desk.core.snapshot())

    twin = desk.__new__(desk)
    twin.__dict__.update(session.desk.__dict__)
    twin.core = Exchange.restore(orjson.loads(text))
    assert text == orjson.dumps(twin.core.snapshot())

    for _ in range(100):
        first, second = plain(session.act(twin))
        assert first == second
    assert session.desk.core.take_outbox() == twin.core.take_outbox()
    assert orjson.dumps(session.desk.core.snapshot()) == orjson.dumps(twin.core.snapshot())

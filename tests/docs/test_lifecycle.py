"""The whole life of a position, as the example tells it, held against the exchange's own books."""

import importlib.util
import sys
from pathlib import Path

import pytest

from binance_margin_async import CROSS, Isolated, MarginClient, MarginState, SimulatedExchange
from binance_margin_async.testing import run_virtual

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "lifecycle.py"


@pytest.fixture
def lifecycle():
    spec = importlib.util.spec_from_file_location("example_lifecycle", EXAMPLE)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("account", [CROSS, Isolated("BTCUSDT")], ids=str)
def test_a_life_ends_without_debt_and_its_review_equals_the_books(lifecycle, account, capsys):
    """Activate, fund, borrow, trade, be warned, trade back, repay, review."""
    exchange = SimulatedExchange(lifecycle.SCENARIO)

    async def main():
        async with MarginClient(sim=exchange, accounts=[account]) as client:
            return await lifecycle.live(client, account)

    alert, review = run_virtual(main())
    told, book, name = capsys.readouterr().out, exchange.core.venue.book, str(account)

    assert "-3003" in told
    assert MarginState.WARN.severity <= alert.state.severity < MarginState.LIQUIDATION.severity
    assert dict.fromkeys(book.accounts[name].balances, 0) == {
        asset: balance.liability for asset, balance in book.accounts[name].balances.items()
    }
    past, orders = (
        book.histories,
        [order for order in exchange.core.venue.trading.orders.values() if order.account == name],
    )
    fills = sorted((fill.trade_id, fill.price, fill.quantity) for order in orders for fill in order.fills)
    assert fills == sorted((each.trade_id, each.price, each.quantity) for each in review.trades)
    assert [order.order_id for order in orders] == [each.order_id for each in review.orders]
    loans = [(each.transaction, each.asset, each.principal) for each in past.loans if each.kind == "BORROW"]
    assert loans == [(each.transaction_id, each.asset, each.principal) for each in review.loans]
    repaid = [(each.transaction, each.principal, each.interest) for each in past.loans if each.kind == "REPAY"]
    assert repaid == [(each.transaction_id, each.principal, each.interest) for each in review.repayments]
    moved = [each for each in past.transfers if name in {each.source, each.target}]
    assert [(each.transaction, each.amount) for each in moved] == [
        (each.transaction_id, each.amount) for each in review.transfers
    ]
    charged = [(each.transaction, each.interest) for each in past.interest]
    assert charged == [(each.transaction_id, each.interest) for each in review.interest]
    assert [] == review.liquidations == exchange.core.liquidations


def test_the_lifecycle_shows_what_it_says_when_it_is_started(lifecycle, capsys):
    """What a reader tries first is to start the file; here its half minute passes at once."""
    run_virtual(lifecycle.main(CROSS))

    told = capsys.readouterr().out
    for line in ("not open: ", "funded: MAIN_MARGIN", "alert: CROSS", "sold at ", "liquidations: 0"):
        assert line in told

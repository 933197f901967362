"""Debts that are settled in other ways than by a repayment: who listens hears of it."""

from decimal import Decimal

import pytest

from binance_margin_async.models.account import CROSS, Isolated
from binance_margin_async.models.debts import Liability, LiquidationLoanRepayment
from binance_margin_async.models.enums import RepaymentStatus
from binance_margin_async.models.events import LiabilityExchangeUpdate, LiquidationLoanUpdate, LiquidationUpdate
from binance_margin_async.models.pages import Page
from binance_margin_async.models.replies import Empty
from binance_margin_async.rest.executor import Call
from binance_margin_async.services.account_changes import account_changes
from binance_margin_async.wire.endpoints import debts, special_keys

ONE = Decimal(1)
DEBT = Liability(asset="BTC", interest=ONE, principal=ONE, liability_asset="USDT", liability_quantity=ONE)
REPAYMENT = LiquidationLoanRepayment(
    repay_id=7, asset="USDC", quantity=ONE, status=RepaymentStatus.PENDING, create_time_ms=1
)
REPAID = LiquidationLoanUpdate(asset="USDC", amount=ONE, status=RepaymentStatus.PENDING, repay_id=7)


def change(row, reply, account=CROSS, **parameters):
    return next((event for _, event in account_changes(Call(row, parameters, account, 0.0, 0.0), reply)), None)


@pytest.mark.parametrize(
    ("row", "reply", "parameters", "expected"),
    [
        (debts.MANUAL_LIQUIDATION, (DEBT,), {"type": "MARGIN"}, LiquidationUpdate(debts=(DEBT,))),
        (debts.MANUAL_LIQUIDATION, (), {"type": "MARGIN"}, LiquidationUpdate(debts=())),
        (
            debts.EXCHANGE_SMALL_LIABILITY,
            Empty(),
            {"assetNames": "BTC,ETH"},
            LiabilityExchangeUpdate(assets=("BTC", "ETH")),
        ),
        (debts.REPAY_LIQUIDATION_LOAN, REPAYMENT, {"asset": "USDC", "amount": ONE}, REPAID),
    ],
)
def test_a_settled_debt_is_told(row, reply, parameters, expected):
    """Whoever keeps a copy of the account must read it anew."""
    assert expected == change(row, reply, **parameters)


@pytest.mark.parametrize(
    ("row", "reply"),
    [
        (debts.LIQUIDATION_LOAN_REPAY_HISTORY, Page(rows=(REPAYMENT,), total=1)),
        (debts.SMALL_LIABILITIES, [DEBT]),
        (special_keys.DELETE_SPECIAL_KEY, Empty()),
    ],
)
def test_looking_tells_nothing(row, reply):
    """Nor does a call that answers alike and changes no account."""
    assert change(row, reply, Isolated("BTCUSDT")) is None

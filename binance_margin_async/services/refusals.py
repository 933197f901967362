"""Refusals that carry the limit they ran into, where it can be asked."""

from __future__ import annotations

import asyncio
from decimal import Decimal

from binance_margin_async.errors import (
    ExchangeError,
    InsufficientCollateralError,
    InventoryError,
    MarginError,
)
from binance_margin_async.models.account import CROSS, Account
from binance_margin_async.models.assets import LendingPool
from binance_margin_async.money import plain
from binance_margin_async.rest.executor import Call, Executor
from binance_margin_async.services.rulebook import RuleBook
from binance_margin_async.wire.endpoints.borrow import BORROW_REPAY, MAX_BORROWABLE
from binance_margin_async.wire.endpoints.market import AVAILABLE_INVENTORY
from binance_margin_async.wire.endpoints.transfer import MAX_TRANSFERABLE
from binance_margin_async.wire.endpoints.wallet import UNIVERSAL_TRANSFER

# Longer than this no refusal is held back; then it is told without its limit.
PATIENCE = 3.0
# The classic module's codes, and what the loan and portfolio modules answer instead.
_ABOVE_BORROW_ROOM = frozenset({-3006, -3008, -11008, -51006, 51006})
_ABOVE_LEAVE_ROOM = frozenset({-3005, -3020})
_POOL_TOO_LOW = frozenset({-3045, -51061, 51061})
_FILTER_FAILURES = frozenset({-1013, -1111, -20204})
_FROM_MARGIN = ("MARGIN_", "ISOLATEDMARGIN_")


class Refusals:
    """
    Asks for the limit that a write ran into, once, and only if that can be done at once.

    Args:
        executor: Makes the question.
        rules: Know the assets of a pair; told when an order broke a filter that they may hold in an old form.
    """

    def __init__(self, executor: Executor, rules: RuleBook) -> None:
        self._executor = executor
        self._rules = rules

    async def explain(self, call: Call, problem: ExchangeError) -> None:
        """Add to *problem*, with which the exchange refused *call*, the limit as a field and in its text."""
        if problem.code in _FILTER_FAILURES:
            self._rules.forget(str(call.parameters.get("symbol")))
        try:
            async with asyncio.timeout(PATIENCE):
                await self._ask(call, problem)
        except (MarginError, TimeoutError):
            return  # the refusal itself is what matters

    async def _ask(self, call: Call, problem: ExchangeError) -> None:
        account = call.account or CROSS
        if isinstance(problem, InventoryError) and problem.code in _POOL_TOO_LOW:
            asset = await self._borrowed_asset(call)
            pool = LendingPool.ISOLATED if account.is_isolated else LendingPool.MARGIN
            told = await self._executor.call(AVAILABLE_INVENTORY, {"type": pool}, wait_limit=0.0)
            problem.available = told.assets.get(asset, Decimal(0))
            _add(problem, f"The pool holds {plain(problem.available)} {asset} now.")
        elif isinstance(problem, InsufficientCollateralError) and problem.code in _ABOVE_BORROW_ROOM:
            asset = await self._borrowed_asset(call)
            parameters = {"asset": asset, "isolatedSymbol": account.symbol}
            most = await self._executor.call(MAX_BORROWABLE, parameters, account=account, wait_limit=0.0)
            problem.maximum = most.amount
            _add(problem, f"At most {plain(most.amount)} {asset} may be borrowed in {account} now.")
        elif isinstance(problem, InsufficientCollateralError) and problem.code in _ABOVE_LEAVE_ROOM:
            await self._ask_leave_room(call, account, problem)

    async def _ask_leave_room(self, call: Call, account: Account, problem: InsufficientCollateralError) -> None:
        if call.row.route != UNIVERSAL_TRANSFER.route or not str(call.parameters["type"]).startswith(_FROM_MARGIN):
            return
        asset = str(call.parameters["asset"])
        parameters = {"asset": asset, "isolatedSymbol": account.symbol}
        most = await self._executor.call(MAX_TRANSFERABLE, parameters, account=account, wait_limit=0.0)
        problem.maximum = most.amount
        _add(problem, f"At most {plain(most.amount)} {asset} may leave {account} now.")

    async def _borrowed_asset(self, call: Call) -> str:
        """Which asset *call* wanted to borrow: a BUY is paid in the quote asset, a SELL in the base asset."""
        if call.row.route == BORROW_REPAY.route:
            return str(call.parameters["asset"])
        info = (await self._rules.of(str(call.parameters["symbol"]))).info
        side = call.parameters.get("side") or call.parameters.get("workingSide")
        return info.quote_asset if side == "BUY" else info.base_asset


def _add(problem: ExchangeError, told: str) -> None:
    problem.args = (f"{str(problem).rstrip('.')}. {told}",)

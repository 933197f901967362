"""Which pairs an account may have traded: the exchange tells fills of one pair at a time, but not of which."""

from __future__ import annotations

from collections.abc import AsyncIterable, Iterable

from binance_margin_async.models.assets import CrossMarginPair
from binance_margin_async.models.capital_flow import CapitalFlow, CapitalFlowType

# A liquidation sells and buys by orders too.
_OF_A_TRADE = frozenset(
    {
        CapitalFlowType.BUY_INCOME,
        CapitalFlowType.BUY_EXPENSE,
        CapitalFlowType.SELL_INCOME,
        CapitalFlowType.SELL_EXPENSE,
        CapitalFlowType.BUY_LIQUIDATION,
        CapitalFlowType.SELL_LIQUIDATION,
    }
)


async def traded_pairs(flow: AsyncIterable[CapitalFlow], listed: Iterable[CrossMarginPair]) -> tuple[str, ...]:
    """
    Return the pairs of which both assets moved in trades; a few of them may not have been traded.

    Args:
        flow: Movements of the account.
        listed: The pairs there are.
    """
    traded = {movement.asset async for movement in flow if movement.type in _OF_A_TRADE}
    return tuple(sorted(pair.symbol for pair in listed if {pair.base_asset, pair.quote_asset} <= traded))

"""Calls about what goes into and out of margin accounts."""

from __future__ import annotations

from binance_margin_async.models.account import CROSS, Account
from binance_margin_async.models.enums import TransferDirection
from binance_margin_async.models.margin_transfers import MarginTransfer, MaxTransferable
from binance_margin_async.models.order_request import word_or_none
from binance_margin_async.models.pages import Page
from binance_margin_async.rest.group import EndpointGroup
from binance_margin_async.wire.endpoints import transfer as rows


class TransferCalls(EndpointGroup):
    """``client.transfer``: looks only; ``client.wallet`` has the call that moves money."""

    async def history(
        self,
        *,
        asset: str | None = None,
        direction: TransferDirection | str | None = None,
        account: Account = CROSS,
        start_ms: int | None = None,
        end_ms: int | None = None,
        page: int | None = None,
        size: int | None = None,
    ) -> Page[MarginTransfer]:
        """
        Return one page of the transfers into and out of a margin account.

        ``GET /sapi/v1/margin/transfer``

        Args:
            asset: Only this one.
            direction: Only ``"ROLL_IN"`` or only ``"ROLL_OUT"``, seen from the margin account.
            account: ``CROSS`` or ``Isolated(symbol)``.
            start_ms: Begin of the period, up to 30 days before its end; 7 days before it when left out.
            end_ms: End of the period; now when left out.
            page: From 1.
            size: Transfers on a page: 10 when left out, at most 100.

        Returns:
            Newest first.

        Raises:
            ValueError: *direction* is neither of the two.
        """
        return await self._call(
            rows.HISTORY,
            account=account,
            asset=asset,
            type=word_or_none(direction, TransferDirection, "direction"),
            startTime=start_ms,
            endTime=end_ms,
            current=page,
            size=size,
            isolatedSymbol=account.symbol,
        )

    async def max_transferable(self, asset: str, *, account: Account = CROSS) -> MaxTransferable:
        """
        Return how much of *asset* may leave the account now; ask before a transfer out, which more would refuse.

        ``GET /sapi/v1/margin/maxTransferable``

        Args:
            asset: Asset name, such as ``"BTC"``.
            account: ``CROSS`` or ``Isolated(symbol)``.

        Returns:
            In units of *asset*.
        """
        return await self._call(rows.MAX_TRANSFERABLE, account=account, asset=asset, isolatedSymbol=account.symbol)

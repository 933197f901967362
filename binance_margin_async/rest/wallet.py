"""Calls about the key's rights and the exchange's health."""

from __future__ import annotations

from binance_margin_async.models.replies import ApiRestrictions, SystemStatus
from binance_margin_async.rest.group import EndpointGroup
from binance_margin_async.wire.endpoints import wallet as rows


class WalletCalls(EndpointGroup):
    """``client.wallet``."""

    async def api_restrictions(self) -> ApiRestrictions:
        """
        Return what the calling API key may do, and whether it is tied to addresses.

        ``GET /sapi/v1/account/apiRestrictions``
        """
        return await self._call(rows.API_RESTRICTIONS)

    async def system_status(self) -> SystemStatus:
        """
        Return whether the exchange is in maintenance.

        ``GET /sapi/v1/system/status``
        """
        return await self._call(rows.SYSTEM_STATUS)

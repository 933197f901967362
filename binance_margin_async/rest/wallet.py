"""Calls that move money between wallets, about payment in BNB, the key's rights and the exchange's health."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from binance_margin_async.models.account import CROSS, Account, Isolated
from binance_margin_async.models.order_request import positive, word
from binance_margin_async.models.pages import Page
from binance_margin_async.models.replies import ApiRestrictions, BnbBurn, SystemStatus
from binance_margin_async.models.transfers import TransferReply, UniversalTransfer
from binance_margin_async.models.violations import Violation
from binance_margin_async.models.wallets import TransferType
from binance_margin_async.money import Amount
from binance_margin_async.rest.group import EndpointGroup, refuse
from binance_margin_async.rules.limits import Lane
from binance_margin_async.wire.endpoint import Endpoint
from binance_margin_async.wire.endpoints import wallet as rows


class WalletCalls(EndpointGroup):
    """``client.wallet``."""

    async def universal_transfer(
        self,
        kind: TransferType | str,
        asset: str,
        quantity: Amount,
        *,
        from_symbol: str | None = None,
        to_symbol: str | None = None,
    ) -> TransferReply:
        """
        Move *quantity* of *asset* between two of one's own wallets; the key needs the universal transfer right.

        No kind joins spot and an isolated account: go through the cross account in two steps.

        ``POST /sapi/v1/asset/transfer``

        Args:
            kind: Direction, such as ``"MAIN_MARGIN"``: from spot to the cross account.
            asset: Asset name, such as ``"USDT"``.
            quantity: In units of *asset*.
            from_symbol: Pair of the isolated account that the money leaves; only for kinds that leave one.
            to_symbol: Pair of the isolated account that the money enters; only for kinds that enter one.

        Returns:
            The id under which ``universal_transfer_history`` lists it; nothing can be looked up by it.

        Raises:
            InvalidRequestError: A pair is missing or senseless (nothing was sent), or the exchange refused.
            InsufficientCollateralError: The margin level does not allow so much out; ask
                ``client.transfer.max_transferable`` before.
            ValueError: There is no such kind, or *quantity* is not above zero.
        """
        way = word(kind, TransferType, "kind")
        leaves, enters = checked_ends(rows.UNIVERSAL_TRANSFER, way, from_symbol, to_symbol)
        return await self._call(
            rows.UNIVERSAL_TRANSFER,
            account=leaves or enters,
            # What comes in supports the account it enters.
            lane=Lane.SAFETY if enters else None,
            type=way,
            asset=asset,
            amount=positive(quantity, "quantity"),
            fromSymbol=from_symbol,
            toSymbol=to_symbol,
        )

    async def universal_transfer_history(
        self,
        kind: TransferType | str,
        *,
        start_ms: int | None = None,
        end_ms: int | None = None,
        page: int | None = None,
        size: int | None = None,
        from_symbol: str | None = None,
        to_symbol: str | None = None,
    ) -> Page[UniversalTransfer]:
        """
        Return one page of the transfers of one kind.

        ``GET /sapi/v1/asset/transfer``

        Args:
            kind: Direction, such as ``"MAIN_MARGIN"``; each is read on its own.
            start_ms: From here on; not more than six months back. Without times, the last seven days.
            end_ms: Up to here.
            page: From 1.
            size: Entries per page; 10 if not given, at most 100.
            from_symbol: Pair of the isolated account that the money left; only for kinds that leave one.
            to_symbol: Pair of the isolated account that the money entered; only for kinds that enter one.

        Returns:
            The page, in an order the exchange does not promise, and the number of entries on all pages.

        Raises:
            InvalidRequestError: A pair is missing or senseless (nothing was sent), or the exchange refused.
            ValueError: There is no such kind.
        """
        way = word(kind, TransferType, "kind")
        checked_ends(rows.UNIVERSAL_TRANSFER_HISTORY, way, from_symbol, to_symbol)
        return await self._call(
            rows.UNIVERSAL_TRANSFER_HISTORY,
            type=way,
            startTime=start_ms,
            endTime=end_ms,
            current=page,
            size=size,
            fromSymbol=from_symbol,
            toSymbol=to_symbol,
        )

    async def set_bnb_burn(self, *, spot: bool | None = None, interest: bool | None = None) -> BnbBurn:
        """
        Choose what is paid in BNB; ``client.account.bnb_burn`` tells what is chosen now.

        ``POST /sapi/v1/bnbBurn``

        Args:
            spot: Whether trading fees are; ``None`` leaves it as it is.
            interest: Whether the interest of margin loans is; ``None`` leaves it as it is.

        Returns:
            Both choices, as they are from now on.

        Raises:
            InvalidRequestError: Neither was given; nothing was sent.
        """
        if spot is None and interest is None:
            what = "it needs spot or interest"
            refuse(rows.SET_BNB_BURN, [Violation(name="spot or interest", what=what, what_to_do="give at least one")])
        return await self._call(rows.SET_BNB_BURN, spotBNBBurn=spot, interestBNBBurn=interest)

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


def checked_ends(
    row: Endpoint[Any], way: TransferType, from_symbol: str | None, to_symbol: str | None
) -> tuple[Account | None, Account | None]:
    """Return the margin accounts that the money leaves and enters, ``None`` for other wallets; refuse wrong pairs."""
    leaves, enters = _wallets(way)
    ends = ((leaves, "from_symbol", from_symbol), (enters, "to_symbol", to_symbol))
    refuse(row, [wrong for wallet, name, symbol in ends for wrong in _pair_wrong(way, wallet, name, symbol)])
    return _margin_account(leaves, from_symbol), _margin_account(enters, to_symbol)


def _pair_wrong(way: TransferType, wallet: str, name: str, symbol: str | None) -> Iterator[Violation]:
    """Yield what is wrong with the pair at one end: an isolated account has one, another wallet has none."""
    if wallet == _ISOLATED and symbol is None:
        yield Violation(name=name, what=f"{way} needs it", what_to_do="name the pair of the isolated account")
    elif wallet != _ISOLATED and symbol is not None:
        what = f"{way} has no isolated account there"
        yield Violation(name=name, what=what, what_to_do="leave it out, or choose another kind")


def _margin_account(wallet: str, symbol: str | None) -> Account | None:
    if symbol is not None:
        return Isolated(symbol)
    return CROSS if wallet == "MARGIN" else None


def _wallets(way: TransferType) -> tuple[str, str]:
    """Return the exchange's words for the two wallets; those of margin accounts have no underscore."""
    leaves, _, enters = way.partition("_")
    return leaves, enters


_ISOLATED = "ISOLATEDMARGIN"

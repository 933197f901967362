"""Moving money between wallets, in two transfers where the exchange has no direct way."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from decimal import Decimal

from binance_margin_async.clock import Clock
from binance_margin_async.errors import AccountStateError, Category, InsufficientCollateralError, MarginError, Outcome
from binance_margin_async.models.account import CROSS, Cross, Isolated
from binance_margin_async.models.funds import Moved, MoveIncompleteError, Transferred
from binance_margin_async.models.order_request import positive, word
from binance_margin_async.models.transfers import UniversalTransfer
from binance_margin_async.models.wallets import SPOT, Place, TransferType
from binance_margin_async.money import Amount, plain
from binance_margin_async.rest.account import AccountCalls
from binance_margin_async.rest.spot import SpotCalls
from binance_margin_async.rest.transfer import TransferCalls
from binance_margin_async.rest.wallet import WalletCalls
from binance_margin_async.rules.history.table import UNIVERSAL_TRANSFERS
from binance_margin_async.rules.margin.bars import TRANSFER_OUT_BAR
from binance_margin_async.rules.orders.transfers import Step, route
from binance_margin_async.services.funds.change import FundsChange
from binance_margin_async.services.funds.proved import still_unknown
from binance_margin_async.wire.endpoints.wallet import UNIVERSAL_TRANSFER

_log = logging.getLogger("binance_margin_async.funds")


class Moves:
    """
    Part of ``client.funds``: transfers.

    Args:
        account: Reads the cross account that money passes through.
        spot: Reads the spot wallet.
        transfer: Asks how much may leave a margin account.
        wallet: Reads the history of transfers.
        clock: The exchange's time.
        send: Makes one transfer.
    """

    def __init__(
        self,
        *,
        account: AccountCalls,
        spot: SpotCalls,
        transfer: TransferCalls,
        wallet: WalletCalls,
        clock: Clock,
        send: Callable[[Step, str, Decimal, float | None], Awaitable[FundsChange]],
    ) -> None:
        self._account = account
        self._spot = spot
        self._transfer = transfer
        self._wallet = wallet
        self._clock = clock
        self._send = send

    async def move(
        self, asset: str, amount: Amount, *, from_: Place, to: Place, patience: float | None = None
    ) -> Moved:
        """
        Move *amount* of *asset*; from spot to an isolated account and back it takes two transfers, through cross.

        Before anything is sent, it is checked that the money can leave: the free balance of the spot wallet, what a
        margin account says may leave, and that a cross account in between would let the money out again. Other wallets
        cannot be read. Each transfer is written down and never sent twice; if its reply is lost, the exchange's records
        prove what became of it, as of ``borrow``, before the next one is made.

        Args:
            asset: Asset name, such as ``"USDT"``.
            amount: In units of *asset*.
            from_: Where the money is: ``SPOT``, ``FUNDING`` or another wallet, ``CROSS``, ``Isolated(symbol)``.
            to: Where it shall go.
            patience: Seconds to wait for the proof when the reply to a transfer is lost; without it, as long as it
                takes.

        Returns:
            The transfers that were accepted.

        Raises:
            MoveIncompleteError: The first of two transfers was accepted and the second not; it says where the money is.
            InsufficientCollateralError: So much cannot leave; ``maximum`` says how much can.
            ReplyLostError: The outcome of the first transfer was not proved in time; it is still being found out.
            HaltedError: It is not clear yet what became of an earlier one; nothing was sent.
            NotCarriedOutError: The reply to the first transfer was lost, and it is proved that it was never made.
            AmbiguousOutcomeError: So, and only a person can tell what became of it; see ``settle``.
            ValueError: No two transfers lead from one place to the other, or *amount* is not above zero.
        """
        exact = positive(amount, "amount")
        steps = route(from_, to)
        await self._check_source(asset, exact, from_)
        if len(steps) > 1 and steps[0].to == CROSS:
            await self._check_passage(asset, exact)
        done: list[Transferred] = []
        for step in steps:
            try:
                done.append(await self._make(step, asset, exact, patience))
            except MarginError as problem:
                if not done:
                    raise
                raise MoveIncompleteError(asset=asset, amount=exact, first=done[0], to=to, problem=problem) from problem
            except asyncio.CancelledError:
                if done:
                    _log.warning("cancelled half-way: %s %s is at %s or %s", plain(exact), asset, step.from_, step.to)
                raise
        return Moved(asset=asset, amount=exact, transfers=tuple(done))

    async def transfer_status(
        self,
        transaction_id: int,
        kind: TransferType | str,
        *,
        since_ms: int,
        from_symbol: str | None = None,
        to_symbol: str | None = None,
    ) -> UniversalTransfer | None:
        """
        Look for one transfer in the history, page by page: no call of the exchange takes its id.

        Args:
            transaction_id: As the transfer's reply told it.
            kind: Its direction, such as ``"MAIN_MARGIN"``.
            since_ms: From when on to look, in epoch milliseconds; at most six months back.
            from_symbol: Pair of the isolated account that the money left; only for kinds that leave one.
            to_symbol: Pair of the isolated account that the money entered; only for kinds that enter one.

        Returns:
            The record, whose ``status`` says whether the money arrived; ``None`` when it is not listed, which just
            after the transfer proves nothing.

        Raises:
            InvalidRequestError: A pair is missing or senseless.
            ValueError: There is no such kind.
        """
        way = word(kind, TransferType, "kind")
        start, now = since_ms, self._clock.exchange_ms()
        while start < now:
            end = start + UNIVERSAL_TRANSFERS.window_ms
            page, told = 0, 1
            while page * UNIVERSAL_TRANSFERS.page_size < told:
                page += 1
                answer = await self._wallet.universal_transfer_history(
                    way,
                    start_ms=start,
                    # Open at the end: the exchange's clock decides what it has filed by now.
                    end_ms=end if end < now else None,
                    page=page,
                    size=UNIVERSAL_TRANSFERS.page_size,
                    from_symbol=from_symbol,
                    to_symbol=to_symbol,
                )
                for each in answer.rows:
                    if each.transaction_id == transaction_id:
                        return each
                told = answer.total if answer.rows else 0
            start = end
        return None

    async def _make(self, step: Step, asset: str, amount: Decimal, patience: float | None) -> Transferred:
        change = await self._send(step, asset, amount, patience)
        if change.transaction_id is None:
            raise still_unknown(change)
        return Transferred(type=step.type, from_=step.from_, to=step.to, transaction_id=change.transaction_id)

    async def _check_source(self, asset: str, amount: Decimal, place: Place) -> None:
        if place == SPOT:
            account = await self._spot.account(omit_zero_balances=True)
            free = next((each.free for each in account.balances if each.asset == asset), Decimal(0))
            if amount > free:
                raise _refusal(f"{plain(free)} {asset} is free in {place}, {plain(amount)} was to be moved", free)
        elif isinstance(place, Cross | Isolated):
            most = (await self._transfer.max_transferable(asset, account=place)).amount
            if amount > most:
                what = f"at most {plain(most)} {asset} may leave {place} now, {plain(amount)} was to be moved"
                raise _refusal(f"{what}. Move less, repay, or add collateral", most)

    async def _check_passage(self, asset: str, amount: Decimal) -> None:
        """What passes through leaves the cross account as it was, so its present level decides whether it gets out."""
        try:
            cross = await self._account.cross()
        except AccountStateError as problem:
            if problem.code != _NOT_OPEN:
                raise
            return  # the first transfer opens it, and an empty account keeps nothing back
        level = cross.collateral_margin_level
        if not cross.transfer_out_enabled or (level is not None and level < TRANSFER_OUT_BAR):
            raise _refusal(
                f"the way leads through the cross account, which would keep {plain(amount)} {asset}: "
                f"{'it lets nothing out' if level is None else f'its collateral margin level is {plain(level)}'}, and "
                f"assets leave it from {TRANSFER_OUT_BAR} on. Repay or add collateral there first",
                Decimal(0),
            )


_NOT_OPEN = -3003


def _refusal(what: str, maximum: Decimal) -> InsufficientCollateralError:
    error = InsufficientCollateralError(
        f"{UNIVERSAL_TRANSFER.route}: not sent: {what}",
        outcome=Outcome.NOT_SENT,
        endpoint=UNIVERSAL_TRANSFER.route,
        category=Category.COLLATERAL,
    )
    error.maximum = maximum
    return error

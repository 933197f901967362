"""Transfers between the user's wallets and margin accounts; the first one into an account opens it."""

from binance_margin_async.sim.amounts import text
from binance_margin_async.sim.errors import RefusedError
from binance_margin_async.sim.ledger.accounts import CROSS, Account
from binance_margin_async.sim.ledger.book import Book
from binance_margin_async.sim.ledger.records import Sum, TransferRecord
from binance_margin_async.sim.margin.bars import LEVERAGES, Bars
from binance_margin_async.sim.margin.restrictions import Restrictions
from binance_margin_async.sim.margin.room import Room
from binance_margin_async.sim.margin.terms import Terms
from binance_margin_async.sim.margin.valuation import Appraiser
from binance_margin_async.sim.market.pairs import Pair
from binance_margin_async.sim.streams.trade_streams import TradeStreams

# Highest leverage of a pair that nobody set up (invented; the exchange has a table of its own for each pair).
FIRST_LEVERAGE = 10
# How many isolated accounts one user may have (sample of the account limit, read 2026-11-22).
MOST_PAIRS = 20


class Transfers:
    """
    Move money from one place of the user to another.

    A place is a wallet, the cross account, or an isolated account by its symbol.
    """

    def __init__(
        self,
        book: Book,
        appraiser: Appraiser,
        room: Room,
        terms: Terms,
        restrictions: Restrictions,
        *,
        streams: TradeStreams,
        bars: Bars,
    ) -> None:
        self._book = book
        self._appraiser = appraiser
        self._room = room
        self._terms = terms
        self._restrictions = restrictions
        self._streams = streams
        self._bars = bars

    def move(self, kind: str, source: str, target: str | Pair, what: Sum, now: int) -> int:
        """
        Move *what*.

        Args:
            kind: Universal transfer type, for the record.
            source: A wallet or an account that is open.
            target: A wallet, ``CROSS``, or the pair of an isolated account.
            what: Asset and amount.
            now: Epoch milliseconds.

        Returns:
            The transaction.

        Raises:
            RefusedError: -5002 or -3041 for more than is there, -3020 for more than the margin level lets go, -3023
                in a margin call, -3027 for an asset that does not belong there, and what bars a transfer.
        """
        target_name = target if isinstance(target, str) else target.symbol
        if source == target_name:
            raise RefusedError(-3029, "Transfer failed: source and target are the same.")
        self._check_target(target_name, target, what)
        self._check_source(source, what)
        if target_name not in self._book.wallets and target_name not in self._book.accounts:
            self._open(target)
        transaction = self._book.histories.next_transaction()
        self._book.transfer(source, target_name, what, transaction, now)
        record = TransferRecord(transaction, now, kind, what.asset, what.amount, source, target_name)
        self._book.histories.transfers.append(record)
        self._tell(source, what.asset, f"-{text(what.amount)}", now)
        self._tell(target_name, what.asset, text(what.amount), now)
        return transaction

    def _check_source(self, source: str, what: Sum) -> None:
        if source in self._book.wallets:
            if self._book.wallets[source].balance(what.asset).free < what.amount:
                raise RefusedError(-5002, "You have insufficient balance.")
            return
        account = self._book.accounts[source]
        if account.frozen_until is not None:
            raise RefusedError(-3037, "PNL is clearing. Wait a second.")
        self._restrictions.check_account(account, "transfer_out")
        if account.balance(what.asset).free < what.amount:
            raise RefusedError(-3041, "Balance is not enough.")
        if not self._room.may_leave(account, what.asset, what.amount):
            level = self._appraiser.level(account)
            if level is not None and level <= self._appraiser.bars(account).call:
                raise RefusedError(-3023, "You can't transfer out/place order under current margin level.")
            raise RefusedError(-3020, "Transfer out amount exceeds max amount.")

    def _check_target(self, name: str, target: str | Pair, what: Sum) -> None:
        if name in self._book.wallets:
            return
        account = self._book.accounts.get(name)
        if account is None:
            account = self._new(target)
            if account.is_isolated and self._book.enabled_pairs() >= MOST_PAIRS:
                raise RefusedError(-3043, "This asset is currently not allowed to be transferred in.")
        if not self._appraiser.can_hold(account, what.asset):
            raise RefusedError(-3027, "Not a valid margin asset.")
        if not self._restrictions.transfers_in_are_open or not account.enabled:
            raise RefusedError(-3043, "This asset is currently not allowed to be transferred in.")
        self._restrictions.check_account(account, "transfer_in")
        if not self._terms.of(what.asset).is_collateral:
            raise RefusedError(-3017, "This asset are currently not allowed to transfer into margin account.")
        if account.pair is None and what.asset in self._restrictions.collateral_exceeded:
            raise RefusedError(-3009, "This asset are not allowed to transfer into margin account currently.")
        if self._restrictions.is_leaving(account, what.asset):
            raise RefusedError(-3065, "This asset or pair is about to be delisted and cannot be transferred in.")

    def _open(self, target: str | Pair) -> None:
        self._book.open(self._new(target))

    def _new(self, target: str | Pair) -> Account:
        if isinstance(target, str):
            return Account(CROSS, {}, bars=self._bars)
        account = Account(target.symbol, {}, pair=target, leverage=LEVERAGES[FIRST_LEVERAGE])
        account.balance(target.base)
        account.balance(target.quote)
        return account

    def _tell(self, place: str, asset: str, change: str, now: int) -> None:
        if place in self._book.wallets:
            return
        event = {"e": "balanceUpdate", "E": now, "a": asset, "d": change, "T": now}
        self._streams.publish(place, event)
        self._streams.publish_balances(self._book.accounts[place], [asset], now)

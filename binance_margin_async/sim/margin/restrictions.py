"""What is barred: for one account, for one asset, for one pair, or for everybody; nothing at the start."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from binance_margin_async.sim.errors import RefusedError
from binance_margin_async.sim.ledger.accounts import Account
from binance_margin_async.sim.market.pairs import Pair

Act = Literal["borrow", "repay", "trade", "transfer_in", "transfer_out"]

# Refusals of an account that is barred from something (margin error codes, read 2026-11-22).
_BANS: dict[Act, tuple[int, str]] = {
    "borrow": (-3014, "This account are banned from borrowing assets."),
    "repay": (-3036, "This account is not allowed to repay."),
    "trade": (-3022, "You account's trading is banned."),
    "transfer_in": (-3018, "This account are banned from transferring in asset."),
    "transfer_out": (-3019, "This account are banned from transferring out asset."),
}

# The ratio that the documented sample shows for an asset; what it means is not documented (read 2026-11-22).
RISK_BASED_RATIO = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Schedule:
    """What joins or leaves margin at *time*, in epoch milliseconds."""

    time: int
    assets: Sequence[str] = ()
    symbols: Sequence[str] = ()


@dataclass(slots=True)
class Restrictions:
    """
    Switches that tests and scenarios turn.

    Attributes:
        lending_is_open: Off, every loan is refused with -3008.
        repaying_is_open: Off, every repayment by hand is refused with -3010.
        transfers_in_are_open: Off, nothing may be moved in: -3043.
        special_keys_are_open: Off, no special key may be made: -3999.
        bans: What an account, by its name, may not do.
        closed_pairs: Not tradable on margin: -3021.
        closed_assets: Not tradable on margin: -3067.
        limit_price_pairs: Pairs whose limit prices must stay near the price index.
        long_restricted: No new long position in these assets. Only told, not enforced.
        collateral_exceeded: Assets whose cap as collateral is reached: -3009 for a transfer in.
        risk_based_ratios: Shown, by asset; their meaning is not documented.
        delistings: What will leave margin; from then on -3065 for a transfer in, -3012 for a loan.
        listings: What will join margin. Only told.
    """

    lending_is_open: bool = True
    repaying_is_open: bool = True
    transfers_in_are_open: bool = True
    special_keys_are_open: bool = True
    bans: dict[str, list[Act]] = field(default_factory=dict[str, list[Act]])
    closed_pairs: list[str] = field(default_factory=list[str])
    closed_assets: list[str] = field(default_factory=list[str])
    limit_price_pairs: list[str] = field(default_factory=list[str])
    long_restricted: list[str] = field(default_factory=list[str])
    collateral_exceeded: list[str] = field(default_factory=list[str])
    risk_based_ratios: dict[str, Decimal] = field(default_factory=dict[str, Decimal])
    delistings: list[Schedule] = field(default_factory=list[Schedule])
    listings: list[Schedule] = field(default_factory=list[Schedule])

    def ban(self, account: str, *acts: Act) -> None:
        """Bar an account, by its name, from *acts*; without any it is free again."""
        self.bans[account] = list(acts)

    def check_account(self, account: Account, act: Act) -> None:
        """
        Raises:
            RefusedError: *account* is barred from *act*.
        """
        if act in self.bans.get(account.name, ()):
            code, text = _BANS[act]
            raise RefusedError(code, text)

    def check_trade(self, account: Account, pair: Pair) -> None:
        """
        Check whether *account* may place an order on *pair*.

        Raises:
            RefusedError: -3022 for the account, -3021 for the pair, -3067 for one of its assets.
        """
        self.check_account(account, "trade")
        if pair.symbol in self.closed_pairs:
            raise RefusedError(-3021, "Pair is not allowed to trade.")
        if pair.base in self.closed_assets or pair.quote in self.closed_assets:
            raise RefusedError(-3067, "This asset is not allowed to trade.")

    def is_leaving(self, account: Account, asset: str) -> bool:
        """Tell whether a delisting is announced for *asset* in the cross account, or for the isolated pair."""
        if account.pair is not None:
            return any(account.pair.symbol in plan.symbols for plan in self.delistings)
        return any(asset in plan.assets for plan in self.delistings)

    def delist_time(self, asset: str) -> int | None:
        """Return when *asset* leaves cross margin, in epoch milliseconds."""
        return min((plan.time for plan in self.delistings if asset in plan.assets), default=None)

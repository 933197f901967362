"""What a trade costs, and in which asset it is paid."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from binance_margin_async.sim.amounts import floor
from binance_margin_async.sim.ledger.accounts import Account
from binance_margin_async.sim.market.feed import Feed

BNB = "BNB"


@dataclass(frozen=True, slots=True)
class Rates:
    """Shares of what is received; the default is the ordinary rate (Binance fee schedule, read 2026-11-22)."""

    maker: Decimal = Decimal("0.001")
    taker: Decimal = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class FeeSchedule:
    """
    Rates of every account.

    Attributes:
        rates: Of accounts that have none of their own.
        by_account: Rates of single accounts, by name: ``"CROSS"`` or a pair.
        bnb_share: What remains to be paid when it is paid in BNB (Binance fee schedule, read 2026-11-22).
    """

    rates: Rates = field(default_factory=Rates)
    by_account: Mapping[str, Rates] = field(default_factory=dict[str, Rates])
    bnb_share: Decimal = Decimal("0.75")

    def of(self, account: str) -> Rates:
        """Return the rates of an account."""
        return self.by_account.get(account, self.rates)


class Fees:
    """
    The fee of each trade.

    Attributes:
        schedule: The rates.
        in_bnb: Whether fees are paid in BNB, as long as the account has enough of it free.
    """

    def __init__(self, schedule: FeeSchedule, feed: Feed) -> None:
        self.schedule = schedule
        self._feed = feed
        self.in_bnb = False

    def of(self, account: Account, asset: str, received: Decimal, *, is_maker: bool) -> tuple[str, Decimal]:
        """Return in which asset a trade that brought *received* of *asset* is paid for, and how much it costs."""
        rates = self.schedule.of(account.name)
        rate = rates.maker if is_maker else rates.taker
        if self.in_bnb:
            fee = self._in_bnb(asset, received * rate * self.schedule.bnb_share)
            if fee is not None and (asset == BNB or fee <= account.balance(BNB).free):
                return BNB, fee
        return asset, floor(received * rate)

    def _in_bnb(self, asset: str, amount: Decimal) -> Decimal | None:
        prices = self._feed.prices
        if asset == BNB:
            return floor(amount)
        if "BNBUSDT" not in prices or not (asset == "USDT" or f"{asset}USDT" in prices):
            return None
        return floor(self._feed.value(asset, amount) / prices["BNBUSDT"])

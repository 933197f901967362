"""What each asset is on margin: what its loans cost, how much there is to lend, and what is barred."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from binance_margin_async.sim.amounts import ZERO, floor
from binance_margin_async.sim.ledger.book import CROSS_POOL, ISOLATED_POOL, Book
from binance_margin_async.sim.market.feed import Feed

DAY_MS = 86_400_000

# What a pool has to lend at the start, and what one account may owe, in USDT at the opening price (invented).
POOL_VALUE = Decimal(50_000_000)
LIMIT_VALUE = Decimal(5_000_000)


@dataclass(frozen=True, slots=True)
class LoanTerms:
    """
    How an asset is lent when a scenario begins; what is ``None`` is as for every other asset.

    Attributes:
        hourly_rate: Interest for one hour, a fraction of the principal.
        inventory: What the pool of the cross account has to lend, in units of the asset.
        isolated_inventory: Likewise, for isolated accounts.
        borrow_limit: The most that one account may owe, in units of the asset.
        min_borrow: Smallest loan by hand.
        min_repay: Smallest repayment by hand, and the smallest debt that one may leave.
        is_borrowable: Whether there are loans at all.
        is_collateral: Whether it may be transferred in.
    """

    hourly_rate: Decimal | None = None
    inventory: Decimal | None = None
    isolated_inventory: Decimal | None = None
    borrow_limit: Decimal | None = None
    min_borrow: Decimal = ZERO
    min_repay: Decimal = ZERO
    is_borrowable: bool = True
    is_collateral: bool = True


@dataclass(slots=True)
class AssetTerms:
    """
    How an asset is lent now; may be changed at any time, the rate by :meth:`set_rate`.

    Attributes:
        rates: Since when (epoch milliseconds) which hourly rate has held, oldest first.
    """

    borrow_limit: Decimal
    min_borrow: Decimal
    min_repay: Decimal
    is_borrowable: bool
    is_collateral: bool
    rates: list[tuple[int, Decimal]] = field(default_factory=list[tuple[int, Decimal]])

    @property
    def hourly_rate(self) -> Decimal:
        """Interest for one hour, a fraction of the principal."""
        return self.rates[-1][1]

    def set_rate(self, rate: Decimal, now: int) -> None:
        """Charge *rate* from *now* on."""
        self.rates.append((now, rate))

    def rate_at(self, time: int) -> Decimal:
        """Return the hourly rate at *time*; before the first change it is the first."""
        past = [rate for since, rate in self.rates if since <= time]
        return past[-1] if past else self.rates[0][1]


class Terms:
    """The terms of every asset that margin knows."""

    def __init__(self, book: Book, feed: Feed) -> None:
        self._book = book
        self._feed = feed
        self.assets: dict[str, AssetTerms] = {}

    def set_up(
        self, assets: Iterable[str], special: Mapping[str, LoanTerms], hourly_rate: Decimal, start_ms: int
    ) -> None:
        """Take the *special* terms of a scenario, *hourly_rate* and the usual terms for the rest."""
        for asset in assets:
            given = special.get(asset, LoanTerms())
            pools = ((CROSS_POOL, given.inventory), (ISOLATED_POOL, given.isolated_inventory))
            for pool, inventory in pools:
                self._book.stock(pool, asset, self._units(asset, POOL_VALUE) if inventory is None else inventory)
            rate = hourly_rate if given.hourly_rate is None else given.hourly_rate
            limit = self._units(asset, LIMIT_VALUE) if given.borrow_limit is None else given.borrow_limit
            self.assets[asset] = AssetTerms(
                borrow_limit=limit,
                min_borrow=given.min_borrow,
                min_repay=given.min_repay,
                is_borrowable=given.is_borrowable,
                is_collateral=given.is_collateral,
                rates=[(start_ms, rate)],
            )

    def of(self, asset: str) -> AssetTerms:
        """Return the terms of *asset*, which margin must know."""
        return self.assets[asset]

    def _units(self, asset: str, value: Decimal) -> Decimal:
        return floor(value / self._feed.value(asset, Decimal(1)))

"""How much more may be borrowed, and how much may leave, to the last unit."""

from collections.abc import Sequence
from decimal import Decimal

from binance_margin_async.sim.amounts import GRAIN, ONE, ZERO, floor
from binance_margin_async.sim.faults.conditions import Conditions
from binance_margin_async.sim.ledger.accounts import Account
from binance_margin_async.sim.ledger.book import Book, pool_of
from binance_margin_async.sim.margin.bars import TRANSFER_BAR, Slice, slices_of
from binance_margin_async.sim.margin.terms import Terms
from binance_margin_async.sim.margin.valuation import Appraiser

# An isolated account counts every asset in full.
_WHOLE = (Slice(ZERO, None, ONE),)


class Room:
    """Say what the bars, the limits and the pools allow."""

    def __init__(self, book: Book, appraiser: Appraiser, terms: Terms, conditions: Conditions) -> None:
        self._book = book
        self._appraiser = appraiser
        self._terms = terms
        self._conditions = conditions

    # -- loans ----------------------------------------------------------------------------------------------------

    def limit(self, account: Account, asset: str) -> Decimal:
        """Return the most that *account* may owe of *asset*, whatever it holds, in its units."""
        own = self._terms.of(asset).borrow_limit
        if account.pair is None or account.leverage is None:
            return own
        base, quote = self._appraiser.tier_limits(account.pair.symbol)
        tiers = len(account.leverage.initial)
        return min(own, tiers * (base if asset == account.pair.base else quote))

    def inventory(self, account: Account, asset: str) -> Decimal:
        """Return what the account's pool still has to lend, in units of *asset*."""
        return ZERO if self._conditions.is_empty(asset) else self._book.house[pool_of(account), asset]

    def may_borrow(self, account: Account, asset: str, amount: Decimal) -> bool:
        """Tell whether level, tier and limit allow a loan; the pool is another matter."""
        loan = (asset, amount)
        if account.balance(asset).borrowed + amount > self.limit(account, asset):
            return False
        tier = self._appraiser.tier(account, loan=loan)
        if account.leverage is not None and tier is None:
            return False
        bar = account.bars.normal if account.leverage is None else account.leverage.initial[(tier or 1) - 1]
        worth = self._appraiser.worth(account, loan=loan)
        return worth.collateral >= bar * worth.liabilities

    def max_borrowable(self, account: Account, asset: str) -> Decimal:
        """Return the largest loan of *asset* that would be granted now, in its units."""
        most = max((self._by_tier(account, asset, *tier) for tier in self._tiers(account, asset)), default=ZERO)
        left = self.limit(account, asset) - account.balance(asset).borrowed
        amount = floor(max(ZERO, min(most, left, self.inventory(account, asset))))
        # The division that led here may have been rounded up in its last digit.
        return amount if not amount or self.may_borrow(account, asset, amount) else max(ZERO, amount - GRAIN)

    def _tiers(self, account: Account, asset: str) -> list[tuple[Decimal, Decimal | None]]:
        # The bar of each tier that the other debt fits into, and the most that may be owed of this one there.
        if account.pair is None or account.leverage is None:
            return [(account.bars.normal, None)]
        is_base = asset == account.pair.base
        other = account.balance(account.pair.quote if is_base else account.pair.base).borrowed
        own, others = ("base", "quote") if is_base else ("quote", "base")
        tiers = self._appraiser.tiers(account.pair.symbol, account.leverage)
        return [(tier["initial"], tier[own]) for tier in tiers if other <= tier[others]]

    def _by_tier(self, account: Account, asset: str, bar: Decimal, most_owed: Decimal | None) -> Decimal:
        worth = self._appraiser.worth(account)
        held = self._appraiser.value(account, asset, account.balance(asset).total)
        slices = _WHOLE if account.is_isolated else slices_of(asset)
        value = _room_above(held, slices, worth.collateral - bar * worth.liabilities, bar)
        amount = value / self._appraiser.value(account, asset, ONE)
        return amount if most_owed is None else min(amount, most_owed - account.balance(asset).borrowed)

    # -- transfers ------------------------------------------------------------------------------------------------

    def may_leave(self, account: Account, asset: str, amount: Decimal) -> bool:
        """Tell whether the level allows *amount* to be moved out."""
        worth = self._appraiser.worth(account, moved=(asset, amount))
        return not worth.liabilities or worth.collateral >= TRANSFER_BAR * worth.liabilities

    def max_transferable(self, account: Account, asset: str) -> Decimal:
        """Return the most that may be moved out now, in units of *asset*."""
        free = account.balance(asset).free
        if self.may_leave(account, asset, free):
            return free
        worth = self._appraiser.worth(account)
        held = self._appraiser.value(account, asset, account.balance(asset).total)
        slices = _WHOLE if account.is_isolated else slices_of(asset)
        value = _room_below(held, slices, worth.collateral - TRANSFER_BAR * worth.liabilities)
        amount = floor(min(free, value / self._appraiser.value(account, asset, ONE)))
        return amount if not amount or self.may_leave(account, asset, amount) else max(ZERO, amount - GRAIN)


def _room_above(held: Decimal, slices: Sequence[Slice], surplus: Decimal, bar: Decimal) -> Decimal:
    # Value that may be borrowed on top of what is held until the surplus over the bar is used up: each unit counts
    # at the rate of its slice, and raises what is needed by the bar.
    room = ZERO
    for part in slices:
        if surplus <= ZERO:
            break
        if part.upto is not None and part.upto <= held:
            continue
        needed = surplus / (bar - part.rate)
        width = needed if part.upto is None else min(needed, part.upto - max(held, part.start))
        room += width
        surplus -= width * (bar - part.rate)
    return room


def _room_below(held: Decimal, slices: Sequence[Slice], surplus: Decimal) -> Decimal:
    # Value that may be taken off what is held, the highest slice first.
    room = ZERO
    if surplus <= ZERO:
        return room
    for part in reversed(slices):
        width = (held if part.upto is None else min(held, part.upto)) - part.start
        if width <= ZERO:
            continue
        taken = min(width, surplus / part.rate) if part.rate else width
        room += taken
        surplus -= taken * part.rate
        if taken < width:
            break
    return room

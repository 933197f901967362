"""
The way of a transfer: which steps take money from one wallet to another.

Source: wallet API, user universal transfer, its table of types (read 2026-11-22).
"""

from __future__ import annotations

from typing import NamedTuple

from binance_margin_async.models.account import CROSS, Cross, Isolated
from binance_margin_async.models.wallets import FUNDING, SPOT, Place, TransferType, Wallet

# What the exchange calls each wallet inside the name of a transfer type.
_WORDS = {
    Wallet.SPOT: "MAIN",
    Wallet.FUNDING: "FUNDING",
    Wallet.UM_FUTURES: "UMFUTURE",
    Wallet.CM_FUTURES: "CMFUTURE",
    Wallet.OPTIONS: "OPTION",
    Wallet.PORTFOLIO_MARGIN: "PORTFOLIO_MARGIN",
}
# Where money may rest for a moment, the best place first: in spot nothing can borrow against it or liquidate it.
_HALFWAY: tuple[Place, ...] = (SPOT, CROSS, FUNDING)


class Step(NamedTuple):
    """
    One transfer of the exchange.

    Args:
        type: Its type, which names both ends.
        from_: Where the money leaves.
        to: Where it arrives; if a later step fails, it is here.
    """

    type: TransferType
    from_: Place
    to: Place

    @property
    def from_symbol(self) -> str | None:
        """The isolated pair the money leaves, which the exchange wants named."""
        return self.from_.symbol if isinstance(self.from_, Isolated) else None

    @property
    def to_symbol(self) -> str | None:
        """The isolated pair the money enters, which the exchange wants named."""
        return self.to.symbol if isinstance(self.to, Isolated) else None

    @property
    def leaves_margin(self) -> bool:
        """Whether a margin account gives the money away, so that its debts limit the amount."""
        return isinstance(self.from_, Cross | Isolated)

    @property
    def parameters(self) -> dict[str, str | None]:
        """Wire parameters of the transfer and of its history; ``None`` is not sent."""
        return {"type": self.type.value, "fromSymbol": self.from_symbol, "toSymbol": self.to_symbol}


def route(from_: Place, to: Place) -> tuple[Step, ...]:
    """
    Return the steps from one wallet to another: one where the exchange has a direct way, otherwise two.

    There is no direct way between spot and an isolated account: the money goes through the cross account.

    Args:
        from_: A wallet, ``CROSS`` or ``Isolated(symbol)``.
        to: Another one.

    Raises:
        ValueError: Both are the same, or no two steps lead there.
    """
    if from_ == to:
        raise ValueError(f"a transfer needs two places, and both are {from_}")
    direct = _step(from_, to)
    if direct is not None:
        return (direct,)
    for halfway in _HALFWAY:
        first, second = _step(from_, halfway), _step(halfway, to)
        if first is not None and second is not None:
            return (first, second)
    raise ValueError(f"no two transfers lead from {from_} to {to}: move the money to spot first, then on from there")


def _step(from_: Place, to: Place) -> Step | None:
    kind = TransferType.__members__.get(f"{_word(from_)}_{_word(to)}")
    return None if kind is None else Step(kind, from_, to)


def _word(place: Place) -> str:
    if isinstance(place, Wallet):
        return _WORDS[place]
    return "ISOLATEDMARGIN" if place.is_isolated else "MARGIN"

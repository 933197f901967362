"""Options of the commands that place orders; their names are those of the library's order classes."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Annotated, Literal

from cyclopts import Parameter

from binance_margin_async.cli.options import MaybeAmount
from binance_margin_async.cli.orders.requests import Given

Side = Literal["BUY", "SELL"]
Times = Literal["GTC", "IOC", "FOK"]
ExitKind = Literal["STOP_LOSS", "STOP_LOSS_LIMIT", "LIMIT_MAKER"]
Kind = Literal["LIMIT", "MARKET", "STOP_LOSS", "STOP_LOSS_LIMIT", "TAKE_PROFIT", "TAKE_PROFIT_LIMIT", "LIMIT_MAKER"]


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Terms:
    """What every order and order list may say."""

    side_effect: Literal["NO_SIDE_EFFECT", "MARGIN_BUY", "AUTO_REPAY", "AUTO_BORROW_REPAY"] | None = None
    """What it may do besides trade: borrow, repay, both, or neither (the default)."""
    auto_repay_at_cancel: Annotated[bool | None, Parameter(negative="--keep-loan-at-cancel")] = None
    """Whether an unused loan is paid back on cancel; it is, if nothing is said."""
    self_trade_prevention_mode: Literal["EXPIRE_TAKER", "EXPIRE_MAKER", "EXPIRE_BOTH", "NONE"] | None = None
    """What happens when it would meet an order of your own."""


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Single:
    """What one order may say."""

    quantity: MaybeAmount = None
    """In the base asset."""
    quote_order_quantity: MaybeAmount = None
    """Instead, for MARKET: in the quote asset."""
    price: MaybeAmount = None
    """Limit price."""
    stop_price: MaybeAmount = None
    """Price that triggers a STOP_LOSS… or TAKE_PROFIT…; this or --trailing-delta, or both."""
    trailing_delta: int | None = None
    """Distance from the best price seen, in basis points (1 % is 100)."""
    time_in_force: Times | None = None
    """How long a limit order lives: until cancelled (GTC, the default), or not beyond this moment (IOC, FOK)."""
    iceberg_quantity: MaybeAmount = None
    """Part that is shown in the book; needs GTC."""


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class OcoParts:
    """What an OCO may say."""

    quantity: MaybeAmount = None
    """Of each leg, in the base asset."""
    price: MaybeAmount = None
    """Of the limit leg."""
    stop_price: MaybeAmount = None
    """Price that triggers the stop leg."""
    stop_limit_price: MaybeAmount = None
    """Makes the stop leg a limit order at this price; else it is a market order."""
    stop_limit_time_in_force: Times | None = None
    """GTC when left out."""
    limit_iceberg_quantity: MaybeAmount = None
    """Part of the limit leg that is shown in the book."""
    stop_iceberg_quantity: MaybeAmount = None
    """The same of the stop leg; needs GTC."""


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Pair:
    """What an OTO or OTOCO may say apart from its legs."""

    quantity: MaybeAmount = None
    """Of the working leg, in the base asset."""
    pending_side: Side | None = None
    """Of what follows."""
    pending_quantity: MaybeAmount = None
    """Of what follows, in the base asset."""


@dataclass(frozen=True, kw_only=True)
class Working:
    """The leg that comes first."""

    type: Literal["LIMIT", "LIMIT_MAKER"] = "LIMIT"
    price: MaybeAmount = None
    iceberg_quantity: MaybeAmount = None
    time_in_force: Times | None = None


@dataclass(frozen=True, kw_only=True)
class Follower:
    """A leg that enters the book later."""

    type: Kind | None = None
    price: MaybeAmount = None
    stop_price: MaybeAmount = None
    trailing_delta: int | None = None
    iceberg_quantity: MaybeAmount = None
    time_in_force: Times | None = None


@dataclass(frozen=True, kw_only=True)
class Exit(Follower):
    """A leg of an OTOCO that enters the book later."""

    type: ExitKind | None = None


Options = Terms | Single | OcoParts | Pair | Working | Follower


def given(*parts: Options) -> Given:
    """Return the options that were given, of all *parts*."""
    named = ((field.name, getattr(part, field.name)) for part in parts for field in fields(part))
    return {name: value for name, value in named if value is not None}

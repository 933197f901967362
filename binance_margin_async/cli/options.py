"""Options that several commands share, and how a word of the command line becomes a value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter, Token

from binance_margin_async.cli.target import Target
from binance_margin_async.models.order_request import positive

FASTEST = 1_000_000.0


def check_speed(_kind: object, speed: float) -> None:
    """
    Check that time can run at *speed*.

    Raises:
        ValueError: It is not a positive number, or beyond reason.
    """
    if not 0 < speed <= FASTEST:
        raise ValueError(f"It must be above 0 and at most {FASTEST:.0f}.")


def check_patience(_kind: object, seconds: float) -> None:
    """
    Check that one can wait for *seconds*.

    Raises:
        ValueError: It is not above 0.
    """
    if not seconds > 0:
        raise ValueError("It must be above 0.")


def check_market_speed(_kind: object, speed: float) -> None:
    """
    Check that a market can run at *speed*, or stand still.

    Raises:
        ValueError: It is below zero, no number, or beyond reason.
    """
    if not 0 <= speed <= FASTEST:
        raise ValueError(f"It must be 0 to {FASTEST:.0f}.")


def check_first_port(_kind: object, port: int) -> None:
    """
    Check that *port* is one with two more behind it; 0 lets the system choose.

    Raises:
        ValueError: It is not.
    """
    if not 0 <= port < (1 << 16) - 2:
        raise ValueError("It must be 0 to 65533; the next two are taken as well.")


# A flag that is off, and a list or an option that is empty, need no "default" in the help.
Flag = Annotated[bool, Parameter(negative="", show_default=False)]
Json = Annotated[bool, Parameter(name="--json", negative="", show_default=False)]
Verbose = Annotated[bool, Parameter(name=["--verbose", "-v"], negative="", show_default=False)]
AccountNames = Annotated[
    tuple[str, ...], Parameter(name="--account", negative="", consume_multiple=False, show_default=False)
]

WhatIf = Annotated[tuple[str, ...], Parameter(name="--at", negative="", consume_multiple=False, show_default=False)]
Prices = Annotated[tuple[str, ...], Parameter(name="--prices", negative="", consume_multiple=False, show_default=False)]
Speed = Annotated[float, Parameter(validator=check_speed)]
MarketSpeed = Annotated[float, Parameter(validator=check_market_speed)]
FirstPort = Annotated[int, Parameter(validator=check_first_port)]
Patience = Annotated[float, Parameter(validator=check_patience)]


def amount_of(_kind: object, tokens: Sequence[Token]) -> Decimal:
    """
    Return the amount that was typed, exactly.

    Raises:
        ValueError: It is no number, or not above zero.
    """
    return positive(tokens[0].value, "the amount")


# Without the converter, a text that is no number would end in a traceback: ``InvalidOperation`` is no ``ValueError``.
Amount = Annotated[Decimal, Parameter(converter=amount_of, n_tokens=1)]
MaybeAmount = Annotated[Decimal | None, Parameter(converter=amount_of, n_tokens=1)]


# A class and its base must share a module: cyclopts looks up the names of the base's annotations in the class's.
@Parameter(name="*", group="Where and how")
@dataclass(frozen=True, kw_only=True)
class Where:
    """On which exchange a command works."""

    sim: Flag = False
    """Use a simulated exchange; no keys needed."""
    config: Path | None = None
    """TOML file with settings."""

    def target(self, *accounts: str, scenario: str = "calm") -> Target:
        """Return what the options choose; *scenario* is how a simulated exchange begins."""
        return Target(
            sim=self.sim,
            scenario=scenario if self.sim else None,
            accounts=accounts,
            config=self.config,
        )


@Parameter(name="*", group="Where and how")
@dataclass(frozen=True, kw_only=True)
class OneAccount(Where):
    """On which account a command works, and how it answers."""

    account: str = "CROSS"
    """CROSS or a pair such as BTCUSDT."""
    json: Json = False
    """JSON on stdout, and nothing else there."""


@Parameter(name="*", group="Where and how")
@dataclass(frozen=True, kw_only=True)
class Deed(Where):
    """How a command that changes something is to be carried out."""

    json: Json = False
    """JSON on stdout, and nothing else there."""
    yes: Flag = False
    """Do it without asking."""
    dry_run: Flag = False
    """Print the signed request, its secrets masked, instead of sending it."""


@Parameter(name="*", group="Where and how")
@dataclass(frozen=True, kw_only=True)
class Change(Deed):
    """The same, on one account."""

    account: str = "CROSS"
    """CROSS or a pair such as BTCUSDT."""


@Parameter(name="*", group="Where and how")
@dataclass(frozen=True, kw_only=True)
class Proving(Deed):
    """How a command whose outcome is to be proved is carried out."""

    journal: Path | None = None
    """File in which it is written down before it is sent; if left out, the setting journal_path names one."""
    patience: Patience = 60.0
    """Seconds in which it is found out what became of it when the reply is lost; then the exit code is 5."""

    def target(self, *accounts: str, scenario: str = "calm") -> Target:
        """Return what the options choose."""
        return replace(super().target(*accounts, scenario=scenario), journal=self.journal, places_orders=True)


@Parameter(name="*", group="Where and how")
@dataclass(frozen=True, kw_only=True)
class Placing(Proving, Change):
    """The same, on one account."""


@Parameter(name="*", group="Where and how")
@dataclass(frozen=True, kw_only=True)
class Journaled(Where):
    """Which journal is looked into, and how the answer is given."""

    journal: Path | None = None
    """The journal's file; if left out, the setting journal_path names it."""
    json: Json = False
    """JSON on stdout, and nothing else there."""

    def target(self, *accounts: str, scenario: str = "calm") -> Target:
        """Return what the options choose."""
        return replace(super().target(*accounts, scenario=scenario), journal=self.journal, places_orders=True)


HERE: Where = Where()
ONE_ACCOUNT: OneAccount = OneAccount()
CHANGE: Change = Change()
PROVING: Proving = Proving()
PLACING: Placing = Placing()
JOURNALED: Journaled = Journaled()

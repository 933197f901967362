"""What a command works on: the real exchange with the user's keys, or a simulated one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from binance_margin_async.client import MarginClient
from binance_margin_async.config import Config, Durability, require_credentials
from binance_margin_async.errors import ConfigError
from binance_margin_async.journal import Journal, MemoryJournal, SqliteJournal
from binance_margin_async.models.account import CROSS, Account, Isolated, checked_symbol
from binance_margin_async.sim import KlineCsv, PricePath, Scenario, SimulatedExchange, scenarios


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The options that choose an exchange and its accounts."""

    sim: bool
    scenario: str | None
    prices: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    config: Path | None = None
    journal: Path | None = None
    places_orders: bool = False

    def client(self, *, dry_run: bool = False) -> tuple[MarginClient, SimulatedExchange | None]:
        """
        Return a client, and the simulated exchange it will start if it is to be one.

        Args:
            dry_run: As of the client.

        Raises:
            ConfigError: Keys or settings are missing or wrong.
            ValueError: The options contradict each other.
        """
        if self.sim and self.config is not None:
            raise ValueError("--config belongs to the real exchange: leave it or --sim out")
        if self.sim:
            scenario, prices = self.played()
            exchange = SimulatedExchange(scenario, prices=prices)
            named = self._named() or accounts_of(exchange.core.scenario)
            return MarginClient(sim=exchange, accounts=named, journal=self._kept(None), dry_run=dry_run), exchange
        if self.prices or self.scenario is not None:
            raise ValueError("--scenario and --prices belong to the simulated exchange: add --sim")
        config = Config.load(self.config)
        require_credentials(config)
        kept = MemoryJournal() if dry_run else self._kept(config.journal_path, config.journal_durability)
        return MarginClient(config=config, accounts=self._named() or (CROSS,), journal=kept, dry_run=dry_run), None

    def played(self) -> tuple[Scenario, Mapping[str, PricePath]]:
        """
        Return the scenario that the options choose, and the prices that are given for it.

        Raises:
            ScenarioError: There is no such scenario, or its file cannot be used.
            PriceFileError: So for a price file.
        """
        scenario = scenarios.scenario_named(self.scenario or "slide")
        return scenario, self._price_paths(scenario)

    def open_journal(self) -> SqliteJournal:
        """
        Return the journal that is named by an option or by the settings, not opened yet.

        Raises:
            ConfigError: None is, or its file does not exist.
        """
        path = self.journal or (None if self.sim else Config.load(self.config).journal_path)
        if path is None:
            raise ConfigError("no journal is named: add --journal FILE, or set journal_path")
        if not Path(path).exists():
            raise ConfigError(f"there is no journal {path}")
        return SqliteJournal(path)

    def _kept(self, named: str | None, durability: Durability = "full") -> Journal:
        # A journal belongs to one process: a command that places nothing leaves it to the bot that runs beside.
        path = self.journal or (named if self.places_orders else None)
        return MemoryJournal() if path is None else SqliteJournal(path, durability=durability)

    def _price_paths(self, scenario: Scenario) -> Mapping[str, PricePath]:
        paths: dict[str, PricePath] = {}
        for option in self.prices:
            symbol, given, file = option.partition("=")
            if not given:
                symbol, file = (scenario.needs_prices or scenario.pairs)[0], option
            if symbol in paths:
                raise ValueError(f"--prices gives {symbol} twice; write SYMBOL=FILE for each pair")
            paths[symbol] = KlineCsv(file, symbol)
        return paths

    def _named(self) -> tuple[Account, ...]:
        return tuple(map(account_named, self.accounts))


def account_named(name: str) -> Account:
    """
    Return the account that *name* stands for: ``CROSS`` or a pair.

    Raises:
        ValueError: It is neither.
    """
    return CROSS if name.upper() == "CROSS" else Isolated(name)


def account_trading(pair: str, name: str) -> Account:
    """
    Return the account that *name* stands for, in which *pair* is to be traded.

    Raises:
        ValueError: It is no account, or the isolated account of another pair.
    """
    account = account_named(name)
    if account.symbol not in {None, checked_symbol(pair)}:
        raise ValueError(f"{pair} is not traded in the isolated account of {name}: say --account {pair}, or CROSS")
    return account


def accounts_of(scenario: Scenario) -> tuple[Account, ...]:
    """Return the accounts that a scenario opens."""
    cross: tuple[Account, ...] = (CROSS,) if scenario.cross is not None else ()
    return cross + tuple(Isolated(symbol) for symbol in scenario.isolated)

"""A monitor's policy out of a TOML file; what is wrong in it is named with its line."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from binance_margin_async.errors import ConfigError, Outcome
from binance_margin_async.models.alerts import Urgency
from binance_margin_async.rules.alerts.routing import Quiet, Route, Routing, Step
from binance_margin_async.rules.margin.policy import AlertPolicy
from binance_margin_async.rules.margin.thresholds import Measure, Threshold
from binance_margin_async.services.alerts.channel import Channel
from binance_margin_async.services.alerts.channel_tables import KINDS, Secrets
from binance_margin_async.services.alerts.policy import Announcements, MonitorPolicy
from binance_margin_async.services.alerts.protection_tables import account_of, protection_of
from binance_margin_async.tables import InputFileError, Key, Table

# Seconds; a person who was away hears of it again.
_REPEATS = {Urgency.URGENT: 900.0, Urgency.CRITICAL: 120.0}
_time_of_day = re.compile(r"([01]\d|2[0-3]):([0-5]\d)").fullmatch
_Entries = dict[str, dict[str, Any]]


class PolicyFileError(InputFileError, ConfigError):
    """A policy file that cannot be used."""

    def __init__(self, path: str, line: int | None, field: str | None, complaint: str) -> None:
        super().__init__(path, line, field, complaint)
        self.outcome = Outcome.NOT_SENT


class _PatienceTable(msgspec.Struct, forbid_unknown_fields=True):
    clear_share: Decimal = Decimal("1.01")
    clear_hold: float = 30.0
    clear_readings: int = 2
    stale_periods: int = 3
    stale_floor: float = 15.0


class _ThresholdTable(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    level: Decimal | None = None
    distance: Decimal | None = None
    fall_per_minute: Decimal | None = None
    urgency: Urgency = Urgency.WARNING
    accounts: list[str] = []


class _StepTable(msgspec.Struct, forbid_unknown_fields=True):
    after: float
    channels: list[str]


class _RouteTable(msgspec.Struct, forbid_unknown_fields=True):
    channels: list[str]
    repeat: float | None = None
    escalate: list[dict[str, Any]] = []


class _QuietTable(msgspec.Struct, forbid_unknown_fields=True):
    begins: str
    ends: str
    below: Urgency = Urgency.URGENT


class _AnnouncementsTable(msgspec.Struct, forbid_unknown_fields=True):
    maintenance: bool = True
    delistings: bool = True
    collateral: bool = True
    restrictions: bool = True
    inventory: dict[str, Decimal] = {}


class _PolicyTable(msgspec.Struct, forbid_unknown_fields=True):
    accounts: list[str] = []
    journal: str | None = None
    patience: dict[str, Any] = {}
    threshold: list[dict[str, Any]] = []
    route: _Entries = {}
    quiet: dict[str, Any] | None = None
    channel: _Entries = {}
    announcements: dict[str, Any] = {}
    protection: list[dict[str, Any]] = []


def read_policy(path: str | Path, *, environ: Mapping[str, str] | None = None) -> MonitorPolicy:
    """
    Read a policy.

    A text ``env:NAME`` in a channel stands for what that environment variable holds.

    Args:
        path: A TOML file.
        environ: Instead of the process's environment.

    Raises:
        PolicyFileError: The file cannot be used; the message names line and field. One that holds a secret itself
            must be readable by its owner alone.
        MissingExtraError: A channel needs a package that is not installed.
    """
    table = Table(path, PolicyFileError)
    top = table.read(_PolicyTable)
    secrets = Secrets(os.environ if environ is None else environ)
    channels = tuple(_channel(table, name, secrets) for name in top.channel)
    if secrets.written_here and _others_may_read(Path(path)):
        raise PolicyFileError(table.path, None, None, f"holds a secret and others can read it: run  chmod 600 {path}")
    routes = _routes(table, top)
    try:
        return MonitorPolicy(
            accounts=tuple(account_of(table, name, "accounts", at) for at, name in enumerate(top.accounts)),
            patience=_patience(table),
            thresholds=tuple(_threshold(table, number) for number in range(len(top.threshold))),
            routing=Routing(routes, None if top.quiet is None else _quiet(table)),
            channels=channels,
            announcements=_announcements(table),
            protection=protection_of(table, len(top.protection), keeps_journal=top.journal is not None),
            journal_path=None if top.journal is None else str(Path(path).parent / top.journal),
        )
    except InputFileError:
        raise
    except ConfigError as problem:
        raise PolicyFileError(table.path, None, None, str(problem)) from problem


def _channel(table: Table, name: str, secrets: Secrets) -> Channel:
    kind: object = table.content["channel"][name].get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise table.error(f"a channel needs a kind, one of {', '.join(KINDS)}, not {kind!r}", "channel", name, "kind")
    settings = table.read(KINDS[kind], "channel", name)
    try:
        return settings.channel(name, secrets)
    except (ConfigError, ValueError) as problem:
        raise table.error(str(problem), "channel", name) from problem


def _routes(table: Table, top: _PolicyTable) -> dict[Urgency, Route]:
    for name in top.route:
        if name not in set(Urgency):
            raise table.error(f"is no urgency; there are {', '.join(Urgency)}", "route", name)
    routes: dict[Urgency, Route] = {}
    milder: Route | None = None
    for urgency in Urgency:
        if urgency in top.route:
            milder = _route(table, urgency, list(top.channel))
        # Whoever is told of the milder is told of the worse.
        if milder is not None:
            routes[urgency] = milder
    if Urgency.URGENT not in routes:
        raise table.error("nobody would be told of a margin call: name the channels in [route.urgent]", "route")
    return routes


def _route(table: Table, urgency: Urgency, known: list[str]) -> Route:
    entry = table.read(_RouteTable, "route", urgency)
    _check_known(table, entry.channels, known, "route", urgency, "channels")
    steps: list[Step] = []
    for number in range(len(entry.escalate)):
        keys: tuple[Key, ...] = ("route", urgency, "escalate", number)
        step = table.read(_StepTable, *keys)
        _check_known(table, step.channels, known, *keys, "channels")
        steps.append(Step(step.after, tuple(step.channels)))
    repeat = _REPEATS.get(urgency) if entry.repeat is None else entry.repeat or None
    try:
        return Route(tuple(entry.channels), repeat, tuple(steps))
    except ValueError as problem:
        raise table.error(str(problem), "route", urgency) from problem


def _check_known(table: Table, names: list[str], known: list[str], *keys: Key) -> None:
    for name in names:
        if name not in known:
            raise table.error(f"there is no channel {name!r}; there are {', '.join(known) or 'none'}", *keys)


def _threshold(table: Table, number: int) -> Threshold:
    keys: tuple[Key, ...] = ("threshold", number)
    entry = table.read(_ThresholdTable, *keys)
    measures = {
        measure: value
        for measure in Measure
        if (value := getattr(entry, measure.value)) is not None  # the fields have the measures' names
    }
    if len(measures) != 1:
        raise table.error(f"give exactly one of {', '.join(Measure)}", *keys)
    ((measure, value),) = measures.items()
    accounts = tuple(account_of(table, name, *keys, "accounts") for name in entry.accounts)
    try:
        return Threshold(name=entry.name, measure=measure, value=value, urgency=entry.urgency, accounts=accounts)
    except ValueError as problem:
        raise table.error(str(problem), *keys, measure.value) from problem


def _patience(table: Table) -> AlertPolicy:
    if "patience" not in table.content:
        return AlertPolicy()
    entry = table.read(_PatienceTable, "patience")
    for name in ("clear_hold", "clear_readings", "stale_periods", "stale_floor"):
        if not 0 < getattr(entry, name) < float("inf"):
            raise table.error("must be above 0", "patience", name)
    try:
        return AlertPolicy(
            clear_share=entry.clear_share,
            clear_hold=entry.clear_hold,
            clear_readings=entry.clear_readings,
            stale_periods=entry.stale_periods,
            stale_floor=entry.stale_floor,
        )
    except ValueError as problem:
        raise table.error(str(problem), "patience", "clear_share") from problem


def _quiet(table: Table) -> Quiet:
    entry = table.read(_QuietTable, "quiet")
    begins, ends = _second_of_day(table, "begins", entry.begins), _second_of_day(table, "ends", entry.ends)
    try:
        return Quiet(begins, ends, below=entry.below)
    except ValueError as problem:
        raise table.error(str(problem), "quiet") from problem


def _second_of_day(table: Table, name: str, text: str) -> int:
    match = _time_of_day(text)
    if match is None:
        raise table.error(f'must be a time of day in UTC such as "22:00", not {text!r}', "quiet", name)
    return int(match[1]) * 3600 + int(match[2]) * 60


def _announcements(table: Table) -> Announcements:
    if "announcements" not in table.content:
        return Announcements()
    entry = table.read(_AnnouncementsTable, "announcements")
    for asset, least in entry.inventory.items():
        if not least.is_finite() or least <= 0:
            raise table.error(f"'{least}' is not an amount above 0", "announcements", "inventory", asset)
    return Announcements(
        maintenance=entry.maintenance,
        delistings=entry.delistings,
        collateral=entry.collateral,
        restrictions=entry.restrictions,
        inventory=entry.inventory,
    )


def _others_may_read(path: Path) -> bool:
    return os.name == "posix" and bool(path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH))

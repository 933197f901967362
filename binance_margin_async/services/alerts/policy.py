"""Everything a monitor is told by its user, in one place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from binance_margin_async.errors import ConfigError
from binance_margin_async.models.account import Account
from binance_margin_async.models.alerts import Urgency
from binance_margin_async.rules.alerts.routing import Routing
from binance_margin_async.rules.margin.policy import AlertPolicy
from binance_margin_async.rules.margin.thresholds import Threshold
from binance_margin_async.rules.protection.rule import ProtectionRule
from binance_margin_async.services.alerts.channel import Channel
from binance_margin_async.services.alerts.delivery import check_channels


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcements:
    """
    Say which announcements of the exchange are followed.

    Args:
        maintenance: Of the whole exchange; asked once a minute.
        delistings: Of what is watched; asked once an hour, as the next two are.
        collateral: Changes of what an asset counts for.
        restrictions: Of what is watched.
        inventory: The least that must be left to borrow, by asset, in its units; asked once a minute.
    """

    maintenance: bool = True
    delistings: bool = True
    collateral: bool = True
    restrictions: bool = True
    inventory: Mapping[str, Decimal] = field(default_factory=dict[str, Decimal])


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitorPolicy:
    """
    Hold what a monitor watches, when it rings, and whom it tells; `read_policy` reads it from a file.

    Args:
        accounts: Which accounts; those of the client when empty.
        patience: How patient the alerts are.
        thresholds: A user's own alarms.
        routing: Who is told of what.
        channels: Ways to people.
        announcements: What of the exchange is followed; ``None`` for nothing.
        protection: What is done to keep accounts from liquidation, the first rule that is due first; nothing if empty.
        journal_path: File in which a restart finds what was rung and acknowledged.

    Raises:
        ConfigError: A route names a channel that does not exist, or channels cannot fall back as they say.
    """

    accounts: tuple[Account, ...] = ()
    patience: AlertPolicy = field(default_factory=AlertPolicy)
    thresholds: tuple[Threshold, ...] = ()
    routing: Routing = field(default_factory=Routing)
    channels: tuple[Channel, ...] = ()
    announcements: Announcements | None = None
    protection: tuple[ProtectionRule, ...] = ()
    journal_path: str | None = None

    def __post_init__(self) -> None:
        check_channels(self.channels)
        known = [channel.name for channel in self.channels]
        for urgency in Urgency:
            route = self.routing.route(urgency)
            for name in route.told_by(len(route.escalate)):
                if name not in known:
                    raise ConfigError(f"the route of {urgency} names channel {name!r}, which is none of {known}")
        for what, named in (("thresholds", self.thresholds), ("protective rules", self.protection)):
            names = [each.name for each in named]
            if len(set(names)) < len(names):
                raise ConfigError(f"two {what} have one name: {', '.join(names)}")

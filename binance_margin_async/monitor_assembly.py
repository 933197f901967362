"""How a monitor is made of a client's parts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from binance_margin_async.assembly import Parts
from binance_margin_async.models.account import CROSS, Account, Isolated
from binance_margin_async.rules.margin.policy import AlertPolicy
from binance_margin_async.services.alerts.bell import Bell
from binance_margin_async.services.alerts.bulletin import Bulletin
from binance_margin_async.services.alerts.kept_state import SLOT
from binance_margin_async.services.alerts.policy import MonitorPolicy
from binance_margin_async.services.monitor import Monitor
from binance_margin_async.services.monitor.lookout import Lookout
from binance_margin_async.services.protection import Protector
from binance_margin_async.services.protection.actions import Actions
from binance_margin_async.services.protection.looks import Looks


def policy_of(given: AlertPolicy | MonitorPolicy | None) -> MonitorPolicy:
    """Return the whole policy of which *given* may be only how patient the alerts are."""
    return given if isinstance(given, MonitorPolicy) else MonitorPolicy(patience=given or AlertPolicy())


def monitor_of(
    accounts: Iterable[Account],
    policy: MonitorPolicy,
    *,
    parts: Parts,
    start_streams: Callable[[], None],
    number: int,
) -> Monitor:
    """
    Return a monitor, not entered yet.

    Args:
        accounts: Whom it watches.
        policy: When it rings, and whom it tells.
        parts: Of the client.
        start_streams: Starts the client's streams without waiting for them.
        number: Tells the monitors of a client apart.

    Raises:
        ValueError: There is no account.
    """
    watched = tuple(dict.fromkeys(accounts))
    if not watched:
        raise ValueError("a monitor needs at least one account: CROSS or Isolated('BTCUSDT')")
    name = f"monitor {number}"
    bell = Bell(
        policy,
        journal=parts.journal,
        clock=parts.clock,
        supervisor=parts.supervisor,
        bus=parts.bus,
        health=parts.health,
        name=name,
        slot=SLOT if number == 1 else f"{SLOT}.{number}",
    )
    lookout = Lookout(
        account_calls=parts.account,
        market_calls=parts.market,
        borrow_calls=parts.borrow,
        bus=parts.bus,
        clock=parts.clock,
        carry=parts.market_streams.carry,
        bell=bell,
    )
    return Monitor(
        watched,
        policy=policy,
        lookout=lookout,
        bell=bell,
        bulletin=_bulletin_of(policy, watched, parts=parts, bell=bell, lookout=lookout, slot=f"collateral.{number}"),
        protector=_protector_of(policy, watched, parts=parts, bell=bell, name=name, slot=f"protection.{number}"),
        clock=parts.clock,
        supervisor=parts.supervisor,
        start_streams=start_streams,
        name=name,
    )


def _bulletin_of(
    policy: MonitorPolicy, watched: Sequence[Account], *, parts: Parts, bell: Bell, lookout: Lookout, slot: str
) -> Bulletin | None:
    if policy.announcements is None:
        return None
    return Bulletin(
        policy.announcements,
        market=parts.market,
        wallet=parts.wallet,
        bell=bell,
        clock=parts.clock,
        assets=lambda: lookout.assets(CROSS),
        pairs=[account.symbol for account in watched if isinstance(account, Isolated)],
        journal=parts.journal,
        slot=slot,
    )


def _protector_of(
    policy: MonitorPolicy, watched: Sequence[Account], *, parts: Parts, bell: Bell, name: str, slot: str
) -> Protector:
    """Return what protects the accounts of a monitor; by a policy without such rules it does nothing."""
    return Protector(
        policy.protection,
        watched,
        clear_share=policy.patience.clear_share,
        looks=Looks(
            account=parts.account,
            market=parts.market,
            spot=parts.spot,
            trade=parts.trade,
            rules=parts.rules,
            clock=parts.clock,
        ),
        actions=Actions(desk=parts.desk, funds=parts.funds, journal=parts.journal),
        bell=bell,
        journal=parts.journal,
        clock=parts.clock,
        supervisor=parts.supervisor,
        bus=parts.bus,
        name=name,
        slot=slot,
    )

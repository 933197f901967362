"""
Binance margin for async Python: typed calls, a limiter, live streams, a margin-call monitor, a simulated exchange.

Names are imported when they are first used, so that importing the package costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from binance_margin_async.client import (
        MarginClient as MarginClient,
    )
    from binance_margin_async.config import (
        Config as Config,
    )
    from binance_margin_async.config import (
        Secret as Secret,
    )
    from binance_margin_async.errors import (
        AccountStateError as AccountStateError,
    )
    from binance_margin_async.errors import (
        AuthError as AuthError,
    )
    from binance_margin_async.errors import (
        BannedError as BannedError,
    )
    from binance_margin_async.errors import (
        Category as Category,
    )
    from binance_margin_async.errors import (
        ClockError as ClockError,
    )
    from binance_margin_async.errors import (
        ClosedError as ClosedError,
    )
    from binance_margin_async.errors import (
        ConfigError as ConfigError,
    )
    from binance_margin_async.errors import (
        CredentialsError as CredentialsError,
    )
    from binance_margin_async.errors import (
        DecodeError as DecodeError,
    )
    from binance_margin_async.errors import (
        EndpointRetiredError as EndpointRetiredError,
    )
    from binance_margin_async.errors import (
        ExchangeError as ExchangeError,
    )
    from binance_margin_async.errors import (
        FirewallError as FirewallError,
    )
    from binance_margin_async.errors import (
        InsufficientCollateralError as InsufficientCollateralError,
    )
    from binance_margin_async.errors import (
        InvalidRequestError as InvalidRequestError,
    )
    from binance_margin_async.errors import (
        InventoryError as InventoryError,
    )
    from binance_margin_async.errors import (
        MarginError as MarginError,
    )
    from binance_margin_async.errors import (
        MissingExtraError as MissingExtraError,
    )
    from binance_margin_async.errors import (
        NotSentError as NotSentError,
    )
    from binance_margin_async.errors import (
        OrderNotFoundError as OrderNotFoundError,
    )
    from binance_margin_async.errors import (
        Outcome as Outcome,
    )
    from binance_margin_async.errors import (
        RateLimitedError as RateLimitedError,
    )
    from binance_margin_async.errors import (
        ReplyLostError as ReplyLostError,
    )
    from binance_margin_async.errors import (
        ServerError as ServerError,
    )
    from binance_margin_async.errors import (
        StreamError as StreamError,
    )
    from binance_margin_async.errors import (
        SubscriptionOverflowError as SubscriptionOverflowError,
    )
    from binance_margin_async.errors import (
        UnknownOutcomeError as UnknownOutcomeError,
    )
    from binance_margin_async.models.account import (
        CROSS as CROSS,
    )
    from binance_margin_async.models.account import (
        Account as Account,
    )
    from binance_margin_async.models.account import (
        Cross as Cross,
    )
    from binance_margin_async.models.account import (
        Isolated as Isolated,
    )
    from binance_margin_async.models.enums import (
        OrderStatus as OrderStatus,
    )
    from binance_margin_async.models.enums import (
        OrderType as OrderType,
    )
    from binance_margin_async.models.enums import (
        Side as Side,
    )
    from binance_margin_async.models.enums import (
        SideEffect as SideEffect,
    )
    from binance_margin_async.models.enums import (
        TimeInForce as TimeInForce,
    )
    from binance_margin_async.models.event import (
        Event as Event,
    )
    from binance_margin_async.models.event import (
        Origin as Origin,
    )
    from binance_margin_async.models.events import (
        AccountSnapshot as AccountSnapshot,
    )
    from binance_margin_async.models.events import (
        AssetBalance as AssetBalance,
    )
    from binance_margin_async.models.events import (
        HandlerFailed as HandlerFailed,
    )
    from binance_margin_async.models.events import (
        LoanUpdate as LoanUpdate,
    )
    from binance_margin_async.models.events import (
        OrderUpdate as OrderUpdate,
    )
    from binance_margin_async.models.events import (
        Overflow as Overflow,
    )
    from binance_margin_async.models.events import (
        StreamHealth as StreamHealth,
    )
    from binance_margin_async.models.events import (
        StreamName as StreamName,
    )
    from binance_margin_async.models.events import (
        StreamStatus as StreamStatus,
    )
    from binance_margin_async.models.events import (
        TaskFailed as TaskFailed,
    )
    from binance_margin_async.models.margin import (
        AlertKind as AlertKind,
    )
    from binance_margin_async.models.margin import (
        BarDistance as BarDistance,
    )
    from binance_margin_async.models.margin import (
        MarginAlert as MarginAlert,
    )
    from binance_margin_async.models.margin import (
        MarginReading as MarginReading,
    )
    from binance_margin_async.models.margin import (
        MarginState as MarginState,
    )
    from binance_margin_async.models.margin import (
        Source as Source,
    )
    from binance_margin_async.models.stream_events import (
        AccountPosition as AccountPosition,
    )
    from binance_margin_async.models.stream_events import (
        BalanceUpdate as BalanceUpdate,
    )
    from binance_margin_async.models.stream_events import (
        EventStreamTerminated as EventStreamTerminated,
    )
    from binance_margin_async.models.stream_events import (
        ExecutionReport as ExecutionReport,
    )
    from binance_margin_async.models.stream_events import (
        ExternalLockUpdate as ExternalLockUpdate,
    )
    from binance_margin_async.models.stream_events import (
        ListenKeyExpired as ListenKeyExpired,
    )
    from binance_margin_async.models.stream_events import (
        ListStatus as ListStatus,
    )
    from binance_margin_async.models.stream_events import (
        MarginLevelStatusChange as MarginLevelStatusChange,
    )
    from binance_margin_async.models.stream_events import (
        ServerShutdown as ServerShutdown,
    )
    from binance_margin_async.models.stream_events import (
        UnknownEvent as UnknownEvent,
    )
    from binance_margin_async.models.stream_events import (
        UserLiabilityChange as UserLiabilityChange,
    )
    from binance_margin_async.rules.margin.policy import (
        AlertPolicy as AlertPolicy,
    )
    from binance_margin_async.sim import (
        SimulatedExchange as SimulatedExchange,
    )

__version__ = "0.1.0"

# Where each public name lives.
_HOMES = {
    "MarginClient": "client",
    "Config": "config",
    "Secret": "config",
    "AccountStateError": "errors",
    "AuthError": "errors",
    "BannedError": "errors",
    "Category": "errors",
    "ClockError": "errors",
    "ClosedError": "errors",
    "ConfigError": "errors",
    "CredentialsError": "errors",
    "DecodeError": "errors",
    "EndpointRetiredError": "errors",
    "ExchangeError": "errors",
    "FirewallError": "errors",
    "InsufficientCollateralError": "errors",
    "InvalidRequestError": "errors",
    "InventoryError": "errors",
    "MarginError": "errors",
    "MissingExtraError": "errors",
    "NotSentError": "errors",
    "OrderNotFoundError": "errors",
    "Outcome": "errors",
    "RateLimitedError": "errors",
    "ReplyLostError": "errors",
    "ServerError": "errors",
    "StreamError": "errors",
    "SubscriptionOverflowError": "errors",
    "UnknownOutcomeError": "errors",
    "Account": "models.account",
    "CROSS": "models.account",
    "Cross": "models.account",
    "Isolated": "models.account",
    "OrderStatus": "models.enums",
    "OrderType": "models.enums",
    "Side": "models.enums",
    "SideEffect": "models.enums",
    "TimeInForce": "models.enums",
    "Event": "models.event",
    "Origin": "models.event",
    "AccountSnapshot": "models.events",
    "AssetBalance": "models.events",
    "HandlerFailed": "models.events",
    "LoanUpdate": "models.events",
    "OrderUpdate": "models.events",
    "Overflow": "models.events",
    "StreamHealth": "models.events",
    "StreamName": "models.events",
    "StreamStatus": "models.events",
    "TaskFailed": "models.events",
    "AlertKind": "models.margin",
    "BarDistance": "models.margin",
    "MarginAlert": "models.margin",
    "MarginReading": "models.margin",
    "MarginState": "models.margin",
    "Source": "models.margin",
    "AccountPosition": "models.stream_events",
    "BalanceUpdate": "models.stream_events",
    "EventStreamTerminated": "models.stream_events",
    "ExecutionReport": "models.stream_events",
    "ExternalLockUpdate": "models.stream_events",
    "ListStatus": "models.stream_events",
    "ListenKeyExpired": "models.stream_events",
    "MarginLevelStatusChange": "models.stream_events",
    "ServerShutdown": "models.stream_events",
    "UnknownEvent": "models.stream_events",
    "UserLiabilityChange": "models.stream_events",
    "AlertPolicy": "rules.margin.policy",
    "SimulatedExchange": "sim",
}
__all__ = [
    "CROSS",
    "Account",
    "AccountPosition",
    "AccountSnapshot",
    "AccountStateError",
    "AlertKind",
    "AlertPolicy",
    "AssetBalance",
    "AuthError",
    "BalanceUpdate",
    "BannedError",
    "BarDistance",
    "Category",
    "ClockError",
    "ClosedError",
    "Config",
    "ConfigError",
    "CredentialsError",
    "Cross",
    "DecodeError",
    "EndpointRetiredError",
    "Event",
    "EventStreamTerminated",
    "ExchangeError",
    "ExecutionReport",
    "ExternalLockUpdate",
    "FirewallError",
    "HandlerFailed",
    "InsufficientCollateralError",
    "InvalidRequestError",
    "InventoryError",
    "Isolated",
    "ListStatus",
    "ListenKeyExpired",
    "LoanUpdate",
    "MarginAlert",
    "MarginClient",
    "MarginError",
    "MarginLevelStatusChange",
    "MarginReading",
    "MarginState",
    "MissingExtraError",
    "NotSentError",
    "OrderNotFoundError",
    "OrderStatus",
    "OrderType",
    "OrderUpdate",
    "Origin",
    "Outcome",
    "Overflow",
    "RateLimitedError",
    "ReplyLostError",
    "Secret",
    "ServerError",
    "ServerShutdown",
    "Side",
    "SideEffect",
    "SimulatedExchange",
    "Source",
    "StreamError",
    "StreamHealth",
    "StreamName",
    "StreamStatus",
    "SubscriptionOverflowError",
    "TaskFailed",
    "TimeInForce",
    "UnknownEvent",
    "UnknownOutcomeError",
    "UserLiabilityChange",
    "__version__",
]


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)

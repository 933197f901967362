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
    from binance_margin_async.models.debts import (
        Liability as Liability,
    )
    from binance_margin_async.models.debts import (
        LiabilityExchange as LiabilityExchange,
    )
    from binance_margin_async.models.debts import (
        LiquidationLoan as LiquidationLoan,
    )
    from binance_margin_async.models.debts import (
        LiquidationLoanRepayment as LiquidationLoanRepayment,
    )
    from binance_margin_async.models.enums import (
        CancelRestriction as CancelRestriction,
    )
    from binance_margin_async.models.enums import (
        InterestType as InterestType,
    )
    from binance_margin_async.models.enums import (
        KeyPermission as KeyPermission,
    )
    from binance_margin_async.models.enums import (
        KeyType as KeyType,
    )
    from binance_margin_async.models.enums import (
        LoanKind as LoanKind,
    )
    from binance_margin_async.models.enums import (
        LoanOrigin as LoanOrigin,
    )
    from binance_margin_async.models.enums import (
        LoanStatus as LoanStatus,
    )
    from binance_margin_async.models.enums import (
        OrderResponse as OrderResponse,
    )
    from binance_margin_async.models.enums import (
        OrderStatus as OrderStatus,
    )
    from binance_margin_async.models.enums import (
        OrderType as OrderType,
    )
    from binance_margin_async.models.enums import (
        PegOffsetType as PegOffsetType,
    )
    from binance_margin_async.models.enums import (
        PegPriceType as PegPriceType,
    )
    from binance_margin_async.models.enums import (
        SelfTradePrevention as SelfTradePrevention,
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
    from binance_margin_async.models.enums import (
        TransferDirection as TransferDirection,
    )
    from binance_margin_async.models.enums import (
        TransferPlace as TransferPlace,
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
        BnbBurnUpdate as BnbBurnUpdate,
    )
    from binance_margin_async.models.events import (
        HandlerFailed as HandlerFailed,
    )
    from binance_margin_async.models.events import (
        IsolatedAccountUpdate as IsolatedAccountUpdate,
    )
    from binance_margin_async.models.events import (
        LiabilityExchangeUpdate as LiabilityExchangeUpdate,
    )
    from binance_margin_async.models.events import (
        LiquidationLoanUpdate as LiquidationLoanUpdate,
    )
    from binance_margin_async.models.events import (
        LiquidationUpdate as LiquidationUpdate,
    )
    from binance_margin_async.models.events import (
        LoanUpdate as LoanUpdate,
    )
    from binance_margin_async.models.events import (
        MaxLeverageUpdate as MaxLeverageUpdate,
    )
    from binance_margin_async.models.events import (
        OrderListUpdate as OrderListUpdate,
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
    from binance_margin_async.models.events import (
        TransferUpdate as TransferUpdate,
    )
    from binance_margin_async.models.list_replies import (
        CanceledOpenOrder as CanceledOpenOrder,
    )
    from binance_margin_async.models.list_replies import (
        CanceledOrderList as CanceledOrderList,
    )
    from binance_margin_async.models.list_replies import (
        OrderList as OrderList,
    )
    from binance_margin_async.models.list_replies import (
        OrderListAck as OrderListAck,
    )
    from binance_margin_async.models.list_replies import (
        OrderListFull as OrderListFull,
    )
    from binance_margin_async.models.list_replies import (
        OrderListResult as OrderListResult,
    )
    from binance_margin_async.models.list_replies import (
        OtoOrderList as OtoOrderList,
    )
    from binance_margin_async.models.loans import (
        DailyInterestRate as DailyInterestRate,
    )
    from binance_margin_async.models.loans import (
        HourlyInterestRate as HourlyInterestRate,
    )
    from binance_margin_async.models.loans import (
        InterestCharge as InterestCharge,
    )
    from binance_margin_async.models.loans import (
        LoanRecord as LoanRecord,
    )
    from binance_margin_async.models.loans import (
        MaxBorrowable as MaxBorrowable,
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
    from binance_margin_async.models.margin_transfers import (
        MarginTransfer as MarginTransfer,
    )
    from binance_margin_async.models.margin_transfers import (
        MaxTransferable as MaxTransferable,
    )
    from binance_margin_async.models.order_legs import (
        LimitLeg as LimitLeg,
    )
    from binance_margin_async.models.order_legs import (
        LimitMakerLeg as LimitMakerLeg,
    )
    from binance_margin_async.models.order_legs import (
        MarketLeg as MarketLeg,
    )
    from binance_margin_async.models.order_legs import (
        StopLossLeg as StopLossLeg,
    )
    from binance_margin_async.models.order_legs import (
        StopLossLimitLeg as StopLossLimitLeg,
    )
    from binance_margin_async.models.order_legs import (
        TakeProfitLeg as TakeProfitLeg,
    )
    from binance_margin_async.models.order_legs import (
        TakeProfitLimitLeg as TakeProfitLimitLeg,
    )
    from binance_margin_async.models.order_lists import (
        Oco as Oco,
    )
    from binance_margin_async.models.order_lists import (
        Oto as Oto,
    )
    from binance_margin_async.models.order_lists import (
        Otoco as Otoco,
    )
    from binance_margin_async.models.orders import (
        LimitMakerOrder as LimitMakerOrder,
    )
    from binance_margin_async.models.orders import (
        LimitOrder as LimitOrder,
    )
    from binance_margin_async.models.orders import (
        MarketOrder as MarketOrder,
    )
    from binance_margin_async.models.orders import (
        SingleOrder as SingleOrder,
    )
    from binance_margin_async.models.orders import (
        StopLossLimitOrder as StopLossLimitOrder,
    )
    from binance_margin_async.models.orders import (
        StopLossOrder as StopLossOrder,
    )
    from binance_margin_async.models.orders import (
        TakeProfitLimitOrder as TakeProfitLimitOrder,
    )
    from binance_margin_async.models.orders import (
        TakeProfitOrder as TakeProfitOrder,
    )
    from binance_margin_async.models.pages import (
        Page as Page,
    )
    from binance_margin_async.models.plain_json import (
        Json as Json,
    )
    from binance_margin_async.models.replies import (
        CanceledOrder as CanceledOrder,
    )
    from binance_margin_async.models.replies import (
        Order as Order,
    )
    from binance_margin_async.models.replies import (
        OrderAck as OrderAck,
    )
    from binance_margin_async.models.replies import (
        OrderFull as OrderFull,
    )
    from binance_margin_async.models.replies import (
        OrderResult as OrderResult,
    )
    from binance_margin_async.models.special_keys import (
        CreatedSpecialKey as CreatedSpecialKey,
    )
    from binance_margin_async.models.special_keys import (
        SpecialKey as SpecialKey,
    )
    from binance_margin_async.models.spot import (
        OrderCommission as OrderCommission,
    )
    from binance_margin_async.models.spot import (
        SpotAccount as SpotAccount,
    )
    from binance_margin_async.models.spot import (
        SpotCanceledOrder as SpotCanceledOrder,
    )
    from binance_margin_async.models.spot import (
        SpotOrder as SpotOrder,
    )
    from binance_margin_async.models.spot import (
        SpotOrderAck as SpotOrderAck,
    )
    from binance_margin_async.models.spot import (
        SpotOrderFull as SpotOrderFull,
    )
    from binance_margin_async.models.spot import (
        SpotOrderResult as SpotOrderResult,
    )
    from binance_margin_async.models.spot import (
        SpotTrade as SpotTrade,
    )
    from binance_margin_async.models.spot import (
        TickerPrice as TickerPrice,
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
    from binance_margin_async.models.trades import (
        ForcedLiquidation as ForcedLiquidation,
    )
    from binance_margin_async.models.trades import (
        OrderRateLimit as OrderRateLimit,
    )
    from binance_margin_async.models.trades import (
        PreventedMatch as PreventedMatch,
    )
    from binance_margin_async.models.trades import (
        Trade as Trade,
    )
    from binance_margin_async.models.wallets import (
        TransferType as TransferType,
    )
    from binance_margin_async.rest.limits import (
        Limits as Limits,
    )
    from binance_margin_async.rules.limits import (
        Cost as Cost,
    )
    from binance_margin_async.rules.limits import (
        Dearer as Dearer,
    )
    from binance_margin_async.rules.limits import (
        ip as ip,
    )
    from binance_margin_async.rules.limits import (
        uid as uid,
    )
    from binance_margin_async.rules.margin.policy import (
        AlertPolicy as AlertPolicy,
    )
    from binance_margin_async.sim import (
        SimulatedExchange as SimulatedExchange,
    )
    from binance_margin_async.wire.endpoint import (
        Security as Security,
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
    "Liability": "models.debts",
    "LiabilityExchange": "models.debts",
    "LiquidationLoan": "models.debts",
    "LiquidationLoanRepayment": "models.debts",
    "CancelRestriction": "models.enums",
    "InterestType": "models.enums",
    "KeyPermission": "models.enums",
    "KeyType": "models.enums",
    "LoanKind": "models.enums",
    "LoanOrigin": "models.enums",
    "LoanStatus": "models.enums",
    "OrderResponse": "models.enums",
    "OrderStatus": "models.enums",
    "OrderType": "models.enums",
    "PegOffsetType": "models.enums",
    "PegPriceType": "models.enums",
    "SelfTradePrevention": "models.enums",
    "Side": "models.enums",
    "SideEffect": "models.enums",
    "TimeInForce": "models.enums",
    "TransferDirection": "models.enums",
    "TransferPlace": "models.enums",
    "Event": "models.event",
    "Origin": "models.event",
    "AccountSnapshot": "models.events",
    "AssetBalance": "models.events",
    "BnbBurnUpdate": "models.events",
    "HandlerFailed": "models.events",
    "IsolatedAccountUpdate": "models.events",
    "LiabilityExchangeUpdate": "models.events",
    "LiquidationLoanUpdate": "models.events",
    "LiquidationUpdate": "models.events",
    "LoanUpdate": "models.events",
    "MaxLeverageUpdate": "models.events",
    "OrderListUpdate": "models.events",
    "OrderUpdate": "models.events",
    "Overflow": "models.events",
    "StreamHealth": "models.events",
    "StreamName": "models.events",
    "StreamStatus": "models.events",
    "TaskFailed": "models.events",
    "TransferUpdate": "models.events",
    "CanceledOpenOrder": "models.list_replies",
    "CanceledOrderList": "models.list_replies",
    "OrderList": "models.list_replies",
    "OrderListAck": "models.list_replies",
    "OrderListFull": "models.list_replies",
    "OrderListResult": "models.list_replies",
    "OtoOrderList": "models.list_replies",
    "DailyInterestRate": "models.loans",
    "HourlyInterestRate": "models.loans",
    "InterestCharge": "models.loans",
    "LoanRecord": "models.loans",
    "MaxBorrowable": "models.loans",
    "AlertKind": "models.margin",
    "BarDistance": "models.margin",
    "MarginAlert": "models.margin",
    "MarginReading": "models.margin",
    "MarginState": "models.margin",
    "Source": "models.margin",
    "MarginTransfer": "models.margin_transfers",
    "MaxTransferable": "models.margin_transfers",
    "LimitLeg": "models.order_legs",
    "LimitMakerLeg": "models.order_legs",
    "MarketLeg": "models.order_legs",
    "StopLossLeg": "models.order_legs",
    "StopLossLimitLeg": "models.order_legs",
    "TakeProfitLeg": "models.order_legs",
    "TakeProfitLimitLeg": "models.order_legs",
    "Oco": "models.order_lists",
    "Oto": "models.order_lists",
    "Otoco": "models.order_lists",
    "LimitMakerOrder": "models.orders",
    "LimitOrder": "models.orders",
    "MarketOrder": "models.orders",
    "SingleOrder": "models.orders",
    "StopLossLimitOrder": "models.orders",
    "StopLossOrder": "models.orders",
    "TakeProfitLimitOrder": "models.orders",
    "TakeProfitOrder": "models.orders",
    "Page": "models.pages",
    "Json": "models.plain_json",
    "CanceledOrder": "models.replies",
    "Order": "models.replies",
    "OrderAck": "models.replies",
    "OrderFull": "models.replies",
    "OrderResult": "models.replies",
    "CreatedSpecialKey": "models.special_keys",
    "SpecialKey": "models.special_keys",
    "OrderCommission": "models.spot",
    "SpotAccount": "models.spot",
    "SpotCanceledOrder": "models.spot",
    "SpotOrder": "models.spot",
    "SpotOrderAck": "models.spot",
    "SpotOrderFull": "models.spot",
    "SpotOrderResult": "models.spot",
    "SpotTrade": "models.spot",
    "TickerPrice": "models.spot",
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
    "ForcedLiquidation": "models.trades",
    "OrderRateLimit": "models.trades",
    "PreventedMatch": "models.trades",
    "Trade": "models.trades",
    "TransferType": "models.wallets",
    "Limits": "rest.limits",
    "Cost": "rules.limits",
    "Dearer": "rules.limits",
    "ip": "rules.limits",
    "uid": "rules.limits",
    "AlertPolicy": "rules.margin.policy",
    "SimulatedExchange": "sim",
    "Security": "wire.endpoint",
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
    "BnbBurnUpdate",
    "CancelRestriction",
    "CanceledOpenOrder",
    "CanceledOrder",
    "CanceledOrderList",
    "Category",
    "ClockError",
    "ClosedError",
    "Config",
    "ConfigError",
    "Cost",
    "CreatedSpecialKey",
    "CredentialsError",
    "Cross",
    "DailyInterestRate",
    "Dearer",
    "DecodeError",
    "EndpointRetiredError",
    "Event",
    "EventStreamTerminated",
    "ExchangeError",
    "ExecutionReport",
    "ExternalLockUpdate",
    "FirewallError",
    "ForcedLiquidation",
    "HandlerFailed",
    "HourlyInterestRate",
    "InsufficientCollateralError",
    "InterestCharge",
    "InterestType",
    "InvalidRequestError",
    "InventoryError",
    "Isolated",
    "IsolatedAccountUpdate",
    "Json",
    "KeyPermission",
    "KeyType",
    "Liability",
    "LiabilityExchange",
    "LiabilityExchangeUpdate",
    "LimitLeg",
    "LimitMakerLeg",
    "LimitMakerOrder",
    "LimitOrder",
    "Limits",
    "LiquidationLoan",
    "LiquidationLoanRepayment",
    "LiquidationLoanUpdate",
    "LiquidationUpdate",
    "ListStatus",
    "ListenKeyExpired",
    "LoanKind",
    "LoanOrigin",
    "LoanRecord",
    "LoanStatus",
    "LoanUpdate",
    "MarginAlert",
    "MarginClient",
    "MarginError",
    "MarginLevelStatusChange",
    "MarginReading",
    "MarginState",
    "MarginTransfer",
    "MarketLeg",
    "MarketOrder",
    "MaxBorrowable",
    "MaxLeverageUpdate",
    "MaxTransferable",
    "MissingExtraError",
    "NotSentError",
    "Oco",
    "Order",
    "OrderAck",
    "OrderCommission",
    "OrderFull",
    "OrderList",
    "OrderListAck",
    "OrderListFull",
    "OrderListResult",
    "OrderListUpdate",
    "OrderNotFoundError",
    "OrderRateLimit",
    "OrderResponse",
    "OrderResult",
    "OrderStatus",
    "OrderType",
    "OrderUpdate",
    "Origin",
    "Oto",
    "OtoOrderList",
    "Otoco",
    "Outcome",
    "Overflow",
    "Page",
    "PegOffsetType",
    "PegPriceType",
    "PreventedMatch",
    "RateLimitedError",
    "ReplyLostError",
    "Secret",
    "Security",
    "SelfTradePrevention",
    "ServerError",
    "ServerShutdown",
    "Side",
    "SideEffect",
    "SimulatedExchange",
    "SingleOrder",
    "Source",
    "SpecialKey",
    "SpotAccount",
    "SpotCanceledOrder",
    "SpotOrder",
    "SpotOrderAck",
    "SpotOrderFull",
    "SpotOrderResult",
    "SpotTrade",
    "StopLossLeg",
    "StopLossLimitLeg",
    "StopLossLimitOrder",
    "StopLossOrder",
    "StreamError",
    "StreamHealth",
    "StreamName",
    "StreamStatus",
    "SubscriptionOverflowError",
    "TakeProfitLeg",
    "TakeProfitLimitLeg",
    "TakeProfitLimitOrder",
    "TakeProfitOrder",
    "TaskFailed",
    "TickerPrice",
    "TimeInForce",
    "Trade",
    "TransferDirection",
    "TransferPlace",
    "TransferType",
    "TransferUpdate",
    "UnknownEvent",
    "UnknownOutcomeError",
    "UserLiabilityChange",
    "__version__",
    "ip",
    "uid",
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

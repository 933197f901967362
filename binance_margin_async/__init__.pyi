# What the package offers, for type checkers; at run time names are imported when they are first used.

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
    JournalError as JournalError,
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
    Retry as Retry,
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
from binance_margin_async.models.funds import (
    Moved as Moved,
)
from binance_margin_async.models.funds import (
    MoveIncompleteError as MoveIncompleteError,
)
from binance_margin_async.models.funds import (
    Repayment as Repayment,
)
from binance_margin_async.models.funds import (
    Transferred as Transferred,
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
from binance_margin_async.models.order_replies import (
    CanceledOrder as CanceledOrder,
)
from binance_margin_async.models.order_replies import (
    Order as Order,
)
from binance_margin_async.models.order_replies import (
    OrderAck as OrderAck,
)
from binance_margin_async.models.order_replies import (
    OrderFull as OrderFull,
)
from binance_margin_async.models.order_replies import (
    OrderResult as OrderResult,
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
from binance_margin_async.models.transfers import (
    TransferReply as TransferReply,
)
from binance_margin_async.models.transfers import (
    TransferStatus as TransferStatus,
)
from binance_margin_async.models.transfers import (
    UniversalTransfer as UniversalTransfer,
)
from binance_margin_async.models.violations import (
    Severity as Severity,
)
from binance_margin_async.models.violations import (
    Violation as Violation,
)
from binance_margin_async.models.wallets import (
    CM_FUTURES as CM_FUTURES,
)
from binance_margin_async.models.wallets import (
    FUNDING as FUNDING,
)
from binance_margin_async.models.wallets import (
    OPTIONS as OPTIONS,
)
from binance_margin_async.models.wallets import (
    PORTFOLIO_MARGIN as PORTFOLIO_MARGIN,
)
from binance_margin_async.models.wallets import (
    SPOT as SPOT,
)
from binance_margin_async.models.wallets import (
    UM_FUTURES as UM_FUTURES,
)
from binance_margin_async.models.wallets import (
    Place as Place,
)
from binance_margin_async.models.wallets import (
    TransferType as TransferType,
)
from binance_margin_async.models.wallets import (
    Wallet as Wallet,
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
from binance_margin_async.rules.orders.band import (
    Band as Band,
)
from binance_margin_async.rules.orders.quantize import (
    UnreachableValueError as UnreachableValueError,
)
from binance_margin_async.rules.orders.symbol_rules import (
    SymbolRules as SymbolRules,
)
from binance_margin_async.sim import (
    SimulatedExchange as SimulatedExchange,
)
from binance_margin_async.wire.endpoint import (
    Security as Security,
)

__version__: str

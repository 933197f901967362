"""
Binance margin for async Python: typed calls, a limiter, live streams, a margin-call monitor, a simulated exchange.

Names are imported when they are first used, so that importing the package costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module

__version__ = "0.1.0"

# Each module and the public names that live in it; ``__init__.pyi`` says the same to type checkers.
_PUBLIC = {
    "client": """
        MarginClient
    """,
    "config": """
        Config
    """,
    "errors": """
        AccountStateError AmbiguousOutcomeError AuthError BannedError Category ClockError ClosedError ConfigError
        CredentialsError
        DecodeError DeliveryError DryRunError EndpointRetiredError ExchangeError FirewallError HaltedError
        InsufficientCollateralError InvalidRequestError InventoryError JournalError MarginError MissingExtraError
        NotCarriedOutError NotSentError OrderEndedError OrderNotFoundError OrderRefusedError OutOfReachError Outcome
        RateLimitedError ReplyLostError Retry ServerError StreamError SubscriptionOverflowError UnknownOutcomeError
    """,
    "journal": """
        Journal MemoryJournal SqliteJournal
    """,
    "models.alerts": """
        AlertTopic Ring RingKind RingUndelivered Urgency
    """,
    "models.account": """
        Account CROSS Cross Isolated
    """,
    "models.protection": """
        ActionKind ActionStage ProtectiveAction
    """,
    "rules.protection.rule": """
        ProtectionRule
    """,
    "models.debts": """
        Liability LiabilityExchange LiquidationLoan LiquidationLoanRepayment
    """,
    "models.enums": """
        CancelRestriction InterestType KeyPermission KeyType LoanKind LoanOrigin LoanStatus OrderResponse
        OrderStatus OrderType PegOffsetType PegPriceType SelfTradePrevention Side SideEffect TimeInForce
        TransferDirection TransferPlace
    """,
    "models.event": """
        Event Origin
    """,
    "models.events": """
        AccountSnapshot AssetBalance AssetLiability AutoRepayMissed BnbBurnUpdate CancelRepayMismatch
        GapClosed GapOpened
        HandlerFailed IsolatedAccountUpdate LiabilityExchangeUpdate LiquidationLoanUpdate LiquidationUpdate
        LoanLeftBehind LoanUpdate MaxLeverageUpdate OrderListUpdate OrderUpdate OutcomeAmbiguous OutcomeUpdate
        Overflow StreamAtRisk StreamHealth StreamName StreamRefused StreamStatus TaskFailed TransferUpdate
    """,
    "models.funds": """
        MoveIncompleteError Moved Repayment Transferred
    """,
    "models.intents": """
        Intent IntentKind
    """,
    "models.health": """
        HealthProblem HealthState HealthUpdate LoopBlocked ShutdownIncomplete
    """,
    "models.latency": """
        Latency Percentiles
    """,
    "models.list_replies": """
        CanceledOpenOrder CanceledOrderList OrderList OrderListAck OrderListFull OrderListResult OtoOrderList
    """,
    "models.loans": """
        DailyInterestRate HourlyInterestRate InterestCharge LoanRecord MaxBorrowable
    """,
    "models.answers": """
        MarginAnswers Restore
    """,
    "models.margin": """
        AlertKind BarDistance MarginAlert MarginReading MarginState Source
    """,
    "models.market_events": """
        AggregateTrade BookTicker Kline KlineInterval MarketEvent MiniTicker
    """,
    "models.margin_transfers": """
        MarginTransfer MaxTransferable
    """,
    "models.order_legs": """
        LimitLeg LimitMakerLeg MarketLeg StopLossLeg StopLossLimitLeg TakeProfitLeg TakeProfitLimitLeg
    """,
    "models.order_lists": """
        Oco Oto Otoco
    """,
    "models.orders": """
        LimitMakerOrder LimitOrder MarketOrder SingleOrder StopLossLimitOrder StopLossOrder
        TakeProfitLimitOrder TakeProfitOrder
    """,
    "models.pages": """
        Page
    """,
    "models.plain_json": """
        Json
    """,
    "models.order_replies": """
        CanceledOrder Order OrderAck OrderFull OrderResult
    """,
    "models.preview": """
        Preview
    """,
    "models.special_keys": """
        CreatedSpecialKey SpecialKey
    """,
    "models.spot": """
        OrderCommission SpotAccount SpotCanceledOrder SpotOrder SpotOrderAck SpotOrderFull SpotOrderResult
        SpotTrade TickerPrice
    """,
    "models.stages": """
        Stages
    """,
    "models.stream_events": """
        AccountPosition BalanceUpdate EventStreamTerminated ExecutionReport ExternalLockUpdate ListStatus
        ListenKeyExpired MarginLevelStatusChange ServerShutdown UnknownEvent UserLiabilityChange
    """,
    "models.trades": """
        ForcedLiquidation OrderRateLimit PreventedMatch Trade
    """,
    "models.transfers": """
        TransferReply TransferStatus UniversalTransfer
    """,
    "models.wallets": """
        CM_FUTURES FUNDING OPTIONS PORTFOLIO_MARGIN Place SPOT TransferType UM_FUTURES Wallet
    """,
    "rest.limits": """
        Limits
    """,
    "rules.history.page": """
        HistoryGap HistoryMark
    """,
    "rules.limits": """
        Cost Dearer ip uid
    """,
    "rules.orders.band": """
        Band
    """,
    "rules.orders.quantize": """
        UnreachableValueError
    """,
    "rules.orders.symbol_rules": """
        SymbolRules
    """,
    "models.violations": """
        Severity Violation
    """,
    "rules.alerts.kept": """
        KeptAlert
    """,
    "rules.alerts.routing": """
        Quiet Route Routing Step
    """,
    "rules.margin.policy": """
        AlertPolicy
    """,
    "rules.margin.thresholds": """
        Measure Threshold
    """,
    "services.alerts": """
        AppriseChannel Channel CommandChannel LogChannel TerminalChannel WebhookChannel
    """,
    "services.alerts.policy": """
        Announcements MonitorPolicy
    """,
    "services.alerts.policy_file": """
        PolicyFileError read_policy
    """,
    "services.desk": """
        LiveOrder LiveOrderList OrderDesk
    """,
    "services.funds": """
        Funds FundsChange
    """,
    "services.history.history": """
        History
    """,
    "services.history.statement": """
        Statement StatementEntry StatementMark
    """,
    "secret": """
        Secret
    """,
    "rest.lane": """
        SpecialKeyAccess
    """,
    "services.health": """
        ClientHealth ClockReport LoopReport StreamReport
    """,
    "services.mirror": """
        AccountMirror MirroredAsset
    """,
    "services.supervisor": """
        TaskReport
    """,
    "sim": """
        SimulatedExchange
    """,
    "wire.endpoint": """
        Security
    """,
}
_HOMES = {name: module for module, names in _PUBLIC.items() for name in names.split()}
__all__ = ["__version__", *_HOMES]  # noqa: PLE0604  # pyright: ignore[reportUnsupportedDunderAll]  # names; the stub tells


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)

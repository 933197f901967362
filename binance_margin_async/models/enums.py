"""
The exchange's enumerations.

New members appear without notice: an unknown one becomes ``UNKNOWN`` and is logged once.
Source: margin and spot API documents (read 2026-11-22).
"""

from __future__ import annotations

import logging
from enum import StrEnum
from typing import Literal, Self

_log = logging.getLogger("binance_margin_async.models")
_seen: set[tuple[str, str]] = set()
# Enough for every member that may ever be added; a hostile feed cannot grow it further.
_MOST_SEEN = 1_000


class OpenEnum(StrEnum):
    """An enumeration the exchange may extend; its class must have a member ``UNKNOWN``."""

    @classmethod
    def _missing_(cls, value: object) -> Self:
        name = str(value)[:80]
        if (cls.__name__, name) not in _seen and len(_seen) < _MOST_SEEN:
            _seen.add((cls.__name__, name))
            _log.warning("unknown %s %r: treated as UNKNOWN", cls.__name__, name)
        return cls("UNKNOWN")


class Side(OpenEnum):
    BUY = "BUY"
    SELL = "SELL"
    UNKNOWN = "UNKNOWN"


class OrderType(OpenEnum):
    LIMIT = "LIMIT"
    MARKET = "MARKET"
    STOP_LOSS = "STOP_LOSS"
    STOP_LOSS_LIMIT = "STOP_LOSS_LIMIT"
    TAKE_PROFIT = "TAKE_PROFIT"
    TAKE_PROFIT_LIMIT = "TAKE_PROFIT_LIMIT"
    LIMIT_MAKER = "LIMIT_MAKER"
    UNKNOWN = "UNKNOWN"


class TimeInForce(OpenEnum):
    GTC = "GTC"
    IOC = "IOC"
    FOK = "FOK"
    UNKNOWN = "UNKNOWN"


class OrderStatus(OpenEnum):
    NEW = "NEW"
    PENDING_NEW = "PENDING_NEW"
    PARTIALLY_FILLED = "PARTIALLY_FILLED"
    FILLED = "FILLED"
    CANCELED = "CANCELED"
    PENDING_CANCEL = "PENDING_CANCEL"
    REJECTED = "REJECTED"
    EXPIRED = "EXPIRED"
    EXPIRED_IN_MATCH = "EXPIRED_IN_MATCH"
    UNKNOWN = "UNKNOWN"

    @property
    def is_final(self) -> bool:
        """Whether an order in this status can never change again."""
        return self in _FINAL


_FINAL = frozenset(
    {
        OrderStatus.FILLED,
        OrderStatus.CANCELED,
        OrderStatus.REJECTED,
        OrderStatus.EXPIRED,
        OrderStatus.EXPIRED_IN_MATCH,
    }
)


class ExecutionType(OpenEnum):
    NEW = "NEW"
    CANCELED = "CANCELED"
    REPLACED = "REPLACED"
    REJECTED = "REJECTED"
    TRADE = "TRADE"
    EXPIRED = "EXPIRED"
    TRADE_PREVENTION = "TRADE_PREVENTION"
    UNKNOWN = "UNKNOWN"


class SideEffect(OpenEnum):
    """What an order may do besides trade."""

    NO_SIDE_EFFECT = "NO_SIDE_EFFECT"
    MARGIN_BUY = "MARGIN_BUY"
    AUTO_REPAY = "AUTO_REPAY"
    AUTO_BORROW_REPAY = "AUTO_BORROW_REPAY"
    UNKNOWN = "UNKNOWN"


class SelfTradePrevention(OpenEnum):
    NONE = "NONE"
    EXPIRE_TAKER = "EXPIRE_TAKER"
    EXPIRE_MAKER = "EXPIRE_MAKER"
    EXPIRE_BOTH = "EXPIRE_BOTH"
    DECREMENT = "DECREMENT"
    TRANSFER = "TRANSFER"
    UNKNOWN = "UNKNOWN"


class RejectReason(OpenEnum):
    NONE = "NONE"
    INSUFFICIENT_BALANCES = "INSUFFICIENT_BALANCES"
    STOP_PRICE_WOULD_TRIGGER_IMMEDIATELY = "STOP_PRICE_WOULD_TRIGGER_IMMEDIATELY"
    WOULD_MATCH_IMMEDIATELY = "WOULD_MATCH_IMMEDIATELY"
    OCO_BAD_PRICES = "OCO_BAD_PRICES"
    UNKNOWN = "UNKNOWN"


class ExpiryReason(OpenEnum):
    REJECTED = "REJECTED"
    EXCHANGE_CANCELED = "EXCHANGE_CANCELED"
    OCO_TRIGGER = "OCO_TRIGGER"
    OTO_PHASE_ONE_EXPIRED = "OTO_PHASE_ONE_EXPIRED"
    UNFILLED_IOC_QUANTITY_EXPIRED = "UNFILLED_IOC_QUANTITY_EXPIRED"
    UNFILLED_FOK_ORDER_EXPIRED = "UNFILLED_FOK_ORDER_EXPIRED"
    INSUFFICIENT_LIQUIDITY = "INSUFFICIENT_LIQUIDITY"
    EXECUTION_RULE_PRICE_RANGE_EXCEEDED = "EXECUTION_RULE_PRICE_RANGE_EXCEEDED"
    UNKNOWN = "UNKNOWN"


class ContingencyType(OpenEnum):
    OCO = "OCO"
    OTO = "OTO"
    UNKNOWN = "UNKNOWN"


class ListStatusType(OpenEnum):
    RESPONSE = "RESPONSE"
    EXEC_STARTED = "EXEC_STARTED"
    UPDATED = "UPDATED"
    ALL_DONE = "ALL_DONE"
    UNKNOWN = "UNKNOWN"


class ListOrderStatus(OpenEnum):
    EXECUTING = "EXECUTING"
    ALL_DONE = "ALL_DONE"
    REJECT = "REJECT"
    CANCELING = "CANCELING"
    UNKNOWN = "UNKNOWN"


class SymbolStatus(OpenEnum):
    TRADING = "TRADING"
    END_OF_DAY = "END_OF_DAY"
    HALT = "HALT"
    BREAK = "BREAK"
    CANCEL_ONLY = "CANCEL_ONLY"
    UNKNOWN = "UNKNOWN"


class AccountType(OpenEnum):
    """Cross account mode: ``MARGIN_1`` Classic, ``MARGIN_2`` Pro (closed on 2026-04-13)."""

    MARGIN_1 = "MARGIN_1"
    MARGIN_2 = "MARGIN_2"
    UNKNOWN = "UNKNOWN"


class MarginLevelStatus(OpenEnum):
    """The exchange's own word for an account's danger."""

    EXCESSIVE = "EXCESSIVE"
    NORMAL = "NORMAL"
    MARGIN_CALL = "MARGIN_CALL"
    PRE_LIQUIDATION = "PRE_LIQUIDATION"
    FORCE_LIQUIDATION = "FORCE_LIQUIDATION"
    UNKNOWN = "UNKNOWN"


class OrderResponse(StrEnum):
    """How much a new order's reply tells (``newOrderRespType``)."""

    ACK = "ACK"
    RESULT = "RESULT"
    FULL = "FULL"


AsAck = Literal[OrderResponse.ACK, "ACK"]
AsResult = Literal[OrderResponse.RESULT, "RESULT"]
AsFull = Literal[OrderResponse.FULL, "FULL"]


class LoanKind(StrEnum):
    """Which way a loan goes."""

    BORROW = "BORROW"
    REPAY = "REPAY"


class LoanOrigin(OpenEnum):
    """Who asked for a loan or a repayment: you by hand, an order's side effect, or the BNB or point payer."""

    AUTO = "AUTO"
    MANUAL = "MANUAL"
    BNB_AUTO_REPAY = "BNB_AUTO_REPAY"
    POINT_AUTO_REPAY = "POINT_AUTO_REPAY"
    UNKNOWN = "UNKNOWN"


class LoanStatus(OpenEnum):
    PENDING = "PENDING"
    CONFIRMED = "CONFIRMED"
    FAILED = "FAILED"
    UNKNOWN = "UNKNOWN"


class InterestType(OpenEnum):
    """Why interest was charged; those ending in ``_CONVERTED`` were paid in BNB."""

    PERIODIC = "PERIODIC"
    ON_BORROW = "ON_BORROW"
    PERIODIC_CONVERTED = "PERIODIC_CONVERTED"
    ON_BORROW_CONVERTED = "ON_BORROW_CONVERTED"
    PORTFOLIO = "PORTFOLIO"
    UNKNOWN = "UNKNOWN"


class TransferDirection(OpenEnum):
    """Seen from the margin account."""

    ROLL_IN = "ROLL_IN"
    ROLL_OUT = "ROLL_OUT"
    UNKNOWN = "UNKNOWN"


class TransferPlace(OpenEnum):
    """Where a transfer of a margin account came from or went to."""

    SPOT = "SPOT"
    FUTURES = "FUTURES"
    FIAT = "FIAT"
    DELIVERY = "DELIVERY"
    MINING = "MINING"
    ISOLATED_MARGIN = "ISOLATED_MARGIN"
    FUNDING = "FUNDING"
    MOTHER_SPOT = "MOTHER_SPOT"
    OPTION = "OPTION"
    SUB_SPOT = "SUB_SPOT"
    SUB_MARGIN = "SUB_MARGIN"
    CROSS_MARGIN = "CROSS_MARGIN"
    UNKNOWN = "UNKNOWN"


class RepaymentStatus(OpenEnum):
    """State of a payment towards a liquidation loan; one that failed is an error instead."""

    SUCCESS = "SUCCESS"
    PENDING = "PENDING"
    UNKNOWN = "UNKNOWN"


class KeyType(OpenEnum):
    """How a key signs."""

    HMAC_SHA256 = "HMAC_SHA256"
    RSA = "RSA"
    Ed25519 = "Ed25519"
    UNKNOWN = "UNKNOWN"


class KeyPermission(OpenEnum):
    """What a special key may do (``permissionMode``): everything, or only read."""

    TRADE = "TRADE"
    READ = "READ"
    UNKNOWN = "UNKNOWN"


class PegPriceType(OpenEnum):
    """What the price of a pegged order follows: the best price of its own side, or of the other."""

    PRIMARY_PEG = "PRIMARY_PEG"
    MARKET_PEG = "MARKET_PEG"
    UNKNOWN = "UNKNOWN"


class PegOffsetType(OpenEnum):
    """What the distance of a pegged order from its price is counted in."""

    PRICE_LEVEL = "PRICE_LEVEL"
    UNKNOWN = "UNKNOWN"


class CancelRestriction(StrEnum):
    """In which state an order must be for a cancel to be carried out."""

    ONLY_NEW = "ONLY_NEW"
    ONLY_PARTIALLY_FILLED = "ONLY_PARTIALLY_FILLED"

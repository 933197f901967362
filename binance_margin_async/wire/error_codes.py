"""
The exchange's error codes: name, category, and what to do about each.

A code becomes an error class here and nowhere else.
Source: margin error codes, spot errors.md, borrow and repay page (read 2026-11-22).
"""

from __future__ import annotations

from typing import NamedTuple

from binance_margin_async.errors import (
    AccountStateError,
    AuthError,
    Category,
    ClockError,
    ExchangeError,
    InsufficientCollateralError,
    InvalidRequestError,
    InventoryError,
    OrderNotFoundError,
    RateLimitedError,
    Retry,
    ServerError,
    UnknownOutcomeError,
)


class Meaning(NamedTuple):
    """What a code says; ``advice`` is a sentence for the person who has to act."""

    name: str
    category: Category
    advice: str = ""
    # Whether the exchange may have acted although it answered with this code.
    doubtful: bool = False
    retry: Retry = Retry.NO


_AUTH, _CLOCK, _RATE, _INPUT = Category.AUTH, Category.CLOCK, Category.RATE_LIMIT, Category.INPUT
_COLLATERAL, _INVENTORY = Category.COLLATERAL, Category.INVENTORY
_STATE, _UNKNOWN, _SERVER = Category.ACCOUNT_STATE, Category.UNKNOWN_OUTCOME, Category.SERVER
_SIGNATURE = (
    "The secret does not fit the key, or the payload was changed on its way: check the secret; "
    "sending the same again does not help."
)
_DEBT_MOVED = (
    "More than the debt, or too little would be left: read it again, interest moves it hourly, "
    "or use client.funds.repay_all."
)
_FIND_OUT = "Find out what happened before doing anything else."
_BORROW_ROOM = "Ask client.borrow.max_borrowable, lower the amount or add collateral."
_LEAVE_ROOM = "Ask client.transfer.max_transferable, or repay or add collateral: the level must stay at 2 or more."
_PENDING = "Another borrow or repay is still in work: wait up to a second, and make such calls one after the other."
_NOT_LENT = "This asset is not lent now: see isBorrowable in client.market.all_assets, use another asset or wait."
_POOL = "The lending pool is too low: see client.market.available_inventory, wait minutes, or use another asset."

CODES: dict[int, Meaning] = {
    # General
    -1000: Meaning("UNKNOWN", _UNKNOWN, _FIND_OUT, doubtful=True),
    -1001: Meaning("DISCONNECTED", _UNKNOWN, _FIND_OUT, doubtful=True),
    -1002: Meaning("UNAUTHORIZED", _AUTH, "The key may not make this call."),
    -1003: Meaning("TOO_MANY_REQUESTS", _RATE, "Wait for the time given before the next call."),
    -1004: Meaning("SERVER_BUSY", _SERVER, "Wait; for a write, find out what happened first.", doubtful=True),
    -1006: Meaning("UNEXPECTED_RESP", _UNKNOWN, _FIND_OUT, doubtful=True),
    -1007: Meaning("TIMEOUT", _UNKNOWN, _FIND_OUT, doubtful=True),
    -1008: Meaning("SERVER_BUSY", _SERVER, "Wait; for a write, find out what happened first.", doubtful=True),
    -1010: Meaning("ERROR_MSG_RECEIVED", _INPUT, "The matching engine refused it; its text says why."),
    -1013: Meaning("INVALID_MESSAGE", _INPUT, "A filter of the symbol was broken; the text names it."),
    -1014: Meaning("UNKNOWN_ORDER_COMPOSITION", _INPUT, "This combination of order parameters is not supported."),
    -1015: Meaning("TOO_MANY_ORDERS", _RATE, "Place no orders until the counting window ends."),
    -1016: Meaning("SERVICE_SHUTTING_DOWN", _SERVER, "The service is gone; connect elsewhere or wait."),
    -1020: Meaning("UNSUPPORTED_OPERATION", _INPUT, "The exchange does not offer this."),
    -1021: Meaning(
        "INVALID_TIMESTAMP",
        _CLOCK,
        "The request reached the exchange too late or dated in the future. The clock offset is being measured again: "
        "make the call once more.",
    ),
    -1022: Meaning("INVALID_SIGNATURE", _AUTH, _SIGNATURE),
    -1034: Meaning("TOO_MANY_CONNECTIONS", _RATE, "Open fewer connections, and slowly."),
    -1099: Meaning("UNAUTHORIZED", _AUTH, "Not found, not authenticated, or not authorised."),
    -1100: Meaning("ILLEGAL_CHARS", _INPUT, "A parameter holds a character outside its legal range."),
    -1101: Meaning("TOO_MANY_PARAMETERS", _INPUT),
    -1102: Meaning("MANDATORY_PARAM_EMPTY_OR_MALFORMED", _INPUT, "A needed parameter is missing or malformed."),
    -1103: Meaning("UNKNOWN_PARAM", _INPUT),
    -1104: Meaning("UNREAD_PARAMETERS", _INPUT),
    -1105: Meaning("PARAM_EMPTY", _INPUT),
    -1106: Meaning("PARAM_NOT_REQUIRED", _INPUT),
    -1108: Meaning("PARAM_OVERFLOW", _INPUT),
    -1111: Meaning("BAD_PRECISION", _INPUT, "Round to the symbol's tick or step."),
    -1112: Meaning("NO_DEPTH", _SERVER, "The book is empty."),
    -1114: Meaning("TIF_NOT_REQUIRED", _INPUT),
    -1115: Meaning("INVALID_TIF", _INPUT),
    -1116: Meaning("INVALID_ORDER_TYPE", _INPUT),
    -1117: Meaning("INVALID_SIDE", _INPUT),
    -1118: Meaning("EMPTY_NEW_CL_ORD_ID", _INPUT),
    -1119: Meaning("EMPTY_ORG_CL_ORD_ID", _INPUT),
    -1120: Meaning("BAD_INTERVAL", _INPUT),
    -1121: Meaning("BAD_SYMBOL", _INPUT, "The exchange knows no such symbol: check its spelling."),
    -1122: Meaning("INVALID_SYMBOLSTATUS", _INPUT),
    -1125: Meaning("INVALID_LISTEN_KEY", _AUTH, "The listen key is gone; a new one is needed."),
    -1127: Meaning("MORE_THAN_XX_HOURS", _INPUT, "Ask for a shorter span."),
    -1128: Meaning("OPTIONAL_PARAMS_BAD_COMBO", _INPUT),
    -1130: Meaning("INVALID_PARAMETER", _INPUT),
    -1131: Meaning("BAD_RECV_WINDOW", _CLOCK, "The receive window may be at most 60,000 ms."),
    -1134: Meaning("BAD_STRATEGY_TYPE", _INPUT),
    -1135: Meaning("INVALID_JSON", _INPUT),
    -1145: Meaning("INVALID_CANCEL_RESTRICTIONS", _INPUT),
    -1151: Meaning("DUPLICATE_SYMBOLS", _INPUT),
    -1191: Meaning("TOO_MANY_SUBSCRIPTIONS", _RATE, "Open another connection."),
    -1194: Meaning("INVALID_TIME_UNIT", _INPUT),
    -1209: Meaning("INVALID_LISTEN_TOKEN", _AUTH, "The listen token is wrong or over; a new one is needed."),
    -1210: Meaning("INVALID_PEG_PRICE_TYPE", _INPUT),
    -1211: Meaning("INVALID_PEG_OFFSET_TYPE", _INPUT),
    -1220: Meaning("SYMBOL_DOES_NOT_MATCH_STATUS", _INPUT),
    # Orders and keys
    -2010: Meaning("NEW_ORDER_REJECTED", _INPUT, "The matching engine refused the order; its text says why."),
    -2011: Meaning("CANCEL_REJECTED", _INPUT, "The order is gone or was never there: query it."),
    -2013: Meaning("NO_SUCH_ORDER", _INPUT, "Just after sending this proves nothing: ask again."),
    -2014: Meaning("BAD_API_KEY_FMT", _AUTH, "The API key is malformed: copy it again."),
    -2015: Meaning(
        "REJECTED_MBX_KEY",
        _AUTH,
        "The API key is unknown, used from an address outside its IP list, or lacks the right for this call: "
        "check it at Binance under API Management.",
    ),
    -2016: Meaning("NO_TRADING_WINDOW", _INPUT),
    -2021: Meaning("CANCEL_REPLACE_PARTIALLY_FAILED", _UNKNOWN, _FIND_OUT, doubtful=True),
    -2022: Meaning("CANCEL_REPLACE_FAILED", _INPUT, "Query both orders."),
    -2026: Meaning("ORDER_ARCHIVED", _INPUT, "The order ended more than 90 days ago without a fill."),
    -2035: Meaning("SUBSCRIPTION_ACTIVE", _INPUT, "This account is already subscribed on the connection."),
    -2036: Meaning("SUBSCRIPTION_INACTIVE", _INPUT),
    -2038: Meaning("ORDER_AMEND_REJECTED", _INPUT),
    -2039: Meaning("CLIENT_ORDER_ID_INVALID", _INPUT),
    -2042: Meaning("MAXIMUM_SUBSCRIPTION_IDS", _RATE, "Open another connection."),
    -2043: Meaning("NO_REFERENCE_PRICE", _INPUT),
    # Margin
    -3000: Meaning("INNER_FAILURE", _SERVER, _FIND_OUT, doubtful=True),
    -3001: Meaning("NEED_ENABLE_2FA", _STATE, "Switch two-factor authentication on in the account."),
    -3002: Meaning("ASSET_DEFICIENCY", _INPUT, "The margin product does not know this asset."),
    -3003: Meaning(
        "NO_OPENED_MARGIN_ACCOUNT",
        _STATE,
        "The margin account (or this isolated pair) is not open yet: open it at Binance, then transfer something in.",
    ),
    -3004: Meaning("TRADE_NOT_ALLOWED", _STATE, "Trading is switched off for the account now."),
    -3005: Meaning("TRANSFER_OUT_NOT_ALLOWED", _COLLATERAL, _LEAVE_ROOM),
    -3006: Meaning("EXCEED_MAX_BORROWABLE", _COLLATERAL, _BORROW_ROOM),
    -3007: Meaning("HAS_PENDING_TRANSACTION", _RATE, _PENDING),
    -3008: Meaning(
        "BORROW_NOT_ALLOWED",
        _COLLATERAL,
        f"Above the maximum, or switched off: see isBorrowable in client.market.all_assets. {_BORROW_ROOM}",
    ),
    -3009: Meaning("ASSET_NOT_MORTGAGEABLE", _STATE, "This asset cannot be moved in at present."),
    -3010: Meaning("REPAY_NOT_ALLOWED", _INPUT, "More than the debt: read the debt first."),
    -3011: Meaning("BAD_DATE_RANGE", _INPUT),
    -3012: Meaning("ASSET_ADMIN_BAN_BORROW", _INVENTORY, _NOT_LENT),
    -3013: Meaning("LT_MIN_BORROWABLE", _INPUT, "Below the smallest loan of the asset."),
    -3014: Meaning("ACCOUNT_BAN_BORROW", _STATE, "The account may not borrow: ask the exchange's support."),
    -3015: Meaning("REPAY_EXCEED_LIABILITY", _INPUT, _DEBT_MOVED),
    -3016: Meaning("LT_MIN_REPAY", _INPUT, "Below the smallest repayment of the asset."),
    -3017: Meaning("ASSET_ADMIN_BAN_MORTGAGE", _STATE),
    -3018: Meaning("ACCOUNT_BAN_MORTGAGE", _STATE, "The account may not transfer in: ask the exchange's support."),
    -3019: Meaning("ACCOUNT_BAN_ROLLOUT", _STATE, "The account may not transfer out: ask the exchange's support."),
    -3020: Meaning("EXCEED_MAX_ROLLOUT", _COLLATERAL, _LEAVE_ROOM),
    -3021: Meaning("PAIR_ADMIN_BAN_TRADE", _STATE, "This pair cannot be traded on margin now."),
    -3022: Meaning("ACCOUNT_BAN_TRADE", _STATE, "The account may not trade: ask the exchange's support."),
    -3023: Meaning("WARNING_MARGIN_LEVEL", _COLLATERAL, "The margin level is too low: repay or add collateral."),
    -3024: Meaning("FEW_LIABILITY_LEFT", _INPUT, "Too little debt would be left: repay all of it."),
    -3025: Meaning("INVALID_EFFECTIVE_TIME", _INPUT),
    -3026: Meaning("VALIDATION_FAILED", _INPUT),
    -3027: Meaning("NOT_VALID_MARGIN_ASSET", _INPUT, "Not an asset of the margin product."),
    -3028: Meaning("NOT_VALID_MARGIN_PAIR", _INPUT, "Not a pair of the margin product."),
    -3029: Meaning("TRANSFER_FAILED", _UNKNOWN, "Check balances and history first.", doubtful=True),
    -3036: Meaning("ACCOUNT_BAN_REPAY", _STATE, "The account may not repay: ask the exchange's support."),
    -3037: Meaning("PNL_CLEARING", _STATE, "A settlement is running: wait some seconds."),
    -3038: Meaning("LISTEN_KEY_NOT_FOUND", _AUTH, "The listen key is gone; a new one is needed."),
    -3041: Meaning("BALANCE_NOT_CLEARED", _COLLATERAL, "The balance is too small or not settled yet."),
    -3042: Meaning("PRICE_INDEX_NOT_FOUND", _INPUT, "This pair has no price index."),
    -3043: Meaning("TRANSFER_IN_NOT_ALLOWED", _STATE),
    -3044: Meaning("SYSTEM_BUSY", _SERVER, "Wait; for a write, find out what happened first.", doubtful=True),
    -3045: Meaning("INSUFFICIENT_INVENTORY", _INVENTORY, _POOL),
    -3064: Meaning(
        "EXCEED_PRICE_LIMIT",
        _INPUT,
        "The limit price is outside the band of 15 % around the index: read client.market.price_index and "
        "choose a price closer to it.",
    ),
    -3065: Meaning("PREPAREDELIST_CANT_TRANSFER_IN", _STATE, "The asset or pair is about to be delisted."),
    -3067: Meaning("ASSET_BAN_TRADE", _STATE, "This asset cannot be traded now."),
    -3999: Meaning("NOT_WHITELIST_USER", _STATE, "Only for invited accounts."),
    # Wallet, portfolio and neighbours
    -4047: Meaning("TIME_SPAN_TOO_LONG", _INPUT, "Ask for a shorter span."),
    -5002: Meaning("INSUFFICIENT_BALANCE", _COLLATERAL),
    -5003: Meaning("NO_SUCH_BALANCE", _COLLATERAL),
    -5010: Meaning("TRANSFER_FAILED", _UNKNOWN, "Check balances and history first.", doubtful=True),
    -5012: Meaning("TRANSFER_PENDING", _UNKNOWN, "Check balances and history first.", doubtful=True),
    -11008: Meaning("EXCEED_MAX_BORROWABLE", _COLLATERAL, _BORROW_ROOM),
    -20204: Meaning("FILTER_FAILURE", _INPUT, "A filter of the symbol was broken; the text names it."),
    -21001: Meaning("NOT_PORTFOLIO_MARGIN", _STATE, "Only portfolio-margin accounts can use this call."),
    -21002: Meaning("PORTFOLIO_MARGIN_TRANSFER", _STATE, "Portfolio-margin accounts cannot use this call."),
    -21003: Meaning("MARGIN_ASSETS_UNREADABLE", _SERVER, "Ask again after half a second or more."),
    -21004: Meaning("NO_BANKRUPTCY_LOAN", _STATE),
    -21005: Meaning("BANKRUPTCY_LOAN_BALANCE", _STATE),
    -21006: Meaning("BANKRUPTCY_REPAYMENT_IN_WORK", _STATE),
    -21007: Meaning("LIQUIDATION_IN_PROGRESS", _STATE, "A liquidation is running: wait."),
    # Portfolio module: sources disagree about the sign, so both are looked up.
    -51006: Meaning("EXCEED_MAX_BORROWABLE", _COLLATERAL, _BORROW_ROOM),
    -51007: Meaning("HAS_PENDING_TRANSACTION", _RATE, _PENDING),
    -51014: Meaning("BORROW_BANNED", _INVENTORY, _NOT_LENT),
    -51061: Meaning("INSUFFICIENT_INVENTORY", _INVENTORY, _POOL),
    -51068: Meaning("LIQUIDATION_IN_PROGRESS", _STATE, "A liquidation is running: wait."),
}
for _code in (*range(-1155, -1151), -1158, -1160, -1161, -1165, -1166, -1168, *range(-1199, -1195), -1221):
    CODES.setdefault(_code, Meaning("INVALID_ORDER_OR_LIST", _INPUT))
for _code in range(-1225, -1221):
    CODES.setdefault(_code, Meaning("INVALID_ORDER_LIST", _INPUT))
for _code in range(-4046, -4000):
    CODES.setdefault(_code, Meaning("WALLET_REFUSED", _INPUT))

# Whether it helps to try again; of a doubtful code it has to be found out first.
_ONCE = (-1021, -1125, -1191, -1209, -2013, -2042, -3015, -3024, -3038)
_LATER = (-1003, -1015, -1034, -1112, -3007, -3037, -3045, -21003, -21007, -51007, -51061, -51068)
_FIRST_ASK = (-2011, -2022, *(code for code, says in CODES.items() if says.doubtful))
for _codes, _retry in ((_ONCE, Retry.ONCE), (_LATER, Retry.LATER), (_FIRST_ASK, Retry.FIND_OUT)):
    CODES.update({code: CODES[code]._replace(retry=_retry) for code in _codes})

# Texts of these codes that say more than the code does; compared in lower case.
_WORDY = frozenset({-1010, -1013, -2010, -2011})
TEXTS: tuple[tuple[str, Category, str], ...] = (
    ("insufficient balance", _COLLATERAL, "Not enough is free; side effect MARGIN_BUY would borrow what is missing."),
    ("immediately match and take", _INPUT, "The maker-only order would have traded at once."),
    ("trigger immediately", _INPUT, "The stop price is on the wrong side of the market."),
    ("duplicate order sent", _INPUT, "The client order id is in use, so an earlier send arrived: query that order."),
    ("unknown order", _INPUT, "The order is gone or was never there: query it."),
    ("market is closed", _STATE, "The symbol is not trading."),
    ("restricted for this account", _STATE, "The account may not trade this pair."),
    ("not permitted for this account", _STATE, "The account may not trade this pair."),
    ("action is disabled", _STATE, "The account is restricted."),
    ("may not place or cancel", _STATE, "The account is restricted."),
    ("relationship of the prices", _INPUT, "The prices of the list are on the wrong sides."),
    ("filter failure", _INPUT, "A filter of the symbol was broken; the text names it."),
)

_CLASSES: dict[Category, type[ExchangeError]] = {
    _AUTH: AuthError,
    _CLOCK: ClockError,
    _RATE: RateLimitedError,
    _INPUT: InvalidRequestError,
    _COLLATERAL: InsufficientCollateralError,
    _INVENTORY: InventoryError,
    _STATE: AccountStateError,
    _UNKNOWN: UnknownOutcomeError,
    _SERVER: ServerError,
}


def error_class(code: int | None, category: Category) -> type[ExchangeError]:
    """
    Return the class that stands for *code* in *category*.

    A text or status that says more than the code has moved the category: a cancel refused
    because the account is restricted, or answered with HTTP 500, does not mean that the order is gone.
    """
    return OrderNotFoundError if code in {-2011, -2013} and category is _INPUT else _CLASSES[category]


def meaning(code: int, text: str) -> Meaning:
    """
    Return what *code* means; of an unlisted code its number range says the category.

    An unlisted code proves nothing about a write: it is ``doubtful``.
    """
    known = CODES.get(code) or CODES.get(-abs(code))
    if known is None:
        return Meaning("UNLISTED", _range_category(code), doubtful=True, retry=Retry.FIND_OUT)
    if code in _WORDY:
        lowered = text.lower()
        for part, category, advice in TEXTS:
            if part in lowered:
                return known._replace(category=category, advice=advice)
    return known


def _range_category(code: int) -> Category:
    match -code // 100:
        case 10:
            return _UNKNOWN
        case 11 | 20 | 12:
            return _INPUT
        case 30 | 31:
            return _STATE
        case _:
            return _SERVER

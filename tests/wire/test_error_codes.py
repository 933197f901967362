"""The exchange's codes: each has the category a bot must branch on."""

import inspect
import re

import pytest

from binance_margin_async import MarginClient
from binance_margin_async.errors import (
    AccountStateError,
    AuthError,
    Category,
    ClockError,
    InsufficientCollateralError,
    InvalidRequestError,
    InventoryError,
    OrderNotFoundError,
    RateLimitedError,
    Retry,
    ServerError,
    UnknownOutcomeError,
)
from binance_margin_async.rules.limits import uid
from binance_margin_async.wire.endpoint import Endpoint, Security
from binance_margin_async.wire.error_codes import CODES, TEXTS, error_class, meaning
from binance_margin_async.wire.replies import Refusal, to_error

# Typed from the exchange's pages: margin error codes, spot errors.md (read 2026-11-22).
CATEGORIES = {
    Category.AUTH: [1002, 1022, 1099, 1125, 1209, 2014, 2015, 3038],
    Category.CLOCK: [1021, 1131],
    Category.RATE_LIMIT: [1003, 1015, 1034, 1191, 2042, 3007, 51007],
    Category.COLLATERAL: [3005, 3006, 3008, 3020, 3023, 3041, 5002, 5003, 11008, 51006],
    Category.INVENTORY: [3012, 3045, 51014, 51061],
    Category.ACCOUNT_STATE: [
        *(3001, 3003, 3004, 3009, 3014, 3017, 3018, 3019, 3021, 3022, 3036, 3037, 3043, 3065, 3067, 3999),
        *(21001, 21002, 21004, 21005, 21006, 21007, 51068),
    ],
    Category.UNKNOWN_OUTCOME: [1000, 1001, 1006, 1007, 2021, 3029, 5010, 5012],
    Category.SERVER: [1004, 1008, 1016, 1112, 3000, 3044, 21003],
    Category.INPUT: [
        *(1010, 1013, 1014, 1020, 1100, 1101, 1102, 1103, 1104, 1105, 1106, 1108, 1111, 1114, 1115, 1116, 1117),
        *(1118, 1119, 1120, 1121, 1122, 1127, 1128, 1130, 1134, 1135, 1145, 1151, 1152, 1155, 1158, 1160, 1161),
        *(1165, 1166, 1168, 1194, 1196, 1199, 1210, 1211, 1220, 1221, 1222, 1225, 2010, 2011, 2013, 2016, 2022, 2026),
        *(2035, 2036, 2038, 2039, 2043, 3002, 3010, 3011, 3013, 3015, 3016, 3024, 3025, 3026, 3027, 3028, 3042),
        *(3064, 4001, 4046, 4047, 20204),
    ],
}
FLAT = [(-code, category) for category, codes in CATEGORIES.items() for code in codes]
# Codes with which the exchange may have acted all the same.
DOUBTFUL = {-1000, -1001, -1004, -1006, -1007, -1008, -2021, -3000, -3029, -3044, -5010, -5012}
CLASSES = {
    Category.AUTH: AuthError,
    Category.CLOCK: ClockError,
    Category.RATE_LIMIT: RateLimitedError,
    Category.INPUT: InvalidRequestError,
    Category.COLLATERAL: InsufficientCollateralError,
    Category.INVENTORY: InventoryError,
    Category.ACCOUNT_STATE: AccountStateError,
    Category.UNKNOWN_OUTCOME: UnknownOutcomeError,
    Category.SERVER: ServerError,
}


@pytest.mark.parametrize(("code", "expected"), FLAT, ids=[str(code) for code, _ in FLAT])
def test_a_code_has_its_category(code, expected):
    """As the documents explain it."""
    assert expected is meaning(code, "").category
    assert "UNLISTED" != meaning(code, "").name


def test_only_some_codes_leave_the_outcome_open():
    """A write that ends with one of them is to be looked up, and with no other listed one."""
    assert {code for code, says in CODES.items() if says.doubtful} == DOUBTFUL


@pytest.mark.parametrize(("category", "expected"), CLASSES.items())
def test_each_category_has_its_own_class(category, expected):
    """So that a bot can catch what it can answer."""
    assert expected is error_class(None, category)
    assert set(Category) == set(CLASSES)


@pytest.mark.parametrize("code", [-2011, -2013])
def test_two_codes_say_that_there_is_no_such_order(code):
    """Unless text or status say that something else was wrong."""
    assert OrderNotFoundError is error_class(code, Category.INPUT)
    assert AccountStateError is error_class(code, Category.ACCOUNT_STATE)
    assert UnknownOutcomeError is error_class(code, Category.UNKNOWN_OUTCOME)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Account has insufficient balance for requested action.", Category.COLLATERAL),
        ("Order would immediately match and take.", Category.INPUT),
        ("Stop price would TRIGGER IMMEDIATELY.", Category.INPUT),
        ("Duplicate order sent.", Category.INPUT),
        ("Market is closed.", Category.ACCOUNT_STATE),
        ("This symbol is restricted for this account.", Category.ACCOUNT_STATE),
        ("This symbol is not permitted for this account.", Category.ACCOUNT_STATE),
        ("This action is disabled on this account.", Category.ACCOUNT_STATE),
        ("This account may not place or cancel orders.", Category.ACCOUNT_STATE),
        ("The relationship of the prices for the orders is not correct.", Category.INPUT),
        ("Filter failure: PRICE_FILTER", Category.INPUT),
        ("something nobody has seen", Category.INPUT),
    ],
)
@pytest.mark.parametrize("code", [-1010, -1013, -2010, -2011])
def test_the_text_of_the_wordy_codes_decides_their_category(code, text, expected):
    """Four codes carry every reason of the matching engine; letter case does not matter."""
    assert expected is meaning(code, text).category


def test_the_text_of_other_codes_decides_nothing():
    """Their number says enough, and texts change."""
    assert Category.COLLATERAL is meaning(-3006, "market is closed").category


def test_texts_are_written_in_lower_case():
    """Or they would never match."""
    assert [text.lower() for text, *_ in TEXTS] == [text for text, *_ in TEXTS]


@pytest.mark.parametrize("code", [51006, 51061, -51061, 3006])
def test_a_positive_code_means_the_same_as_its_negative(code):
    """Sources disagree about the sign in the portfolio module."""
    assert CODES[-abs(code)] == meaning(code, "")


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (-1050, Category.UNKNOWN_OUTCOME),
        (-1187, Category.INPUT),
        (-1299, Category.INPUT),
        (-2099, Category.INPUT),
        (-3090, Category.ACCOUNT_STATE),
        (-3150, Category.ACCOUNT_STATE),
        (-4100, Category.SERVER),
        (-11001, Category.SERVER),
        (-1, Category.SERVER),
        (0, Category.SERVER),
        (700_001, Category.SERVER),
    ],
)
def test_an_unlisted_code_is_judged_by_its_range_and_proves_nothing(code, expected):
    """New codes come without notice; a write that meets one is unknown."""
    says = meaning(code, "")
    assert ("UNLISTED", expected, True) == (says.name, says.category, says.doubtful)


def test_every_advice_is_a_sentence():
    """It stands at the end of a message."""
    advice = [says.advice for says in CODES.values() if says.advice] + [each for *_, each in TEXTS]
    assert [] == [each for each in advice if not each[0].isupper() or not each.endswith(".")]


# Typed from the same pages: whether it helps to make a refused call again. All other codes say no.
RETRIES = {
    Retry.ONCE: [1021, 1125, 1191, 1209, 2013, 2042, 3015, 3024, 3038],
    Retry.LATER: [1003, 1015, 1034, 1112, 3007, 3037, 3045, 21003, 21007, 51007, 51061, 51068],
    Retry.FIND_OUT: [1000, 1001, 1004, 1006, 1007, 1008, 2011, 2021, 2022, 3000, 3029, 3044, 5010, 5012],
}
HELPS = {-code: retry for retry, codes in RETRIES.items() for code in codes}


@pytest.mark.parametrize("code", sorted(CODES))
def test_a_code_says_whether_trying_again_helps(code):
    """A bot that tries again what can never succeed spends its limits, and one that gives up too early its chances."""
    assert HELPS.get(code, Retry.NO) is CODES[code].retry


def test_an_unlisted_code_has_to_be_looked_into():
    """Nothing is known about it, not even whether the exchange acted."""
    assert Retry.FIND_OUT is meaning(-9_876, "").retry


# The codes that stop a beginner, and what the message must lead to.
NEXT_STEPS = [
    (-3003, "open it at Binance", "transfer something in"),
    (-2015, "IP list", "lacks the right for this call", "API Management"),
    (-3020, "client.transfer.max_transferable", "repay", "stay at 2 or more"),
    (-3005, "client.transfer.max_transferable"),
    (-3006, "client.borrow.max_borrowable", "lower the amount", "add collateral"),
    (-3008, "isBorrowable", "client.market.all_assets", "client.borrow.max_borrowable"),
    (-3012, "isBorrowable", "client.market.all_assets"),
    (-3045, "client.market.available_inventory", "wait", "another asset"),
    (-3064, "client.market.price_index", "15 %", "choose a price closer"),
    (-3007, "still in work", "wait up to a second", "one after the other"),
    (-3015, "read it again", "client.funds.repay_all"),
    (-1021, "clock offset", "make the call once more"),
    (-1022, "check the secret", "does not help"),
]


@pytest.mark.parametrize("step", NEXT_STEPS, ids=[str(code) for code, *_ in NEXT_STEPS])
def test_the_message_says_what_to_do_next(step):
    """Whoever meets one of these for the first time should not have to search for it."""
    code, *phrases = step
    row = Endpoint(route="POST /sapi/v1/margin/order", security=Security.TRADE, cost=uid(6), returns=object, source="-")
    text = str(to_error(row, Refusal(400, code, "venue's words.")))
    assert [] == [phrase for phrase in phrases if phrase not in text]


@pytest.mark.parametrize("step", NEXT_STEPS, ids=[str(code) for code, *_ in NEXT_STEPS])
def test_every_call_that_a_message_names_exists(step):
    """An advice that leads nowhere is worse than none."""
    for group, method in re.findall(r"client\.(\w+)\.(\w+)", CODES[step[0]].advice):
        kind = inspect.signature(getattr(MarginClient, group).fget, eval_str=True).return_annotation
        assert callable(getattr(kind, method))


@pytest.mark.parametrize(
    ("told", "is_read", "expected"),
    [
        (Refusal(500, -1000, ""), False, Retry.FIND_OUT),
        (Refusal(500, -1000, ""), True, Retry.LATER),
        (Refusal(400, -1008, ""), True, Retry.LATER),
        (Refusal(503, None, "<html>"), False, Retry.FIND_OUT),
        (Refusal(429, -3006, ""), False, Retry.LATER),
        (Refusal(418, None, ""), True, Retry.LATER),
        (Refusal(403, None, "<html>"), True, Retry.NO),
        (Refusal(410, None, "<html>"), True, Retry.NO),
        (Refusal(400, -2013, ""), True, Retry.ONCE),
        (Refusal(400, -3006, ""), False, Retry.NO),
        (Refusal(400, -2011, ""), False, Retry.FIND_OUT),
        (Refusal(400, -9_876, ""), False, Retry.FIND_OUT),
    ],
)
def test_status_and_kind_of_call_decide_too(told, is_read, expected):
    """A read has nothing to be found out, and a limit is over some time."""
    route = "GET /sapi/v1/margin/order" if is_read else "POST /sapi/v1/margin/order"
    row = Endpoint(route=route, security=Security.TRADE, cost=uid(6), returns=object, source="-")
    assert expected is to_error(row, told).retry

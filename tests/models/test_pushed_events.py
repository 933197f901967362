"""Every event the exchange is known to push, from an own sample with every key it may have."""

import logging
import re
from decimal import Decimal

import msgspec
import orjson
import pytest

from binance_margin_async.models import enums
from binance_margin_async.models.enums import (
    ContingencyType,
    ExecutionType,
    ExpiryReason,
    ListOrderStatus,
    ListStatusType,
    MarginLevelStatus,
    OrderStatus,
    OrderType,
    RejectReason,
    SelfTradePrevention,
    Side,
    TimeInForce,
)
from binance_margin_async.models.event import Origin
from binance_margin_async.models.stream_events import (
    PUSHED,
    AccountPosition,
    BalanceUpdate,
    EventStreamTerminated,
    ExecutionReport,
    ExternalLockUpdate,
    ListedOrder,
    ListenKeyExpired,
    ListStatus,
    MarginLevelStatusChange,
    PositionBalance,
    ServerShutdown,
    UnknownEvent,
    UserLiabilityChange,
)
from binance_margin_async.wire import ws_api

# What an execution report always has.
REPORT = {
    "e": "executionReport",
    "E": 1795312000101,
    "s": "币安人生USDT",
    "c": "bma-17",
    "S": "SELL",
    "o": "STOP_LOSS_LIMIT",
    "f": "GTC",
    "q": "12.50000000",
    "p": "0.00000001",
    "P": "0.00000002",
    "F": "1.25000000",
    "g": 71,
    "C": "bma-16",
    "x": "TRADE",
    "X": "PARTIALLY_FILLED",
    "r": "NONE",
    "i": 9007199254740993,
    "l": "2.50000000",
    "z": "5.00000000",
    "L": "0.00000003",
    "n": "0.00250000",
    "N": "BNB",
    "T": 1795312000099,
    "t": 8123,
    "I": 9007199254740995,
    "w": True,
    "m": True,
    "M": False,
    "O": 1795311990000,
    "Z": "0.00000015",
    "Y": "0.00000007",
    "Q": "0.00000000",
    "V": "EXPIRE_BOTH",
}
# What it has in some situations.
CONDITIONAL = {
    "W": 1795311990001,
    "d": 125,
    "D": 1795311995000,
    "j": 44,
    "J": 1000001,
    "v": 3,
    "A": "0.75000000",
    "B": "0.25000000",
    "u": 6,
    "U": 9007199254740997,
    "Cs": "BTCUSDT",
    "pl": "0.10000000",
    "pL": "0.20000000",
    "pY": "0.02000000",
    "b": "ONE_PARTY_TRADE_REPORT",
    "a": 12,
    "k": "SOR",
    "uS": True,
    "gP": "PRIMARY_PEG",
    "gOT": "PRICE_LEVEL",
    "gOV": -2,
    "gp": "0.30000000",
    "eR": "EXCHANGE_CANCELED",
}
WHOLE_REPORT = ExecutionReport(
    event_time_ms=1795312000101,
    symbol="币安人生USDT",
    client_order_id="bma-17",
    side=Side.SELL,
    type=OrderType.STOP_LOSS_LIMIT,
    time_in_force=TimeInForce.GTC,
    quantity=Decimal("12.50000000"),
    price=Decimal("0.00000001"),
    stop_price=Decimal("0.00000002"),
    iceberg_quantity=Decimal("1.25000000"),
    order_list_id=71,
    original_client_order_id="bma-16",
    execution_type=ExecutionType.TRADE,
    status=OrderStatus.PARTIALLY_FILLED,
    reject_reason=RejectReason.NONE,
    order_id=9007199254740993,
    execution_id=9007199254740995,
    last_filled_quantity=Decimal("2.50000000"),
    cumulative_quantity=Decimal("5.00000000"),
    last_filled_price=Decimal("0.00000003"),
    commission=Decimal("0.00250000"),
    commission_asset="BNB",
    transaction_time_ms=1795312000099,
    trade_id=8123,
    on_book=True,
    is_maker=True,
    creation_time_ms=1795311990000,
    cumulative_quote=Decimal("0.00000015"),
    last_quote=Decimal("0.00000007"),
    quote_order_quantity=Decimal(0),
    self_trade_prevention_mode=SelfTradePrevention.EXPIRE_BOTH,
    working_time_ms=1795311990001,
    trailing_delta=125,
    trailing_time_ms=1795311995000,
    strategy_id=44,
    strategy_type=1000001,
    prevented_match_id=3,
    prevented_quantity=Decimal("0.75"),
    last_prevented_quantity=Decimal("0.25"),
    trade_group_id=6,
    counter_order_id=9007199254740997,
    counter_symbol="BTCUSDT",
    prevented_execution_quantity=Decimal("0.1"),
    prevented_execution_price=Decimal("0.2"),
    prevented_execution_quote=Decimal("0.02"),
    match_type="ONE_PARTY_TRADE_REPORT",
    allocation_id=12,
    working_floor="SOR",
    uses_smart_routing=True,
    peg_price_type="PRIMARY_PEG",
    peg_offset_type="PRICE_LEVEL",
    peg_offset_value=-2,
    pegged_price=Decimal("0.3"),
    expiry_reason=ExpiryReason.EXCHANGE_CANCELED,
)
SAMPLES = [
    (REPORT | CONDITIONAL, WHOLE_REPORT),
    (
        {
            "e": "listStatus",
            "E": 1795312000201,
            "s": "BTCUSDT",
            "g": 72,
            "c": "OTO",
            "l": "EXEC_STARTED",
            "L": "EXECUTING",
            "r": "NONE",
            "C": "list-1",
            "T": 1795312000200,
            "O": [{"s": "BTCUSDT", "i": 9007199254740999, "c": "leg-1"}, {"s": "BTCUSDT", "i": None, "c": "leg-2"}],
        },
        ListStatus(
            event_time_ms=1795312000201,
            symbol="BTCUSDT",
            order_list_id=72,
            contingency=ContingencyType.OTO,
            status_type=ListStatusType.EXEC_STARTED,
            order_status=ListOrderStatus.EXECUTING,
            reject_reason="NONE",
            list_client_order_id="list-1",
            transaction_time_ms=1795312000200,
            orders=(
                ListedOrder(symbol="BTCUSDT", order_id=9007199254740999, client_order_id="leg-1"),
                ListedOrder(symbol="BTCUSDT", order_id=None, client_order_id="leg-2"),
            ),
        ),
    ),
    (
        {
            "e": "outboundAccountPosition",
            "E": 1795312000301,
            "u": 1795312000300,
            "B": [{"a": "BTC", "f": "0.00000001", "l": "0.50000000"}, {"a": "USDT", "f": "10", "l": "0"}],
        },
        AccountPosition(
            event_time_ms=1795312000301,
            update_time_ms=1795312000300,
            balances=(
                PositionBalance(asset="BTC", free=Decimal("1E-8"), locked=Decimal("0.5")),
                PositionBalance(asset="USDT", free=Decimal(10), locked=Decimal(0)),
            ),
        ),
    ),
    (
        {"e": "balanceUpdate", "E": 1795312000401, "a": "USDT", "d": "-12.75000000", "T": 1795312000400},
        BalanceUpdate(event_time_ms=1795312000401, asset="USDT", change=Decimal("-12.75"), clear_time_ms=1795312000400),
    ),
    (
        {"e": "externalLockUpdate", "E": 1795312000501, "a": "NEO", "d": "3.00", "T": 1795312000500},
        ExternalLockUpdate(
            event_time_ms=1795312000501, asset="NEO", change=Decimal(3), transaction_time_ms=1795312000500
        ),
    ),
    ({"e": "eventStreamTerminated", "E": 1795312000601}, EventStreamTerminated(event_time_ms=1795312000601)),
    ({"e": "serverShutdown", "E": 1795312000701}, ServerShutdown(event_time_ms=1795312000701)),
    (
        {"e": "listenKeyExpired", "E": "1795312000801", "listenKey": "a key nobody needs any more"},
        ListenKeyExpired(event_time_ms=1795312000801),
    ),
    (
        {"e": "MARGIN_LEVEL_STATUS_CHANGE", "E": 1795312000901, "l": "1.27310000", "s": "MARGIN_CALL"},
        MarginLevelStatusChange(event_time_ms=1795312000901, margin_level=Decimal("1.2731"), status_text="MARGIN_CALL"),
    ),
    (
        {
            "e": "USER_LIABILITY_CHANGE",
            "E": 1795312001001,
            "a": "USDT",
            "t": "INTEREST_ACCRUAL",
            "p": "0",
            "i": "0.00013",
        },
        UserLiabilityChange(
            event_time_ms=1795312001001,
            asset="USDT",
            cause="INTEREST_ACCRUAL",
            principal=Decimal(0),
            interest=Decimal("0.00013"),
        ),
    ),
]
each_sample = pytest.mark.parametrize(("wire", "expected"), SAMPLES, ids=[wire["e"] for wire, _ in SAMPLES])


def read(wire):
    return ws_api.read(orjson.dumps(wire))


def test_there_is_a_sample_of_every_known_event():
    """A new one needs one too."""
    assert set(PUSHED.__args__) == {type(expected) for _, expected in SAMPLES}


def test_the_sample_of_the_execution_report_has_every_key_that_is_read():
    """And "M", which the documents say to ignore."""
    read_names = {field.encode_name for field in msgspec.structs.fields(ExecutionReport)}
    assert (REPORT | CONDITIONAL).keys() - {"e", "M"} == read_names - {"<account>", "<origin>", "<received>"}


@each_sample
def test_an_event_is_read_from_the_web_socket_apis_envelope(wire, expected):
    """With the subscription it came on."""
    assert ws_api.Push(4, expected) == read({"subscriptionId": 4, "event": wire})
    assert ws_api.Push(None, expected) == read({"event": wire})


@each_sample
def test_an_event_is_read_from_the_combined_streams_envelope(wire, expected):
    """The stream's name may be a listen key and is not kept."""
    assert ws_api.Push(None, expected) == read({"stream": "a-listen-key", "data": wire})


@each_sample
def test_an_event_is_read_bare(wire, expected):
    """As the raw streams send it."""
    assert ws_api.Push(None, expected) == read(wire)


@each_sample
def test_a_key_that_is_new_does_not_disturb(wire, expected):
    """The exchange adds keys without notice, of any shape."""
    assert ws_api.Push(4, expected) == read({"subscriptionId": 4, "event": wire | {"zz": {"deep": [1, None]}}})


@each_sample
def test_the_wire_cannot_stamp_an_event(wire, expected):
    """Whose it is, we know better; the stamp comes after whatever was sent."""
    for stamps in (
        {"account": "BTCUSDT", "origin": "rest", "received_at": 5.0, "receivedAt": 5.0},
        {"<origin>": "rest", "<received>": 5.0},
    ):
        event = read({"event": wire | stamps}).event
        event.stamp(expected.account, Origin.STREAM, 1.0)
        assert (expected.account, Origin.STREAM, 1.0) == (event.account, event.origin, event.received_at)
        assert expected == event
    assert Origin.LOCAL is read({"event": wire | {"origin": "rest"}}).event.origin


@each_sample
def test_numbers_may_come_as_text_and_text_that_holds_a_number_as_a_number(wire, expected):
    """The official SDK had to correct both ways."""
    sent = orjson.dumps(wire)
    flipped = re.sub(rb':("?)(-?[\d.]+)\1(?=[,}])', lambda number: b":" + flip(*number.groups()), sent)
    assert flipped != sent

    event = ws_api.read(flipped).event
    assert expected == event
    assert not [name for name in event.__struct_fields__[3:] if isinstance(getattr(event, name), float)]


def flip(quote, number):
    return number if quote else b'"' + number + b'"'


@each_sample
def test_an_event_without_a_needed_key_is_kept_as_unknown_with_the_reason(wire, expected):
    """Nothing of it is lost, and nothing is guessed."""
    broken = {name: value for name, value in wire.items() if name != "E"}
    push = read({"subscriptionId": 4, "event": broken})

    assert 4 == push.subscription_id
    assert type(push.event) is UnknownEvent
    assert (wire["e"], orjson.dumps(broken)) == (push.event.name, push.event.raw)
    assert "missing required field `E`" in push.event.problem
    assert expected != push.event


def test_a_plain_report_leaves_what_was_not_sent_at_none():
    """None is not zero: no prevention, no peg, no expiry."""
    event = read(REPORT).event
    left = {name for name in event.__struct_fields__ if getattr(event, name) is None}
    conditional = {field.name for field in msgspec.structs.fields(ExecutionReport) if field.encode_name in CONDITIONAL}
    assert conditional == left


def test_a_null_commission_asset_means_no_commission():
    """So it comes on every change that is no fill."""
    assert read(REPORT | {"N": None}).event.commission_asset is None


@pytest.mark.parametrize(("original", "expected"), [("bma-16", "bma-16"), ("", "bma-17")])
def test_on_a_cancel_the_own_id_is_the_original_one(original, expected):
    """The other one is the cancel request's."""
    assert expected == read(REPORT | {"C": original}).event.own_client_order_id


def test_letters_that_differ_only_in_case_are_different_fields():
    """u and U, p and P, l and L, and the two-letter ones."""
    event = read(REPORT | CONDITIONAL).event
    assert (6, 9007199254740997) == (event.trade_group_id, event.counter_order_id)
    assert (Decimal("0.1"), Decimal("0.2")) == (event.prevented_execution_quantity, event.prevented_execution_price)
    assert (Decimal("0.00000001"), Decimal("0.00000002")) == (event.price, event.stop_price)


@pytest.mark.parametrize(
    "digits", ["0.0000000000000000000000000000000000000001", "1234567890123456789012345678.9012345678"]
)
def test_long_decimals_are_exact_as_text_and_as_numbers(digits):
    """Forty digits, and never through a float."""
    wire = orjson.dumps(SAMPLES[3][0])
    for written in (f'"{digits}"', digits):
        event = ws_api.read(wire.replace(b'"-12.75000000"', written.encode())).event
        assert Decimal(digits) == event.change


@pytest.mark.parametrize("number", [2**53 + 1, 2**63, 2**64 + 1])
def test_ids_beyond_a_floats_reach_are_exact(number):
    """Also beyond sixty-four bits."""
    raw = orjson.dumps(REPORT).replace(b"9007199254740993", str(number).encode())
    assert number == ws_api.read(raw).event.order_id


def test_new_members_of_enumerations_do_not_lose_the_report(caplog, monkeypatch):
    """Each is UNKNOWN and told once."""
    monkeypatch.setattr(enums, "_seen", set())
    new = dict.fromkeys(("S", "o", "f", "x", "X", "r", "V", "eR"), "NEW_WORD")
    with caplog.at_level(logging.WARNING):
        events = [read(REPORT | new).event for _ in range(2)]

    for event in events:
        assert (Side.UNKNOWN, OrderType.UNKNOWN, TimeInForce.UNKNOWN) == (event.side, event.type, event.time_in_force)
        assert (ExecutionType.UNKNOWN, OrderStatus.UNKNOWN) == (event.execution_type, event.status)
        assert (RejectReason.UNKNOWN, ExpiryReason.UNKNOWN) == (event.reject_reason, event.expiry_reason)
    assert 8 == len(caplog.messages)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("EXCESSIVE", MarginLevelStatus.EXCESSIVE),
        ("NORMAL", MarginLevelStatus.NORMAL),
        ("MARGIN_CALL", MarginLevelStatus.MARGIN_CALL),
        ("PRE_LIQUIDATION", MarginLevelStatus.PRE_LIQUIDATION),
        ("FORCE_LIQUIDATION", MarginLevelStatus.FORCE_LIQUIDATION),
        ("A_WORD_OF_TOMORROW", MarginLevelStatus.UNKNOWN),
    ],
)
def test_a_margin_status_keeps_the_exchanges_word_beside_its_meaning(word, expected):
    """Only one literal is documented."""
    event = read({"e": "MARGIN_LEVEL_STATUS_CHANGE", "E": 1, "l": "1.1", "s": word}).event
    assert (word, expected) == (event.status_text, event.status)

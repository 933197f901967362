"""Answers that are read by more than their shape."""

import msgspec
import pytest

from binance_margin_async.errors import DecodeError, Outcome
from binance_margin_async.models.debts import Liability
from binance_margin_async.models.list_replies import CanceledOpenOrder, CanceledOrderList
from binance_margin_async.models.replies import Empty
from binance_margin_async.wire.decoders import Acknowledgement, MixedArray, OneOrMany
from binance_margin_async.wire.endpoints.debts import EXCHANGE_SMALL_LIABILITY
from binance_margin_async.wire.endpoints.trade import CANCEL_OPEN_ORDERS
from binance_margin_async.wire.replies import decode

AMOUNTS = dict.fromkeys(("price", "origQty", "executedQty", "cummulativeQuoteQty"), "1")
ORDER = {"symbol": "BTCUSDT", "orderId": "17", "origClientOrderId": "a", "clientOrderId": "b", "orderListId": -1}
ORDER |= AMOUNTS | {"status": "CANCELED", "type": "LIMIT", "side": "BUY", "selfTradePreventionMode": "NONE"}
LIST = {"orderListId": 5, "listStatusType": "ALL_DONE", "listOrderStatus": "ALL_DONE", "listClientOrderId": "c"}
LIST |= {"contingencyType": "OCO", "transactionTime": 1, "symbol": "BTCUSDT", "isIsolated": True}
LIST |= {"orders": [], "orderReports": [ORDER | {"orderListId": 5}]}
DEBT = {"asset": "BTC", "interest": "0", "principal": "1", "liabilityAsset": "USDT", "liabilityQty": 0.25}


def canceled(*elements):
    return decode(CANCEL_OPEN_ORDERS, msgspec.json.encode(elements))


def test_orders_and_lists_keep_their_places_in_a_mixed_array():
    """Nothing but the key tells them apart."""
    kinds = [type(each) for each in canceled(ORDER, LIST, ORDER)]
    assert [CanceledOpenOrder, CanceledOrderList, CanceledOpenOrder] == kinds


def test_a_key_that_is_null_counts_as_absent():
    """The exchange writes both for the same."""
    assert [CanceledOpenOrder] == [type(each) for each in canceled(ORDER | {"contingencyType": None})]


def test_nothing_canceled_is_an_empty_array():
    """It is not an error by itself."""
    assert () == canceled()


def without(key, wire):
    return {name: value for name, value in wire.items() if name != key}


@pytest.mark.parametrize(
    ("elements", "path"),
    [
        ((ORDER, without("price", ORDER)), "$[1].price"),
        ((LIST, LIST | {"orders": [{"symbol": "BTCUSDT", "clientOrderId": "a"}]}), "$[1].orders[0].orderId"),
        ((LIST | {"transactionTime": "soon"},), "$[0].transactionTime"),
        ((ORDER, 7), "$[1]"),
    ],
)
def test_a_broken_element_is_named_by_its_place_and_field(elements, path):
    """Of twenty canceled orders, which one cannot be read."""
    with pytest.raises(DecodeError) as caught:
        canceled(*elements)
    assert (path, Outcome.UNKNOWN) == (caught.value.path, caught.value.outcome)


@pytest.mark.parametrize("told", [DEBT, [DEBT]])
def test_one_object_stands_for_an_array_of_one(told):
    """The page shows one although several debts may be settled."""
    (debt,) = OneOrMany(Liability).decode(msgspec.json.encode(told))
    assert "BTC" == debt.asset


@pytest.mark.parametrize("body", [b"", b" \n", b"{}", b'{"success":true}', b"[]", b"true"])
def test_anything_that_is_no_error_acknowledges(body):
    """Where no body is documented, success must not be taken for a failure."""
    assert Empty() == decode(EXCHANGE_SMALL_LIABILITY, body)


def test_what_is_no_json_does_not_acknowledge():
    """A login page answers 200 as well."""
    with pytest.raises(ValueError, match="malformed"):
        Acknowledgement().decode(b"<html>")


def test_a_mixed_array_must_be_an_array():
    """An object is another answer."""
    decoder = MixedArray("key", with_key=Empty, without=Empty)
    with pytest.raises(msgspec.ValidationError):
        decoder.decode(b"{}")

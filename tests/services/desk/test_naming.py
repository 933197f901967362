"""Every order of the desk has an id that was never used before."""

import itertools

import pytest

from binance_margin_async import LimitLeg, LimitMakerLeg, LimitOrder, Oco, Oto, Otoco, StopLossLeg
from binance_margin_async.services.desk.naming import named_list, named_order


@pytest.fixture
def new_id():
    numbers = itertools.count(1)
    return lambda: f"id{next(numbers)}"


OCO = Oco("BTCUSDT", "SELL", quantity="1", price="66000", stop_price="58000")
WORKING = LimitLeg(price="60000")
OTO = Oto("BTCUSDT", "BUY", quantity="1", working=WORKING, pending_side="SELL", pending_quantity="1", pending=WORKING)
OTOCO = Otoco(
    "BTCUSDT",
    "BUY",
    quantity="1",
    working=WORKING,
    pending_side="SELL",
    pending_quantity="1",
    above=LimitMakerLeg(price="66000"),
    below=StopLossLeg(stop_price="58000"),
)


def test_an_order_gets_an_id(new_id):
    order, name = named_order(LimitOrder("BTCUSDT", "BUY", quantity="1", price="60000"), new_id)

    assert order.client_order_id == name == "id1"


def test_the_legs_of_an_oco_get_ids_of_their_own(new_id):
    order, name, ids = named_list(OCO, new_id)

    assert order.list_client_order_id == name
    assert {"limit": order.limit_client_order_id, "stop": order.stop_client_order_id} == ids
    assert len({name, *ids.values()}) == 3


def test_the_legs_of_an_oto_get_ids_of_their_own(new_id):
    order, _, ids = named_list(OTO, new_id)

    assert {"working": order.working.client_order_id, "pending": order.pending.client_order_id} == ids


def test_the_legs_of_an_otoco_get_ids_of_their_own(new_id):
    order, _, ids = named_list(OTOCO, new_id)

    told = {role: getattr(order, role).client_order_id for role in ("working", "above", "below")}
    assert told == ids
    assert named_list(OTOCO.replace(), new_id)[2].keys() == ids.keys()


@pytest.mark.parametrize(
    "order",
    [
        OCO.replace(list_client_order_id="mine"),
        OCO.replace(stop_client_order_id="mine"),
        OTO.replace(pending=WORKING.replace(client_order_id="mine")),
    ],
    ids=["list", "leg of an oco", "leg of an oto"],
)
def test_an_id_of_the_callers_own_is_refused(order, new_id):
    """It may have been used before, and then finding it proves nothing."""
    with pytest.raises(ValueError, match="leave the client order id out"):
        named_list(order, new_id)

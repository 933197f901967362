"""What a call costs depends on its parameters."""

from binance_margin_async.rules.limits import Cost, Dearer, Lane, Scope, ip, uid

ORDER = uid(6, Dearer(1500, "sideEffectType", ("MARGIN_BUY", "AUTO_BORROW_REPAY")), orders=1)
PER_COIN = ip(1, Dearer(5, "coin"))


def test_a_parameter_can_make_a_call_dearer():
    """An order that may borrow costs 1,500, not 6: the tightest limit there is."""
    assert ORDER.weigh({"symbol": "BTCUSDT"}) == 6
    assert ORDER.weigh({"sideEffectType": "NO_SIDE_EFFECT"}) == 6
    assert ORDER.weigh({"sideEffectType": "AUTO_BORROW_REPAY"}) == 1500


def test_leaving_a_parameter_out_can_make_a_call_dearer():
    """Asking for all coins costs more than asking for one; ``None`` is what an unset keyword looks like."""
    assert PER_COIN.weigh({"coin": "BTC"}) == 1
    assert PER_COIN.weigh({}) == 5
    assert PER_COIN.weigh({"coin": None}) == 5


def test_a_flag_counts_as_it_is_written_on_the_wire():
    """A caller passes a ``bool``; the exchange charges for the word it is sent as."""
    cost = ip(1, Dearer(20, "computeCommissionRates", ("true",)))

    assert cost.weigh({"computeCommissionRates": True}) == 20
    assert cost.weigh({"computeCommissionRates": False}) == 1


def test_the_dearest_matching_rule_counts():
    """Two reasons to be dear do not add up, and their order in the row does not matter."""
    cost = ip(1, Dearer(40, "symbol"), Dearer(10, "side", ("BUY",)))

    assert cost.weigh({"side": "BUY"}) == 40
    assert cost.weigh({"side": "BUY", "symbol": "BTCUSDT"}) == 10


def test_the_short_forms_name_the_scope():
    """Rows read as the exchange's pages do: IP 10, UID 1,500."""
    assert ip(10) == Cost(Scope.IP, 10)
    assert uid(3000, orders=2) == Cost(Scope.UID, 3000, (), 2)


def test_lanes_are_ordered_by_urgency():
    """Smaller goes first; the limiter compares lanes as numbers."""
    assert sorted(Lane, reverse=True) == [Lane.HISTORY, Lane.QUERY, Lane.ORDER, Lane.SAFETY]

"""The lane over REST: margin orders through ``/api/v3``, signed by the special key and refused where they cannot go."""

import pytest

from binance_margin_async.config import Config
from binance_margin_async.errors import ConfigError, CredentialsError, InvalidRequestError
from binance_margin_async.models.account import CROSS, Isolated
from binance_margin_async.models.orders import LimitOrder
from binance_margin_async.rest.lane import SpecialKeyAccess
from binance_margin_async.rest.spot_orders import SpotOrderCalls
from binance_margin_async.secret import Secret

BTC = Isolated("BTCUSDT")
ORDINARY = Config.load(environ={}, api_key="ordinary", api_secret="ordinary secret", recv_window_ms=777)
PEM = "-----BEGIN PRIVATE KEY-----"


def limit(**options):
    return LimitOrder("BTCUSDT", "BUY", quantity=1, price=2, **options)


def test_the_key_takes_the_place_of_the_ordinary_one_and_nothing_else():
    """Addresses, receive window and certificates stay."""
    own = SpecialKeyAccess("special", "special secret").settings(ORDINARY)
    assert (Secret("special"), Secret("special secret"), None) == (own.api_key, own.api_secret, own.private_key)
    assert 777 == own.recv_window_ms


def test_a_private_key_leaves_no_secret_behind():
    """Signing with the ordinary secret would be refused, after the order was late already."""
    own = SpecialKeyAccess("special", private_key=PEM, private_key_passphrase="open").settings(ORDINARY)
    assert (None, Secret(PEM), Secret("open")) == (own.api_secret, own.private_key, own.private_key_passphrase)


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        (SpecialKeyAccess("special"), CredentialsError),
        (SpecialKeyAccess("", "secret"), CredentialsError),
        (SpecialKeyAccess("special", "secret", private_key=PEM), ConfigError),
    ],
)
def test_an_incomplete_key_is_refused_at_the_start(key, kind):
    """Not when the first order is due."""
    with pytest.raises(kind):
        key.settings(ORDINARY)


def test_the_key_does_not_show():
    """Whatever it was given as."""
    access = SpecialKeyAccess("special", "special secret", account=BTC)
    assert "SpecialKeyAccess(account=Isolated(symbol='BTCUSDT'))" == repr(access)
    assert (Secret("special"), Secret("special secret")) == (access.api_key, access.api_secret)


@pytest.mark.parametrize(
    ("key", "order", "named"),
    [
        (BTC, limit(), "isIsolated"),
        (CROSS, limit(account=BTC), "isIsolated"),
        (CROSS, limit(side_effect="AUTO_BORROW_REPAY"), "sideEffectType"),
        (CROSS, limit(auto_repay_at_cancel=True), "autoRepayAtCancel"),
    ],
)
async def test_what_the_lane_cannot_do_is_not_sent(bench, key, order, named):
    """An order for another account than the key's would trade with the wrong money."""
    ready = bench()
    with pytest.raises(InvalidRequestError, match=named):
        await SpotOrderCalls(ready.executor, key).new_order(order)
    assert [] == ready.network.sent


@pytest.mark.parametrize(
    ("method", "options"),
    [("cancel_order", {"order_id": 1}), ("cancel_open_orders", {}), ("order", {"order_id": 1}), ("open_orders", {})],
)
async def test_an_isolated_key_asks_about_no_other_pair(bench, method, options):
    """It would be answered for its own."""
    ready = bench()
    with pytest.raises(ValueError, match="ETHUSDT is not traded in the isolated account of BTCUSDT"):
        await getattr(SpotOrderCalls(ready.executor, BTC), method)("ETHUSDT", **options)
    assert [] == ready.network.sent

"""Replies of the calls about the key and the exchange's health."""

from collections.abc import Mapping

from binance_margin_async.sim.venue import Venue
from binance_margin_async.sim.wire.authentication import Security
from binance_margin_async.sim.wire.parameters import Parameters
from binance_margin_async.sim.wire.route import Route

# When the one key was made: 2025-01-01.
KEY_CREATED_MS = 1_735_689_600_000


def system_status(_venue: Venue, _parameters: Parameters, _now: int) -> object:
    """``GET /sapi/v1/system/status``."""
    return {"status": 0, "msg": "normal"}


def restrictions(_venue: Venue, parameters: Parameters, now: int) -> object:
    """``GET /sapi/v1/account/apiRestrictions``."""
    rights = parameters.key().rights
    return {
        "ipRestrict": rights.ip_restrict,
        "createTime": KEY_CREATED_MS,
        "enableReading": rights.enable_reading,
        "enableWithdrawals": rights.enable_withdrawals,
        "enableInternalTransfer": False,
        "enableMargin": rights.enable_margin,
        "enableFutures": False,
        "permitsUniversalTransfer": rights.permits_universal_transfer,
        "enableVanillaOptions": False,
        "enableFixApiTrade": False,
        "enableFixReadOnly": False,
        "enableSpotAndMarginTrading": rights.may_trade(now),
        "enablePortfolioMarginTrading": False,
    }


ROUTES: Mapping[str, Route] = {
    "GET /sapi/v1/account/apiRestrictions": Route(Security.SIGNED, "ip", 1, restrictions),
    "GET /sapi/v1/system/status": Route(Security.NONE, "ip", 1, system_status),
}

"""Replies of the calls about the key, the fees in BNB and the exchange's health."""

from collections.abc import Mapping

from binance_margin_async.sim.errors import RefusedError
from binance_margin_async.sim.venue import Venue
from binance_margin_async.sim.wire.authentication import Security
from binance_margin_async.sim.wire.parameters import Parameters
from binance_margin_async.sim.wire.route import Route

# When the one key was made: 2025-01-01.
KEY_CREATED_MS = 1_735_689_600_000


def system_status(venue: Venue, _parameters: Parameters, _now: int) -> object:
    """``GET /sapi/v1/system/status``."""
    return (
        {"status": 1, "msg": "system maintenance"} if venue.conditions.maintenance else {"status": 0, "msg": "normal"}
    )


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


def bnb_burn(venue: Venue, _parameters: Parameters, _now: int) -> object:
    """``GET /sapi/v1/bnbBurn``."""
    return {"spotBNBBurn": venue.trading.fees.in_bnb, "interestBNBBurn": venue.interest.in_bnb}


def set_bnb_burn(venue: Venue, parameters: Parameters, now: int) -> object:
    """``POST /sapi/v1/bnbBurn``: one of the two switches, or both."""
    if not parameters.has("spotBNBBurn") and not parameters.has("interestBNBBurn"):
        raise RefusedError(-1102, "Param 'spotBNBBurn' or 'interestBNBBurn' must be sent, but both were empty/null!")
    fees, interest = venue.trading.fees, venue.interest
    fees.in_bnb = parameters.flag("spotBNBBurn", default=fees.in_bnb)
    interest.in_bnb = parameters.flag("interestBNBBurn", default=interest.in_bnb)
    return bnb_burn(venue, parameters, now)


ROUTES: Mapping[str, Route] = {
    "GET /sapi/v1/bnbBurn": Route(Security.SIGNED, "ip", 1, bnb_burn),
    "POST /sapi/v1/bnbBurn": Route(Security.SIGNED, "ip", 1, set_bnb_burn),
    "GET /sapi/v1/account/apiRestrictions": Route(Security.SIGNED, "ip", 1, restrictions),
    "GET /sapi/v1/system/status": Route(Security.NONE, "ip", 1, system_status),
}

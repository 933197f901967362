"""Where a user's money can be besides a margin account, and the ways between all these places."""

from collections.abc import Mapping
from typing import NamedTuple

from binance_margin_async.sim.ledger.accounts import CROSS

SPOT = "SPOT"
FUNDING = "FUNDING"
UM_FUTURES = "UMFUTURE"
CM_FUTURES = "CMFUTURE"
OPTIONS = "OPTION"
PORTFOLIO_MARGIN = "PORTFOLIO_MARGIN"
WALLETS = (SPOT, FUNDING, UM_FUTURES, CM_FUTURES, OPTIONS, PORTFOLIO_MARGIN)

# The isolated account that a symbol beside the type names.
ISOLATED = "ISOLATED"


class Way(NamedTuple):
    """From where to where a type of transfer leads: a wallet, ``CROSS`` or ``ISOLATED``."""

    source: str
    target: str


_WORDS = {
    "MAIN": SPOT,
    "MARGIN": CROSS,
    "ISOLATEDMARGIN": ISOLATED,
    "FUNDING": FUNDING,
    "UMFUTURE": UM_FUTURES,
    "CMFUTURE": CM_FUTURES,
    "OPTION": OPTIONS,
    "PORTFOLIO_MARGIN": PORTFOLIO_MARGIN,
}
# Which words follow which in a type (wallet API, user universal transfer, read 2026-11-22).
_TARGETS = {
    "MAIN": "MARGIN UMFUTURE CMFUTURE FUNDING OPTION PORTFOLIO_MARGIN",
    "MARGIN": "MAIN UMFUTURE CMFUTURE ISOLATEDMARGIN FUNDING OPTION",
    "ISOLATEDMARGIN": "MARGIN ISOLATEDMARGIN",
    "UMFUTURE": "MAIN MARGIN FUNDING OPTION",
    "CMFUTURE": "MAIN MARGIN FUNDING",
    "FUNDING": "MAIN MARGIN UMFUTURE CMFUTURE OPTION",
    "OPTION": "MAIN MARGIN UMFUTURE FUNDING",
    "PORTFOLIO_MARGIN": "MAIN",
}
WAYS: Mapping[str, Way] = {
    f"{source}_{target}": Way(_WORDS[source], _WORDS[target])
    for source, targets in _TARGETS.items()
    for target in targets.split()
}

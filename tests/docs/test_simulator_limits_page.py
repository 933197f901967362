"""The page of the simulator's limits speaks of every call, and says truly whether it is served."""

import re
from pathlib import Path

from binance_margin_async.sim.wire.routes import ROUTES
from binance_margin_async.wire.endpoints import ALL

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "simulator_limits.md"
ROW = re.compile(r"^\| `((?:GET|POST|PUT|DELETE) /\S+)` \| (modelled|answered|not served) \|", re.MULTILINE)


def test_every_call_has_its_line():
    """Once each, in the order of the client's table."""
    told = [route for route, _ in ROW.findall(PAGE.read_text(encoding="utf-8"))]

    assert list(dict.fromkeys(row.route for row in ALL)) == told


def test_page_says_truly_what_is_served():
    """A call that has been added since is no longer said to be missing."""
    told = ROW.findall(PAGE.read_text(encoding="utf-8"))

    assert [route for route, _ in told if route in ROUTES] == [route for route, state in told if state != "not served"]

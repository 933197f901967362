"""What a command that changes something does when the exchange answers badly."""

import pytest

from binance_margin_async import CROSS, LimitOrder, MarginClient
from binance_margin_async.cli.changing import run_change
from binance_margin_async.sim import Fault, SimulatedExchange

ROUTE = "POST /sapi/v1/margin/order"
REFUSED, UNKNOWN, LIMITED, UNREACHABLE = 4, 5, 6, 7


class Given:
    """Stands where the options are: the exchange is prepared already."""

    account, yes, dry_run, json = "CROSS", True, False, True

    def __init__(self, exchange):
        self._exchange = exchange

    def target(self, *_accounts, **_options):
        return self

    def client(self, *, dry_run):
        return MarginClient(sim=self._exchange, accounts=[CROSS], dry_run=dry_run), None


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [(503, -1007, UNKNOWN), (500, -1000, UNKNOWN), (429, -1003, LIMITED), (400, -3006, REFUSED)],
)
def test_the_exit_code_tells_what_became_of_it(capsys, status, code, expected):
    """A script must know whether it may try again."""
    exchange = SimulatedExchange("calm")
    body = f'{{"code":{code},"msg":"made up"}}'
    exchange.inject(Fault("reply", target=ROUTE, status=status, body=body))
    order = LimitOrder("BTCUSDT", "BUY", quantity="0.01", price="55000", client_order_id="mine")

    ended = run_change(
        Given(exchange),
        lambda client: client.trade.new_order(order),
        what="buy",
        tell=str,
        if_unknown="Look it up: binance-margin order show BTCUSDT --client-order-id mine",
    )

    told = capsys.readouterr()
    assert (expected, "") == (ended, told.out)
    assert 1 == len(told.err.splitlines())
    assert str(code) in told.err
    assert ("binance-margin order show BTCUSDT --client-order-id mine" in told.err) == (expected == UNKNOWN)

"""The admin calls: look at the exchange, move prices and time, and let things go wrong."""

import aiohttp
import orjson
import pytest

from binance_margin_async.sim import Exchange, HttpRequest, SimulatedExchange
from binance_margin_async.sim.admin.calls import Admin
from binance_margin_async.testing import virtual


class Counter:
    """A desk, and the admin calls of its exchange."""

    def __init__(self, desk):
        self.desk = desk("slide")
        self.admin = Admin(self.desk.core)

    def send(self, method, path, body=None):
        content = b"" if body is None else orjson.dumps(body)
        reply = self.admin.handle(HttpRequest(method, path, body=content), self.desk.now)
        return reply.status, orjson.loads(reply.body)

    def __call__(self, method, path, body=None):
        status, answer = self.send(method, path, body)
        assert 200 == status, answer
        return answer


@pytest.fixture
def counter(desk):
    """Return the admin calls of a desk."""
    return Counter(desk)


def test_every_call_is_listed(counter):
    """Whoever looks first finds the rest."""
    for call in counter("GET", "/")["calls"]:
        method, path = call.split()
        status, answer = counter.send(method, path.replace("NUMBER", "1"))
        assert "there is no call" not in answer.get("error", "")
        assert status in {200, 400, 404}


def test_status_tells_where_the_exchange_is(counter):
    """Scenario, both clocks, prices and what goes on."""
    counter.desk.watch()
    counter.desk.wait(12)
    status = counter("GET", "/status")
    assert ("slide", counter.desk.now, counter.desk.now) == tuple(
        status[key] for key in ("scenario", "serverTime", "marketTime")
    )
    assert {"trade": 1} == status["connections"]
    assert "48750.00000000" == status["prices"]["BTCUSDT"] == counter("GET", "/prices")["BTCUSDT"]
    assert (False, 0, 0, 0) == tuple(status[key] for key in ("isFinished", "openOrders", "faultsArmed", "faultsFired"))


def test_accounts_show_the_ledger(counter):
    """Level and status as the exchange computes them, not as it rounds them."""
    accounts = counter("GET", "/accounts")
    assert {"CROSS", "BTCUSDT"} == set(accounts)
    assert ("1.6", "NORMAL") == (accounts["CROSS"]["level"], accounts["CROSS"]["status"])
    expected = {"free": "0.00000000", "locked": "0.00000000", "borrowed": "37500.00000000", "interest": "0.00000000"}
    assert expected == accounts["CROSS"]["assets"]["USDT"]


def test_a_snapshot_goes_on_elsewhere_as_it_would_have_here(counter):
    """Market stepped by hand, a price set, a fault armed: all of it is in the file."""
    counter("POST", "/step", {"seconds": 5})
    counter("POST", "/prices", {"symbol": "ETHUSDT", "price": 2500})
    counter("POST", "/faults", {"kind": "server_error", "target": "GET /api/v3/time", "after_s": 3})
    copy = Exchange.restore(counter("GET", "/snapshot"))
    own = counter.desk
    own.wait(7)
    copy.advance(own.now)

    assert own.core.prices == copy.prices
    assert own.core.levels == copy.levels
    assert (own.core.market_time, own.core.ends_at) == (copy.market_time, copy.ends_at)
    request = own.request("GET", "/api/v3/time", signed=False)
    assert [500, 500] == [core.handle(request, own.now).status for core in (own.core, copy)]


def test_the_ledger_shows_what_stands_in_the_books(counter):
    """Nothing has happened yet; sessions of other clients compare a full one (``tests/interop``)."""
    assert {"orders": [], "fills": [], "loans": [], "interest": [], "transfers": []} == counter("GET", "/ledger")


@pytest.mark.parametrize("price", ["40000.5", 40000.5])
def test_a_price_is_set_exactly(counter, price):
    """As text or as a number: JSON's numbers are read digit by digit."""
    assert "40000.50000000" == counter("POST", "/prices", {"symbol": "BTCUSDT", "price": price})["BTCUSDT"]
    assert "FORCE_LIQUIDATION" == counter("GET", "/accounts")["CROSS"]["status"]


def test_market_time_is_stepped(counter):
    """Server time is not."""
    status = counter("POST", "/step", {"seconds": 12})
    assert "48750.00000000" == status["prices"]["BTCUSDT"]
    assert 12_000 == status["marketTime"] - status["serverTime"]


def test_faults_are_added_listed_fired_and_taken_back(counter):
    """One or a whole plan, as in a fault file."""
    assert {"numbers": [1]} == counter("POST", "/faults", {"kind": "server_error", "target": "GET /api/v3/time"})
    later = {"faults": [{"kind": "event_unknown", "after_s": 60}, {"kind": "ban", "after_s": 90}]}
    assert {"numbers": [2, 3]} == counter("POST", "/faults", later)
    listed = counter("GET", "/faults")
    assert ["server_error", "event_unknown", "ban"] == [fault["kind"] for fault in listed["armed"]]
    assert [] == listed["fired"]

    assert 500 == counter.desk.send("GET", "/api/v3/time", signed=False).status
    fired = counter("POST", "/faults/3/fire")["fired"]
    assert [("server_error", "GET /api/v3/time"), ("ban", "")] == [(each["kind"], each["met"]) for each in fired]
    assert 418 == counter.desk.send("GET", "account").status
    assert [] == counter("DELETE", "/faults/2")["armed"]
    counter("POST", "/faults", {"kind": "drop"})
    assert [] == counter("DELETE", "/faults")["armed"]


@pytest.mark.parametrize(
    ("call", "body", "status", "words"),
    [
        ("GET /nothing", None, 404, "there is no call GET /nothing; GET / lists them"),
        ("POST /status", None, 404, "there is no call POST /status"),
        ("DELETE /faults/9", None, 404, "there is no fault 9"),
        ("POST /faults/9/fire", None, 404, "there is no fault 9"),
        ("POST /faults", {"kind": "thunder"}, 400, "Invalid enum value 'thunder'"),
        ("POST /faults", {"kind": "drop", "seconds": 3}, 400, "takes no 'seconds'"),
        ("POST /faults", {"faults": [{"kind": "drop", "skip": -1}]}, 400, "skip must be at least 0"),
        ("POST /faults", [], 400, "Expected `object`"),
        ("POST /prices", {"symbol": "NOPE", "price": 1}, 400, "no price of 'NOPE'"),
        ("POST /prices", {"symbol": "BTCUSDT", "price": -1}, 400, "above zero"),
        ("POST /prices", {"symbol": "BTCUSDT"}, 400, "required field `price`"),
        ("POST /step", {"seconds": 0}, 400, "above 0 seconds"),
        ("POST /step", {"second": 1}, 400, "unknown field `second`"),
        ("POST /step", None, 400, "truncated"),
    ],
)
def test_what_is_wrong_is_told_in_a_sentence(counter, call, body, status, words):
    """And nothing is changed."""
    told, answer = counter.send(*call.split(), body)
    assert status == told
    assert words in answer["error"]
    assert [] == counter.desk.core.faults.armed


async def ask(session, exchange, method, path, **options):
    async with session.request(method, f"{exchange.admin_url}{path}", **options) as reply:
        return reply.status, await reply.json()


async def played():
    async with SimulatedExchange("slide", admin_port=0) as exchange, aiohttp.ClientSession() as session:
        assert exchange.admin_url.startswith("http://127.0.0.1:")
        assert 200 == (await ask(session, exchange, "GET", "/status"))[0]
        assert 200 == (await ask(session, exchange, "POST", "/faults", json={"kind": "drop"}))[0]
        assert ["drop"] == [armed.fault.kind for armed in exchange.faults.armed]
        # What a page in a browser could send without asking first, and what it could send after having a name
        # of its own resolved to loopback.
        assert 415 == (await ask(session, exchange, "POST", "/faults", data='{"kind": "ban"}'))[0]
        assert 403 == (await ask(session, exchange, "GET", "/status", headers={"Host": "evil.example"}))[0]
        assert 1 == len(exchange.faults.armed)


async def test_admin_calls_on_loopback():
    """On a port of their own, for this machine alone."""
    await played()


def test_admin_calls_in_virtual_time():
    """Nothing is left behind."""
    virtual(played)()


def test_admin_calls_are_off_unless_asked_for():
    """A test has the object itself."""
    assert None is SimulatedExchange("calm").admin_url

"""``binance-margin sim serve``: what it prints, and what its options do."""

import json
import signal
import urllib.error
import urllib.request

import orjson
import pytest

FILE = '[[faults]]\nkind = "firewall"\ntarget = "GET /api/v3/ping"\n'


def fetched(url, body=None):
    """Ask with nothing but the standard library, as a client in any language would."""
    content = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, content, {"Content-Type": "application/json"})  # noqa: S310  # loopback
    try:
        with urllib.request.urlopen(request, timeout=10) as reply:  # noqa: S310  # loopback
            return reply.status, orjson.loads(reply.read())
    except urllib.error.HTTPError as error:
        return error.code, error.read()


@pytest.fixture
def serving(command):
    """Serve in JSON on ports of its own choice; give the addresses."""

    def serve(*arguments):
        return command.running("sim", "serve", "--port", "0", "--json", *arguments)

    return serve


def test_the_first_line_of_json_leads_everywhere(serving):
    """One object, with the keys that other programs are written against."""
    with serving() as process:
        addresses = orjson.loads(process.line())
        keys = ["rest_url", "ws_api_url", "stream_url", "risk_stream_url", "admin_url", "api_key", "api_secret"]
        assert keys == list(addresses)
        assert (200, {}) == fetched(f"{addresses['rest_url']}/api/v3/ping")
        assert "calm" == fetched(f"{addresses['admin_url']}/status")[1]["scenario"]
        assert all("//127.0.0.1:" in address for key, address in addresses.items() if key.endswith("url"))
        ended = process.ends(signal.SIGTERM)
    assert (143, "", "") == ended


def test_options_choose_scenario_faults_and_speed(serving, tmp_path):
    """A file for what goes wrong, and a market that stands still until it is told."""
    path = tmp_path / "faults.toml"
    path.write_text(FILE, encoding="utf-8")
    with serving("--scenario", "slide", "--faults", str(path), "--speed", "0", "--seed", "7") as process:
        addresses = orjson.loads(process.line())
        ping, admin = f"{addresses['rest_url']}/api/v3/ping", addresses["admin_url"]
        assert [403, 200] == [fetched(ping)[0] for _ in range(2)]
        assert "60000.00000000" == fetched(f"{admin}/prices")[1]["BTCUSDT"]
        assert "48750.00000000" == fetched(f"{admin}/step", {"seconds": 12})[1]["prices"]["BTCUSDT"]
        assert ["firewall"] == [fired["kind"] for fired in fetched(f"{admin}/faults")[1]["fired"]]


def test_prices_are_given_for_several_pairs(serving, tmp_path):
    """A file each; only the first may come without its pair's name."""
    for name, price in (("btc", 30_000), ("eth", 2_000)):
        line = f"1678233600000,{price},{price},{price},{price},1"
        (tmp_path / f"{name}.csv").write_text(f"open_time,open,high,low,close,volume\n{line}\n", encoding="utf-8")
    options = ("--prices", str(tmp_path / "btc.csv"), "--prices", f"ETHUSDT={tmp_path / 'eth.csv'}")
    with serving(*options) as process:
        prices = fetched(f"{orjson.loads(process.line())['admin_url']}/prices")[1]
    assert ("30000.00000000", "2000.00000000", "600.00000000") == tuple(
        prices[symbol] for symbol in ("BTCUSDT", "ETHUSDT", "BNBUSDT")
    )


def test_who_listens_beyond_loopback_is_told(serving):
    """Everybody who reaches it could trade; the admin calls stay where they are."""
    with serving("--host", "127.0.0.2") as process:
        addresses = orjson.loads(process.line())
        ended = process.ends(signal.SIGINT)
    assert 130 == ended.code
    assert "listening on 127.0.0.2: anybody who reaches this address can trade here" in ended.err
    assert "//127.0.0.2:" in addresses["rest_url"]
    assert "//127.0.0.1:" in addresses["admin_url"]


def test_settings_for_a_shell_are_printed(command):
    """Ready to be pasted, with the other addresses in a comment."""
    with command.running("sim", "serve", "--port", "0") as process:
        lines = [process.line() for _ in range(8)]
    names = [line.split()[1].partition("=")[0] for line in lines[:6]]
    expected = ["REST_URL", "WS_API_URL", "RISK_URL", "MARKET_URL"]
    assert [*(f"BINANCE_MARGIN_{name}" for name in expected), "BINANCE_API_KEY", "BINANCE_API_SECRET"] == names
    assert "admin calls: http://127.0.0.1:" in lines[6]


def test_a_wrong_fault_file_is_told_with_line_and_field(command, tmp_path):
    """As every other file."""
    path = tmp_path / "faults.toml"
    path.write_text(FILE + "tiems = 3\n", encoding="utf-8")
    ended = command("sim", "serve", "--faults", str(path))
    assert 2 == ended.code
    assert f"{path}, line 4, field 'faults[0].tiems'" in ended.complaint

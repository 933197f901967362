"""Bad input: one clear sentence on stderr, nothing on stdout, and the documented exit code."""

import subprocess
import sys
from urllib.parse import urlsplit

import pytest

USAGE, CONFIG, REFUSED, UNREACHABLE, ERROR = 2, 3, 4, 7, 1
KLINE = "open_time,open,high,low,close,volume\n1678233600000,20900,21000,20800,20900,1\n"


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("monitor", "--sim", "--account", "NOPEUSDT", "--json"), REFUSED, ["-1121", "Invalid symbol", "spelling"]),
        (("monitor", "--sim", "--account", "btcusdt"), USAGE, ["btcusdt", "upper case"]),
        (("account", "--sim", "--account", "ETHUSDT"), REFUSED, ["not open yet"]),
        (("monitor", "--sim", "--scenario", "nope"), USAGE, ["'nope'", "ban-hammer, bank-run", "or give a .toml file"]),
        (("monitor", "--sim", "--scenario", "no/such.toml"), USAGE, ["no/such.toml", "No such file"]),
        (("monitor", "--sim", "--prices", "a.csv", "--prices", "BTCUSDT=b.csv"), USAGE, ["a.csv"]),
        (("monitor", "--sim", "--scenario", "bank-run"), USAGE, ["bank-run", "price file"]),
        (("monitor", "--sim", "--prices", "no-such-file.csv"), USAGE, ["no-such-file.csv", "No such file"]),
        (("monitor", "--sim", "--speed", "0"), USAGE, ["--speed", "above 0"]),
        (("monitor", "--sim", "--duration", "nan"), USAGE, ["--duration", "nan"]),
        (("sim", "serve", "--port", "65534"), USAGE, ["65534", "0 to 65533"]),
        (("sim", "serve", "--speed", "-1"), USAGE, ["-1", "0 to"]),
        (("sim", "serve", "--faults", "no-such.toml"), USAGE, ["no-such.toml", "No such file"]),
        (("monitor", "--no-such-option"), USAGE, ["--no-such-option"]),
        (("no-such-command",), USAGE, ["no-such-command", "monitor"]),
        (("monitor", "--scenario", "calm"), USAGE, ["--scenario", "add --sim"]),
        (("monitor", "--json"), CONFIG, ["BINANCE_API_KEY", "BINANCE_API_SECRET"]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_a_mistake_on_the_command_line_is_told_in_a_sentence(command, arguments, code, words):
    """With the wrong value in it, and what would be right."""
    ended = command(*arguments)
    assert code == ended.code
    assert not ended.out
    assert all(word in ended.complaint for word in words), ended.complaint


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("1678233660000,20900,21000,20800,many,1", ["line 3", "close", "'many'"]),
        ("1678233660000,20900,21000", ["line 3", "low", "missing"]),
    ],
)
def test_a_malformed_price_line_is_told_with_file_line_and_field(command, tmp_path, line, words):
    """A file has thousands of lines; whoever wrote it wants to know which."""
    path = tmp_path / "prices.csv"
    path.write_text(KLINE + line + "\n", encoding="utf-8")
    ended = command("monitor", "--sim", "--scenario", "bank-run", "--prices", str(path), "--json")
    assert USAGE == ended.code
    assert not ended.out
    assert all(word in ended.complaint for word in [str(path), *words]), ended.complaint


def test_a_wrong_scenario_file_is_told_with_line_and_field(command, tmp_path):
    """Users write their own."""
    path = tmp_path / "own.toml"
    path.write_text('description = "x"\n[prices.BTCUSDT]\nkind = "constant"\nprize = 1\n', encoding="utf-8")
    ended = command("monitor", "--sim", "--scenario", str(path), "--json")
    assert USAGE == ended.code
    assert not ended.out
    assert all(word in ended.complaint for word in [str(path), "line 4", "prices.BTCUSDT.prize"]), ended.complaint


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('api_kee = "x"\n', ["api_kee"]),
        ("recv_window_ms = \n", ["settings.toml"]),
        ('api_key = "x"\napi_secret_file = "nowhere"\n', ["api_secret_file", "nowhere"]),
    ],
)
def test_a_wrong_setting_is_told_with_its_name(command, tmp_path, content, words):
    """From a TOML file."""
    path = tmp_path / "settings.toml"
    path.write_text(content, encoding="utf-8")
    ended = command("monitor", "--config", str(path), "--json")
    assert CONFIG == ended.code
    assert not ended.out
    assert all(word in ended.complaint for word in words), ended.complaint


def test_an_unreadable_secret_file_is_told_with_its_path(command, tmp_path):
    """As happens when a mount is missing; the contents are never shown."""
    env = {"BINANCE_API_KEY": "x", "BINANCE_API_SECRET_FILE": str(tmp_path)}
    ended = command("account", env=env)
    assert CONFIG == ended.code
    assert f"BINANCE_API_SECRET_FILE: cannot read {tmp_path}" in ended.complaint


@pytest.mark.parametrize("arguments", [("monitor", "--json"), ("doctor", "--json")], ids=" ".join)
def test_a_refused_key_is_told_with_what_to_do(command, served, arguments):
    """Whoever mistyped a key must not look for the fault in the network."""
    ended = command(*arguments, env={**served, "BINANCE_API_KEY": "wrong" * 12 + "keys"})
    assert CONFIG == ended.code
    told = ended.out if arguments[0] == "doctor" else ended.complaint
    assert "-2015" in told
    assert "API Management" in told
    assert "wrong" * 12 not in ended.out + ended.err


def test_an_unreachable_host_is_told(command, served):
    """Port 1 is served nowhere."""
    ended = command("monitor", "--json", env={**served, "BINANCE_MARGIN_REST_URL": "http://127.0.0.1:1"})
    assert UNREACHABLE == ended.code
    assert not ended.out
    assert "could not reach 127.0.0.1" in ended.complaint


def test_a_port_in_use_is_told_with_its_number(command, served):
    """Two exchanges cannot share one."""
    port = str(urlsplit(served["BINANCE_MARGIN_REST_URL"]).port)
    ended = command("sim", "serve", "--port", port)
    assert ERROR == ended.code
    assert not ended.out
    assert port in ended.complaint
    assert "in use" in ended.complaint


@pytest.mark.parametrize("missing", ["cyclopts", "rich"])
def test_without_its_extra_the_command_line_names_the_install_command(missing):
    """The library alone does not need these packages."""
    program = f"import sys; sys.modules[{missing!r}] = None; from binance_margin_async.cli import main; main()"
    done = subprocess.run(  # noqa: S603  # our own program
        [sys.executable, "-X", "dev", "-P", "-c", program], capture_output=True, encoding="utf-8", check=False
    )
    assert (ERROR, "") == (done.returncode, done.stdout)
    assert "pip install 'binance-margin-async[cli]'" in done.stderr
    assert 1 == len(done.stderr.splitlines())

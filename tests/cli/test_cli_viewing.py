"""``monitor --web`` and ``--metrics``: the whole way from the exchange to somebody who looks."""

import builtins
import re
import signal
import sys
import urllib.error
import urllib.request

import pytest

from binance_margin_async.cli.viewing import TOKEN, Viewing
from binance_margin_async.errors import MissingExtraError

WATCH = ("monitor", "--sim", "--duration", "1")


def fetched(url):
    with urllib.request.urlopen(url, timeout=10) as reply:  # noqa: S310  # an address of this test
        return reply.read(4096).decode()


def told(process, word):
    """Return the address on the line that begins with *word*."""
    while line := process.line():
        if line.startswith(word):
            return line.split()[-1]
    raise AssertionError(f"no line begins with {word}")


def test_a_running_monitor_is_seen_on_its_page_and_in_its_metrics(command):
    """In accelerated time as well: those who look live in real time, on a loop of their own."""
    arguments = ("--speed", "2", "--scenario", "slide", "--web", "127.0.0.1:0", "--metrics", "0")
    with command.running("monitor", "--sim", *arguments) as process:
        page, metrics = told(process, "Page:"), told(process, "Metrics:")
        assert "<title>Margin monitor</title>" in fetched(page)
        assert '"CROSS"' in fetched(f"{page}events")
        assert re.search(r'^binance_margin_level\{account="CROSS"\} 1\.', fetched(metrics), re.MULTILINE)
        process.ends(signal.SIGINT)


@pytest.mark.parametrize("address", ["0.0.0.0:0", "[::]:0", "192.168.1.4:0"])  # that is the point
@pytest.mark.parametrize("option", ["--web", "--metrics"])
def test_what_others_can_reach_needs_a_token(within, option, address):
    """Said before anything is served or asked."""
    ended = within(*WATCH, option, address)
    assert 3 == ended.code
    assert f"so a token is needed: set {TOKEN}" in ended.complaint


def test_a_short_token_is_refused_and_not_repeated(within):
    """It can be guessed; and a complaint may end up in a log."""
    ended = within(*WATCH, "--web", "127.0.0.1:0", env={TOKEN: "guess-me"})
    assert 3 == ended.code
    assert "at least 16" in ended.complaint
    assert "guess-me" not in ended.err


def test_a_token_may_come_from_a_file(tmp_path):
    """As containers and systemd hand them over."""
    file = tmp_path / "token"
    file.write_text("a-token-of-twenty-five-ch\n", encoding="utf-8")
    with Viewing(web="127.0.0.1:0").server({f"{TOKEN}_FILE": str(file)}) as shown:
        url = shown.told[0].split()[-1]
        with pytest.raises(urllib.error.HTTPError, match="401") as refused:
            fetched(url)
        refused.value.close()


@pytest.mark.parametrize("option", ["--web", "--metrics"])
def test_what_is_no_address_is_refused(within, option):
    """In the words that were typed."""
    ended = within(*WATCH, option, "127.0.0.1")
    assert 2 == ended.code
    assert "'127.0.0.1' is no address" in ended.complaint


def test_without_the_options_nothing_is_served(monkeypatch):
    """And nothing of the extras is loaded."""
    loaded = []
    real = builtins.__import__
    monkeypatch.setattr(builtins, "__import__", lambda name, *rest: loaded.append(name) or real(name, *rest))
    with Viewing().server({}) as shown:
        assert [] == shown.told
    assert not any("aiohttp_sse" in name or "prometheus" in name for name in loaded)


@pytest.mark.parametrize(
    ("options", "package", "extra"),
    [({"web": "0"}, "aiohttp_sse", "web"), ({"metrics": "0"}, "prometheus_client", "metrics")],
)
def test_a_missing_extra_is_named(monkeypatch, options, package, extra):
    """One line says what to install."""
    real = builtins.__import__

    def without(name, *rest):
        if name.partition(".")[0] == package:
            raise ModuleNotFoundError(f"No module named {package!r}", name=package)
        return real(name, *rest)

    for module in ("binance_margin_async.web.page", "binance_margin_async.metrics", package):
        monkeypatch.delitem(sys.modules, module, raising=False)
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MissingExtraError) as missing, Viewing(**options).server({}):
        pass
    assert extra == missing.value.extra

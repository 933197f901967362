"""The guide to a ringing phone, followed step by step; the phone is a server on this machine."""

import queue
import re
import shlex
import subprocess
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import orjson
import pytest
from doc_pages import ROOT, command_line, environment, run_command, write_files

PAGE = ROOT / "docs" / "guides" / "alerts.md"
SH = re.findall(r"^```sh\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
COMMANDS = [line for block in SH for line in block.splitlines() if line.startswith("binance-margin ")]
# At 20,100 the account of the bank run, which owes 15,500 for a bitcoin, is in its margin call, and stays there.
LOW = "open_time,open,high,low,close,volume\n" + "".join(
    f"2026-01-05T{hour:02}:00,20100,20100,20100,20100,1\n" for hour in range(10)
)


class Phone(BaseHTTPRequestHandler):
    """Takes what Apprise posts."""

    def do_POST(self):
        told = orjson.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.messages.put(told.get("message", told.get("text")))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


@contextmanager
def phone():
    server = HTTPServer(("127.0.0.1", 0), Phone)
    server.messages = queue.Queue()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def running(arguments, folder, **settings):
    with subprocess.Popen(  # noqa: S603  # commands of our own pages
        command_line(arguments),
        cwd=folder,
        env=environment(**settings),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            yield process
        finally:
            process.terminate()
            process.communicate(timeout=30)


def arguments_of(command):
    return shlex.split(command)[1:]


def test_the_guide_is_followed_from_the_first_message_to_the_acknowledgement(tmp_path):
    """A step that does not work costs the reader the ten minutes, or the money."""
    pytest.importorskip("apprise", reason="the extra alerts is not installed")
    try_it, rehearse, doctor, monitor, risk, show, acknowledge = COMMANDS
    write_files(PAGE, tmp_path)
    (tmp_path / "low.csv").write_text(LOW, encoding="utf-8")
    with phone() as there:
        settings = {"PHONE_URL": f"json://127.0.0.1:{there.server_port}"}
        assert "phone     delivered" in run_command(arguments_of(try_it), tmp_path, **settings).stdout
        test = there.messages.get_nowait()
        assert test.startswith("this is a test: nothing has happened")
        assert "acknowledge" not in test

        rehearsed = run_command([*arguments_of(rehearse), "--duration", "20"], tmp_path, **settings).stdout
        assert re.search(r"to phone: \[\d+\] URGENT CROSS/level: CROSS is MARGIN_CALL", rehearsed)
        assert there.messages.empty()

        served = ["sim", "serve", "--port", "0", "--json", "--scenario", "bank-run", "--prices", "low.csv"]
        with running(served, tmp_path) as exchange:
            addresses = orjson.loads(exchange.stdout.readline())
            settings |= {
                "BINANCE_MARGIN_REST_URL": addresses["rest_url"],
                "BINANCE_MARGIN_WS_API_URL": addresses["ws_api_url"],
                "BINANCE_MARGIN_RISK_URL": addresses["risk_stream_url"],
                "BINANCE_MARGIN_MARKET_URL": addresses["stream_url"],
                "BINANCE_API_KEY": addresses["api_key"],
                "BINANCE_API_SECRET": addresses["api_secret"],
            }
            assert 0 == run_command(arguments_of(doctor), tmp_path, **settings).returncode
            with running(arguments_of(monitor), tmp_path, **settings):
                number = re.search(r"alerts ack (\d+) --policy FILE", there.messages.get(timeout=30))[1]
                assert "CROSS: MARGIN_CALL" in run_command(arguments_of(risk), tmp_path, **settings).stdout
                listed = run_command(arguments_of(show), tmp_path, **settings).stdout
                assert f" {number} " in listed
                assert "CROSS is MARGIN_CALL" in listed
                told = run_command(arguments_of(acknowledge.replace(" 1 ", f" {number} ")), tmp_path, **settings).stdout
                assert f"acknowledged: {number} CROSS/level" in told


def test_the_whole_policy_of_the_guide_is_understood(tmp_path):
    """Everything that it shows is tried; only the siren that the page invents is not there."""
    pytest.importorskip("apprise", reason="the extra alerts is not installed")
    _, whole = re.findall(r"^```toml\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    (tmp_path / "policy.toml").write_text(whole, encoding="utf-8")
    with phone() as there:
        address = f"127.0.0.1:{there.server_port}"
        settings = {"PHONE_URL": f"json://{address}", "HOOK_URL": f"http://{address}", "HOOK_SECRET": "x"}
        told = run_command(arguments_of(COMMANDS[0]), tmp_path, **settings)

    assert 1 == told.returncode
    assert [("log", "delivered"), ("phone", "delivered"), ("hook", "delivered"), ("siren", "FAILED")] == re.findall(
        r"^ (log|phone|hook|siren) +(delivered|FAILED)", told.stdout, re.MULTILINE
    )

"""The command line as a process of its own, with a clean environment."""

import asyncio
import logging
import os
import re
import subprocess
import sys
import threading
from contextlib import contextmanager
from typing import NamedTuple

import orjson
import pytest
from canary.bird import CANARY

from binance_margin_async.cli.app import run_app
from binance_margin_async.sim import SimulatedExchange

# ``-P``: only what is installed is imported.
COMMAND = ["-P", "-m", "binance_margin_async.cli"]
# Warnings of leaked sockets, tasks and files are shown, at two thirds of the speed or less.
DEVELOPER_MODE = ["-X", "dev"]
# Seconds; a process that takes longer hangs.
PATIENCE = 30


class Ended(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def rows(self):
        """Standard output as JSON, a value per line; fails if anything else is there."""
        return [orjson.loads(line) for line in self.out.splitlines()]

    @property
    def complaint(self):
        """The one line on stderr that tells what is wrong, without the frame that the option parser draws."""
        lines = [line.strip("│╭╰─╮╯ ") for line in self.err.splitlines()]
        (told,) = [line for line in lines if line not in {"", "Error"}]
        return told


def settings_of(addresses):
    """The environment that leads a command to a served exchange."""
    names = {
        "BINANCE_MARGIN_REST_URL": "rest_url",
        "BINANCE_MARGIN_WS_API_URL": "ws_api_url",
        "BINANCE_MARGIN_RISK_URL": "risk_stream_url",
        "BINANCE_MARGIN_MARKET_URL": "stream_url",
        "BINANCE_API_KEY": "api_key",
        "BINANCE_API_SECRET": "api_secret",
    }
    return {name: addresses[key] for name, key in names.items()}


def environment(changes):
    own = {name: value for name, value in os.environ.items() if not name.startswith("BINANCE_")}
    return own | {"COLUMNS": "200", "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"} | changes


def check_clean(err):
    """Nothing of Python's own may reach a person: no traceback, no warning."""
    for word in ("Traceback", "Warning", "never awaited", "was destroyed", "Exception ignored", "Unclosed"):
        assert word not in err


def without_pace(err):
    """Leave out what asyncio's debug mode says of a busy machine: how long a step took."""
    return "".join(
        line for line in err.splitlines(keepends=True) if not re.match(r"Executing <.*> took .* seconds", line)
    )


class Process:
    """A command that runs until it is told to stop."""

    def __init__(self, process, *, prints_keys):
        self._process = process
        self._prints_keys = prints_keys

    def line(self):
        """The next line of its output."""
        line = self._process.stdout.readline()
        if not self._prints_keys:
            CANARY.look(line, "a line of a process")
        return line

    def complaint(self):
        """The next line of what it complains of."""
        line = self._process.stderr.readline()
        CANARY.look(line, "a complaint of a process")
        return line

    def signal(self, number):
        """Send it a signal."""
        self._process.send_signal(number)

    def ends(self, *numbers):
        """Send signals and return how it ended."""
        for number in numbers:
            self.signal(number)
        out, err = self._process.communicate(timeout=PATIENCE)
        check_clean(err)
        return Ended(self._process.returncode, out, without_pace(err))


class Troubled:
    """An exchange in a thread of its own, which misbehaves on demand."""

    def __init__(self):
        self._ready = threading.Event()
        # Set once a call that changes something has been carried out.
        self.changed = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()))

    def __enter__(self):
        self._thread.start()
        assert self._ready.wait(30)
        return self

    def __exit__(self, *_):
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(30)

    async def _serve(self):
        self._loop, self._over = asyncio.get_running_loop(), asyncio.Event()
        async with SimulatedExchange("calm") as self.exchange:
            self._handle = self.exchange.core.handle
            self.exchange.core.handle = self._on_request
            self._ready.set()
            await self._over.wait()

    def _on_request(self, request, now):
        reply = self._handle(request, now)
        if request.method != "GET":
            self.changed.set()
        return reply

    def _do(self, act):
        done = threading.Event()
        self._loop.call_soon_threadsafe(lambda: (act(), done.set()))
        assert done.wait(30)

    def inject(self, *faults):
        self._do(lambda: [self.exchange.inject(fault) for fault in faults])

    def heal(self):
        self._do(self.exchange.faults.clear)

    @property
    def env(self):
        return {
            "BINANCE_MARGIN_REST_URL": self.exchange.rest_url,
            "BINANCE_API_KEY": self.exchange.api_key,
            "BINANCE_API_SECRET": self.exchange.api_secret,
        }

    @property
    def orders(self):
        return [order.client_id for order in self.exchange.core.venue.trading.orders.values()]


class CommandLine:
    def __call__(self, *arguments, env=None, patience=PATIENCE, mode=DEVELOPER_MODE):
        """Run a command to its end."""
        done = subprocess.run(  # noqa: S603  # our own command
            [sys.executable, *mode, *COMMAND, *arguments],
            env=environment(env or {}),
            capture_output=True,
            encoding="utf-8",
            stdin=subprocess.DEVNULL,
            timeout=patience,
            check=False,
        )
        check_clean(done.stderr)
        return Ended(done.returncode, done.stdout, without_pace(done.stderr))

    @contextmanager
    def running(self, *arguments, env=None):
        """Run a command while the context is entered."""
        with subprocess.Popen(  # noqa: S603  # our own command
            [sys.executable, *DEVELOPER_MODE, *COMMAND, *arguments],
            env=environment(env or {}),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            encoding="utf-8",
        ) as process:
            try:
                yield Process(process, prints_keys="serve" in arguments)
            finally:
                if process.poll() is None:
                    process.kill()


@pytest.fixture(scope="session")
def command():
    """Return the command line: ``command("monitor", "--sim")``."""
    return CommandLine()


@pytest.fixture(autouse=True)
def log_as_before():
    """A command run in this process takes the package's log; later tests of this process need it as it was."""
    package = logging.getLogger("binance_margin_async")
    handlers, level, propagate = package.handlers[:], package.level, package.propagate
    yield
    package.handlers[:], package.propagate = handlers, propagate
    package.setLevel(level)


@pytest.fixture
def within(capsys, monkeypatch):
    """Run a command in this very process, which saves its start: ``within("order", "list", env=served)``."""

    def run(*arguments, env=None):
        for name in [name for name in os.environ if name.startswith("BINANCE_")]:
            monkeypatch.delenv(name)
        for name, value in ({"COLUMNS": "200", "NO_COLOR": "1"} | (env or {})).items():
            monkeypatch.setenv(name, value)
        capsys.readouterr()
        code = run_app(arguments)
        told = capsys.readouterr()
        check_clean(told.err)
        return Ended(code, told.out, without_pace(told.err))

    return run


@pytest.fixture(scope="session")
def served(command):
    """Serve a calm exchange to the tests and return the settings that lead there."""
    with command.running("sim", "serve", "--port", "0", "--json") as process:
        yield settings_of(orjson.loads(process.line()))


@pytest.fixture
def troubled():
    with Troubled() as exchange:
        yield exchange

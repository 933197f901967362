"""What every test may use: an executor on a scripted network, mocked replies, and the proof that no task is left."""

import asyncio
import functools
import inspect
from types import SimpleNamespace
from typing import NamedTuple, get_args

import aiohttp
import aioresponses
import hypothesis
import orjson
import pytest

from binance_margin_async.clock import Clock
from binance_margin_async.config import Config, StreamTransport
from binance_margin_async.rest.clock_doubt import ClockDoubt
from binance_margin_async.rest.executor import Executor
from binance_margin_async.rest.gate import Gate
from binance_margin_async.rules.limits import Limiter
from binance_margin_async.rules.limits.retry import RetryPolicy
from binance_margin_async.wire.replies import Marks, WireReply
from binance_margin_async.wire.requests import WireRequest

pytest_plugins = ["canary.plugin"]


def pytest_addoption(parser):
    parser.addoption("--stream-transport", choices=get_args(StreamTransport), default="direct")


# A busy machine is no broken rule: examples have no time limit of their own, tests have one each.
hypothesis.settings.register_profile("patient", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("patient")


@pytest.fixture
def mocked_http(monkeypatch):
    """
    aioresponses, for units that only decode; it replaces aiohttp's request path, so it proves nothing about the wire.

    Version 0.7.9 makes its responses without an argument that aiohttp asks for since 3.14.
    """
    writer = SimpleNamespace(output_size=0)
    response = functools.partial(aiohttp.ClientResponse, stream_writer=writer)
    monkeypatch.setattr(aioresponses.core, "ClientResponse", response)
    with aioresponses.aioresponses() as http:
        yield http


@pytest.fixture
async def tasks_end():
    """Fail a test that leaves a task behind on its loop."""
    yield
    left = asyncio.all_tasks() - {asyncio.current_task()}
    assert set() == left


@pytest.fixture(autouse=True)
def _no_task_is_left(request):
    # Plain tests have no loop, and @virtual looks after its own.
    if inspect.iscoroutinefunction(request.function):
        request.getfixturevalue("tasks_end")


# -- an executor whose network is a script --

# Sample values that the exchange itself publishes (rest-api.md, read 2026-11-22); no real key.
KEY = "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A"
SECRET = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j"
EPOCH = 1_795_312_000.0  # the exchange's time at loop time zero, in seconds


class Sent(NamedTuple):
    request: WireRequest
    at: float
    deadline: float


class ScriptedNetwork:
    """Stands where the network is: remembers what was sent, and answers as it was told to."""

    def __init__(self):
        self.sent = []
        self._script = []
        self._takes = 0.0
        self._connects = 0.0

    def reply(self, body, status=200, headers=None):
        """Answer the next call so; *body* is bytes or what becomes JSON."""
        content = body if isinstance(body, bytes) else orjson.dumps(body)
        self._script.append(WireReply(status, headers or {}, content, Marks()))

    def fail(self, problem):
        """Fail the next call so."""
        self._script.append(problem)

    def take(self, seconds):
        """Let every call take so long."""
        self._takes = seconds

    def connect(self, seconds):
        """Let every call wait so long for its connection."""
        self._connects = seconds

    async def send(self, request, *, deadline, freshen=None):
        if self._connects:
            await asyncio.sleep(self._connects)
            request = freshen()
        self.sent.append(Sent(request, asyncio.get_running_loop().time(), deadline))
        await asyncio.sleep(self._takes)
        answer = self._script.pop(0)
        if isinstance(answer, BaseException):
            raise answer
        return answer


class Bench:
    """An executor on the running loop, with everything it tells to others; *network* has the transport's ``send``."""

    def __init__(self, *, roll=0.5, network=None, **settings):
        settings.setdefault("api_key", KEY)
        settings.setdefault("api_secret", SECRET)
        self.loop = asyncio.get_running_loop()
        self.network = network or ScriptedNetwork()
        self.clock = Clock(self.loop.time)
        self.clock.adjust(EPOCH - self.loop.time(), 0.001)
        self.limiter = Limiter()
        self.limiter.on_clock(self.clock.offset)
        self.gate = Gate(self.limiter, self.clock.now)
        self.replies = []
        self.doubt = ClockDoubt()
        self.executor = Executor(
            transport=self.network,
            gate=self.gate,
            limiter=self.limiter,
            clock=self.clock,
            config=Config.load(environ={}, **settings),
            retry=RetryPolicy(lambda: roll),
            on_reply=lambda call, reply: self.replies.append((call, reply)),
            on_timed=lambda _route, _stages: None,
            doubt=self.doubt,
        )

    def bucket(self, route):
        """Return the statistics of the route's bucket."""
        (bucket,) = (each for each in self.gate.statistics().buckets if each.endpoint == route)
        return bucket


@pytest.fixture(scope="session")
def bench():
    """Return the maker of benches; call it inside the loop."""
    return Bench

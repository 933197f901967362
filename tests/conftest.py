"""What every test may use: mocked HTTP replies, and the proof that no task outlives its test."""

import asyncio
import functools
import inspect
from types import SimpleNamespace

import aiohttp
import aioresponses
import hypothesis
import pytest

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

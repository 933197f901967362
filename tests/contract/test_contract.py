"""
Each row of the endpoint table has one method and one stored call: what it sends, and what it makes of the answer.

A stored call (``golden/<group>/<method>[.<variant>].json``) holds ``arguments`` (every parameter of the method),
``request`` (verb, path, query in order, signed), ``reply`` (made up, with awkward values) and ``unknown`` (the names in
the reply that nobody knows). Amounts are compared as ``Decimal``, so a field that is dropped, renamed or rounded shows.
"""

import inspect
import json
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import msgspec
import pytest

from binance_margin_async import CROSS, Isolated, MarginClient, Secret, SimulatedExchange
from binance_margin_async.rest.group import EndpointGroup
from binance_margin_async.wire.endpoints import ALL
from binance_margin_async.wire.replies import Marks, WireReply

GOLDEN = Path(__file__).parent / "golden"
STORED = sorted(GOLDEN.glob("*/*.json"))
# Two names for one route where the direction decides the urgency.
TWO_METHODS = {"POST /sapi/v1/margin/borrow-repay": 2}
STAMPS = ("recvWindow", "timestamp", "signature")


class Recorder:
    """A transport that keeps what it was given and answers what it was told."""

    def __init__(self, reply):
        self.body = json.dumps(reply, ensure_ascii=False).encode()
        self.requests = []

    async def send(self, request, *, deadline, freshen=None):  # noqa: ARG002  # the port's shape
        self.requests.append(request)
        return WireReply(200, {}, self.body, Marks())


def revive(name, value):
    """Turn a stored argument into what a caller would pass."""
    if name == "account":
        return CROSS if value == "CROSS" else Isolated(value)
    if isinstance(value, dict) and len(value) == 1:
        ((kind, fields),) = value.items()
        import binance_margin_async  # noqa: PLC0415  # the kinds are looked up by name

        made = getattr(binance_margin_async, kind)
        return made(**{each: revive(each, part) for each, part in fields.items()})
    return value


def groups_of(client):
    return {
        name: getattr(client, name)
        for name, kind in inspect.getmembers(MarginClient, lambda member: isinstance(member, property))
        # The lane makes the calls of client.spot, with another key.
        if name != "lane" and isinstance(getattr(client, name), EndpointGroup)
    }


def assert_same(told, decoded, unknown, path="$"):
    """Every known field of *told* has its value in *decoded*."""
    if isinstance(told, dict) and isinstance(decoded, msgspec.Struct):
        names = dict(zip(type(decoded).__struct_encode_fields__, type(decoded).__struct_fields__, strict=True))
        for key, value in told.items():
            if key in unknown:
                continue
            assert key in names, f"{path}.{key} is dropped"
            assert_same(value, getattr(decoded, names[key]), unknown, f"{path}.{key}")
    elif isinstance(told, dict):
        assert told.keys() - set(unknown) == decoded.keys(), path
        for key in decoded:
            assert_same(told[key], decoded[key], unknown, f"{path}.{key}")
    elif isinstance(told, list):
        assert len(told) == len(decoded), path
        for number, (one, other) in enumerate(zip(told, decoded, strict=True)):
            assert_same(one, other, unknown, f"{path}[{number}]")
    else:
        assert_same_value(told, decoded, path)


def assert_same_value(told, decoded, path):
    assert not isinstance(decoded, float), f"{path} is a float"
    decoded = decoded.reveal() if isinstance(decoded, Secret) else decoded
    if isinstance(decoded, bool) or told is None:
        assert told == decoded, path
    elif isinstance(decoded, Decimal | int):
        assert Decimal(str(told)) == decoded, path
    else:
        assert str(decoded) in {told, "UNKNOWN"}, path
        assert str(decoded) == told or told not in list(type(decoded)), f"{path}: a known word became UNKNOWN"


@pytest.fixture
async def opened():
    async with MarginClient(sim=SimulatedExchange("calm")) as client:
        yield client


@pytest.mark.parametrize("file", STORED, ids=lambda file: f"{file.parent.name}.{file.stem}")
async def test_a_call_sends_what_is_stored_and_decodes_every_known_field(file, opened, monkeypatch):
    """The stored request and reply are the contract with the exchange; promise I4: amounts stay exact, never floats."""
    stored = json.loads(file.read_text(encoding="utf-8"))
    group = groups_of(opened)[file.parent.name]
    method = getattr(group, file.stem.partition(".")[0])
    arguments = {name: revive(name, value) for name, value in stored["arguments"].items()}
    parameters = inspect.signature(method).parameters
    assert set(parameters) == set(arguments), "a stored call gives every argument"
    recorder = Recorder(stored["reply"])
    monkeypatch.setattr(group._executor, "_transport", recorder)

    decoded = await method(**arguments)

    (request,) = recorder.requests
    path, _, query = request.target.partition("?")
    pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query))
    sent: dict[str, Any] = {"verb": request.method, "path": path}
    sent["query"] = [list(pair) for pair in pairs if pair[0] not in STAMPS]
    sent["signed"] = bool(pairs) and pairs[-1][0] == "signature"
    assert stored["request"] == sent
    assert_same(stored["reply"], decoded, stored.get("unknown", []))


async def test_each_row_has_its_method_and_each_method_its_row(opened):
    """Adding a call is one row, one method, one stored file; nothing is forgotten and nothing is left over."""
    stored = {}
    for file in STORED:
        request = json.loads(file.read_text(encoding="utf-8"))["request"]
        method = (file.parent.name, file.stem.partition(".")[0])
        stored.setdefault(f"{request['verb']} {request['path']}", set()).add(method)
    rows = {row.route: TWO_METHODS.get(row.route, 1) for row in ALL}
    assert rows == {route: len(methods) for route, methods in stored.items()}
    public = {
        (name, method)
        for name, group in groups_of(opened).items()
        for method, _ in inspect.getmembers(group, inspect.iscoroutinefunction)
        if not method.startswith("_")
    }
    assert public == set().union(*stored.values())

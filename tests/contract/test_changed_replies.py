"""Replies that change without notice: each field of each stored reply is left out, of another type, or not alone."""

import copy
import json
from collections import Counter

import pytest
from test_contract import STORED, groups_of, revive

from binance_margin_async import DecodeError, MarginClient, Outcome, SimulatedExchange
from binance_margin_async.models.replies import ListenKey, ListenToken
from binance_margin_async.models.special_keys import CreatedSpecialKey
from binance_margin_async.wire import replies

# Of no type that any field has.
OTHER = {"of another": ["type"]}


class RowFoundError(Exception):
    """Carries the row of a call that is not made."""


@pytest.fixture
async def rows(monkeypatch):
    """The row by which each stored call is made."""
    found = {}

    async def call(row, *_, **__):
        raise RowFoundError(row)

    async with MarginClient(sim=SimulatedExchange("calm")) as client:
        for file in STORED:
            stored = json.loads(file.read_text(encoding="utf-8"))
            group = groups_of(client)[file.parent.name]
            method = getattr(group, file.stem.partition(".")[0])
            arguments = {name: revive(name, value) for name, value in stored["arguments"].items()}
            monkeypatch.setattr(type(group._executor), "call", staticmethod(call))
            with pytest.raises(RowFoundError) as caught:
                await method(**arguments)
            monkeypatch.undo()
            found[file] = caught.value.args[0]
    return found


def fields(value, path=()):
    """Yield the place of each field of an answer, as the steps that lead there."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield (*path, key)
            yield from fields(part, (*path, key))
    elif isinstance(value, list):
        for number, part in enumerate(value):
            yield from fields(part, (*path, number))


def changed(reply, place, change):
    """Return *reply* with *change* made to the object that holds the field at *place*."""
    copied = copy.deepcopy(reply)
    holder = copied
    for step in place[:-1]:
        holder = holder[step]
    change(holder, place[-1])
    return copied


def retype(holder, key):
    holder[key] = OTHER


def leave_out(holder, key):
    del holder[key]


def add(holder, _key):
    holder["neverSeenBefore"] = OTHER


def names(told, place):
    """Whether a path, such as ``$.assets[0].asset``, names the field at *place*, or what is wrong in it."""
    steps = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place)
    # Of a mapping, such as amounts by asset, no key is named.
    of_mapping = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place[:-1]) + "[...]"
    return told.startswith((f"${steps}", f"${of_mapping}")) or told == f"${steps}[...]"


# Replies that bring a secret are not kept where they cannot be read.
SECRETS = {CreatedSpecialKey, ListenKey, ListenToken}


def check(problem, row, body, place):
    """It names what is wrong, has the answer for whoever looks into it, and claims nothing of a change."""
    # Without the word that tells lists from orders, a list is an order that lacks its id.
    assert names(problem.path, place) or place[-1] == "contingencyType", (row.route, place, problem.path)
    assert (b"" if row.returns in SECRETS else body) == problem.body
    assert (Outcome.REFUSED if row.is_read else Outcome.UNKNOWN) is problem.outcome


@pytest.mark.shows_secrets("the calls are made with listen keys as plain text, as callers may")
@pytest.mark.parametrize("change", [retype, leave_out, add])
async def test_each_changed_field_is_named_or_does_no_harm(rows, change):
    """
    Promise O10, each field of each stored reply: what is new is passed over, what is wrong is named.

    Only fields that nobody knows and those that the exchange leaves out itself may be missing.
    """
    counts = Counter()
    for file, row in rows.items():
        stored = json.loads(file.read_text(encoding="utf-8"))
        whole = replies.decode(row, json.dumps(stored["reply"]).encode())
        for place in fields(stored["reply"]):
            body = json.dumps(changed(stored["reply"], place, change)).encode()
            is_unknown = any(step in stored.get("unknown", ()) for step in place)
            try:
                decoded = replies.decode(row, body)
            except DecodeError as problem:
                check(problem, row, body, place)
                counts["named"] += 1
            else:
                if change is add or is_unknown:
                    assert whole == decoded, (file.name, place)
                counts["passed over" if is_unknown else "read"] += 1
    assert counts.total() > 2_500
    if change is retype:
        assert 0 == counts["read"]

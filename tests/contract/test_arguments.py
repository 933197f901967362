"""
What an argument may be, in every call: a float is refused wherever it stands, an amount is written out in full.

The calls and their arguments are those of the stored contract, so that a new call is held to this from its first day.
"""

import json
from copy import deepcopy
from decimal import Decimal
from urllib.parse import parse_qsl

from hypothesis import given, settings
from hypothesis import strategies as st
from test_contract import STORED, Recorder, groups_of, revive

from binance_margin_async import InvalidRequestError, MarginClient, SimulatedExchange
from binance_margin_async.testing import run_virtual

CALLS = {f"{file.parent.name}.{file.stem}": json.loads(file.read_text(encoding="utf-8")) for file in STORED}
# Arguments that hold amounts, in calls and in orders.
AMOUNTS = {"quantity", "amount", "price", "stop_price", "quote_order_quantity", "iceberg_quantity", "pending_quantity"}
AMOUNTS |= {"stop_limit_price", "limit_iceberg_quantity", "stop_iceberg_quantity"}
FLOATS = st.floats() | st.sampled_from([1.0, 0.1, float("nan"), float("inf"), -0.0])
DECIMALS = st.decimals("1e-18", "1e18", places=18) | st.sampled_from([Decimal("1e-8"), Decimal("1E+5")])


def leaves(arguments, path=()):
    """Yield the path of every value that is no container, at any depth."""
    for name, value in arguments.items() if isinstance(arguments, dict) else enumerate(arguments):
        if isinstance(value, dict | list) and value:
            yield from leaves(value, (*path, name))
        else:
            yield (*path, name)


def changed(arguments, path, value):
    """Return a copy of *arguments* with *value* at *path*."""
    copy = deepcopy(arguments)
    place = copy
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = [value] if place[path[-1]] == [] else value
    return copy


def value_at(arguments, path):
    for name in path:
        arguments = arguments[name]
    return arguments


PLACES = [(call, path) for call, stored in CALLS.items() for path in leaves(stored["arguments"])]


async def sent(groups, call, arguments):
    """Make a stored call with other arguments; return what it sends, or the error that keeps it back."""
    group, _, method = call.partition(".")
    recorder = Recorder(CALLS[call]["reply"])
    calls = groups[group]
    calls._executor._transport, before = recorder, calls._executor._transport
    try:
        await getattr(calls, method.partition(".")[0])(
            **{name: revive(name, value) for name, value in arguments.items()}
        )
    except (TypeError, ValueError, InvalidRequestError) as refused:
        return recorder.requests, refused
    finally:
        calls._executor._transport = before
    return recorder.requests, None


def on_a_client(work):
    """Run *work* with the calls of a client in virtual time, where no call waits for weight."""

    async def main():
        async with MarginClient(sim=SimulatedExchange("calm")) as client:
            return await work(groups_of(client))

    return run_virtual(main())


@settings(max_examples=10, deadline=None)
@given(number=FLOATS)
def test_a_float_is_refused_in_every_place_of_every_call(number):
    """
    Before anything is sent.

    Where two arguments exclude each other, that may be said first; but each place says it is no place for a float in
    one of the stored calls at least.
    """

    async def work(groups):
        refusals = {}
        for call, path in PLACES:
            requests, refused = await sent(groups, call, changed(CALLS[call]["arguments"], path, number))
            assert ([], True) == (requests, refused is not None), (call, path)
            place = (call.split(".")[0], call.split(".")[1], *(name for name in path if isinstance(name, str)))
            refusals.setdefault(place, []).append(refused)
        return refusals

    refusals = on_a_client(work)
    assert len(refusals) > 300
    assert [] == [
        (place, errors) for place, errors in refusals.items() if not any(isinstance(each, TypeError) for each in errors)
    ]


@settings(max_examples=10, deadline=None)
@given(amount=DECIMALS)
def test_an_amount_is_written_out_in_full_in_every_call(amount):
    """An exponent is no number to the exchange; not a digit may be lost either."""

    async def work(groups):
        seen = 0
        for call, path in PLACES:
            if path[-1] not in AMOUNTS or value_at(CALLS[call]["arguments"], path) is None:
                continue
            requests, refused = await sent(groups, call, changed(CALLS[call]["arguments"], path, amount))
            assert (1, None) == (len(requests), refused), (call, path)
            values = [value for _, value in parse_qsl(requests[0].target.partition("?")[2])]
            written = [value for value in values if value == f"{amount:f}"]
            assert written, (call, path, values)
            assert amount == Decimal(written[0])
            assert not any("e" in value.lower() for value in written)
            seen += 1
        return seen

    assert on_a_client(work) > 25

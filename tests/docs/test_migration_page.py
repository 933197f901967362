"""The page that sets other clients' calls beside ours: each of ours exists, with those arguments."""

import ast
import inspect
import re
from pathlib import Path
from typing import get_type_hints

import pytest

import binance_margin_async
from binance_margin_async import MarginClient

PAGE = (Path(__file__).parents[2] / "docs" / "guides" / "migration.md").read_text(encoding="utf-8")
CALLS = re.findall(r"`(client\.[\w.]+\(.*?\))` \|$", PAGE, re.MULTILINE)


def method_of(path):
    """Return the function that ``client.group.method`` stands for."""
    kind = MarginClient
    *groups, name = path.split(".")[1:]
    for group in groups:
        kind = get_type_hints(getattr(kind, group).fget)["return"]
    return getattr(kind, name)


def problems(call):
    """Yield what is wrong with a call, and with those among its arguments."""
    function = ast.unparse(call.func)
    if function.startswith("client."):
        target, bound = method_of(function), (None,)
    else:
        target, bound = getattr(binance_margin_async, function), ()
    signature = inspect.signature(target)
    positional = call.args
    names = [keyword.arg for keyword in call.keywords]
    try:
        signature.bind(*bound, *positional, **dict.fromkeys(names))
    except TypeError as problem:
        yield f"{function}: {problem}"
    for parameter in signature.parameters.values():
        if parameter.kind is parameter.VAR_KEYWORD:
            known = {*signature.parameters, *unpacked(target, parameter)}
            yield from (f"{function}: no keyword {name}" for name in names if name not in known)
    for argument in [*positional, *(keyword.value for keyword in call.keywords)]:
        if isinstance(argument, ast.Call):
            yield from problems(argument)
        elif isinstance(argument, ast.Name) and not hasattr(binance_margin_async, argument.id):
            yield f"{function}: no {argument.id}"


def unpacked(target, parameter):
    """Return the keywords that ``**options: Unpack[...]`` stands for."""
    (kind,) = get_type_hints(target.__init__ if inspect.isclass(target) else target)[parameter.name].__args__
    return get_type_hints(kind)


def test_twenty_calls_are_compared():
    """A row that the search does not find would not be checked."""
    assert 20 == len(CALLS) == len(re.findall(r"^\| \d+\. ", PAGE, re.MULTILINE))


@pytest.mark.parametrize("text", CALLS)
def test_a_call_on_the_page_exists_with_its_arguments(text):
    """Who comes from another client types it as it stands."""
    assert [] == list(problems(ast.parse(text, mode="eval").body))


@pytest.mark.parametrize(
    "text",
    [
        "client.trade.new_orders(LimitOrder('BTCUSDT', 'BUY', quantity='1', price='1'))",
        "client.trade.new_order(LimitOrder('BTCUSDT', 'BUY', quantity='1', price='1', side_efect='MARGIN_BUY'))",
        "client.history.trades('BTCUSDT', sinse=1)",
        "client.history.trades(since=1)",
        "client.events(OrderUpdates)",
    ],
)
def test_a_call_that_does_not_exist_is_found(text):
    """The search itself must fail when the page is wrong."""
    try:
        assert list(problems(ast.parse(text, mode="eval").body))
    except AttributeError as problem:
        assert "new_orders" in str(problem)  # noqa: PT017  # either way of not being there will do

"""
Which classes and functions a snapshot may name: those of the simulator, and no others.

So a file from somebody else can do no more harm than play a strange exchange.
"""

from collections import deque
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from importlib import import_module
from typing import TypeAlias

from binance_margin_async.sim.errors import SnapshotError

Plain: TypeAlias = "bool | int | float | str | list[Plain] | dict[str, Plain] | None"

# Marks of a mapping that is not an ordinary one: what it stands for, and the number of something shared.
KIND = "$"
NUMBER = "#"

# Written as their text.
NUMBERS: Mapping[str, Callable[[str], object]] = {"Decimal": Decimal, "Fraction": Fraction, "float": float}
# What a defaultdict may make by itself.
FACTORIES: Mapping[str, Callable[[], object]] = {
    "Decimal": Decimal,
    "int": int,
    "list": list,
    "dict": dict,
    "deque": deque,
}

_PACKAGE = "binance_margin_async.sim"


def name_of(thing: type | Callable[..., object]) -> str:
    """
    Return the name of a class or a function of the simulator, such as ``"ledger.accounts:Balance"``.

    Raises:
        SnapshotError: It is not part of it, or lives inside of a function.
    """
    module, name = thing.__module__, thing.__qualname__
    if not module.startswith(f"{_PACKAGE}.") or "<" in name:
        why = f"a snapshot cannot hold {module}.{name}: it is not part of {_PACKAGE}"
        raise SnapshotError(f"{why}; take snapshots of exchanges that are made of its own parts only")
    return f"{module.removeprefix(f'{_PACKAGE}.')}:{name}"


def named(name: str) -> object:
    """
    Return the class or function called *name*.

    Raises:
        SnapshotError: The simulator has none of that name.
    """
    module, _, path = name.partition(":")
    try:
        thing: object = import_module(f"{_PACKAGE}.{module}")
        for part in path.split("."):
            thing = getattr(thing, part)
    except (ImportError, AttributeError, ValueError) as problem:
        why = f"a snapshot names '{name}', which this version of the simulator does not have"
        raise SnapshotError(why) from problem
    # What a module has imported from elsewhere is not its own.
    if not callable(thing) or name_of(thing) != name:
        raise SnapshotError(f"a snapshot names '{name}', which is no class or function of the simulator")
    return thing

"""A user's function: what it is, what it is called, and how it fails."""

from __future__ import annotations

import functools
import inspect
import logging
from collections.abc import Awaitable, Callable
from typing import Any, TypeGuard, TypeVar

from binance_margin_async.bus.dispatcher import Dispatcher
from binance_margin_async.models.event import Event

E = TypeVar("E", bound=Event)
_log = logging.getLogger("binance_margin_async.bus")


def is_async(handler: Callable[[E], object]) -> TypeGuard[Callable[[E], Awaitable[object]]]:
    """Tell whether *handler* is an ``async def``, a partial of one, or an object with an async ``__call__``."""
    inner = _inner(handler)
    return inspect.iscoroutinefunction(inner) or inspect.iscoroutinefunction(type(inner).__call__)


def name_of(handler: Callable[..., Any]) -> str:
    """Return a name for people: the function's own, or the class of a callable object."""
    inner = _inner(handler)
    return getattr(inner, "__qualname__", None) or type(inner).__qualname__


def refuse_coroutine(result: object) -> None:
    """
    Raise when a handler that looked plain returned a coroutine, which nobody would await.

    Raises:
        TypeError: It did.
    """
    if inspect.iscoroutine(result):
        result.close()
        raise TypeError("the handler returned a coroutine: subscribe the async def itself, not a function around it")


class Failures:
    """
    Count a handler's failures, publish each, and log each kind of error once.

    Args:
        name: The handler's name.
        dispatcher: Where a failure is published.
    """

    def __init__(self, name: str, dispatcher: Dispatcher) -> None:
        self.name = name
        self.count: int = 0
        self._dispatcher = dispatcher
        self._logged: set[type[BaseException]] = set()

    def note(self, event: Event, error: BaseException) -> None:
        self.count += 1
        if type(error) not in self._logged:
            self._logged.add(type(error))
            _log.error(
                "handler %s failed on %s; further %s of it are only published and counted",
                self.name,
                type(event).__name__,
                type(error).__name__,
                exc_info=error,
            )
        self._dispatcher.report_failure(self.name, event, error)


def _inner(handler: Callable[..., Any]) -> Callable[..., Any]:
    while isinstance(handler, functools.partial):
        handler = handler.func
    return handler

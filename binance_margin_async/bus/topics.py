"""Who wants which event: an index, so that an event costs what its own subscribers cost and no more."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from binance_margin_async.models.account import Account
from binance_margin_async.models.event import Event
from binance_margin_async.models.market_events import KlineInterval

Deliver = Callable[[Any], None]
Topic = tuple[type[Event], Account | None, str | None, str | None]

# Kinds of events times accounts times symbols in real use; beyond that the routes are worked out anew.
_MOST_ROUTES = 10_000
_MOST_MEMBERS = 1 << 62
_INTERVALS = tuple(str(each) for each in KlineInterval)


@dataclass(frozen=True, slots=True)
class Interest:
    """
    What a subscriber wants to hear.

    Args:
        types: Event classes; a base class stands for all its subclasses.
        account: Only this account's events; ``None`` for all.
        symbol: Only events about this pair; ``None`` for all. An event without a symbol, such as a balance, is
            about no pair and never matches.
        interval: Only candles of this interval; ``None`` for all. Other events have none and are not concerned.

    Raises:
        TypeError: A type is no event class, or the account no account.
        ValueError: No type was named, or the symbol is not written as the exchange writes it.
    """

    types: tuple[type[Event], ...]
    account: Account | None = None
    symbol: str | None = None
    interval: str | None = None

    def __post_init__(self) -> None:
        if not self.types:
            raise ValueError("name at least one event type; Event takes everything")
        _check_types(self.types)
        _check_account(self.account)
        if self.symbol is not None and (not self.symbol or self.symbol != self.symbol.upper()):
            raise ValueError(f"a symbol is written like 'BTCUSDT', in upper case: {self.symbol!r}")
        if self.interval is not None and self.interval not in _INTERVALS:
            raise ValueError(f"candles have the intervals {', '.join(_INTERVALS)}, not {self.interval!r}")

    def __str__(self) -> str:
        names = "|".join(kind.__name__ for kind in self.types)
        filters = [str(each) for each in (self.account, self.symbol, self.interval) if each is not None]
        return " ".join([names, *filters])

    def topics(self) -> list[Topic]:
        return [(kind, self.account, self.symbol, self._interval_of(kind)) for kind in self.types]

    def _interval_of(self, kind: type[Event]) -> str | None:
        return self.interval if "interval" in kind.__struct_fields__ else None


def _check_types(types: tuple[object, ...]) -> None:
    for kind in types:
        if not (isinstance(kind, type) and issubclass(kind, Event)):
            raise TypeError(f"only event classes can be subscribed to, not {kind!r}")


def _check_account(account: object) -> None:
    if account is not None and not isinstance(account, Account):
        raise TypeError(f"an account is CROSS or Isolated(symbol), not {account!r}")


class Topics:
    """Find the subscribers of an event, in the order in which they joined, each once."""

    def __init__(self) -> None:
        self._by_topic: dict[Topic, dict[int, Deliver]] = {}
        # What `_resolve` found for an event's own topic; forgotten whenever somebody joins or leaves.
        self._routes: dict[Topic, tuple[Deliver, ...]] = {}
        self._numbers = itertools.count()

    def add(self, interest: Interest, deliver: Deliver, *, ahead: bool = False) -> int:
        """
        Let *deliver* be found by events of *interest*; the number returned is for ``remove``.

        With *ahead*, before all that were added without it.
        """
        number = next(self._numbers)
        number = number - _MOST_MEMBERS if ahead else number
        for topic in interest.topics():
            self._by_topic.setdefault(topic, {})[number] = deliver
        self._routes.clear()
        return number

    def remove(self, interest: Interest, number: int) -> None:
        for topic in interest.topics():
            here = self._by_topic.get(topic, {})
            here.pop(number, None)
            if not here:
                self._by_topic.pop(topic, None)
        self._routes.clear()

    def route(self, event: Event) -> tuple[Deliver, ...]:
        """Return who is to be told of *event*."""
        topic = (type(event), event.account, getattr(event, "symbol", None), getattr(event, "interval", None))
        route = self._routes.get(topic)
        return self._resolve(topic) if route is None else route

    def wants(self, kind: type[Event], account: Account, symbol: str) -> bool:
        """Return whether anybody is to be told of such events; of a kind that has no interval."""
        topic = (kind, account, symbol, None)
        route = self._routes.get(topic)
        return bool(self._resolve(topic) if route is None else route)

    def _resolve(self, topic: Topic) -> tuple[Deliver, ...]:
        kind, account, symbol, interval = topic
        found: dict[int, Deliver] = {}
        for base in kind.__mro__:
            for place in itertools.product((base,), (None, account), (None, symbol), (None, interval)):
                found.update(self._by_topic.get(place, {}))
        if len(self._routes) >= _MOST_ROUTES:
            self._routes.clear()
        route = self._routes[topic] = tuple(found[number] for number in sorted(found))
        return route

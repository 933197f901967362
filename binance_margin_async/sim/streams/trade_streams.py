"""Listen tokens and the subscriptions they open on the WebSocket API."""

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import orjson

from binance_margin_async.sim.amounts import text
from binance_margin_async.sim.errors import RefusedError
from binance_margin_async.sim.ledger.accounts import Account
from binance_margin_async.sim.messages import Outbox, Send

# Default and longest life of a token (margin: listen token, read 2026-11-22).
TOKEN_LIFE_MS = 24 * 3600 * 1000

# Subscriptions of one connection, at a time and in all (WebSocket API, read 2026-11-22).
ACTIVE_SUBSCRIPTIONS = 1_000
SUBSCRIPTION_IDS = 65_535

Renewal = Literal["same_id", "new_id"]


@dataclass(slots=True)
class Token:
    """A token not yet expired, and the account it opens."""

    account: str
    expires_at: int


@dataclass(slots=True)
class Subscription:
    """
    One account's events on one connection.

    Attributes:
        token: What opened it; ``None`` when a key did.
        expires_at: End of the token, in epoch milliseconds; ``None`` when a key opened it.
        api_key: The key that opened it, unless a token did.
        by_session: Whether it ends with the logon of its connection.
    """

    account: str
    token: str | None = None
    expires_at: int | None = None
    api_key: str | None = None
    by_session: bool = False


@dataclass(slots=True)
class TradeConnection:
    """One WebSocket API connection; ids are counted for each on its own."""

    subscriptions: dict[int, Subscription] = field(default_factory=dict)
    next_id: int = 0


class TradeStreams:
    """
    Who hears about which account.

    Attributes:
        listeners: Called with each event and its account, whether a subscription hears it or not.
        renewal: Whether a subscription that is renewed on its connection keeps its id (``"same_id"``) or
            gets another, the old one being terminated (``"new_id"``). The documentation leaves it open.
        active_cap: Subscriptions of one connection at a time.
        id_cap: Subscriptions of one connection in its whole life.
    """

    def __init__(self, outbox: Outbox, chance: random.Random, renewal: Renewal = "same_id") -> None:
        self._outbox = outbox
        self._chance = chance
        self.renewal: Renewal = renewal
        self.listeners: list[Callable[[str, Mapping[str, object]], None]] = []
        self.active_cap: int = ACTIVE_SUBSCRIPTIONS
        self.id_cap: int = SUBSCRIPTION_IDS
        self.tokens: dict[str, Token] = {}
        self.connections: dict[int, TradeConnection] = {}

    @property
    def wake_at(self) -> int | None:
        """When the next token or subscription expires."""
        ends = [token.expires_at for token in self.tokens.values()]
        for connection in self.connections.values():
            ends += [sub.expires_at for sub in connection.subscriptions.values() if sub.expires_at is not None]
        return min(ends, default=None)

    def mint(self, account: str, validity_ms: int, now: int) -> tuple[str, Token]:
        """Return a new token for *account* and what it stands for."""
        text = f"{self._chance.getrandbits(256):064x}"
        token = Token(account, now + validity_ms)
        self.tokens[text] = token
        return text, token

    def connect(self, connection: int) -> None:
        """Take note of a new connection."""
        self.connections[connection] = TradeConnection()

    def disconnect(self, connection: int) -> None:
        """Forget a connection and its subscriptions."""
        self.connections.pop(connection, None)

    def subscribe(self, connection: int, token: str) -> tuple[int, Subscription, int | None]:
        """
        Open the events of the token's account on *connection*, or renew them.

        Returns:
            The subscription's id, the subscription, and the id it replaces, if it replaces one.

        Raises:
            RefusedError: -1209 for a token that is unknown or over, -2035 for one that already runs here; -1191 and
                -2042 when the connection has too many subscriptions.
        """
        known = self.tokens.get(token)
        if known is None:
            raise RefusedError(-1209, "Invalid listenToken.")
        held = self._held(connection, known.account)
        link = self.connections[connection]
        if held is not None and link.subscriptions[held].token in {token, None}:
            raise _already_active()
        fresh = Subscription(known.account, token, known.expires_at)
        if held is not None and self.renewal == "same_id":
            link.subscriptions[held] = fresh
            return held, fresh, None
        return self._add(connection, fresh), fresh, held

    def subscribe_account(self, connection: int, fresh: Subscription) -> int:
        """
        Open a subscription that a key stands for on *connection*; return its id.

        Raises:
            RefusedError: -2035 when the account's events run here already; -1191 and -2042 as in :meth:`subscribe`.
        """
        if self._held(connection, fresh.account) is not None:
            raise _already_active()
        return self._add(connection, fresh)

    def end_of_key(self, connection: int, api_key: str, now: int) -> None:
        """End what a key opened on *connection*."""
        held = self.connections[connection].subscriptions
        for number in [number for number, subscription in held.items() if subscription.api_key == api_key]:
            self.terminate(connection, number, now)

    def _held(self, connection: int, account: str) -> int | None:
        held = self.connections[connection].subscriptions
        return next((number for number, subscription in held.items() if subscription.account == account), None)

    def _add(self, connection: int, subscription: Subscription) -> int:
        link = self.connections[connection]
        if len(link.subscriptions) >= self.active_cap:
            cap = f"Connection may create up to '{self.active_cap}' subscriptions at a time."
            raise RefusedError(-1191, f"Too many subscriptions. {cap}")
        if link.next_id >= self.id_cap:
            raise RefusedError(-2042, "Maximum number of subscription ids reached for this connection.")
        number, link.next_id = link.next_id, link.next_id + 1
        link.subscriptions[number] = subscription
        return number

    def terminate(self, connection: int, number: int, now: int) -> None:
        """End one subscription and say so."""
        link = self.connections[connection]
        if link.subscriptions.pop(number, None) is not None:
            self._push(connection, number, {"e": "eventStreamTerminated", "E": now})

    def publish(self, account: str, event: Mapping[str, object]) -> None:
        """Push *event* to every subscription of *account*."""
        for listener in self.listeners:
            listener(account, event)
        for connection, link in self.connections.items():
            for number, subscription in link.subscriptions.items():
                if subscription.account == account:
                    self._push(connection, number, event)

    def publish_balances(self, account: Account, assets: Iterable[str], now: int) -> None:
        """Push free and locked of *assets* to every subscription of *account*."""
        rows = [(asset, account.balance(asset)) for asset in assets]
        balances = [{"a": asset, "f": text(balance.free), "l": text(balance.locked)} for asset, balance in rows]
        self.publish(account.name, {"e": "outboundAccountPosition", "E": now, "u": now, "B": balances})

    def advance(self, now: int) -> None:
        """Let tokens and subscriptions end whose time is over."""
        self.tokens = {text: token for text, token in self.tokens.items() if token.expires_at > now}
        for connection, link in self.connections.items():
            over = [n for n, sub in link.subscriptions.items() if sub.expires_at is not None and sub.expires_at <= now]
            for number in over:
                self.terminate(connection, number, now)

    def expire_all(self, now: int) -> None:
        """Let every token and subscription end early."""
        for token in self.tokens.values():
            token.expires_at = now
        for link in self.connections.values():
            for subscription in link.subscriptions.values():
                if subscription.token is not None:
                    subscription.expires_at = now
        self.advance(now)

    def _push(self, connection: int, number: int, event: Mapping[str, object]) -> None:
        frame = orjson.dumps({"subscriptionId": number, "event": event})
        self._outbox.append(Send(connection, frame.decode()))


def _already_active() -> RefusedError:
    return RefusedError(-2035, "User data stream subscription already active.")

"""Listen tokens and the subscriptions they open on the WebSocket API."""

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import orjson

from binance_margin_async.sim.amounts import text
from binance_margin_async.sim.errors import RefusedError
from binance_margin_async.sim.ledger.accounts import Account
from binance_margin_async.sim.messages import Outbox, Send

# Default and longest life of a token (margin: listen token, read 2026-11-22).
TOKEN_LIFE_MS = 24 * 3600 * 1000

Renewal = Literal["same_id", "new_id"]


@dataclass(slots=True)
class Token:
    """A token not yet expired, and the account it opens."""

    account: str
    expires_at: int


@dataclass(slots=True)
class Subscription:
    """One account's events on one connection."""

    account: str
    token: str
    expires_at: int


@dataclass(slots=True)
class TradeConnection:
    """One WebSocket API connection; ids are counted for each on its own."""

    connected_at: int
    subscriptions: dict[int, Subscription] = field(default_factory=dict)
    next_id: int = 0


class TradeStreams:
    """
    Who hears about which account.

    Attributes:
        renewal: Whether a subscription that is renewed on its connection keeps its id (``"same_id"``) or
            gets another, the old one being terminated (``"new_id"``). The documentation leaves it open.
    """

    def __init__(self, outbox: Outbox, chance: random.Random, renewal: Renewal = "same_id") -> None:
        self._outbox = outbox
        self._chance = chance
        self.renewal: Renewal = renewal
        self.tokens: dict[str, Token] = {}
        self.connections: dict[int, TradeConnection] = {}

    @property
    def wake_at(self) -> int | None:
        """When the next token or subscription expires."""
        ends = [token.expires_at for token in self.tokens.values()]
        ends += [
            sub.expires_at for connection in self.connections.values() for sub in connection.subscriptions.values()
        ]
        return min(ends, default=None)

    def mint(self, account: str, validity_ms: int, now: int) -> tuple[str, Token]:
        """Return a new token for *account* and what it stands for."""
        text = f"{self._chance.getrandbits(256):064x}"
        token = Token(account, now + validity_ms)
        self.tokens[text] = token
        return text, token

    def connect(self, connection: int, now: int) -> None:
        """Take note of a new connection."""
        self.connections[connection] = TradeConnection(now)

    def disconnect(self, connection: int) -> None:
        """Forget a connection and its subscriptions."""
        self.connections.pop(connection, None)

    def subscribe(self, connection: int, token: str) -> tuple[int, Subscription, int | None]:
        """
        Open the events of the token's account on *connection*, or renew them.

        Returns:
            The subscription's id, the subscription, and the id it replaces, if it replaces one.

        Raises:
            RefusedError: -1209 for a token that is unknown or over, -2035 for one that already runs here.
        """
        known = self.tokens.get(token)
        if known is None:
            raise RefusedError(-1209, "Invalid listenToken.")
        link = self.connections[connection]
        held = next((key for key, sub in link.subscriptions.items() if sub.account == known.account), None)
        if held is not None and link.subscriptions[held].token == token:
            raise RefusedError(-2035, "User data stream subscription already active.")
        fresh = Subscription(known.account, token, known.expires_at)
        if held is not None and self.renewal == "same_id":
            link.subscriptions[held] = fresh
            return held, fresh, None
        number, link.next_id = link.next_id, link.next_id + 1
        link.subscriptions[number] = fresh
        return number, fresh, held

    def terminate(self, connection: int, number: int, now: int) -> None:
        """End one subscription and say so."""
        link = self.connections[connection]
        if link.subscriptions.pop(number, None) is not None:
            self._push(connection, number, {"e": "eventStreamTerminated", "E": now})

    def publish(self, account: str, event: Mapping[str, object]) -> None:
        """Push *event* to every subscription of *account*."""
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
            over = [number for number, sub in link.subscriptions.items() if sub.expires_at <= now]
            for number in over:
                self.terminate(connection, number, now)

    def expire_all(self, now: int) -> None:
        """Let every token and subscription end early."""
        for token in self.tokens.values():
            token.expires_at = now
        for link in self.connections.values():
            for subscription in link.subscriptions.values():
                subscription.expires_at = now
        self.advance(now)

    def _push(self, connection: int, number: int, event: Mapping[str, object]) -> None:
        frame = orjson.dumps({"subscriptionId": number, "event": event})
        self._outbox.append(Send(connection, frame.decode()))

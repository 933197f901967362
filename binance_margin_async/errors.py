"""
Every error the package raises, and what each says about the exchange.

``outcome`` answers a trader's first question: did the exchange act?
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from binance_margin_async.printable import printable


class Outcome(StrEnum):
    """Whether the exchange acted on a call."""

    NOT_SENT = "NOT_SENT"
    """Nothing left this process; trying again is safe."""
    REFUSED = "REFUSED"
    """The exchange answered that it did not act."""
    UNKNOWN = "UNKNOWN"
    """The call may have been carried out; find out before doing anything else."""
    ACCEPTED = "ACCEPTED"
    """The exchange confirmed that it acted."""


class Category(StrEnum):
    """What kind of trouble an answer of the exchange tells of."""

    AUTH = "auth"
    CLOCK = "clock"
    RATE_LIMIT = "rate_limit"
    INPUT = "input"
    COLLATERAL = "insufficient_collateral"
    INVENTORY = "inventory"
    ACCOUNT_STATE = "account_state"
    UNKNOWN_OUTCOME = "unknown_outcome"
    SERVER = "server"


class Retry(StrEnum):
    """Whether it helps to make a refused call again, as a new call with a new signature."""

    NO = "NO"
    """It will be refused again until something else has changed."""
    LATER = "LATER"
    """After ``retry_after``, or a little while."""
    ONCE = "ONCE"
    """Once, after what the message names has been done."""
    FIND_OUT = "FIND_OUT"
    """Not before it is known what became of this one."""


class MarginError(Exception):
    """Base of every error of this package."""

    outcome: Outcome

    def __init__(self, message: str, *, outcome: Outcome = Outcome.NOT_SENT) -> None:
        super().__init__(message)
        self.outcome = outcome

    def __str__(self) -> str:
        return printable(super().__str__())  # the exchange's words may be among ours


class ConfigError(MarginError):
    """A setting, file or environment variable is missing or wrong."""


class CredentialsError(ConfigError):
    """No usable API key was given."""


class MissingExtraError(MarginError):
    """An optional part was used without its packages installed."""

    def __init__(self, extra: str, purpose: str) -> None:
        super().__init__(
            f"{purpose} needs packages that are not installed: run  pip install 'binance-margin-async[{extra}]'"
        )
        self.extra = extra


class JournalError(MarginError):
    """The journal cannot keep or tell what it should: no new order goes out until it can."""


class DeliveryError(MarginError):
    """A channel did not deliver a message to people, or nobody knows whether it did."""


class HaltedError(MarginError):
    """New orders are stopped, by hand or until what a crash left open is settled; ``reason`` says why."""

    def __init__(self, message: str, *, reason: str) -> None:
        super().__init__(message)
        self.reason = reason


class OrderRefusedError(MarginError):
    """It was proved that an order was never live: its reply was lost and it is not there, or the engine rejected it."""

    def __init__(self, message: str, *, client_order_id: str) -> None:
        super().__init__(message, outcome=Outcome.REFUSED)
        self.client_order_id = client_order_id


class NotCarriedOutError(MarginError):
    """It was proved that a loan, repayment or transfer whose reply was lost never happened; ``intent_id`` names it."""

    def __init__(self, message: str, *, intent_id: str) -> None:
        super().__init__(message, outcome=Outcome.REFUSED)
        self.intent_id = intent_id


class AmbiguousOutcomeError(MarginError):
    """
    The reply to a loan, repayment or transfer was lost, and nothing can prove what became of it: a person has to look.

    Attributes:
        intent_id: What to name in ``client.funds.settle``.
        candidates: Transactions that could be it.
    """

    def __init__(self, message: str, *, intent_id: str, candidates: tuple[int, ...]) -> None:
        super().__init__(message, outcome=Outcome.UNKNOWN)
        self.intent_id = intent_id
        self.candidates = candidates


class OrderEndedError(MarginError):
    """An order ended without being filled completely."""

    def __init__(self, message: str, *, client_order_id: str, status: str, filled_quantity: Decimal) -> None:
        super().__init__(message, outcome=Outcome.ACCEPTED)
        self.client_order_id = client_order_id
        self.status = status
        self.filled_quantity = filled_quantity


class NotSentError(MarginError):
    """The request never left: no connection, name not found, TLS refused, or given up while waiting."""


class DryRunError(NotSentError):
    """
    A call that would change something was prepared and, as the client was told, not sent.

    Attributes:
        verb: HTTP method.
        url: Where it would have gone, signature masked.
        headers: By name, API key masked.
    """

    def __init__(self, *, verb: str, url: str, headers: dict[str, str]) -> None:
        super().__init__(f"{verb} {url.partition('?')[0]}: not sent, as this is a dry run")
        self.verb = verb
        self.url = url
        self.headers = headers


class ReplyLostError(MarginError):
    """The request may have reached the exchange and no usable answer came back."""

    def __init__(self, message: str, *, outcome: Outcome = Outcome.UNKNOWN, client_order_id: str | None = None) -> None:
        super().__init__(message, outcome=outcome)
        self.client_order_id = client_order_id


class DecodeError(MarginError):
    """
    An answer or event does not have the promised shape; ``path`` names the field.

    ``body`` is its beginning, for debugging, and empty where a secret would be in it.
    """

    def __init__(self, message: str, *, path: str = "$", body: bytes = b"", outcome: Outcome = Outcome.UNKNOWN) -> None:
        super().__init__(message, outcome=outcome)
        self.path = path
        self.body = body


class ExchangeError(MarginError):
    """
    An answer in which the exchange declines or fails.

    Attributes:
        code: The exchange's error code, or ``None`` when the body held none.
        text: The exchange's message, cut to 200 characters.
        status: HTTP or WebSocket API status.
        endpoint: Verb and path, without parameters.
        category: What kind of trouble it is.
        retry: Whether it helps to make the call again.
        retry_after: Seconds to wait before another call, when known.
        client_order_id: Our id of the order concerned, when there is one.
    """

    default_outcome = Outcome.REFUSED

    def __init__(
        self,
        message: str,
        *,
        outcome: Outcome | None = None,
        code: int | None = None,
        text: str = "",
        status: int | None = None,
        endpoint: str = "",
        category: Category = Category.SERVER,
        retry: Retry = Retry.NO,
        retry_after: float | None = None,
        client_order_id: str | None = None,
    ) -> None:
        super().__init__(message, outcome=self.default_outcome if outcome is None else outcome)
        self.code = code
        self.text = text
        self.status = status
        self.endpoint = endpoint
        self.category = category
        self.retry = retry
        self.retry_after = retry_after
        self.client_order_id = client_order_id


class AuthError(ExchangeError):
    """The key, its rights, its address list or the signature was refused."""


class FirewallError(AuthError):
    """The exchange's firewall refused the request before the API saw it (HTTP 403)."""


class ClockError(ExchangeError):
    """The request's timestamp or receive window was refused."""


class RateLimitedError(ExchangeError):
    """A limit was reached: by our own limiter (``NOT_SENT``) or told by the exchange (``REFUSED``)."""

    default_outcome = Outcome.NOT_SENT


class BannedError(RateLimitedError):
    """The exchange bans this address for a while (HTTP 418)."""


class InvalidRequestError(ExchangeError):
    """A parameter, symbol, filter or combination was refused."""


class OrderNotFoundError(InvalidRequestError):
    """No such order, or it is gone already; just after sending this proves nothing."""


class InsufficientCollateralError(ExchangeError):
    """
    Balance, borrow room or margin level does not allow it.

    Attributes:
        maximum: The most that is allowed now, in units of the asset; ``None`` when that could not be asked.
    """

    maximum: Decimal | None = None


class InventoryError(ExchangeError):
    """
    The lending pool has not enough of the asset, or lends none.

    Attributes:
        available: What the pool holds now, in units of the asset; ``None`` when that could not be asked.
    """

    available: Decimal | None = None


class AccountStateError(ExchangeError):
    """The account or pair is not open, restricted, or being settled."""


class EndpointRetiredError(ExchangeError):
    """
    The exchange no longer offers this call.

    Attributes:
        retired_on: Since when, as ``"2026-02-20"``; ``None`` when that is not known here.
        successor: What to call or do instead; ``None`` when that is not known here, or nothing took its place.
    """

    retired_on: str | None = None
    successor: str | None = None


class UnknownOutcomeError(ExchangeError):
    """The exchange answered that it does not know whether it acted."""

    default_outcome = Outcome.UNKNOWN


class ServerError(ExchangeError):
    """The exchange is busy or failing."""


class OutOfReachError(MarginError):
    """Part of the period asked for lies further back than the exchange tells; the fields say which, in epoch ms."""

    def __init__(self, message: str, *, since_ms: int, until_ms: int) -> None:
        super().__init__(message, outcome=Outcome.NOT_SENT)
        self.since_ms = since_ms
        self.until_ms = until_ms


class StreamError(MarginError):
    """A live stream could not be started or was refused."""


class SocketLostError(StreamError):
    """
    A WebSocket could not be opened, or ended.

    Attributes:
        code: The close code when there was one.
        silent: Whether the other end stopped answering, so that the whole network may have gone away.
    """

    def __init__(self, message: str, *, code: int | None = None, silent: bool = False) -> None:
        super().__init__(message)
        self.code = code
        self.silent = silent


class SocketRefusedError(StreamError):
    """The other side answered a WebSocket handshake with an HTTP status instead of a connection."""

    def __init__(self, message: str, *, status: int) -> None:
        super().__init__(message)
        self.status = status


class SubscriptionOverflowError(MarginError):
    """A subscriber with the policy ``fail`` fell behind its queue's bound."""

    def __init__(self, message: str, *, dropped: int) -> None:
        super().__init__(message)
        self.dropped = dropped


class ClosedError(MarginError):
    """The client, stream or subscription is closed."""

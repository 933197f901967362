"""Errors of the simulated exchange: the refusals it answers with, and bad input from whoever starts it."""

from binance_margin_async.tables import InputFileError


class RefusedError(Exception):
    """
    A request the exchange refuses; it becomes an error body or an error frame.

    Attributes:
        code: Error code of the exchange, such as -1121.
        text: Message beside the code.
        status: HTTP status, also the status of a WebSocket API reply.
    """

    def __init__(self, code: int, text: str, *, status: int = 400) -> None:
        super().__init__(f"{code}: {text}")
        self.code = code
        self.text = text
        self.status = status


class ScenarioError(ValueError):
    """A scenario that does not exist or cannot be played; the message is one sentence that says why."""


class PriceFileError(InputFileError):
    """A price file that cannot be read."""


class FaultFileError(InputFileError):
    """A fault file that cannot be read, or holds a fault that makes no sense."""


class ScenarioFileError(InputFileError, ScenarioError):
    """A scenario file that cannot be read or contradicts itself."""


class SnapshotError(ValueError):
    """A state that cannot be kept, or a snapshot that cannot be read; the message is one sentence that says why."""

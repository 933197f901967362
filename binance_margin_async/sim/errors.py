"""Errors of the simulated exchange: the refusals it answers with, and bad input from whoever starts it."""


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


class InputFileError(ValueError):
    """
    A file that cannot be used; the message is one sentence that names the place.

    Attributes:
        path: The file as it was named.
        line: Line number, counted from 1; ``None`` when the whole file is at fault.
        field: Name of the column or key; ``None`` when the whole line is at fault.
    """

    def __init__(self, path: str, line: int | None, field: str | None, complaint: str) -> None:
        self.path = path
        self.line = line
        self.field = field
        place = f"{path}, line {line}" if line is not None else path
        super().__init__(f"{place}, field '{field}': {complaint}" if field else f"{place}: {complaint}")


class PriceFileError(InputFileError):
    """A price file that cannot be read."""


class FaultFileError(InputFileError):
    """A fault file that cannot be read, or holds a fault that makes no sense."""


class ScenarioFileError(InputFileError, ScenarioError):
    """A scenario file that cannot be read or contradicts itself."""


class SnapshotError(ValueError):
    """A state that cannot be kept, or a snapshot that cannot be read; the message is one sentence that says why."""

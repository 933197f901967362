"""Exit codes, and how a failure becomes one sentence and one of them."""

from __future__ import annotations

from enum import IntEnum

from binance_margin_async.errors import (
    AuthError,
    ConfigError,
    ExchangeError,
    InvalidRequestError,
    MarginError,
    NotCarriedOutError,
    NotSentError,
    OrderEndedError,
    OrderRefusedError,
    Outcome,
    RateLimitedError,
    ReplyLostError,
    StreamError,
)
from binance_margin_async.services.alerts.policy_file import PolicyFileError
from binance_margin_async.sim.errors import PriceFileError, ScenarioError


class ExitCode(IntEnum):
    """What the command line ends with."""

    DONE = 0
    ERROR = 1
    USAGE = 2
    """A wrong option, scenario or file."""
    CONFIG = 3
    """Settings or keys are missing, wrong or refused."""
    REFUSED = 4
    """The exchange declined."""
    UNKNOWN = 5
    """The exchange may or may not have acted."""
    LIMITED = 6
    """A request limit or a ban."""
    UNREACHABLE = 7
    INTERRUPTED = 130
    TERMINATED = 143


EXPECTED = (MarginError, PriceFileError, ScenarioError, OSError, ValueError)
"""Failures that are told in one sentence; anything else is a bug and keeps its traceback."""


# The first kind that fits decides, so narrow ones stand before wide ones.
_CODES: tuple[tuple[type[Exception] | tuple[type[Exception], ...], ExitCode], ...] = (
    (PolicyFileError, ExitCode.CONFIG),
    ((PriceFileError, ScenarioError, ValueError), ExitCode.USAGE),
    ((ConfigError, AuthError), ExitCode.CONFIG),
    (RateLimitedError, ExitCode.LIMITED),
    ((OrderRefusedError, OrderEndedError, NotCarriedOutError), ExitCode.REFUSED),
    ((NotSentError, StreamError), ExitCode.UNREACHABLE),
)


def exit_code(problem: Exception) -> ExitCode:
    """Return the exit code that stands for *problem*."""
    for kinds, code in _CODES:
        if isinstance(problem, kinds):
            return code
    if isinstance(problem, MarginError) and problem.outcome is Outcome.UNKNOWN:
        return ExitCode.UNKNOWN
    if isinstance(problem, InvalidRequestError) and problem.outcome is Outcome.NOT_SENT:
        return ExitCode.USAGE
    if isinstance(problem, ReplyLostError):
        return ExitCode.UNREACHABLE
    return ExitCode.REFUSED if isinstance(problem, ExchangeError) else ExitCode.ERROR


def sentence(problem: Exception) -> str:
    """Return what to tell a person, on one line."""
    if isinstance(problem, OSError) and problem.strerror:
        where = f" {problem.filename}" if problem.filename else ""
        return f"{problem.strerror}{where}"
    return " ".join(str(problem).split()) or type(problem).__name__

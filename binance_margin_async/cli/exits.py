"""How a failure becomes one sentence and an exit code."""

from __future__ import annotations

from binance_margin_async.cli.exit_code import ExitCode
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

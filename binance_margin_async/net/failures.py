"""What a request that brought no reply means, for every way of sending one."""

from __future__ import annotations

from binance_margin_async.errors import NotSentError, Outcome, ReplyLostError
from binance_margin_async.wire.replies import Marks
from binance_margin_async.wire.requests import WireRequest


def refuse_control_characters(request: WireRequest) -> None:
    """
    Let no header of *request* end early.

    Raises:
        NotSentError: One would.
    """
    if not all(map(str.isprintable, request.headers.values())):
        raise NotSentError("a header holds a line break or control character: copy the API key again")


def failure(
    request: WireRequest, host: str, marks: Marks, problem: Exception, *, now: float
) -> NotSentError | ReplyLostError:
    """
    Return the error that *problem* stands for: what was not written did not happen, anything else may have.

    Args:
        request: What was to be sent.
        host: Where to.
        marks: How far it came.
        problem: What went wrong. Only its kind is told: its text may hold the address, and with it the signature.
        now: Loop seconds.
    """
    route = f"{request.method} {request.target.partition('?')[0]}"
    waited = now - marks.started
    why = "no answer in time" if isinstance(problem, TimeoutError) else type(problem).__name__
    if marks.written is None:
        return NotSentError(
            f"{route}: could not reach {host} within {waited:.1f} s ({why}). Nothing was sent: "
            "check the network, the address and the proxy, then try again."
        )
    return ReplyLostError(
        f"{route}: the reply was lost after {waited:.1f} s ({why}). The exchange may have acted: "
        "find out before sending again.",
        outcome=Outcome.REFUSED if request.method == "GET" else Outcome.UNKNOWN,
    )

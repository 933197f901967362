"""The time that calls to one endpoint spent between their marks."""

from __future__ import annotations

from collections.abc import Mapping

from binance_margin_async.models.stages import Stages
from binance_margin_async.rules.latency.histogram import Histogram


class CallTimes:
    """
    One histogram for each leg of a call, and one for the whole.

    A call that passes fewer marks has fewer legs: the time of one that is missing counts to the next, so that the legs
    of a call always add up to its total.
    """

    __slots__ = ("_check", "_connection", "_decode", "_exchange", "_journal", "_limiter", "_sign", "_total")

    def __init__(self) -> None:
        self._check = Histogram()
        self._journal = Histogram()
        self._limiter = Histogram()
        self._sign = Histogram()
        self._connection = Histogram()
        self._exchange = Histogram()
        self._decode = Histogram()
        self._total = Histogram()

    def __repr__(self) -> str:
        return f"<CallTimes of {self._total.count} calls>"

    def record(self, stages: Stages) -> None:
        """Count one call; one that was never answered is left out, as it would look like a quick one."""
        asked, decoded = stages.asked, stages.decoded
        if asked is None or decoded is None:
            return
        # Written out, because every order comes through here.
        before = asked
        if (at := stages.checked) is not None:
            self._check.record(at - before)
            before = at
        if (at := stages.journaled) is not None:
            self._journal.record(at - before)
            before = at
        if (at := stages.granted) is not None:
            self._limiter.record(at - before)
            before = at
        if (at := stages.signed) is not None:
            self._sign.record(at - before)
            before = at
        if (at := stages.written) is not None:
            self._connection.record(at - before)
            before = at
        if (at := stages.first_byte) is not None:
            self._exchange.record(at - before)
            before = at
        self._decode.record(decoded - before)
        self._total.record(decoded - asked)

    def legs(self) -> Mapping[str, Histogram]:
        """Return the histograms of the legs that any call had, in the order of time, the total last."""
        every = {
            "check": self._check,
            "journal": self._journal,
            "limiter": self._limiter,
            "sign": self._sign,
            "connection": self._connection,
            "exchange": self._exchange,
            "decode": self._decode,
            "total": self._total,
        }
        return {name: histogram for name, histogram in every.items() if histogram.count}

"""How long the client's calls take, by endpoint and leg."""

from __future__ import annotations

from binance_margin_async.models.latency import Latency, Percentiles
from binance_margin_async.models.stages import Stages
from binance_margin_async.rules.latency.call_times import CallTimes
from binance_margin_async.rules.latency.histogram import Histogram

# More than there are endpoints; of calls that ``client.request`` makes to others, the first ones are told.
_MOST_ROUTES = 256


class LatencyBook:
    """
    Keep the times of every answered call, in a bounded space.
    """

    def __init__(self) -> None:
        self._routes: dict[str, CallTimes] = {}

    def __repr__(self) -> str:
        return f"<LatencyBook of {len(self._routes)} endpoints>"

    def on_call(self, route: str, stages: Stages) -> None:
        """Count one answered call to *route*, such as ``"POST /sapi/v1/margin/order"``."""
        times = self._routes.get(route)
        if times is None:
            if len(self._routes) >= _MOST_ROUTES:
                return
            times = self._routes[route] = CallTimes()
        times.record(stages)

    def report(self, *, restart: bool = False) -> Latency:
        """Return the percentiles up to now, and begin to count anew if *restart*."""
        told = Latency(
            calls={
                route: {leg: _percentiles(histogram) for leg, histogram in times.legs().items()}
                for route, times in self._routes.items()
            }
        )
        if restart:
            self._routes.clear()
        return told


def _percentiles(histogram: Histogram) -> Percentiles:
    return Percentiles(
        count=histogram.count,
        mean=histogram.total / histogram.count,
        p50=histogram.percentile(50),
        p90=histogram.percentile(90),
        p99=histogram.percentile(99),
        p999=histogram.percentile(99.9),
        largest=histogram.largest,
    )

"""How long calls took, as a user reads it."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec


class Percentiles(msgspec.Struct, frozen=True, kw_only=True):
    """
    Durations of one leg, in seconds; each is off by 1.6 % at most, the largest is exact.
    """

    count: int
    mean: float
    p50: float
    p90: float
    p99: float
    p999: float
    largest: float


class Latency(msgspec.Struct, frozen=True, kw_only=True):
    """
    Calls by endpoint and leg since the client was opened.

    Attributes:
        calls: Route such as ``"POST /sapi/v1/margin/order"`` → leg → durations. The legs are ``check`` (symbol
            rules), ``journal``, ``limiter`` (waiting for request weight), ``sign``, ``connection`` (waiting for or
            opening one), ``exchange`` (from the first byte out to the first byte back: network and exchange),
            ``decode``, and ``total``, which is their sum. A call that passes no check or journal has no such leg.
    """

    calls: Mapping[str, Mapping[str, Percentiles]]

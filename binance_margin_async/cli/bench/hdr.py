"""Times as files that HdrHistogram's own tools read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path

from binance_margin_async.errors import MissingExtraError

# Microseconds: up to an hour, three digits.
_LONGEST, _DIGITS = 3_600_000_000, 3


def need_hdr() -> None:
    """
    Make sure that such files can be written, before anything is measured.

    Raises:
        MissingExtraError: The extra ``bench`` is not installed.
    """
    try:
        import_module("hdrh.histogram")
    except ModuleNotFoundError:
        raise MissingExtraError("bench", "--hdr") from None


def write_hdr(path: Path, measured: Mapping[str, Sequence[float]]) -> list[Path]:
    """
    Write one percentile distribution for each way, in milliseconds; of several, their names end the files' names.

    Returns:
        The files.
    """
    kind = import_module("hdrh.histogram").HdrHistogram
    written: list[Path] = []
    for name, seconds in measured.items():
        counts = kind(1, _LONGEST, _DIGITS)
        for each in seconds:
            counts.record_value(min(_LONGEST, max(1, round(each * 1e6))))
        file = path if len(measured) == 1 else path.with_name(f"{path.stem}-{name}{path.suffix}")
        with file.open("wb") as out:
            counts.output_percentile_distribution(out, 1000.0)
        written.append(file)
    return written

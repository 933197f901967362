"""What a benchmark prints: a table of ratios beside their budgets, and the same as one line of JSON."""

import json
import platform
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from harness.processes import machine
from harness.verdicts import Ratio, Verdict

_HERE = Path(__file__).parent


def conclude(
    benchmark: str,
    ratios: Sequence[Ratio],
    *,
    rounds: int,
    settings: Mapping[str, object] | None = None,
    figures: Mapping[str, object] | None = None,
    missing: Mapping[str, str] | None = None,
) -> int:
    """
    Print the ratios and the JSON line, and return the exit code.

    Args:
        benchmark: The script's name.
        ratios: In the order in which they are shown.
        rounds: How many were played.
        settings: What else was chosen; results are compared only with results of the same settings.
        figures: What depends on this machine: times, rates, sizes.
        missing: What was not measured, and why.

    Returns:
        1 if a ratio is so bad that no noise explains it, else 0.
    """
    print(f"\n{'ratio':<66}{'must':>9}{'moonshot':>10}{'seen':>9}{'noise':>8}  verdict")
    for ratio in ratios:
        print(_row(ratio))
    for name, why in (missing or {}).items():
        print(f"{name}: not measured: {why}")
    result = {
        "benchmark": benchmark,
        "settings": dict(settings or {}),
        "commit": commit(),
        "machine": machine(),
        "python": platform.python_version(),
        "rounds": rounds,
        "ratios": {ratio.name: _fields(ratio) for ratio in ratios},
        "figures": dict(figures or {}),
        "missing": dict(missing or {}),
    }
    print(f"\n{json.dumps(result)}")
    return int(any(ratio.verdict is Verdict.GROSS_LOSS for ratio in ratios))


def commit() -> str:
    """Return the short name of the checked-out commit, with a ``+`` if files differ from it."""
    try:
        name = _git("rev-parse", "--short", "HEAD")
        return name + ("+" if _git("status", "--porcelain", "--untracked-files=no") else "")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=_HERE, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603, S607  # fixed words


def _row(ratio: Ratio) -> str:
    budget = ratio.budget
    sign = "" if budget is None else ("≥ " if budget.at_least else "≤ ")
    must = "" if budget is None else f"{sign}{budget.must:g}"
    moonshot = "" if budget is None or budget.moonshot is None else f"{sign}{budget.moonshot:g}"
    noise = "" if ratio.noise is None else f"± {ratio.noise:.2f}"
    return f"{ratio.name:<66}{must:>9}{moonshot:>10}{ratio.seen:>9.3g}{noise:>8}  {ratio.verdict or ''}".rstrip()


def _fields(ratio: Ratio) -> dict[str, object]:
    fields: dict[str, object] = {
        "seen": round(ratio.seen, 4),
        "noise": None if ratio.noise is None else round(ratio.noise, 4),
    }
    if ratio.budget is not None:
        fields |= {
            "must": ratio.budget.must,
            "moonshot": ratio.budget.moonshot,
            "at_least": ratio.budget.at_least,
            "verdict": ratio.verdict,
        }
    return fields

"""
Which ratios differ between two result files by more than their noise?

Run ``python benchmarks/compare.py BEFORE AFTER``. A result file holds the last lines of any number of benchmarks, one
JSON object a line; lines that are none are passed over, so what a script printed can be kept whole. Only ratios of the
same benchmark with the same settings are compared, and of repeated runs the median. Noise is each ratio's spread over
its rounds, and over runs if there are more; what was played in one round has none, and is shown without a judgement.
The exit code is 1 if a ratio has become worse.
"""

import argparse
import json
import statistics
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

Key = tuple[str, str, str]
"""Benchmark, its settings, name of the ratio."""


@dataclass(frozen=True)
class Seen:
    """A ratio in one file: how large, how unsure, and whether more of it is better (``None`` if it has no budget)."""

    value: float
    noise: float | None
    at_least: bool | None


@dataclass(frozen=True)
class Change:
    """One ratio in both files."""

    key: Key
    before: Seen
    after: Seen

    @property
    def is_judged(self) -> bool:
        return self.before.noise is not None and self.after.noise is not None

    @property
    def is_real(self) -> bool:
        """Whether the two differ by more than both their noises together."""
        noise = (self.before.noise or 0.0) + (self.after.noise or 0.0)
        return self.is_judged and abs(self.after.value - self.before.value) > noise

    @property
    def word(self) -> str:
        if not self.is_judged:
            return "one round only"
        if not self.is_real:
            return "within the noise"
        if self.after.at_least is None:
            return "CHANGED"
        return "better" if (self.after.value > self.before.value) is self.after.at_least else "WORSE"


def read(path: Path) -> dict[Key, Seen]:
    """
    Return the ratios of a result file.

    Raises:
        SystemExit: It cannot be read, or there is no result in it.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as problem:
        raise SystemExit(f"{path} cannot be read: {problem}") from None
    runs: dict[Key, list[Seen]] = {}
    for number, line in enumerate(lines, 1):
        for key, seen in _of_line(f"{path}, line {number}", line).items():
            runs.setdefault(key, []).append(seen)
    if not runs:
        raise SystemExit(f"{path} holds no result: keep the last line that a benchmark prints, or all it prints")
    return {key: _of_runs(each) for key, each in runs.items()}


def _of_line(where: str, line: str) -> dict[Key, Seen]:
    try:
        result = json.loads(line) if line.startswith("{") else None
    except ValueError:
        raise SystemExit(f"{where}: begins like a result and is no JSON; was it cut off?") from None
    if not isinstance(result, dict):
        return {}
    try:
        settings = json.dumps(result["settings"], sort_keys=True)
        return {
            (str(result["benchmark"]), settings, name): Seen(float(each["seen"]), each["noise"], each.get("at_least"))
            for name, each in result["ratios"].items()
        }
    except (KeyError, TypeError, AttributeError) as problem:
        raise SystemExit(
            f"{where}: not a result of these benchmarks ({problem!r}); it needs benchmark, settings and ratios, each "
            "ratio with what was seen and its noise"
        ) from None


def _of_runs(seen: list[Seen]) -> Seen:
    values = [each.value for each in seen]
    noises = [each.noise for each in seen if each.noise is not None]
    if len(values) > 1:
        noises.append(statistics.pstdev(values))
    return Seen(statistics.median(values), max(noises, default=None), seen[-1].at_least)


def changes(before: Mapping[Key, Seen], after: Mapping[Key, Seen]) -> list[Change]:
    """
    Return what both files have.

    Raises:
        SystemExit: They have nothing in common.
    """
    common = [Change(key, before[key], after[key]) for key in after if key in before]
    if not common:
        raise SystemExit("the two files have no ratio of the same benchmark with the same settings in common")
    return common


def show(common: Iterable[Change]) -> None:
    begun = None
    for change in common:
        benchmark, settings, name = change.key
        if (benchmark, settings) != begun:
            begun = (benchmark, settings)
            print(f"\n{benchmark} {'' if settings == '{}' else settings}".rstrip())
        print(f"  {name:<66}{_told(change.before):>18}{_told(change.after):>18}  {change.word}")


def _told(seen: Seen) -> str:
    return f"{seen.value:.3g}" + ("" if seen.noise is None else f" ± {seen.noise:.2g}")


def main() -> None:
    parser = argparse.ArgumentParser(description="Which ratios changed by more than their noise.")
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path)
    arguments = parser.parse_args()
    before, after = read(arguments.before), read(arguments.after)
    common = changes(before, after)
    show(common)
    for path, alone in (
        (arguments.before, before.keys() - after.keys()),
        (arguments.after, after.keys() - before.keys()),
    ):
        if alone:
            print(f"\nonly in {path}: {', '.join(sorted(f'{key[0]}: {key[2]}' for key in alone))}")
    if any(change.word == "WORSE" for change in common):
        raise SystemExit(1)


if __name__ == "__main__":
    main()

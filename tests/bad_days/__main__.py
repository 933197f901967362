"""``python tests/bad_days 0:1000 --jobs 2`` plays days; ``--replay`` plays one again; ``--find`` looks for bugs."""

import argparse
import concurrent.futures
import itertools
import logging
import os
import platform
import subprocess
import sys
import time
from collections import Counter
from functools import partial
from pathlib import Path
from typing import get_args

import msgspec
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bad_days.planted import BUGS
from bad_days.player import play
from bad_days.schedule import KINDS, read, rolled
from bad_days.search import finding, finds, record
from bad_days.shrink import shrink
from binance_margin_async.config import StreamTransport

# In so many days each kind of trouble strikes; in fewer one may be missing by chance.
WINDOW = 1_000
# Failures that are shrunk and shown.
SHOWN = 5


def main():
    """Play a window of seeds, or one day again; return 1 if anything is wrong."""
    parser = argparse.ArgumentParser(prog="python tests/bad_days", description=__doc__)
    parser.add_argument("seeds", nargs="?", help="first:end, such as 0:1000")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--replay", metavar="FILE|SEED", help="play this day, and tell all that is wrong")
    parser.add_argument("--stream-transport", choices=get_args(StreamTransport), help="on all days, not as rolled")
    parser.add_argument("--bug", choices=BUGS, help="play with this bug planted")
    parser.add_argument("--find", choices=(*BUGS, "all"), help="look which days find a planted bug, and record it")
    parser.add_argument("--no-shrink", action="store_true", help="show failures as they were rolled")
    parser.add_argument("--digests", action="store_true", help="print the digest of each day")
    given = parser.parse_args()
    logging.disable()
    if given.find is None:
        plant(given.bug)
    _warn_of_differences()
    if given.replay is not None:
        return replay(given.replay)
    if given.seeds is None:
        parser.error("give seeds, such as 0:1000, or --replay")
    seeds = range(*map(int, given.seeds.split(":")))
    if given.find is not None:
        return find(BUGS if given.find == "all" else [given.find], seeds, given.jobs)
    return play_window(seeds, given)


def plant(bug):
    """Plant a bug for as long as this process lives, if there is one to be planted."""
    if bug is not None:
        BUGS[bug].plant(pytest.MonkeyPatch())


def find(bugs, seeds, jobs):
    """Look for each bug on every day, print and record what is found; return whether one is found on none."""
    found = {}
    with concurrent.futures.ProcessPoolExecutor(jobs, initializer=logging.disable) as pool:
        for bug in bugs:
            days = dict(zip(seeds, pool.map(partial(finds, bug), seeds, chunksize=5), strict=True))
            now = found[bug] = finding(days)
            print(f"{bug}: {now.found} of {now.days} days, the first are {now.seeds}; {now.by}", flush=True)
    record({bug: each for bug, each in found.items() if each.found})
    return not all(each.found for each in found.values())


def replay(what):
    """Play one day; *what* is a seed or the name of a file."""
    schedule = rolled(int(what)) if what.isdigit() else read(Path(what).read_bytes())
    played = play(schedule)
    print(f"digest {played.digest}, {played.cpu * 1000:.0f} ms")
    for problem in played.problems:
        print(f"{problem.rule}: {problem.text}")
    return bool(played.problems)


def play_window(seeds, given):
    """Play every seed, and print what was found, how often each trouble struck, and what it cost."""
    begun, cpu = time.perf_counter(), 0.0
    fired, rules, failed, slowest = Counter(), Counter(), [], 0.0
    pool = concurrent.futures.ProcessPoolExecutor(given.jobs, initializer=_begin, initargs=(given.bug,))
    with pool:
        days = pool.map(partial(_play, given.stream_transport), seeds, chunksize=5)
        for seed, played in zip(seeds, days, strict=True):
            if given.digests:
                print(f"{seed} {played.digest}")
            fired += played.fired
            rules.update(played.rules)
            cpu += played.cpu
            slowest = max(slowest, played.recovered_in)
            if played.problems:
                failed.append(played)
    for played in failed[:SHOWN]:
        _show(played, given)
    print(f"Python {platform.python_version()}, {_commit()}, seeds {seeds.start}:{seeds.stop}")
    print(
        f"{len(seeds)} days, {len(failed)} with problems {dict(rules)}; slowest recovery {slowest:.1f} s; "
        f"{cpu / len(seeds) * 1000:.0f} ms of CPU each, {time.perf_counter() - begun:.0f} s in all"
    )
    print("fired: " + ", ".join(f"{kind} {fired[kind]}" for kind in KINDS))
    missing = [kind for kind in KINDS if not fired[kind]] if len(seeds) >= WINDOW else []
    if missing:
        print(f"never fired, so nothing is known of them: {', '.join(missing)}")
    return bool(failed or missing)


def _play(stream_transport, seed):
    day = rolled(seed)
    return play(msgspec.structs.replace(day, stream_transport=stream_transport or day.stream_transport))


def _begin(bug):
    logging.disable()
    plant(bug)


def _show(played, given):
    seed = played.schedule.seed
    print(f"-- seed {seed}")
    for problem in itertools.islice(played.problems, 5):
        print(f"   {problem.rule}: {problem.text}")
    target = str(seed)
    if not given.no_shrink:
        small = shrink(played.schedule, played.rules)
        target = f"bad-day-{seed}.json"
        Path(target).write_bytes(small.to_json())
        print(small.to_json().decode())
    bug = "" if given.bug is None else f" --bug {given.bug}"
    print(f"SIM_SEED={seed} SIM_COMMIT={_commit()} SIM_PY={_python()} python tests/bad_days{bug} --replay {target}")


def _warn_of_differences():
    """A seed goes the same way only with the same code, on the same minor version of Python."""
    for name, now in (("SIM_COMMIT", _commit()), ("SIM_PY", _python())):
        if os.environ.get(name, now) != now:
            print(f"this day was found with {name}={os.environ[name]}, and is played with {now}", file=sys.stderr)


def _python():
    return ".".join(platform.python_version_tuple()[:2])


def _commit():
    asked = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],  # noqa: S607  # whichever git there is
        cwd=Path(__file__).parent,
        capture_output=True,
        text=True,
        check=False,
    )
    return asked.stdout.strip() or "unknown"


if __name__ == "__main__":
    sys.exit(main())

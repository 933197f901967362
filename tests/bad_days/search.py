"""Looks for days that find a planted bug, and keeps what was found in ``planted.json``."""

from collections import Counter
from pathlib import Path

import msgspec
import pytest

from bad_days.planted import BUGS
from bad_days.player import play

# More than one is kept: after a change of the code a day goes another way, and may find it no more.
KEPT = 10
RECORD = Path(__file__).with_name("planted.json")


class Finding(msgspec.Struct):
    """
    What a search found of one bug.

    Attributes:
        seeds: The first days that find it, ten at most.
        found: How many days find it.
        days: How many were played, from 0 on.
        by: On how many of them each rule is broken.
    """

    seeds: list[int]
    found: int
    days: int
    by: dict[str, int]


def findings():
    """Return what was found of each bug when it was last searched for."""
    return msgspec.json.decode(RECORD.read_bytes(), type=dict[str, Finding])


def finds(name, seed):
    """Play the day of *seed* with a bug, and return the broken rules that show it."""
    with pytest.MonkeyPatch.context() as patch:
        BUGS[name].plant(patch)
        return play(seed).rules & BUGS[name].rules


def finding(days):
    """Return the finding of *days*: the rules that each seed breaks."""
    caught = [seed for seed, rules in days.items() if rules]
    by = Counter(rule for seed in caught for rule in sorted(days[seed]))
    return Finding(caught[:KEPT], len(caught), len(days), dict(sorted(by.items())))


def record(found):
    """Keep *found*, of some bugs; what is known of the others stays."""
    known = findings() if RECORD.exists() else {}
    known = {name: (known | found)[name] for name in BUGS if name in known | found}
    text = msgspec.json.format(msgspec.json.encode(known), indent=1)
    RECORD.write_bytes(text + b"\n")

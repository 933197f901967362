"""Chance that repeats: every source of randomness a program may draw from, seeded for one run."""

import os
import random
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def seeded(seed: int) -> Generator[None]:
    """
    Seed ``random``, and what ``os.urandom`` gives and so ``secrets`` and ``uuid4``; put all back afterwards.

    Args:
        seed: Decides every draw.
    """
    source = random.Random(f"{seed}/system")
    # random.SystemRandom, and with it secrets, holds the function under a name of its own.
    places = ((os, "urandom"), (random, "_urandom"))
    before = [getattr(module, name) for module, name in places]
    state = random.getstate()
    random.seed(seed)
    for module, name in places:
        setattr(module, name, source.randbytes)
    try:
        yield
    finally:
        for (module, name), function in zip(places, before, strict=True):
            setattr(module, name, function)
        random.setstate(state)

"""Tests of what the benchmarks compute; how long anything takes is never one of their questions."""

import sys
from pathlib import Path

# Scripts find their harness beside themselves; so do these tests. Last, so that no name of theirs hides another.
sys.path.append(str(Path(__file__).parents[2] / "benchmarks"))

"""Pace: real time for the virtual clock, and Ctrl-C during the wait."""

import asyncio
import signal
import subprocess
import sys

import pytest

from binance_margin_async.testing import run_virtual
from binance_margin_async.testing.pace import Pace


class _RealTime:
    """The real clock and its sleep, in the test's hand."""

    def __init__(self):
        self.now = 0.0
        self.interrupted_at = None

    def perf_counter(self):
        return self.now

    def sleep(self, seconds):
        if self.interrupted_at is not None and self.now >= self.interrupted_at:
            self.interrupted_at = None
            signal.raise_signal(signal.SIGINT)
        self.now += seconds


@pytest.fixture
def real_time(monkeypatch):
    clock = _RealTime()
    monkeypatch.setattr("binance_margin_async.testing.pace.time", clock)
    return clock


PROGRAM = """
import asyncio
from binance_margin_async.testing import run_virtual

async def main():
    print("ready", flush=True)
    try:
        await asyncio.sleep(3600)
    finally:
        await asyncio.sleep(0.01)
        print("cleaned up", 0 < asyncio.get_running_loop().time() < 3600, flush=True)

try:
    run_virtual(main(), pace=1.0)
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
def test_ctrl_c_interrupts_a_paced_wait():
    """A demo at pace 1 must end on Ctrl-C, and run its finally blocks."""
    command = [sys.executable, "-X", "dev", "-c", PROGRAM]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603  # our own program
        assert "ready\n" == process.stdout.readline()
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=30)
    assert "cleaned up True\ninterrupted\n" == output
    assert 0 == process.returncode


def test_a_signal_in_the_middle_of_a_wait_is_heard_within_a_slice(real_time):
    """A sleep goes on after a signal (PEP 475), so no single sleep may be long."""
    heard = []

    async def main():
        try:
            await asyncio.sleep(3600)
        finally:
            heard.append(asyncio.get_running_loop().time())

    real_time.interrupted_at = 100.0
    with pytest.raises(KeyboardInterrupt):
        run_virtual(main(), pace=1.0)
    assert [pytest.approx(100.0, abs=0.1)] == heard
    assert real_time.now < 101.0


def test_a_paced_run_takes_its_share_of_real_time(real_time):
    """Two virtual seconds at pace 16 are an eighth of a real one."""

    async def main():
        await asyncio.sleep(1.0)
        await asyncio.sleep(1.0)
        return asyncio.get_running_loop().time()

    assert 2.0 == run_virtual(main(), pace=16.0)
    assert 0.125 == real_time.now


def test_a_wait_ends_at_the_wanted_time():
    """The clock shows the timer's own time, not the real time with its rounding."""
    pace = Pace(1000.0)
    assert 7.25 == pace.wait(0.0, 7.25)


def test_a_wake_up_ends_one_wait_early(real_time):
    """The loop turns once to see what the signal handler left."""
    pace = Pace(1.0)
    pace.wait(0.0, 5.0)
    pace.wake()
    real_time.now += 2.0
    assert 7.0 == pace.wait(5.0, 3600.0)
    assert 3600.0 == pace.wait(7.0, 3600.0), "the next one waits again"
    assert 3600.0 == pytest.approx(real_time.now)


def test_a_late_program_does_not_catch_up_in_a_burst(real_time):
    """After a suspended laptop, hours of virtual time must not rush past."""
    pace = Pace(1.0)
    pace.wait(0.0, 1.0)
    assert 1.0 == real_time.now
    real_time.now += 3600.0
    pace.wait(1.0, 2.0)
    assert 3601.0 == real_time.now, "late: no wait"
    pace.wait(2.0, 3.0)
    assert 3602.0 == real_time.now, "and from here on in step"


def test_a_small_delay_is_made_up_for(real_time):
    """Each sleep overshoots a little; over hours the clock must stay right."""
    pace = Pace(1.0)
    pace.wait(0.0, 1.0)
    real_time.now += 0.1875
    pace.wait(1.0, 1.125)
    assert 1.1875 == real_time.now, "late: no wait"
    pace.wait(1.125, 1.25)
    assert 1.25 == real_time.now, "back on schedule"


@pytest.mark.parametrize("speed", [0, -1.0, float("inf"), float("nan")])
def test_a_pace_must_be_a_positive_number(speed):
    """0 would never move, infinity is what None means."""
    with pytest.raises(ValueError, match="virtual seconds per real second"):
        Pace(speed)

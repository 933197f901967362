"""The monitor under a service manager: READY=1, WATCHDOG=1 only while it is well, STOPPING=1."""

import asyncio
import os
import signal
import socket

import pytest

from binance_margin_async import MarginClient
from binance_margin_async.cli.service import ailment, watch
from binance_margin_async.net.notify_socket import NotifySocket
from binance_margin_async.testing import virtual

pytestmark = pytest.mark.skipif(os.name != "posix", reason="service managers of this kind are POSIX")


@pytest.fixture
def manager(tmp_path):
    """Return a listening socket, and the environment that a service manager would give."""
    path = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as link:
        link.bind(path)
        link.settimeout(20)
        yield link, {"NOTIFY_SOCKET": path, "WATCHDOG_USEC": "600000"}


def heard(link):
    """Everything that has arrived, a datagram each."""
    link.setblocking(False)
    found = []
    while True:
        try:
            found.append(link.recv(1000).decode().splitlines())
        except BlockingIOError:
            return found


def test_a_service_reports_that_it_runs_is_well_and_ends(command, manager):
    """A SIGTERM closes everything first."""
    link, environment = manager
    with command.running("monitor", "--sim", env=environment) as process:
        assert ["READY=1", "STATUS=CROSS UNKNOWN, BTCUSDT UNKNOWN"] == link.recv(1000).decode().splitlines()
        first = link.recv(1000).decode().splitlines()
        assert "WATCHDOG=1" == first[0]
        assert "WATCHDOG=1" in link.recv(1000).decode()
        ended = process.ends(signal.SIGTERM)

    assert 143 == ended.code
    assert ["STOPPING=1", "STATUS=ending"] == heard(link)[-1]


def test_a_manager_that_does_not_listen_stops_nothing(command, tmp_path):
    """The monitor is more important than whoever looks after it."""
    ended = command("monitor", "--sim", "--duration", "2", env={"NOTIFY_SOCKET": str(tmp_path / "gone")})
    assert 0 == ended.code


@virtual
async def test_reports_come_while_nothing_ails_and_end_when_something_does(tmp_path):
    """Three in the time in which one is expected; the manager then starts the service anew."""
    path = str(tmp_path / "notify")
    troubles = iter(["", "", "", "given up: prices", "given up: prices"])
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as link:
        link.bind(path)
        link.settimeout(1)
        watcher = asyncio.create_task(
            watch(NotifySocket(path, watchdog=30.0), lambda: next(troubles), lambda: "STATUS=CROSS OK")
        )
        await asyncio.sleep(45.0)
        watcher.cancel()
        await asyncio.gather(watcher, return_exceptions=True)

        well, ill = ["WATCHDOG=1", "STATUS=CROSS OK"], ["STATUS=given up: prices"]
        assert [well, well, well, ill, ill] == heard(link)


@virtual
async def test_a_task_that_was_given_up_is_what_a_restart_mends():
    """An exchange that is away is not: the tasks go on asking."""

    async def fail():
        raise RuntimeError("planted")

    async with MarginClient.simulated() as client:
        assert "" == ailment(client)
        client._open.supervisor.start("planted", fail)
        await asyncio.sleep(30.0)
        assert "given up: planted" == ailment(client)

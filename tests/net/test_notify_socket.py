"""What a service manager hears, on a socket of the kernel's own."""

import os
import socket
import sys

import pytest

from binance_margin_async.net.notify_socket import NotifySocket

pytestmark = pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="datagram sockets of this kind are POSIX")


@pytest.fixture(params=["path", "abstract"])
def manager(request, tmp_path):
    """Return a listening socket and its address as the environment would name it."""
    abstract = request.param == "abstract"
    if abstract and sys.platform != "linux":
        pytest.skip("the abstract namespace is Linux's")
    address = f"@binance-margin-{os.getpid()}" if abstract else str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as link:
        link.bind(f"\0{address[1:]}" if abstract else address)
        link.settimeout(5)
        yield link, address


def test_lines_arrive_in_one_datagram(manager):
    """On a path and in the abstract namespace."""
    link, address = manager
    NotifySocket(address).send("READY=1", "STATUS=CROSS OK")

    assert b"READY=1\nSTATUS=CROSS OK" == link.recv(100)


def test_who_was_started_by_hand_tells_nobody():
    """Nor does a name that is no address."""
    assert NotifySocket.of({}) is None
    assert NotifySocket.of({"NOTIFY_SOCKET": "relative"}) is None


@pytest.mark.parametrize(
    ("settings", "seconds"),
    [
        ({"WATCHDOG_USEC": "30000000"}, 30.0),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": str(os.getpid())}, 30.0),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "1"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
        ({}, None),
    ],
)
def test_the_watchdog_counts_only_when_it_is_meant_for_this_process(settings, seconds):
    """A child inherits the environment."""
    assert seconds == NotifySocket.of({"NOTIFY_SOCKET": "/run/notify"} | settings).watchdog


def test_nobody_who_listens_is_an_error(tmp_path):
    """The caller goes on all the same."""
    with pytest.raises(OSError, match="No such file"):
        NotifySocket(str(tmp_path / "gone")).send("READY=1")

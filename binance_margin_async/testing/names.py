"""The name service of the in-memory network: every name is known, unless a test says otherwise."""

import asyncio
import ipaddress
import socket


class Names:
    """
    How looking up a host name fares.

    An address that is one already, such as ``127.0.0.1``, is never looked up.
    """

    def __init__(self) -> None:
        self._failing: dict[str, None] = {}
        self._slow: dict[str, float] = {}

    def fail(self, name: str) -> None:
        """Answer that *name* cannot be resolved at the moment."""
        self._failing[_key(name)] = None

    def slow(self, name: str, seconds: float) -> None:
        """Answer for *name* only after *seconds*."""
        self._slow[_key(name)] = seconds

    def restore(self, name: str) -> None:
        """Take ``fail`` and ``slow`` back."""
        self._failing.pop(_key(name), None)
        self._slow.pop(_key(name), None)

    async def look_up(self, name: str) -> None:
        """
        Take the time of a look-up.

        Raises:
            socket.gaierror: The name is failing (``EAI_AGAIN``).
        """
        if _is_address(name):
            return
        seconds = self._slow.get(_key(name))
        if seconds is not None:
            await asyncio.sleep(seconds)
        if _key(name) in self._failing:
            raise socket.gaierror(socket.EAI_AGAIN, f"Temporary failure in name resolution: {name}")


def _key(name: str) -> str:
    return name.lower().rstrip(".")


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True

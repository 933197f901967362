"""Messages to the services that Apprise knows: Telegram, Slack, Discord, e-mail, ntfy, PagerDuty and others."""

from __future__ import annotations

from binance_margin_async.clock import Clock
from binance_margin_async.errors import ConfigError
from binance_margin_async.models.alerts import Ring, RingKind, Urgency
from binance_margin_async.net.apprise import AppriseService
from binance_margin_async.secret import Secret
from binance_margin_async.services.alerts.message import body, title

_KINDS = {
    Urgency.INFO: "info",
    Urgency.WARNING: "warning",
    Urgency.URGENT: "failure",
    Urgency.CRITICAL: "failure",
}


class AppriseChannel:
    """
    Sends each message through Apprise.

    Args:
        name: Its name in the policy.
        url: As Apprise reads it, such as ``tgram://token/chat``.
        fallback: The channel that is told what this one does not deliver.

    Raises:
        ConfigError: Apprise cannot use the address.
        MissingExtraError: Apprise is not installed.
    """

    def __init__(self, name: str, url: Secret, *, fallback: str | None = None) -> None:
        self.name: str = name
        self.fallback: str | None = fallback
        try:
            self._service = AppriseService(url)
        except ValueError as problem:
            raise ConfigError(f"channel {name!r}: {problem}") from None

    def __repr__(self) -> str:
        return f"<AppriseChannel {self.name} {self._service.shown}>"

    async def open(self, _clock: Clock, /) -> None:
        """Get ready; its thread starts with the first message."""
        self._service.open()

    async def send(self, ring: Ring) -> None:
        """
        Send it.

        Raises:
            DeliveryError: The service refused it or could not be reached, or still hangs on the last one.
        """
        kind = "success" if ring.kind is RingKind.CLEARED else _KINDS[ring.urgency]
        await self._service.send(title(ring), body(ring), kind)

    async def close(self) -> None:
        """Let its thread end."""
        self._service.close()

"""A log filter that blanks this client's secrets out of records, whoever wrote them."""

from __future__ import annotations

import logging
from collections import OrderedDict

# Keys, secrets, listen keys and tokens of many accounts over some days; old ones are dead.
MOST_SECRETS = 1_000
MASK = "***"


class RedactingFilter(logging.Filter):
    """Replaces every secret it was told of in the final text of a record."""

    def __init__(self) -> None:
        super().__init__()
        self._secrets: OrderedDict[str, None] = OrderedDict()

    def hide(self, secret: str) -> None:
        """Blank *secret* from now on; short texts are left alone, they would match by chance."""
        if len(secret) >= 8:
            self._secrets[secret] = None
            if len(self._secrets) > MOST_SECRETS:
                self._secrets.popitem(last=False)

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        cleaned = self.clean(message)
        if cleaned != message:
            record.msg, record.args = cleaned, ()
        return True

    def clean(self, text: str) -> str:
        """Return *text* with every known secret blanked."""
        for secret in self._secrets:
            if secret in text:
                text = text.replace(secret, MASK)
        return text

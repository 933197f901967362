"""A log filter that blanks this client's secrets out of records, and escapes what does not print, whoever wrote it."""

from __future__ import annotations

import logging
from collections import OrderedDict
from itertools import chain

from binance_margin_async.printable import printable_lines

# Listen keys and tokens of many accounts over some days; old ones are dead.
MOST_SECRETS = 1_000
MASK = "***"
_formatter = logging.Formatter()


class RedactingFilter(logging.Filter):
    """Replaces every secret it was told of in the final text of a record, traceback included."""

    def __init__(self) -> None:
        super().__init__()
        self._secrets: OrderedDict[str, None] = OrderedDict()
        self._lasting: dict[str, None] = {}

    def hide(self, secret: str, *, for_good: bool = False) -> None:
        """
        Blank *secret* from now on; short texts are left alone, they would match by chance.

        Args:
            secret: The text.
            for_good: It never expires, such as an API key; others are forgotten when many newer ones came.
        """
        if len(secret) < 8:
            return
        if for_good:
            self._lasting[secret] = None
            return
        self._secrets[secret] = None
        self._secrets.move_to_end(secret)
        if len(self._secrets) > MOST_SECRETS:
            self._secrets.popitem(last=False)

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        cleaned = printable_lines(self.clean(message))
        if cleaned != message:
            record.msg, record.args = cleaned, ()
        if record.exc_info:
            # A formatter prints this text where there is one, and does not format the exception again.
            record.exc_text = printable_lines(
                self.clean(record.exc_text or _formatter.formatException(record.exc_info))
            )
        return True

    def clean(self, text: str) -> str:
        """Return *text* with every known secret blanked."""
        for secret in chain(self._lasting, self._secrets):
            if secret in text:
                text = text.replace(secret, MASK)
        return text

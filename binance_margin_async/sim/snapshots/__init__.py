"""
The whole state of an exchange as plain JSON values, and back.

Values are nested like the objects they stand for. A mapping with ``$`` is a value that JSON does not have: ``Decimal``
and the like, or an object of the simulator, named as ``module:class``, with its attributes. What is reachable on
several ways carries a number ``#`` where it stands first, and is only named by ``$: ref`` elsewhere.
"""

from binance_margin_async.sim.snapshots.reader import from_plain
from binance_margin_async.sim.snapshots.writer import to_plain

__all__ = ["from_plain", "to_plain"]

"""The level over time, drawn with blocks in a terminal, and its bars as lines behind it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from rich.text import Text

from binance_margin_async.models.picture import LevelPoint

_BLOCKS = " ▁▂▃▄▅▆▇█"
_STEPS = len(_BLOCKS) - 1


def sparkline(
    points: Sequence[LevelPoint], *, call: Decimal, liquidation: Decimal, width: int, height: int
) -> list[Text]:
    """
    Return the lines of a small chart, highest first, with the bars named at the right.

    Args:
        points: Oldest first.
        call: The margin call.
        liquidation: The liquidation.
        width: Columns, without the names.
        height: Lines.

    Returns:
        *height* lines; none when nothing was ever owed.
    """
    columns = _columns(points, width)
    levels = [level for level in columns if level is not None]
    if not levels:
        return []
    bottom, top = min(*levels, liquidation), max(*levels, call)
    scale = Decimal(height * _STEPS) / (top - bottom) if top > bottom else Decimal(0)
    # At least one step, so that a level at the very bottom is seen.
    heights = [0 if level is None else max(1, round((level - bottom) * scale)) for level in columns]
    rows = {min(height - 1, int((bar - bottom) * scale) // _STEPS): name for bar, name in _bars(call, liquidation)}
    colours = [_colour(level, call, liquidation) for level in columns]
    return [_line(row, heights, colours, rows.get(row, "")) for row in reversed(range(height))]


def _bars(call: Decimal, liquidation: Decimal) -> list[tuple[Decimal, str]]:
    # Where both fall into one line, the worse one is named.
    return [(call, f"call {call.normalize():f}"), (liquidation, f"liquidation {liquidation.normalize():f}")]


def _columns(points: Sequence[LevelPoint], width: int) -> list[Decimal | None]:
    """Return the lowest level of each column; where nothing was read, the level before it holds."""
    if not points:
        return []
    first, last = points[0].time_ms, points[-1].time_ms
    lowest: dict[int, Decimal | None] = {}
    for point in points:
        column = (point.time_ms - first) * (width - 1) // max(1, last - first)
        known = lowest.get(column)
        lowest[column] = point.level if known is None or point.level is None else min(known, point.level)
    found: list[Decimal | None] = []
    for column in range(width if last > first else 1):
        found.append(lowest[column] if column in lowest else found[-1])
    return found


def _line(row: int, heights: Sequence[int], colours: Sequence[str], name: str) -> Text:
    line = Text(no_wrap=True)
    behind = "┄" if name else " "
    of_bar = "red" if name.startswith("liq") else "yellow"
    for colour, steps in zip(colours, heights, strict=True):
        block = _BLOCKS[max(0, min(_STEPS, steps - row * _STEPS))]
        if block == " ":
            line.append(behind, of_bar)
        else:
            line.append(block, colour)
    return line.append(f" {name}", of_bar) if name else line


def _colour(level: Decimal | None, call: Decimal, liquidation: Decimal) -> str:
    if level is None or level > call:
        return "green"
    return "bold red" if level <= liquidation else "red"

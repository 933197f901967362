"""Makes a schedule that fails as small as it can be: delta debugging over its troubles and acts."""

import msgspec

from bad_days.player import play

# A day takes a tenth of a second: half a minute is enough for what a person has to read.
MOST_PLAYS = 300


def shrink(schedule, rules, *, play=play, most=MOST_PLAYS):
    """
    Return a smaller schedule that breaks one of the same *rules*.

    Args:
        schedule: One that breaks them.
        rules: What it breaks.
        play: Plays a schedule.
        most: How often it may.
    """
    parts = [*schedule.troubles, *schedule.acts]
    plays = 0

    def fails(kept):
        nonlocal plays
        plays += 1
        return bool(play(_with(schedule, kept)).rules & rules)

    size = max(1, len(parts) // 2)
    while parts and plays < most:
        smaller = _without_one_run(parts, size, fails)
        if smaller is not None:
            parts = smaller
        elif size == 1:
            break
        size = max(1, min(size, len(parts)) // (1 if smaller is not None else 2))
    return _with(schedule, parts)


def _without_one_run(parts, size, fails):
    """Return *parts* without some *size* neighbours that are not needed; ``None`` when all are."""
    for start in range(0, len(parts), size):
        kept = parts[:start] + parts[start + size :]
        if fails(kept):
            return kept
    return None


def _with(schedule, parts):
    return msgspec.structs.replace(
        schedule,
        troubles=tuple(each for each in schedule.troubles if each in parts),
        acts=tuple(each for each in schedule.acts if each in parts),
    )

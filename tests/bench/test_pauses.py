"""How long the garbage collector stops the program."""

import gc

from binance_margin_async.bench.pauses import watched_pauses


def test_collections_are_counted_while_they_are_watched():
    """And the collector is left as it was."""
    before = list(gc.callbacks)
    with watched_pauses() as pauses:
        gc.collect()
        gc.collect()
    gc.collect()

    assert 2 == pauses.count
    assert pauses.seconds > 0
    assert before == gc.callbacks

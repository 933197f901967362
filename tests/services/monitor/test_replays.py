"""Candles as people have them: every crossing rings before the next price, whatever is muted."""

import pytest
from replays import MUTED, replay

CANDLES = """open_time,open,high,low,close,volume
2023-03-09T00:00,21700,21720,21650,21660,1
2023-03-09T00:01,21660,21670,21200,21250,1
2023-03-09T00:02,21250,21260,20100,20150,1
2023-03-09T00:03,20150,20700,20100,20650,1
2023-03-09T00:04,20650,20900,20600,20880,1
2023-03-09T00:05,20880,20890,20050,20300,1
2023-03-09T00:06,20300,20310,19400,19500,1
2023-03-09T00:07,19500,19800,19450,19700,1
"""


@pytest.mark.parametrize("kind", MUTED)
def test_every_crossing_of_a_replay_rings_before_the_next_price(tmp_path, kind):
    """With pushed levels and prices, with prices alone, and by polling within its period."""
    file = tmp_path / "candles.csv"
    file.write_text(CANDLES)

    crossings, problems = replay(file, kind)

    assert [] == problems
    assert crossings >= 4

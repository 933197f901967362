"""The live streams: one runner, and what is particular to the trade and the risk stream."""

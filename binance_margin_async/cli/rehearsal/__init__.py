"""``binance-margin rehearse``: a policy plays a scenario, and what came of it is told."""

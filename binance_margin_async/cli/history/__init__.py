"""``binance-margin history``: the past of an account, into a file or onto stdout."""

"""``python -m binance_margin_async.cli``, for where the console script is not on the path."""

from binance_margin_async.cli import main

main()

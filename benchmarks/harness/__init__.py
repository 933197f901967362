"""What the benchmarks share: servers and contenders in processes of their own, interleaved rounds, tables."""

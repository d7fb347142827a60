"""How a scan runs: sampling, tiling, pooling, and the run itself."""

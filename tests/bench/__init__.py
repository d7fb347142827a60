"""Speed and memory as ratios in one run: ``make bench`` (never part of the test suite)."""

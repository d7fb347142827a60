"""What needs a real GPU: tests that are skipped elsewhere, and figures that name their card."""

"""What is true: media, scores, provenance, traces, verdicts. Standard library and NumPy, no I/O."""

"""Content Credentials: reading and judging them offline, trust lists, and signing of samples."""

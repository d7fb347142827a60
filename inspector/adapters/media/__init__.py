"""Discovers, probes and decodes hostile media files in limited worker processes."""

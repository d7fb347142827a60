"""Marks that tools leave in metadata or pixels: positive only, never proof that a file is real."""

from inspector.adapters.traces.read import read_traces
from inspector.adapters.traces.watermark import watermark_traces

__all__ = ["read_traces", "watermark_traces"]

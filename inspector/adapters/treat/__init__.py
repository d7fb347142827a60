"""Copies of decoded pictures as other people's tools would pass them on."""

from inspector.adapters.treat.copies import MOST_PIXELS, treated

__all__ = ["MOST_PIXELS", "treated"]

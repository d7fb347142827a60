"""Limits that a worker puts on itself before it touches a file, by platform."""

import sys
from collections.abc import Mapping

IN_FORCE = "in force"


def limit_this_process(address_space_bytes: int, parent: int) -> Mapping[str, str]:
    """Apply every limit this machine offers; never fails.

    Args:
        address_space_bytes: most that may be mapped, where the system can limit it.
        parent: process id; when that process ends, so does this one.

    Returns:
        By layer, "in force", or "missing: " and why.
    """
    if sys.platform == "linux":
        from inspector.adapters.media.isolation.linux import limit
    else:
        from inspector.adapters.media.isolation.elsewhere import limit
    return limit(address_space_bytes, parent)

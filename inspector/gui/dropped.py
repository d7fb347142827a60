"""From what a file manager drops to paths, byte for byte."""

import os
import sys
from collections.abc import Sequence
from urllib.parse import unquote_to_bytes

from PySide6.QtCore import QUrl

_LOST = "\ufffd"
"""What Qt puts in the place of bytes that are no UTF-8."""


def local_paths(urls: Sequence[QUrl]) -> list[str]:
    """Return the paths of local files; names outside UTF-8 as ``os.fsdecode`` gives them."""
    return [_path(url) for url in urls if url.isLocalFile()]


def _path(url: QUrl) -> str:
    path = url.toLocalFile()
    if _LOST not in path or sys.platform == "win32":
        return path
    return os.fsdecode(unquote_to_bytes(url.path(QUrl.ComponentFormattingOption.FullyEncoded)))

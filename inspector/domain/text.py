"""Text that strangers wrote, made safe to show and to keep."""

import unicodedata

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode categories that control, hide or turn text, or stand for nothing."""


def plain_line(text: str, limit: int) -> str:
    """Return text on one line, at most ``limit`` characters, nothing in it that acts or hides.

    Control characters, marks that turn the reading direction, lone surrogates and line breaks
    become spaces; runs of spaces become one; what is cut off shows as an ellipsis.
    """
    kept = text[: 4 * limit]
    if kept.isascii() and kept.isprintable() and "  " not in kept and len(kept) <= limit:
        return kept.strip()  # most texts are plain already, and this is called very often
    visible = "".join(c if unicodedata.category(c) not in _HIDDEN else " " for c in kept)
    line = " ".join(visible.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"

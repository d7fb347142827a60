"""Writes reports for people."""

from pathlib import Path

from inspector.adapters.report import evaluation_html
from inspector.domain.errors import ListError
from inspector.domain.figures import Figures


def write_evaluation(figures: Figures, file: Path) -> None:
    """Write an evaluation as one HTML page.

    Raises:
        ListError: it cannot be written; an older one is untouched.
    """
    temporary = file.with_name(f".{file.name}.tmp")
    try:
        temporary.write_text(evaluation_html(figures), encoding="utf-8")
        temporary.replace(file)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise ListError(f"{file} cannot be written: {error.strerror}.") from error

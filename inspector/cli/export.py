"""``inspector export``: the lists a training pipeline reads."""

import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from inspector.bootstrap.sessions import export_lists
from inspector.cli.output import say
from inspector.domain.media import display_path
from inspector.domain.verdict import Decision


def export(
    source: Annotated[str, typer.Argument(metavar="SESSION|ITEMS.jsonl")],
    formats: Annotated[
        list[str], typer.Option("--format", metavar="F", help="txt, csv, jsonl, ...; repeat it.")
    ],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where the lists go.")],
    only: Annotated[Decision | None, typer.Option(help="Only files so decided.")] = None,
) -> int:
    """Write keep/drop/review lists, with EXPORT.json beside them."""
    command = shlex.join(["inspector", *sys.argv[1:]])
    for written in export_lists(Path(source), formats, out, only, command):
        say(f"{display_path(str(written.path))}: {written.rows:,} rows, {written.checked}")
    return 0

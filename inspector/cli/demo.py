"""``inspector demo``: a small folder of real signed and unsigned media to try everything on."""

from pathlib import Path
from typing import Annotated

import typer

from inspector.bootstrap.demo import make_demo
from inspector.cli.output import OUT, say


def demo(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="Where to make it.")] = Path(
        "inspector-demo"
    ),
) -> int:
    """Make the sample folder; nothing is added to your own trust lists."""
    made = make_demo(folder)
    say(
        f"{len(made.files)} files made in {made.folder}. "
        "To trust the camera that signed one of them:"
    )
    OUT.print(f"inspector trust add --tier user {made.test_root}", markup=False)
    return 0

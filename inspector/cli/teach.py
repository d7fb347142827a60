"""``inspector teach``: the built-in detector's head, trained again with your own pictures."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from inspector.bootstrap.teaching import Classroom, open_classroom, refuse_taken
from inspector.cli.output import OUT, CountLine, ProgressLine, say
from inspector.cli.scoring import check_folders
from inspector.domain.teaching import HEADINGS, comparison_rows
from inspector.pipeline.gathering import Use
from inspector.pipeline.teaching import HEADS, Taught


def teach(
    real: Annotated[
        Path, typer.Option(metavar="DIR", help="Your own real pictures; sub-folders are sources.")
    ],
    synthetic: Annotated[Path, typer.Option(metavar="DIR", help="Synthetic pictures, likewise.")],
    out: Annotated[Path, typer.Option(metavar="MODEL_DIR", help="The detector to write.")],
    model: Annotated[
        str | None, typer.Option(metavar="ID|DIR", help="The detector to teach.")
    ] = None,
    device: Annotated[str | None, typer.Option(help="auto, cpu, cuda, ...")] = None,
) -> int:
    """Train the detector's head again with your pictures; refuses what did not get better."""
    check_folders([real, synthetic])
    refuse_taken(out)
    with open_classroom(real, synthetic, model=model, device=device) as room:
        for word in room.words:
            say(word)
        with ProgressLine() as line:
            for progress in room.look():
                line.show(progress)
        _say_left_out(room)
        with CountLine("Training", HEADS) as count:
            taught = room.teach(count.show)
        room.write(taught, out)
    _print(taught)
    say(f"Written to {out}. Use it: inspector scan --model {out} PATH...")
    return 1 if room.troubles or room.uses[Use.NOT_WHOLE] else 0


def _say_left_out(room: Classroom) -> None:
    for trouble in room.troubles:
        say(trouble)
    left_out = [
        f"{count:,} {use.value}" for use, count in sorted(room.uses.items()) if use != Use.LEARNT
    ]
    if left_out:
        say(f"Not learnt from: {', '.join(left_out)}.")


def _print(taught: Taught) -> None:
    table = Table(box=None, pad_edge=False)
    for heading in HEADINGS:
        table.add_column(heading)
    for row in comparison_rows(taught.own, taught.builtin):
        table.add_row(*row)
    OUT.print(table)
    if not taught.by_folder:
        say(
            "Yours were held out within their folder: sub-folders by source, for both labels, "
            "say more of pictures from elsewhere."
        )

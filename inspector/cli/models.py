"""``inspector models``: which detectors there are and what their cards say."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from inspector.bootstrap.detectors import card_of, list_detectors
from inspector.bootstrap.model_check import check_model
from inspector.cli.output import OUT, say
from inspector.domain.detector import DetectorSpec
from inspector.pipeline.stitching import patch_view
from inspector.pipeline.whole_map import window_side
from inspector.settings import Places

app = typer.Typer(help="Detectors: list them, read a card, check a folder.", no_args_is_help=True)


@app.command("list")
def list_models() -> int:
    """List the detectors on this machine."""
    table = Table(box=None, pad_edge=False)
    for heading in ("id", "version", "media", "licence", "card"):
        table.add_column(heading)
    for listed in list_detectors(Places()):
        if listed.spec is None:
            say(f"{listed.id}: {listed.trouble}")
            continue
        spec = listed.spec
        media = ", ".join(spec.media)
        table.add_row(spec.id, spec.version, media, spec.licence, spec.sha256[:12])
    OUT.print(table)
    return 0


@app.command("info")
def info(model: Annotated[str, typer.Argument(metavar="ID")]) -> int:
    """Print what a detector's card says."""
    _print_spec(card_of(model, Places()))
    return 0


@app.command("check")
def check(folder: Annotated[Path, typer.Argument(metavar="DIR")]) -> int:
    """Check a detector in a limited child process before trusting it."""
    for finding in check_model(folder):
        OUT.print(f"ok  {finding}", markup=False)
    return 0


def _print_spec(spec: DetectorSpec) -> None:
    calibration = spec.calibration
    facts = [
        ("Id", f"{spec.id} {spec.version}"),
        ("Card", spec.sha256),
        ("Licence", spec.licence),
        ("Source", spec.source),
        ("Task", spec.task),
        ("Not for", spec.not_for),
        ("Media", ", ".join(spec.media)),
        ("Can be taught", "yes (inspector teach)" if spec.training else "no"),
        ("Views", ", ".join(f"{v.name} ({v.input.size_policy.value})" for v in spec.views)),
        ("Heatmap", _map_words(spec)),
        ("Review at", f"{calibration.review:.3f} (clips {calibration.video_review:.3f})"),
        ("Drop at", f"{calibration.drop:.3f} (clips {calibration.video_drop:.3f})"),
        (
            "Real behind",
            f"{calibration.n_real:,}, of them {calibration.n_real_over_drop:,} over drop",
        ),
        *((name.replace("_", " "), f"{value:.4g}") for name, value in spec.report.items()),
    ]
    width = max(len(label) for label, _ in facts)
    for label, text in facts:
        OUT.print(f"{label:<{width}}  {text}", markup=False)


def _map_words(spec: DetectorSpec) -> str:
    view = patch_view(spec)
    if view is None or view.map_output is None:
        return f"by sliding tiles of {window_side(spec)} px, since no view gives a map"
    return f"cells of {view.map_output.stride} px, from the view {view.name}"

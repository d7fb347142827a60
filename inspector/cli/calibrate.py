"""``inspector calibrate``: thresholds certified on your own photos."""

from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

from inspector.bootstrap.calibration import save_calibration
from inspector.cli.output import OUT, say
from inspector.cli.scoring import score_folders
from inspector.domain.errors import UsageError
from inspector.domain.media import MediaKind
from inspector.pipeline.certificate import Certificate, certify, files_needed

REVIEW_RATE = 0.05
"""Share of real files that may be raised for review."""


def calibrate(
    real: Annotated[Path, typer.Option(metavar="DIR", help="Your own real photos or clips.")],
    out: Annotated[Path, typer.Option(metavar="FILE", help="The calibration to write.")],
    synthetic: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Synthetic media, to see what is found.")
    ] = None,
    false_drop: Annotated[
        float, typer.Option(help="Share of real files that may be dropped by mistake.")
    ] = 0.01,
    model: Annotated[str | None, typer.Option(metavar="ID|DIR")] = None,
    device: Annotated[str | None, typer.Option(help="auto, cpu, cuda, ...")] = None,
) -> int:
    """Find thresholds that a policy may drop by; refuses what the counts cannot certify."""
    if not 0 < false_drop < 1:
        raise UsageError("--false-drop lies between 0 and 1.")
    scored = score_folders([real, *([synthetic] if synthetic else [])], model, device)
    limits: dict[MediaKind, tuple[Certificate, Certificate]] = {}
    for kind in MediaKind:
        likelihoods = np.array(scored.of_kind(real, kind), np.float64)
        if not likelihoods.size:
            continue
        drop = certify(likelihoods, false_drop)
        review = certify(likelihoods, max(REVIEW_RATE, false_drop))
        if drop is None or review is None:
            _say_missing(kind, likelihoods.size, false_drop)
            continue
        limits[kind] = (review, drop)
        _print(kind, review, drop)
        if synthetic is not None:
            found = np.array(scored.of_kind(synthetic, kind), np.float64)
            _print_found(kind, found, review, drop)
    if not limits:
        raise UsageError("Nothing was written: too few real files to certify anything.")
    save_calibration(out, scored.model_sha256, false_drop, limits)
    say(f'Written to {out}. Name it in a policy file: calibration = "{out}"')
    return 0


def _say_missing(kind: MediaKind, count: int, rate: float) -> None:
    needed = files_needed(rate)
    say(
        f"{count:,} real {kind.value}s cannot certify {rate:.2%}: "
        f"{needed:,} are needed, so {needed - count:,} are missing."
    )


def _print(kind: MediaKind, review: Certificate, drop: Certificate) -> None:
    for name, certificate in (("review", review), ("drop", drop)):
        OUT.print(
            f"{kind.value} {name} at {certificate.threshold:.4f}: "
            f"at most {certificate.rate:.2%} of such real files, with 95 % confidence "
            f"({certificate.n_over} of {certificate.n_real:,} here)",
            markup=False,
        )


def _print_found(
    kind: MediaKind, found: NDArray[np.float64], review: Certificate, drop: Certificate
) -> None:
    if found.size:
        shares = [float((found >= c.threshold).mean()) for c in (review, drop)]
        OUT.print(
            f"{kind.value} synthetic: {shares[0]:.1%} over review, {shares[1]:.1%} over drop, "
            f"of {found.size:,}",
            markup=False,
        )

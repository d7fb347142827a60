"""Saves certified thresholds as a calibration that policy files can name."""

from collections.abc import Mapping
from pathlib import Path

from inspector.adapters.policies import CalibrationFile, Limits, write_calibration
from inspector.domain.media import MediaKind
from inspector.pipeline.certificate import Certificate


def save_calibration(
    file: Path,
    model_sha256: str,
    false_drop: float,
    limits: Mapping[MediaKind, tuple[Certificate, Certificate]],
) -> None:
    """Write (review, drop) certificates by kind of media.

    Raises:
        ListError: the file cannot be written.
    """
    tables = {
        kind: Limits(review=review.threshold, drop=drop.threshold)
        for kind, (review, drop) in limits.items()
    }
    calibration = CalibrationFile(
        model=model_sha256,
        false_drop=false_drop,
        n_real=sum(drop.n_real for _, drop in limits.values()),
        image=tables.get(MediaKind.IMAGE),
        video=tables.get(MediaKind.VIDEO),
    )
    write_calibration(calibration, file)

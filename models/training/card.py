"""Writes what the run-time reads: card.toml, from measured numbers only."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from inspector.domain.detector import Calibration, Pool, ViewInput, ViewOutput
from models.training.calibrate import Fusion


@dataclass(frozen=True, slots=True)
class ShippedView:
    """A view as shipped: its file lies in the card's folder."""

    name: str
    file: str
    input: ViewInput
    outputs: tuple[ViewOutput, ...]


@dataclass(frozen=True, slots=True)
class CardText:
    """What a person must say about a detector; everything else is measured."""

    id: str
    version: str
    licence: str
    source: str
    task: str
    not_for: str


def write_card(
    folder: Path,
    text: CardText,
    views: Sequence[ShippedView],
    features: Sequence[tuple[str, Pool]],
    fusion: Fusion,
    calibration: Calibration,
    min_side_px: int,
    report: Mapping[str, float],
    rows: tuple[str, str],
) -> None:
    """Write ``folder/card.toml``; the views' files must already lie there.

    Args:
        rows: name and sha256 of the file that lets the detector be taught.
    """
    lines = [
        'schema = "inspector.card/1"',
        *(f"{key} = {_text(getattr(text, key))}" for key in ("id", "version", "licence", "source")),
        "",
        "[scope]",
        f"task = {_text(text.task)}",
        'media = ["image", "video"]',
        f"not_for = {_text(text.not_for)}",
    ]
    for view in views:
        lines += _view_lines(folder, view)
    names = ", ".join(_text(f"{view}.{pool}") for view, pool in features)
    lines += [
        "",
        "[fusion]",
        f"features = [{names}]",
        f"weights = [{', '.join(f'{float(w):.6g}' for w in fusion.weights)}]",
        f"bias = {fusion.bias:.6g}",
        "",
        "[calibration]",
    ]
    for key in Calibration.__slots__:
        value = getattr(calibration, key)
        lines.append(f"{key} = {value}" if isinstance(value, int) else f"{key} = {value:.5f}")
    lines += ["", "[teach]", f"file = {_text(rows[0])}", f"sha256 = {_text(rows[1])}"]
    lines += ["", "[abstain]", f"min_side_px = {min_side_px}", "", "[report]"]
    lines += [f"{key} = {value:.4f}" for key, value in report.items()]
    (folder / "card.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _view_lines(folder: Path, view: ShippedView) -> list[str]:
    given = view.input
    digest = hashlib.sha256((folder / view.file).read_bytes()).hexdigest()
    lines = [
        "",
        "[[views]]",
        f"name = {_text(view.name)}",
        f"file = {_text(view.file)}",
        f"sha256 = {_text(digest)}",
        "",
        "[views.input]",
        f"name = {_text(given.name)}",
        f"dtype = {_text(given.dtype)}",
        f"layout = {_text(given.layout)}",
        f"color = {_text(given.color)}",
        f"scale = {given.scale}",
        f"mean = {list(given.mean)}",
        f"std = {list(given.std)}",
        f"size_policy = {_text(given.size_policy)}",
        f"size = {given.size}",
        f"resize = {given.resize}",
        f"multiple = {given.multiple}",
        f"margin = {given.margin}",
    ]
    for out in view.outputs:
        lines += [
            "",
            "[[views.outputs]]",
            f"name = {_text(out.name)}",
            f"role = {_text(out.role)}",
            f"kind = {_text(out.kind)}",
        ]
        if out.stride:
            lines.append(f"stride = {out.stride}")
    return lines


def _text(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'

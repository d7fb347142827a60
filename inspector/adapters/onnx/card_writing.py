"""Writes the card of a detector whose head was taught, from the card it started with."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from inspector.adapters.onnx.card import CardOutput, parse_card
from inspector.domain.detector import Calibration, OutputRole
from inspector.domain.record import Json, Record
from inspector.domain.teaching import LinearHead


@dataclass(frozen=True, slots=True)
class TaughtCard:
    """What differs from the card that was started with.

    Attributes:
        source: where head and net come from, for people.
        head: what the taught view's logit lacked; it is added to it.
        fusion: over the card's terms, in their order.
        report: measured numbers.
    """

    id: str
    version: str
    source: str
    head: LinearHead
    fusion: LinearHead
    calibration: Calibration
    report: Mapping[str, float]


def taught_card(folder: Path, taught: TaughtCard) -> str:
    """Return card.toml for a detector that has the files of ``folder`` and a head of its own.

    Raises:
        ModelError: the card of ``folder`` cannot be read.
    """
    card, _ = parse_card(folder)
    table: Record = card.model_dump(mode="json", by_alias=True, exclude_unset=True)
    taught_view = card.fusion.features[0].partition(".")[0]
    views = table["views"]
    assert isinstance(views, list)
    for view, given in zip(views, card.views, strict=True):
        if isinstance(view, dict) and given.name == taught_view:
            view["outputs"] = list(_with_head(given.outputs, taught.head))
    table |= {"id": taught.id, "version": taught.version, "source": taught.source}
    table["fusion"] = {
        "features": list(card.fusion.features),
        "weights": _numbers(taught.fusion),
        "bias": _short(taught.fusion.bias),
    }
    table["calibration"] = {k: v for k, v in asdict(taught.calibration).items() if v is not None}
    table["report"] = dict(taught.report)
    table.pop("teach", None)
    return "\n".join(_lines(table)) + "\n"


def _with_head(outputs: Sequence[CardOutput], head: LinearHead) -> Iterator[Json]:
    """Yield a view's outputs, what the head says added to what the view says already."""
    for output in outputs:
        table: Record = output.model_dump(mode="json", exclude_unset=True)
        if output.role is OutputRole.FEATURES:
            had = np.array(output.weights) if output.weights else np.zeros(head.weights.size)
            added = LinearHead(had + head.weights, output.bias + head.bias)
            table |= {"weights": _numbers(added), "bias": _short(added.bias)}
        yield table


def _numbers(head: LinearHead) -> Json:
    return [_short(weight) for weight in head.weights]


def _short(number: float) -> float:
    """Return the number with the nine digits that a float32 has at most."""
    return float(f"{number:.9g}")


def _lines(table: Record, name: str = "") -> Iterator[str]:
    """Yield a table as TOML: plain values first, then the tables inside it."""
    inner = {key: _tables(value) for key, value in table.items()}
    for key, value in table.items():
        if not inner[key]:
            yield f"{key} = {_value(value)}"
    for key, tables in inner.items():
        place = f"{name}.{key}" if name else key
        head = f"[{place}]" if isinstance(table[key], dict) else f"[[{place}]]"
        for part in tables:
            yield from ("", head)
            yield from _lines(part, place)


def _tables(value: Json) -> list[Record]:
    """Return the table that a value is, or those that it lists."""
    parts = value if isinstance(value, list) else [value]
    return [part for part in parts if isinstance(part, dict)]


def _value(value: Json) -> str:
    if isinstance(value, list):
        return f"[{', '.join(_value(part) for part in value)}]"
    return json.dumps(value, ensure_ascii=False)  # TOML writes plain values as JSON does

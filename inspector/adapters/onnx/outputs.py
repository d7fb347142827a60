"""From what a graph gives to logits, checked: a bad score is an error, never a zero."""

import numpy as np
from numpy.typing import NDArray

from inspector.domain.detector import OutputKind, ViewOutput
from inspector.domain.errors import ModelError

_TINY = np.float32(1e-6)
LARGEST_LOGIT = 1e5
"""No logit is larger; 17 already means that one in 20 million is wrong."""

_SLACK = 1e-3
"""How far a probability may lie outside [0, 1], or two of them sum away from 1."""


def image_logits(
    output: ViewOutput, values: NDArray[np.generic], count: int
) -> NDArray[np.float32]:
    """Return one logit a picture, float32, shape (count,).

    Raises:
        ModelError: shape, range or value is not what the card promises.
    """
    wanted = count * _classes(output)
    if values.size != wanted or (values.ndim and values.shape[0] != count):
        raise ModelError(_misshapen(output, values))
    return _logits(output, _finite(output, values).reshape(count, -1), axis=1)


def feature_rows(
    output: ViewOutput, values: NDArray[np.generic], count: int
) -> NDArray[np.float32]:
    """Return the features of each picture, float32, shape (count, k).

    Raises:
        ModelError: the shape is not what the card promises, or a feature is no number.
    """
    wanted = len(output.weights) or (values.shape[-1] if values.ndim else 0)
    if values.shape != (count, wanted) or not wanted:
        raise ModelError(_misshapen(output, values))
    rows = np.asarray(values, np.float32)
    if not np.isfinite(rows).all():
        raise ModelError(f"The detector's output {output.name} is no number.")
    return rows


def head_logits(output: ViewOutput, rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return what the card's head over features says, a logit a picture, float32, (count,).

    Raises:
        ModelError: a logit is no number or out of range.
    """
    with np.errstate(over="ignore", invalid="ignore"):  # found and said below
        logits = rows @ np.array(output.weights, np.float32) + np.float32(output.bias)
    return _finite(output, logits)


def map_logits(
    output: ViewOutput, values: NDArray[np.generic], count: int, height: int, width: int
) -> NDArray[np.float32]:
    """Return the logits of a batch's cells, float32, shape (count, rows, cols).

    Raises:
        ModelError: shape, range or value is not what the card promises.
    """
    rows, cols = height // output.stride, width // output.stride
    classes = _classes(output)
    shapes: list[tuple[int, ...]] = [(count, classes, rows, cols)]
    if classes == 1:
        shapes.append((count, rows, cols))
    if values.shape not in shapes:
        raise ModelError(_misshapen(output, values))
    cells = _finite(output, values).reshape(count, classes, rows, cols)
    return _logits(output, cells, axis=1)


def _classes(output: ViewOutput) -> int:
    return 2 if output.kind in (OutputKind.LOGITS2, OutputKind.PROBS2) else 1


def _misshapen(output: ViewOutput, values: NDArray[np.generic]) -> str:
    return f"The detector's output {output.name} has the shape {values.shape}, which does not fit."


def _finite(output: ViewOutput, values: NDArray[np.generic]) -> NDArray[np.float32]:
    numbers = np.asarray(values, np.float32)
    if not np.isfinite(numbers).all():
        raise ModelError(f"The detector's output {output.name} is no number.")
    if numbers.size and float(np.abs(numbers).max()) > LARGEST_LOGIT:
        raise ModelError(f"The detector's output {output.name} is far out of range.")
    return numbers


def _logits(output: ViewOutput, values: NDArray[np.float32], axis: int) -> NDArray[np.float32]:
    """Take the class axis away: the synthetic class against the other, as a logit."""
    synthetic: NDArray[np.float32] = np.take(
        values, output.synthetic_index if _classes(output) == 2 else 0, axis
    )
    if output.kind is OutputKind.LOGIT:
        return synthetic
    if output.kind is OutputKind.LOGITS2:
        other = np.take(values, 1 - output.synthetic_index, axis)
        return np.asarray(synthetic - other, np.float32)
    if values.min() < -_SLACK or values.max() > 1 + _SLACK:
        raise ModelError(f"The detector's output {output.name} is no probability.")
    if output.kind is OutputKind.PROBS2 and np.abs(values.sum(axis=axis) - 1).max() > _SLACK:
        raise ModelError(f"The two probabilities of {output.name} do not sum to one.")
    inside = np.clip(synthetic, _TINY, 1 - _TINY)
    return np.asarray(np.log(inside / (1 - inside)), np.float32)

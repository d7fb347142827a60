"""Which of a classifier's two classes is the synthetic one, by the names its config gives them."""

import re
from collections.abc import Mapping
from typing import Literal

_SYNTHETIC = frozenset(
    ["ai", "aigc", "artificial", "deepfake", "diffusion", "fake", "generated", "gan", "synthetic"]
)
_REAL = frozenset(["authentic", "human", "natural", "nature", "original", "photo", "real"])


def synthetic_class(id2label: Mapping[str, str]) -> Literal[0, 1]:
    """Return the index of the synthetic class of a Hugging Face ``id2label``.

    Args:
        id2label: names of the classes "0" and "1", as config.json has them.

    Raises:
        ValueError: there are not two classes, or their names do not tell which one it is.
    """
    if set(id2label) != {"0", "1"}:
        raise ValueError('id2label must name the two classes "0" and "1"')
    says = [_says(id2label[key]) for key in ("0", "1")]
    if says in ([1, 0], [1, -1], [0, -1]):
        return 0
    if says in ([0, 1], [-1, 1], [-1, 0]):
        return 1
    raise ValueError("id2label does not tell which class is synthetic; give synthetic_index")


def _says(label: str) -> int:
    """Return 1 for a name of the synthetic class, -1 for one of the real class, 0 for neither."""
    words = set(re.split(r"[^a-z]+", label.lower()))
    is_synthetic, is_real = bool(words & _SYNTHETIC), bool(words & _REAL)
    negated = bool(words & {"not", "no", "non"})
    if is_synthetic == is_real:
        return 0
    return (1 if is_synthetic else -1) * (-1 if negated else 1)

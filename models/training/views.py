"""The views that the built-in detectors offer, as their cards describe them."""

from inspector.domain.detector import (
    OutputKind,
    OutputRole,
    Pool,
    SizePolicy,
    ViewInput,
    ViewOutput,
)
from models.training.clip_tower import STRIDE


def _input(policy: SizePolicy, size: int, resize: int, multiple: int, margin: int = 0) -> ViewInput:
    """Built-in graphs take RGB 0-255 and normalise themselves."""
    return ViewInput(
        "pixels",
        "float32",
        "nchw",
        "rgb",
        1.0,
        (0.0,) * 3,
        (1.0,) * 3,
        policy,
        size,
        resize,
        multiple,
        margin,
    )


SCENE = _input(SizePolicy.RESIZE_CROP, 224, 224, 1)
# A window sees the whole of itself and nothing else, so no margin would remove its seams.
PIXELS = _input(SizePolicy.NATIVE_TILES, 224, 0, STRIDE)

SCORE = ViewOutput("logit", OutputRole.IMAGE_SCORE, OutputKind.LOGIT)
NATIVE_SCORE = ViewOutput("native_logit", OutputRole.IMAGE_SCORE, OutputKind.LOGIT)
MAP = ViewOutput("patch_logits", OutputRole.PATCH_MAP, OutputKind.LOGIT, stride=STRIDE)
FEATURES = ViewOutput("features", OutputRole.FEATURES)

FUSED = (("scene", Pool.MEAN), ("pixels", Pool.SCORE))
"""What is fused: the whole view's logit and the mean of the native tiles' own."""

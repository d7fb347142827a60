"""What a person must say about the two built-in detectors; the rest is measured."""

from models.training.card import CardText

MIN_SIDE_PX = 96  # below it a picture holds fewer than 36 cells of the map and was never trained on

_TASK = "Tells whole generated pictures and generated regions from photographs and human-made art."
_NOT_FOR = (
    "Proof of any kind, single faces swapped in clips, generators newer than its training set "
    "without a check on own pictures; its weakest sources are named in CARD.md."
)

FAST = CardText(
    id="inspector-fast",
    version="0.3.0",
    licence="MIT",
    source="CLIP ViT-B/16's image tower up to block 6 in int8 arithmetic (OpenAI, MIT), frozen, "
    "with heads trained by models/training on pictures of public repositories.",
    task=_TASK,
    not_for=_NOT_FOR,
)

FULL = CardText(
    id="inspector-full",
    version="0.3.0",
    licence="MIT",
    source="CLIP ViT-B/16's image tower up to block 8 in float arithmetic (OpenAI, MIT), frozen, "
    "with heads trained by models/training on pictures of public repositories.",
    task=_TASK,
    not_for=_NOT_FOR,
)

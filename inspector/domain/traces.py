"""Marks that tools leave in a file. They can say AI or opt-out; they can never say real."""

from dataclasses import dataclass
from enum import StrEnum


class Says(StrEnum):
    """What a trace says of its file."""

    AI = "ai"
    AI_PART = "ai_part"
    OPT_OUT = "opt_out"
    CAMERA = "camera"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Trace:
    """One statement found in metadata or pixels.

    Attributes:
        kind: which reader found it: "iptc", "a1111", "comfyui", "exif", "plus", ...
        key: where it stands, in the format's own words ("XMP Iptc4xmpExt:DigitalSourceType").
        value: the text found, plain, at most 2,000 characters.
    """

    kind: str
    key: str
    value: str
    says: Says

"""Pictures and clips made on the spot, for the demo folder and for tests; nothing is shipped."""

from inspector.adapters.samples.encode import (
    camera_exif,
    encode_clip,
    encode_jpeg,
    encode_png,
    generator_exif,
)
from inspector.adapters.samples.scene import draw_photo, draw_scene, draw_synthetic, pan, splice

__all__ = [
    "camera_exif",
    "draw_photo",
    "draw_scene",
    "draw_synthetic",
    "encode_clip",
    "encode_jpeg",
    "encode_png",
    "generator_exif",
    "pan",
    "splice",
]

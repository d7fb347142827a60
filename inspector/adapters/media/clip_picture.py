"""One decoded frame of a clip as upright sRGB pixels."""

import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import Colorspace, VideoReformatter

from inspector.adapters.media.frames import Pixels, fit

_UNSPECIFIED_COLORSPACE = 2
_HD_LINES = 577


class ClipPicture:
    """A decoded frame, turned upright by its display matrix to the nearest right angle."""

    def __init__(self, frame: VideoFrame, reformatter: VideoReformatter) -> None:
        """Wrap a frame.

        Args:
            frame: as decoded.
            reformatter: one a clip, since it keeps its tables from frame to frame.
        """
        self._frame = frame
        self._reformatter = reformatter
        self._quarters = round(frame.rotation / 90) % 4
        sides = (frame.height, frame.width)
        self.height, self.width = sides if self._quarters % 2 == 0 else sides[::-1]

    def write(self, target: Pixels) -> None:
        np.copyto(target, np.rot90(self._rgb(), self._quarters))

    def thumbnail(self, side_px: int) -> Pixels:
        width, height = fit(self._frame.width, self._frame.height, side_px)
        return np.rot90(self._rgb(width, height), self._quarters).copy()

    def _rgb(self, width: int | None = None, height: int | None = None) -> Pixels:
        """Return 8-bit RGB, a view of the frame's own memory, shape (h, w, 3).

        Untagged frames are taken as BT.709 from 577 lines on, else BT.601, as players do. HDR is
        converted plainly, without tone mapping.
        """
        frame = self._frame
        matrix = None
        if frame.colorspace == _UNSPECIFIED_COLORSPACE:
            matrix = Colorspace.ITU709 if frame.height >= _HD_LINES else Colorspace.ITU601
        interpolation = "AREA" if width else None
        shown = self._reformatter.reformat(
            frame, width, height, "rgb24", src_colorspace=matrix, interpolation=interpolation
        )
        plane = shown.planes[0]
        memory: Pixels = np.frombuffer(plane, np.uint8)  # type: ignore[call-overload]
        rows = memory[: plane.line_size * shown.height].reshape(shown.height, plane.line_size)
        return rows[:, : shown.width * 3].reshape(shown.height, shown.width, 3)

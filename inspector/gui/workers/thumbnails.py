"""Thumbnails for what is on screen: stored ones first, newest wish first, few kept."""

from collections import OrderedDict
from collections.abc import Sequence
from threading import Condition, Thread

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QSize, Qt, Signal, Slot
from PySide6.QtGui import QImage, QPixmap

from inspector.domain.errors import MediaError, StoreError
from inspector.gui.services import DeskServices

MOST_KEPT = 2000
MOST_BYTES = 192 << 20
READ_PX = 256
THREADS = 2


class ThumbnailLoader(QObject):
    """Owns the reading threads and the pixmaps, by row id; lives in the UI thread.

    ``want`` replaces what was wished for before, so that a fast scroll reads only where it
    ends. A picture that cannot be read is remembered as such until its row is judged.
    """

    loaded = Signal()  # some of the wanted thumbnails are there: paint

    _read = Signal(int, int, object)  # generation, row, QImage | None; from a reading thread

    def __init__(self, services: DeskServices, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._pixmaps: OrderedDict[int, QPixmap | None] = OrderedDict()
        self._bytes = 0
        self._side = 160
        self._ratio = 1.0
        self._generation = 0
        self._changed = Condition()
        self._wanted: list[tuple[int, str]] = []
        self._in_work: set[int] = set()
        self._on_screen: frozenset[int] = frozenset()
        self._given: dict[int, NDArray[np.uint8]] = {}
        self._is_open = True
        self._threads: list[Thread] = []
        self._read.connect(self._keep)

    def set_size(self, side_px: int, device_ratio: float) -> None:
        """Say how large a cell's picture is, in logical pixels, and how dense the screen."""
        if (side_px, device_ratio) != (self._side, self._ratio):
            self._side, self._ratio = side_px, device_ratio
            self.clear()

    def clear(self) -> None:
        """Forget everything: another session, or another size."""
        with self._changed:
            self._generation += 1
            self._wanted.clear()
            self._given.clear()
        self._pixmaps.clear()
        self._bytes = 0

    def get(self, row: int) -> QPixmap | None:
        """Return a row's pixmap if it is here; never reads."""
        pixmap = self._pixmaps.get(row)
        if pixmap is not None:
            self._pixmaps.move_to_end(row)
        return pixmap

    def want(self, rows: Sequence[tuple[int, str]]) -> None:
        """Read these (row, path), the last first, instead of what was wanted before."""
        self._on_screen = frozenset(row for row, _ in rows)
        missing = [(row, path) for row, path in rows if row not in self._pixmaps]
        with self._changed:
            self._wanted = [wish for wish in missing if wish[0] not in self._in_work]
            given = set(self._given) - {row for row, _ in missing}
            for row in given:
                del self._given[row]
            self._start_threads()
            self._changed.notify_all()

    def give(self, row: int, path: str, pixels: NDArray[np.uint8]) -> None:
        """Take a thumbnail that the scan made anyway; used only where its row is on screen."""
        self.forget(row)
        if row not in self._on_screen:
            return
        with self._changed:
            self._given[row] = pixels
            self._wanted = [wish for wish in self._wanted if wish[0] != row]
            self._wanted.append((row, path))
            self._start_threads()
            self._changed.notify_all()

    def forget(self, row: int) -> None:
        """Drop what is kept of a row, as it may be better now."""
        pixmap = self._pixmaps.pop(row, None)
        if pixmap is not None:
            self._bytes -= _bytes_of(pixmap)

    def close(self, timeout_s: float) -> None:
        """End the threads; waits for a read in flight."""
        with self._changed:
            self._is_open = False
            self._wanted.clear()
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(timeout_s)

    def _start_threads(self) -> None:
        while len(self._threads) < THREADS:
            thread = Thread(target=self._run, name="thumbnails", daemon=True)
            self._threads.append(thread)
            thread.start()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._wanted or not self._is_open)
                if not self._is_open:
                    return
                row, path = self._wanted.pop()
                given = self._given.pop(row, None)
                generation, side = self._generation, round(self._side * self._ratio)
                self._in_work.add(row)
            image = None
            try:
                pixels = given if given is not None else self._pixels(path)
                image = None if pixels is None else scaled_image(pixels, side)
            finally:
                with self._changed:
                    self._in_work.discard(row)
                self._read.emit(generation, row, image)

    def _pixels(self, path: str) -> NDArray[np.uint8] | None:
        try:
            stored = self._services.store.thumbnail(path)
            if stored is not None:
                return stored
            return self._services.reader.thumbnail(path, READ_PX, quick=True)
        except (MediaError, StoreError):
            return None

    @Slot(int, int, object)
    def _keep(self, generation: int, row: int, image: QImage | None) -> None:
        if generation != self._generation:
            return
        self.forget(row)
        pixmap = None if image is None else QPixmap.fromImage(image)
        if pixmap is not None:
            pixmap.setDevicePixelRatio(self._ratio)
            self._bytes += _bytes_of(pixmap)
        self._pixmaps[row] = pixmap
        while len(self._pixmaps) > MOST_KEPT or self._bytes > MOST_BYTES:
            _, dropped = self._pixmaps.popitem(last=False)
            self._bytes -= 0 if dropped is None else _bytes_of(dropped)
        self.loaded.emit()


def scaled_image(pixels: NDArray[np.uint8], side_px: int) -> QImage:
    """Return pixels, uint8 (h, w, 3), as an image that fits a square.

    A small picture stays as small as it is; a thumbnail of a larger one fills the square.
    """
    held = np.ascontiguousarray(pixels)
    height, width = held.shape[:2]
    image = QImage(held.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    fitted = image
    if max(width, height) > min(side_px, READ_PX - 1):
        fitted = image.scaled(
            QSize(side_px, side_px),
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
    return fitted.convertToFormat(QImage.Format.Format_RGB32)


def _bytes_of(pixmap: QPixmap) -> int:
    return pixmap.width() * pixmap.height() * 4

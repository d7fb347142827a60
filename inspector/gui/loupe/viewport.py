"""Which part of a picture is on screen, and how large: a value, so that views can share it."""

from dataclasses import dataclass, replace

MAX_SCALE = 64.0
"""Largest magnification, screen points per picture pixel."""

MAX_FIT = 8.0
"""A small picture is enlarged to fit at most this much."""


@dataclass(frozen=True, slots=True)
class Viewport:
    """A picture seen through a widget.

    Attributes:
        picture: width and height in picture pixels.
        widget: width and height in screen points.
        scale: screen points per picture pixel.
        x: picture pixel at the middle of the widget, across.
        y: picture pixel at the middle of the widget, down.
        fitted: the whole picture is shown, and stays so when the widget changes size.
    """

    picture: tuple[int, int]
    widget: tuple[float, float]
    scale: float = 1.0
    x: float = 0.0
    y: float = 0.0
    fitted: bool = True

    @property
    def fit_scale(self) -> float:
        """Return the scale at which the whole picture just fits."""
        across = self.widget[0] / max(1, self.picture[0])
        down = self.widget[1] / max(1, self.picture[1])
        return max(1e-6, min(across, down, MAX_FIT))

    def fit(self) -> "Viewport":
        """Show the whole picture."""
        return replace(
            self,
            scale=self.fit_scale,
            x=self.picture[0] / 2,
            y=self.picture[1] / 2,
            fitted=True,
        )

    def resized(self, widget: tuple[float, float]) -> "Viewport":
        """Follow the widget: a fitted picture stays fitted, else its middle stays."""
        changed = replace(self, widget=widget)
        return changed.fit() if self.fitted else changed._kept_inside()

    def zoomed(self, factor: float, at: tuple[float, float] | None = None) -> "Viewport":
        """Magnify by ``factor``, keeping what lies under ``at`` (screen points) in place."""
        return self.scaled(self.scale * factor, at)

    def scaled(self, scale: float, at: tuple[float, float] | None = None) -> "Viewport":
        """Set the scale, keeping what lies under ``at`` (screen points) in place."""
        at = at or (self.widget[0] / 2, self.widget[1] / 2)
        held = self.to_picture(at)
        scale = min(MAX_SCALE, max(min(self.fit_scale, 1.0) / 2, scale))
        return replace(
            self,
            scale=scale,
            x=held[0] - (at[0] - self.widget[0] / 2) / scale,
            y=held[1] - (at[1] - self.widget[1] / 2) / scale,
            fitted=False,
        )._kept_inside()

    def panned(self, across: float, down: float) -> "Viewport":
        """Move the picture by screen points."""
        moved = replace(self, x=self.x - across / self.scale, y=self.y - down / self.scale)
        return replace(moved, fitted=False)._kept_inside()

    @property
    def origin(self) -> tuple[float, float]:
        """Return where the picture's top left corner lies, in screen points."""
        return (
            self.widget[0] / 2 - self.x * self.scale,
            self.widget[1] / 2 - self.y * self.scale,
        )

    def to_picture(self, point: tuple[float, float]) -> tuple[float, float]:
        """Return the picture pixel under a screen point; it may lie outside the picture."""
        return (
            self.x + (point[0] - self.widget[0] / 2) / self.scale,
            self.y + (point[1] - self.widget[1] / 2) / self.scale,
        )

    @property
    def pannable(self) -> bool:
        """Whether some of the picture lies outside the widget."""
        return (
            self.picture[0] * self.scale > self.widget[0] + 1
            or self.picture[1] * self.scale > self.widget[1] + 1
        )

    def _kept_inside(self) -> "Viewport":
        """Centre what is smaller than the widget; never leave a gap beside what is larger."""
        return replace(
            self,
            x=_kept(self.x, self.picture[0], self.widget[0] / self.scale),
            y=_kept(self.y, self.picture[1], self.widget[1] / self.scale),
        )


def _kept(middle: float, length: float, seen: float) -> float:
    if seen >= length:
        return length / 2
    return min(length - seen / 2, max(seen / 2, middle))

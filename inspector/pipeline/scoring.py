"""One detector over one file: views, tiles, the map, and the score they make."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from threading import Event

import numpy as np
from numpy.typing import NDArray

from inspector.domain.detector import DetectorSpec, SizePolicy, ViewSpec
from inspector.domain.media import Frame, MediaKind
from inspector.domain.score import FrameScore, Heatmap, Region, Score, ViewScore
from inspector.pipeline.blank_cells import blank_cells, without_blank
from inspector.pipeline.fitting import fit_whole
from inspector.pipeline.pooling import (
    fuse,
    likelihood_of,
    map_likelihoods,
    pool_terms,
    pool_top_fraction,
    sigmoid,
)
from inspector.pipeline.regions import find_regions, find_spans
from inspector.pipeline.stitching import Step, no_step, patch_view, stitched_likelihoods
from inspector.pipeline.tiling import cut_out, padded, scan_tiles
from inspector.pipeline.together import run_each
from inspector.ports import Detector, ViewResult

BLANK_SHARE = 0.9
"""Share of flat or saturated cells from which the detector abstains on a whole picture."""


@dataclass(frozen=True, slots=True)
class FrameResult:
    """What a detector says of one frame.

    Attributes:
        likelihood: calibrated as that of a picture, [0, 1].
        logit: the same before calibration.
        heatmap: likelihoods of the cells that were scored; None without a map view.
        likelihoods: the same before quantising, (rows, cols), NaN where not scored.
        blank_share: share of the scored cells that are flat or saturated, [0, 1].
        terms: the pooled logits that the card fuses, in its order.
        features: of each view that was asked for them, float32 (k,).
    """

    pts_s: float
    likelihood: float
    logit: float
    views: tuple[ViewScore, ...]
    size: tuple[int, int]
    heatmap: Heatmap | None
    likelihoods: NDArray[np.float32] | None
    blank_share: float
    terms: tuple[float, ...] = ()
    features: Mapping[str, NDArray[np.float32]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Cells:
    """Patch logits of a frame, (rows, cols), NaN where not scored, and which cells are blank.

    ``scores`` are the tiles' own, (n,); None where the view only draws the map.
    """

    logits: NDArray[np.float32]
    blank: NDArray[np.bool_]
    cell_px: int
    scores: NDArray[np.float32] | None


class FrameScorer:
    """Runs every view of a detector on frames; holds no state, so threads may share it."""

    def __init__(self, detector: Detector, tiles: int = 1) -> None:
        self._detector = detector
        self._tiles = tiles

    @property
    def spec(self) -> DetectorSpec:
        return self._detector.spec

    def score(self, frame: Frame) -> FrameResult:
        """Score one frame from the whole view and a few native tiles.

        Raises:
            ModelError: a view gave no usable score.
        """
        logits: dict[str, NDArray[np.float32]] = {}
        scores: dict[str, NDArray[np.float32]] = {}
        features: dict[str, NDArray[np.float32]] = {}
        cells: _Cells | None = None
        for view in self.spec.views:
            if view.input.size_policy is not SizePolicy.NATIVE_TILES:
                seen = self._detector.run(view.name, fit_whole(frame.pixels, view.input)[None])
                logits[view.name] = _logits_of(seen)
                if seen.features is not None:
                    features[view.name] = seen.features[0]
                continue
            if view.map_output is not None:
                cells = self._tiled_map(view, frame.pixels)
                logits[view.name] = cells.logits[np.isfinite(cells.logits)]
                if cells.scores is not None:
                    scores[view.name] = cells.scores
            else:
                logits[view.name] = self._tiled_scores(view, frame.pixels)
        return self._result(frame, logits, scores, features, cells)

    def whole_map(
        self, pixels: NDArray[np.uint8], step: Step = no_step, cancel: Event | None = None
    ) -> Heatmap | None:
        """Return the patch map of a whole frame without seams; None without such a view.

        Raises:
            ModelError: the view gave no usable map.
            ScanCancelled: ``cancel`` was set before the last tile.
        """
        view = patch_view(self.spec)
        if view is None:
            return None
        likelihoods, cell_px = stitched_likelihoods(self._detector, view, pixels, step, cancel)
        return Heatmap.from_likelihoods(without_blank(likelihoods, pixels, cell_px), cell_px)

    def _tiled_scores(self, view: ViewSpec, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        source = padded(pixels, view.input.multiple, view.input.size)
        tiles = scan_tiles(source, view.input.size, self._tiles, view.input.multiple, fixed=True)
        runs = run_each(self._detector, view.name, [cut_out(source, tile) for tile in tiles])
        return np.concatenate([run.logits for run in runs if run.logits is not None])

    def _tiled_map(self, view: ViewSpec, pixels: NDArray[np.uint8]) -> "_Cells":
        assert view.map_output is not None
        height, width = pixels.shape[:2]
        stride = view.map_output.stride
        source = padded(pixels, view.input.multiple)
        shape = (source.shape[0] // stride, source.shape[1] // stride)
        logits = np.full(shape, np.nan, np.float32)
        blank = np.zeros(shape, np.bool_)
        scores: list[NDArray[np.float32]] = []
        tiles = scan_tiles(source, view.input.size, self._tiles, view.input.multiple)
        cuts = [cut_out(source, tile) for tile in tiles]
        runs = run_each(self._detector, view.name, cuts)
        for tile, cut, seen in zip(tiles, cuts, runs, strict=True):
            assert seen.map_logits is not None
            cells = seen.map_logits[0]
            if seen.logits is not None:
                scores.append(seen.logits)
            where = (
                slice(tile.y // stride, tile.y // stride + cells.shape[0]),
                slice(tile.x // stride, tile.x // stride + cells.shape[1]),
            )
            logits[where] = cells
            blank[where] = blank_cells(cut, stride)
        rows, cols = -(-height // stride), -(-width // stride)
        return _Cells(
            logits[:rows, :cols],
            blank[:rows, :cols],
            stride,
            np.concatenate(scores) if scores else None,
        )

    def _result(
        self,
        frame: Frame,
        logits: dict[str, NDArray[np.float32]],
        scores: dict[str, NDArray[np.float32]],
        features: dict[str, NDArray[np.float32]],
        cells: "_Cells | None",
    ) -> FrameResult:
        calibration = self.spec.calibration
        terms = pool_terms(self.spec, logits, scores)
        height, width = frame.pixels.shape[:2]
        heatmap, likelihoods, blank_share = None, None, 0.0
        if cells is not None:
            likelihoods = map_likelihoods(cells.logits, calibration)
            scored = np.isfinite(likelihoods)
            blank_share = float((cells.blank & scored).sum() / max(1, scored.sum()))
            likelihoods[cells.blank] = np.nan
            heatmap = Heatmap.from_likelihoods(likelihoods, cells.cell_px)
        logit = fuse(self.spec, terms)
        return FrameResult(
            pts_s=frame.pts_s,
            likelihood=likelihood_of(logit, calibration),
            logit=logit,
            views=tuple(
                ViewScore(name, float(sigmoid(values.mean(keepdims=True))[0]))
                for name, values in (logits | scores).items()
            ),
            size=(width, height),
            heatmap=heatmap,
            likelihoods=likelihoods,
            blank_share=blank_share,
            terms=terms,
            features=features,
        )


def _logits_of(seen: ViewResult) -> NDArray[np.float32]:
    if seen.logits is not None:
        return seen.logits
    assert seen.map_logits is not None
    return seen.map_logits.ravel()


def score_picture(result: FrameResult, spec: DetectorSpec) -> Score:
    """Return a still picture's score from its one frame."""
    calibration = spec.calibration
    regions: tuple[Region, ...] = ()
    highest = result.likelihood
    if result.likelihoods is not None and result.heatmap is not None:
        regions = find_regions(
            result.likelihoods,
            result.heatmap.cell_px,
            result.size,
            calibration.region_review,
            calibration.region_low,
        )
        if np.isfinite(result.likelihoods).any():
            highest = max(highest, float(np.nanmax(result.likelihoods)))
    return Score(
        likelihood=result.likelihood,
        likelihood_max=highest,
        frames_scored=1,
        abstain_reason=_abstain_reason(result, spec),
        heatmap=result.heatmap,
        regions=regions,
        views=result.views,
    )


def score_clip(results: list[FrameResult], spec: DetectorSpec, review: float) -> Score:
    """Return a clip's score from its frames in order of time.

    Args:
        review: likelihood over which frames make spans, [0, 1].

    Raises:
        EmptyMediaError: no frame was scored.
    """
    likelihoods = np.array([result.likelihood for result in results], np.float32)
    likelihood = pool_top_fraction(likelihoods)
    frames = tuple(FrameScore(r.pts_s, r.likelihood, r.heatmap) for r in results)
    hottest = max(results, key=lambda result: result.likelihood)
    return Score(
        likelihood=likelihood,
        likelihood_max=float(likelihoods.max()),
        frames_scored=len(results),
        abstain_reason=_abstain_reason(hottest, spec),
        spans=find_spans(frames, review),
        frames=frames,
        views=tuple(
            ViewScore(view.name, float(np.mean([r.views[i].likelihood for r in results])))
            for i, view in enumerate(hottest.views)
        ),
    )


def score_file(
    results: list[FrameResult], media: MediaKind, spec: DetectorSpec, review: float
) -> Score | None:
    """Return the score of a file from its frames; None where no frame came."""
    if not results:
        return None
    if media is MediaKind.IMAGE:
        return score_picture(results[0], spec)
    return score_clip([as_clip_frame(result, spec) for result in results], spec, review)


def as_clip_frame(result: FrameResult, spec: DetectorSpec) -> FrameResult:
    """Return a frame's result with its likelihood calibrated as that of a clip's frame."""
    likelihood = likelihood_of(result.logit, spec.calibration, MediaKind.VIDEO)
    return replace(result, likelihood=likelihood)


def _abstain_reason(result: FrameResult, spec: DetectorSpec) -> str | None:
    shorter = min(result.size)
    if shorter < spec.min_side_px:
        return f"its shorter side is {shorter} px, and {spec.min_side_px} are needed."
    if result.blank_share >= BLANK_SHARE:
        return "almost all of it is flat or saturated."
    return None

"""The frames of one file as they are scored, and those of its changed copies."""

from dataclasses import replace

from inspector.domain.errors import ModelError
from inspector.domain.media import Frame, MediaKind
from inspector.domain.score import CopyKind, CopyScore, Score
from inspector.pipeline.copies import changed_copies
from inspector.pipeline.scoring import FrameResult, FrameScorer, score_file


class FrameScores:
    """Scores frames as they come; keeps the first trouble instead of a wrong score.

    Copies count only where those of every frame were scored.
    """

    def __init__(self, scorer: FrameScorer | None, copies_from: float) -> None:
        """Take what scores; a frame's copies are scored too from this likelihood on."""
        self._scorer = scorer
        self._copies_from = copies_from
        self._results: list[FrameResult] = []
        self._copies: dict[CopyKind, list[FrameResult]] = {}
        self.trouble: str | None = None

    def add(self, frame: Frame) -> None:
        if self._scorer is None or self.trouble is not None:
            return
        if frame.index == 0:
            # A worker that died is tried once more, from the first frame on.
            self._results.clear()
            self._copies.clear()
        try:
            result = self._scorer.score(frame)
            self._results.append(result)
            if result.likelihood >= self._copies_from:
                self._add_copies(self._scorer, frame)
        except ModelError as error:
            self.trouble = str(error)

    def score(self, media: MediaKind, review: float) -> Score | None:
        """Return the file's score; None where no frame came.

        Args:
            media: what the frames are of.
            review: likelihood over which frames make spans, [0, 1].
        """
        if self._scorer is None:
            return None
        spec = self._scorer.spec
        score = score_file(self._results, media, spec, review)
        if score is None:
            return None
        copies = []
        for kind, results in self._copies.items():
            again = score_file(results, media, spec, review)
            if again is not None and len(results) == len(self._results):
                stands_out = bool(again.regions or again.spans)
                copies.append(CopyScore(kind, again.likelihood, stands_out, again.abstained))
        return replace(score, copies=tuple(copies))

    def _add_copies(self, scorer: FrameScorer, frame: Frame) -> None:
        for kind, pixels in changed_copies(frame.pixels):
            copy = Frame(pixels, frame.pts_s, frame.index)
            self._copies.setdefault(kind, []).append(scorer.score(copy))

"""Folders of real and synthetic media scored for a comparison, with progress."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from inspector.bootstrap.comparing import source_of
from inspector.bootstrap.scanning import ScanRequest, open_scan
from inspector.cli.output import ProgressLine, say
from inspector.domain.detector import Calibration
from inspector.domain.errors import UsageError
from inspector.domain.events import ItemJudged, Progress
from inspector.domain.item import Item
from inspector.domain.media import MediaKind


@dataclass(frozen=True, slots=True)
class ScoredFolders:
    """Likelihoods of every scored file.

    Attributes:
        scores: for each folder, (source, kind, likelihood) of its scored files.
        unscored: files without a score.
    """

    scores: dict[Path, list[tuple[str, MediaKind, float]]]
    unscored: int
    model: str
    model_sha256: str
    calibration: Calibration

    def by_source(self, folder: Path) -> dict[str, list[float]]:
        """Return likelihoods of a folder by its sub-folders."""
        sources: dict[str, list[float]] = defaultdict(list)
        for source, _, likelihood in sorted(self.scores[folder.resolve()]):
            sources[source].append(likelihood)
        return dict(sources)

    def of_kind(self, folder: Path, kind: MediaKind) -> list[float]:
        """Return likelihoods of a folder's pictures or clips."""
        return [value for _, found, value in self.scores[folder.resolve()] if found is kind]


def check_folders(folders: Sequence[Path]) -> list[Path]:
    """Return the folders resolved.

    Raises:
        UsageError: one is not there, or they are not apart.
    """
    roots = [folder.resolve() for folder in folders]
    for folder, root in zip(folders, roots, strict=True):
        if not root.is_dir():
            raise UsageError(f"{folder} is no folder.")
        if any(root != other and root.is_relative_to(other) for other in roots):
            raise UsageError(f"{folder} lies inside another folder of the comparison.")
    if len(set(roots)) < len(roots):
        raise UsageError("The folders of a comparison must differ.")
    return roots


def score_folders(folders: Sequence[Path], model: str | None, device: str | None) -> ScoredFolders:
    """Score folders of one label each; sub-folders are sources.

    Raises:
        UsageError: a folder is not there, lies inside another, or holds nothing to score.
        InspectorError: the detector cannot be loaded.
    """
    roots = check_folders(folders)
    scores: dict[Path, list[tuple[str, MediaKind, float]]] = {root: [] for root in roots}
    unscored = 0
    request = ScanRequest(tuple(str(root) for root in roots), model=model, device=device)
    with open_scan(request, Event()) as running, ProgressLine() as line:
        for word in running.words:
            say(word)
        for event in running.events():
            match event:
                case ItemJudged(item=item):
                    unscored += not _add(item, scores)
                case Progress():
                    line.show(event)
                case _:
                    pass
        detector = running.detector
    for folder, root in zip(folders, roots, strict=True):
        if not scores[root]:
            raise UsageError(f"No file below {folder} could be scored.")
    assert detector is not None
    return ScoredFolders(scores, unscored, detector.id, detector.sha256, detector.calibration)


def _add(item: Item, scores: dict[Path, list[tuple[str, MediaKind, float]]]) -> bool:
    if item.score is None or item.media is None:
        return False
    rows = scores[Path(item.file.root)]
    rows.append((source_of(item.file), item.media, item.score.likelihood))
    return True

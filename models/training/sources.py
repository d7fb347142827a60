"""Which pictures there are, which of them may never be split apart, and the five folds."""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

# Sources that share pictures, subjects or a maker although their repositories differ.
_TOGETHER: tuple[tuple[str, ...], ...] = (
    ("bsds500", "selfexsr_hr_png"),
    ("gpt4o",),
    ("drewnoakes_cameras", "exif_samples"),
    ("dcsan_",),
    ("pumbers",),
    ("web__lz_templates", "web__huxpro", "web__npm_", "web__coralsands_hotel"),
    ("akphotography",),
    ("stylegan", "ffhq"),
)

# Human-made art and graphics among the reals: the class most often taken for synthetic.
_ART = ("art__", "human_paintings", "wallpapers_art", "blender_renders", "appleseed", "cgi__")

# Generators of 2023 and earlier, small or upscaled: the ones "modern" leaves out.
_OLD = ("dcsan_", "sd1_", "stylegan", "midjourney2022", "mixedgan", "deepfloyd", "sd_mixed")


@dataclass(frozen=True, slots=True)
class Picture:
    """One row of a data table: a file, what it is, and the group it may not leave."""

    path: Path
    view: str  # "whole" or "crops"
    synthetic: bool
    source: str
    group: str

    @property
    def is_art(self) -> bool:
        """Whether the picture is human-made art or a render (meaningful for reals only)."""
        return self.source.startswith(_ART)

    @property
    def is_modern(self) -> bool:
        """Whether its generator is none of the old or upscaled ones (synthetic only)."""
        return not self.source.startswith(_OLD)


def group_names(repositories: dict[str, str]) -> dict[str, str]:
    """Return each source's group: sources that always stay on one side of a split.

    A group is a repository, or several of them where ``_TOGETHER`` joins their sources.

    Args:
        repositories: the repository of each source; empty where there is none.
    """
    joined: dict[str, str] = {}
    for source, repository in repositories.items():
        for keys in _TOGETHER:
            if any(key in source for key in keys):
                joined.setdefault(repository or source, f"together:{keys[0]}")
    return {s: joined.get(r or s, r.split(" ")[0] or s) for s, r in repositories.items()}


def read_pictures(data: Path, table: str) -> list[Picture]:
    """Read ``images/<table>.tsv`` below ``data``; ``table`` is "train" or "val"."""
    with (data / "SOURCES.tsv").open(encoding="utf-8", newline="") as handle:
        rows = csv.DictReader(handle, delimiter="\t")
        groups = group_names({row["source"]: row["repo"] for row in rows})
    folder = data / "images" / table
    with (data / "images" / f"{table}.tsv").open(encoding="utf-8", newline="") as handle:
        return [
            Picture(
                path=folder / row["file"],
                view=row["view"],
                synthetic=row["label"] == "synthetic",
                source=row["source"],
                group=groups.get(row["source"], row["source"]),
            )
            for row in csv.DictReader(handle, delimiter="\t")
        ]


def folds_of(pictures: Iterable[Picture], n_folds: int = 5) -> dict[str, int]:
    """Spread the groups over folds, largest first, so that both labels stay balanced.

    Deterministic: depends on the group names and counts alone.
    """
    counts: dict[str, Counter[bool]] = defaultdict(Counter)
    for picture in pictures:
        counts[picture.group][picture.synthetic] += 1
    totals = [Counter[bool]() for _ in range(n_folds)]
    fold_of: dict[str, int] = {}
    for group in sorted(counts, key=lambda name: (-sum(counts[name].values()), name)):
        count = counts[group]
        heavier = count[True] >= count[False]
        fold = min(range(n_folds), key=lambda n: (totals[n][heavier], sum(totals[n].values()), n))
        totals[fold].update(count)
        fold_of[group] = fold
    return fold_of


def pair_groups(pictures: Sequence[Picture], least: int = 8) -> list[str]:
    """Return groups that hold enough real *and* synthetic pictures of one site and treatment."""
    counts: dict[str, Counter[bool]] = defaultdict(Counter)
    for picture in pictures:
        counts[picture.group][picture.synthetic] += 1
    return sorted(g for g, c in counts.items() if c[True] >= least and c[False] >= least)


def both_views(pictures: Sequence[Picture]) -> list[tuple[int, int]]:
    """Return the places of each picture's whole view and of its native crop, where it has both."""
    place = {(p.view, p.source, p.path.name): i for i, p in enumerate(pictures)}
    return [
        (place["whole", source, name], i)
        for (view, source, name), i in place.items()
        if view == "crops" and ("whole", source, name) in place
    ]

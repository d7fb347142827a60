"""A detector that can be taught, small enough to build on the spot, and pictures to teach it."""

import hashlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inspector.adapters.samples import encode_png
from inspector.domain.teaching import LabelledPictures
from tests.unit.adapters.onnx.graphs import tower_graph

CARD = """
schema = "inspector.card/1"
id = "teachable"
version = "1"
licence = "Apache-2.0"
source = "tests"
[scope]
task = "tests"
{views}
[fusion]
features = ["scene.mean", "pixels.mean"]
weights = [1.0, 0.1]
bias = 0.0
[calibration]
review = 0.9
drop = 0.95
n_real = 400
[abstain]
min_side_px = 32
{teach}
"""

VIEW = """
[[views]]
name = "{name}"
file = "tower.onnx"
sha256 = "{sha256}"
[views.input]
name = "pixels"
size_policy = "{policy}"
size = 64
resize = 64
multiple = 16
"""

SCENE = """
[[views.outputs]]
name = "logit"
role = "image_score"
kind = "logit"
[[views.outputs]]
name = "features"
role = "features"
"""

MAP = """
[[views.outputs]]
name = "map"
role = "patch_map"
kind = "logit"
stride = 16
"""


def some_pictures(
    n: int,
    *,
    tells: int | None,
    seed: int = 0,
    sources: int = 8,
    by: float = 1.5,
    name: str = "built-in",
) -> LabelledPictures:
    """Return pictures of 4 features of which one, ``tells``, is higher by ``by`` in synthetic ones.

    Their logit is twice the last feature; each source holds one label and is a group.
    """
    generator = np.random.default_rng(seed)
    source = np.arange(n) % sources
    synthetic = source % 2 == 1
    features = generator.normal(0, [0.3, 0.3, 0.3, 1.0], (n, 4)).astype(np.float32)
    if tells is not None:
        features[synthetic, tells] += by
    terms = np.column_stack([2 * features[:, 3] - 1, generator.normal(0, 1, n)])
    return LabelledPictures(
        features,
        terms.astype(np.float32),
        synthetic,
        source.astype(np.intp),
        tuple(f"{name} {i}" for i in range(sources)),
        source.astype(np.intp),
    )


def a_training_file(pictures: LabelledPictures, file: Path) -> None:
    """Write pictures as a detector's folder holds them."""
    np.savez(
        file,
        features=pictures.features.astype(np.float16),
        pools=pictures.terms[:, 1:],
        scene=pictures.terms[:, 0],
        synthetic=pictures.synthetic,
        source=pictures.source.astype(np.int16),
        sources=np.array(pictures.sources),
        group=pictures.group.astype(np.int16),
    )


def a_teachable_folder(folder: Path, pictures: LabelledPictures | None = None) -> Path:
    """Write a detector that can be taught, trained on ``pictures``, and return its folder."""
    folder.mkdir(parents=True)
    graph = tower_graph()
    (folder / "tower.onnx").write_bytes(graph)
    a_training_file(pictures or some_pictures(600, tells=3), folder / "training.npz")
    sha256 = hashlib.sha256(graph).hexdigest()
    training = hashlib.sha256((folder / "training.npz").read_bytes()).hexdigest()
    views = VIEW.format(name="scene", sha256=sha256, policy="resize_crop") + SCENE
    views += VIEW.format(name="pixels", sha256=sha256, policy="native_tiles") + MAP
    teach = f'[teach]\nfile = "training.npz"\nsha256 = "{training}"\n'
    (folder / "card.toml").write_text(CARD.format(views=views, teach=teach), encoding="utf-8")
    return folder


def draw(generator: np.random.Generator, red: float, side: int = 80) -> NDArray[np.uint8]:
    """Return a noisy picture of one colour; ``red`` is how much redder than grey, in levels."""
    level = generator.normal(128, 20) + np.array([red, 0, 0]) + generator.normal(0, 5, 3)
    noise = generator.normal(0, generator.uniform(8, 20), (side, side, 3))
    return np.clip(level + noise, 0, 255).astype(np.uint8)


def two_folders(
    parent: Path, *, each: int = 36, folders: int = 3, red: float = 60.0
) -> tuple[Path, Path]:
    """Write real and synthetic pictures; what tells them apart is that the latter are redder."""
    generator = np.random.default_rng(5)
    roots = (parent / "real", parent / "synthetic")
    for root, shift in zip(roots, (0.0, red), strict=True):
        for number in range(each):
            folder = root / f"{root.name} {number % folders}"
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{number}.png").write_bytes(encode_png(draw(generator, shift)))
    return roots

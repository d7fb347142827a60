"""Detectors as others export them, in shape: hand-built graphs with the cards they would need."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

_FLOAT = TensorProto.FLOAT

CLIP_MEAN = "[0.48145466, 0.4578275, 0.40821073]"
CLIP_STD = "[0.26862954, 0.26130258, 0.27577711]"
IMAGENET_MEAN = "[0.485, 0.456, 0.406]"
IMAGENET_STD = "[0.229, 0.224, 0.225]"
HALF = "[0.5, 0.5, 0.5]"

_CARD = """
schema = "inspector.card/1"
id = "{name}"
version = "1"
licence = "MIT"
source = "tests"
[scope]
task = "tests"
[[views]]
name = "view"
file = "view.onnx"
sha256 = "{sha256}"
[views.input]
name = "{input}"
{fed}
[[views.outputs]]
name = "{output}"
{read}
[fusion]
features = ["view.mean"]
weights = [1.0]
"""


def _folder(folder: Path, graph: bytes, **words: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "view.onnx").write_bytes(graph)
    card = _CARD.format(name=folder.name, sha256=hashlib.sha256(graph).hexdigest(), **words)
    (folder / "card.toml").write_text(card, "utf-8")
    return folder


def _model(
    nodes: Sequence[onnx.NodeProto],
    given: tuple[str, list[str | int]],
    output: str,
    constants: dict[str, np.ndarray] | None = None,
) -> bytes:
    graph = helper.make_graph(
        list(nodes),
        "imported",
        [helper.make_tensor_value_info(given[0], _FLOAT, given[1])],
        [helper.make_tensor_value_info(output, _FLOAT, None)],
        [numpy_helper.from_array(value, name) for name, value in (constants or {}).items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 8
    return bytes(model.SerializeToString())


def univfd(folder: Path) -> Path:
    """A crop of exactly 224 px, CLIP's normalisation, one logit [1, 1]: brighter is likelier."""
    nodes = [helper.make_node("ReduceMean", ["input"], ["m"], axes=[1, 2, 3], keepdims=1)]
    nodes += [helper.make_node("Flatten", ["m"], ["output"], axis=1)]
    return _folder(
        folder,
        _model(nodes, ("input", ["batch", 3, 224, 224]), "output"),
        input="input",
        fed=f"scale = {1 / 255}\nmean = {CLIP_MEAN}\nstd = {CLIP_STD}\n"
        'size_policy = "centre_crop"\nsize = 224',
        output="output",
        read='role = "image_score"\nkind = "logit"',
    )


def npr(folder: Path) -> Path:
    """Native size, even sides: the residual of halving and doubling, a logit [1, 1]."""
    constants = {
        "half": np.array([1, 1, 0.5, 0.5], np.float32),
        "twice": np.array([1, 1, 2, 2], np.float32),
        "gain": np.array(-40, np.float32),
        "shift": np.array(3, np.float32),
    }
    nodes = [
        helper.make_node("Resize", ["x", "", "half"], ["small"], mode="nearest"),
        helper.make_node("Resize", ["small", "", "twice"], ["back"], mode="nearest"),
        helper.make_node("Sub", ["x", "back"], ["residual"]),
        helper.make_node("Abs", ["residual"], ["size"]),
        helper.make_node("ReduceMean", ["size"], ["mean"], axes=[1, 2, 3], keepdims=1),
        helper.make_node("Mul", ["mean", "gain"], ["scaled"]),
        helper.make_node("Add", ["scaled", "shift"], ["shifted"]),
        helper.make_node("Flatten", ["shifted"], ["logit"], axis=1),
    ]
    return _folder(
        folder,
        _model(nodes, ("x", ["n", 3, "h", "w"]), "logit", constants),
        input="x",
        fed=f"scale = {1 / 255}\nmean = {IMAGENET_MEAN}\nstd = {IMAGENET_STD}\n"
        'size_policy = "native_tiles"\nsize = 256\nmultiple = 2',
        output="logit",
        read='role = "image_score"\nkind = "logit"',
    )


def community_forensics(folder: Path) -> Path:
    """Short side 440, crop 384, and the probability itself."""
    nodes = [
        helper.make_node("ReduceMean", ["pixel_values"], ["m"], axes=[1, 2, 3], keepdims=0),
        helper.make_node("Sigmoid", ["m"], ["prob"]),
    ]
    return _folder(
        folder,
        _model(nodes, ("pixel_values", ["n", 3, 384, 384]), "prob"),
        input="pixel_values",
        fed=f"scale = {1 / 255}\nmean = {HALF}\nstd = {HALF}\n"
        'size_policy = "resize_crop"\nresize = 440\nsize = 384',
        output="prob",
        read='role = "image_score"\nkind = "prob"',
    )


def hugging_face(folder: Path) -> Path:
    """Resized to 224, two logits, and the names that config.json gives the classes."""
    nodes = [
        helper.make_node("ReduceMean", ["pixel_values"], ["m"], axes=[1, 2, 3], keepdims=1),
        helper.make_node("Flatten", ["m"], ["artificial"], axis=1),
        helper.make_node("Neg", ["artificial"], ["human"]),
        helper.make_node("Concat", ["artificial", "human"], ["logits"], axis=1),
    ]
    return _folder(
        folder,
        _model(nodes, ("pixel_values", ["batch", 3, 224, 224]), "logits"),
        input="pixel_values",
        fed=f'scale = {1 / 255}\nmean = {HALF}\nstd = {HALF}\nsize_policy = "resize"\nsize = 224',
        output="logits",
        read='role = "image_score"\nkind = "logits2"\n'
        'id2label = { "0" = "artificial", "1" = "human" }',
    )


def patch_map(folder: Path) -> Path:
    """A likelihood for every 8 x 8 px at native size, as a map of probabilities."""
    nodes = [
        helper.make_node("ReduceMean", ["image"], ["grey"], axes=[1], keepdims=1),
        helper.make_node("AveragePool", ["grey"], ["cells"], kernel_shape=[8, 8], strides=[8, 8]),
        helper.make_node("Sigmoid", ["cells"], ["map"]),
    ]
    return _folder(
        folder,
        _model(nodes, ("image", ["n", 3, "h", "w"]), "map"),
        input="image",
        fed=f"scale = {1 / 255}\nmean = {HALF}\nstd = {HALF}\n"
        'size_policy = "native_tiles"\nsize = 256\nmultiple = 8',
        output="map",
        read='role = "patch_map"\nkind = "prob"\nstride = 8',
    )

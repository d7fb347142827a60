"""Tiny ONNX graphs and cards for them, built by hand."""

import hashlib
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

CARD = """
schema = "inspector.card/1"
id = "tiny"
version = "1"
licence = "Apache-2.0"
source = "tests"
[scope]
task = "tests"
[[views]]
name = "view"
file = "view.onnx"
sha256 = "{sha256}"
[views.input]
name = "pixels"
size_policy = "native_tiles"
size = 64
multiple = 16
{input}
{outputs}
[fusion]
features = ["view.mean"]
weights = [1.0]
"""

SCORE = '[[views.outputs]]\nname = "score"\nrole = "image_score"\nkind = "{kind}"\n'
MAP = '[[views.outputs]]\nname = "map"\nrole = "patch_map"\nkind = "logit"\nstride = 16\n'


def brightness_graph(
    *,
    gain: float = 1.0,
    shift: float = 0.0,
    tail: str = "",
    outputs: tuple[str, ...] = ("score",),
    rows: int | str = "n",
    takes_bytes: bool = False,
) -> bytes:
    """Return a graph: score = mean pixel x gain + shift, map = the same per 16-pixel cell.

    ``tail`` is one more node on the score: "Sigmoid", "two" (score and its negative),
    "Softmax2" (their softmax), "Log" (no number for scores below zero), "flat" (rank 0).
    ``rows`` is the first dimension; with ``takes_bytes`` the input is uint8, channels last.
    """
    constants = {"gain": np.array(gain, np.float32), "shift": np.array(shift, np.float32)}
    planes = "planes" if takes_bytes else "pixels"
    nodes = [
        *_from_bytes(planes if takes_bytes else None),
        helper.make_node(
            "AveragePool", [planes], ["cells"], kernel_shape=[16, 16], strides=[16, 16]
        ),
        helper.make_node("ReduceMean", ["cells"], ["grey"], axes=[1], keepdims=1),
        helper.make_node("Mul", ["grey", "gain"], ["scaled"]),
        helper.make_node("Add", ["scaled", "shift"], ["map"]),
        helper.make_node("ReduceMean", ["map"], ["plain"], axes=[1, 2, 3], keepdims=0),
        *_tail(tail, constants),
    ]
    score = {"two": ["n", 2], "Softmax2": ["n", 2], "flat": []}.get(tail, ["n"])
    shapes = {"score": score, "map": ["n", 1, "rows", "cols"]}
    graph = helper.make_graph(
        nodes,
        "brightness",
        [
            helper.make_tensor_value_info("pixels", TensorProto.UINT8, [rows, "h", "w", 3])
            if takes_bytes
            else helper.make_tensor_value_info("pixels", TensorProto.FLOAT, [rows, 3, "h", "w"])
        ],
        [helper.make_tensor_value_info(o, TensorProto.FLOAT, shapes[o]) for o in outputs],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 8
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())


def _from_bytes(planes: str | None) -> list[onnx.NodeProto]:
    """Return what turns uint8 with channels last into float planes, inside the graph."""
    if planes is None:
        return []
    return [
        helper.make_node("Cast", ["pixels"], ["floats"], to=TensorProto.FLOAT),
        helper.make_node("Transpose", ["floats"], [planes], perm=[0, 3, 1, 2]),
    ]


def _tail(tail: str, constants: dict[str, np.ndarray]) -> list[onnx.NodeProto]:
    if tail in ("", "Sigmoid", "Log"):
        return [helper.make_node(tail or "Identity", ["plain"], ["score"])]
    if tail == "flat":
        return [helper.make_node("ReduceMean", ["plain"], ["score"], keepdims=0)]
    constants["axes"] = np.array([1], np.int64)
    both = [
        helper.make_node("Neg", ["plain"], ["other"]),
        helper.make_node("Unsqueeze", ["plain", "axes"], ["a"]),
        helper.make_node("Unsqueeze", ["other", "axes"], ["b"]),
        helper.make_node("Concat", ["a", "b"], ["pair"], axis=1),
    ]
    return [
        *both,
        helper.make_node(
            "Softmax" if tail == "Softmax2" else "Identity",
            ["pair"],
            ["score"],
            **({"axis": 1} if tail == "Softmax2" else {}),
        ),
    ]


def a_model_folder(
    folder: Path, graph: bytes, outputs: str = SCORE.format(kind="logit"), more_input: str = ""
) -> Path:
    """Write graph and card below ``folder`` and return it."""
    (folder / "view.onnx").write_bytes(graph)
    sha256 = hashlib.sha256(graph).hexdigest()
    card = CARD.format(sha256=sha256, outputs=outputs, input=more_input)
    (folder / "card.toml").write_text(card, encoding="utf-8")
    return folder


FEATURES = '[[views.outputs]]\nname = "features"\nrole = "features"\n'
TOWER_FEATURES = 4
"""Of ``tower_graph``: mean red, green and blue, and mean step between neighbours."""


def tower_graph() -> bytes:
    """Return a graph like a shipped tower: features, a head's logit on them, a patch map.

    Features are mean red, green and blue over 64 - 2, and mean absolute step between columns
    over 16 - 1; the logit is twice the last.
    """
    constants = {
        "level": np.array(64, np.float32),
        "two": np.array(2, np.float32),
        "fine": np.array(16, np.float32),
        "one": np.array(1, np.float32),
        "head": np.array([[0.0], [0.0], [0.0], [2.0]], np.float32),
        "start": np.array([0], np.int64),
        "next": np.array([1], np.int64),
        "last": np.array([-1], np.int64),
        "far": np.array([1 << 30], np.int64),
        "across": np.array([3], np.int64),
        "shape": np.array([-1, 1], np.int64),
        "flat": np.array([-1], np.int64),
        "dark": np.array(127, np.float32),
    }
    node = helper.make_node
    nodes = [
        node("ReduceMean", ["pixels"], ["colours"], axes=[2, 3], keepdims=0),
        node("Div", ["colours", "level"], ["scaled"]),
        node("Sub", ["scaled", "two"], ["lights"]),
        node("Slice", ["pixels", "next", "far", "across"], ["right"]),
        node("Slice", ["pixels", "start", "last", "across"], ["left"]),
        node("Sub", ["right", "left"], ["steps"]),
        node("Abs", ["steps"], ["sizes"]),
        node("ReduceMean", ["sizes"], ["step"], axes=[1, 2, 3], keepdims=0),
        node("Reshape", ["step", "shape"], ["column"]),
        node("Div", ["column", "fine"], ["finer"]),
        node("Sub", ["finer", "one"], ["texture"]),
        node("Concat", ["lights", "texture"], ["features"], axis=1),
        node("MatMul", ["features", "head"], ["product"]),
        node("Reshape", ["product", "flat"], ["logit"]),
        node("AveragePool", ["pixels"], ["cells"], kernel_shape=[16, 16], strides=[16, 16]),
        node("ReduceMean", ["cells"], ["grey"], axes=[1], keepdims=1),
        node("Sub", ["grey", "dark"], ["darker"]),
        node("Div", ["darker", "level"], ["map"]),
    ]
    shapes = {"logit": ["n"], "features": ["n", TOWER_FEATURES], "map": ["n", 1, "rows", "cols"]}
    graph = helper.make_graph(
        nodes,
        "tower",
        [helper.make_tensor_value_info("pixels", TensorProto.FLOAT, ["n", 3, "h", "w"])],
        [helper.make_tensor_value_info(o, TensorProto.FLOAT, s) for o, s in shapes.items()],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 8
    return bytes(model.SerializeToString())

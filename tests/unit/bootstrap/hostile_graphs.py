"""Detectors that mean harm, or are none: graphs of a few nodes with a card that fits them."""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from tests.unit.adapters.onnx.graphs import SCORE, a_model_folder

_FLOAT = TensorProto.FLOAT
_PIXELS = ("pixels", _FLOAT, ["n", 3, "h", "w"])
_MEAN = helper.make_node("ReduceMean", ["pixels"], ["plain"], axes=[1, 2, 3], keepdims=0)


def _graph(
    nodes: Sequence[onnx.NodeProto],
    constants: Sequence[onnx.TensorProto] = (),
    *,
    inputs: Sequence[tuple[str, int, list[str | int]]] = (_PIXELS,),
    domains: Sequence[tuple[str, int]] = (("", 17),),
) -> bytes:
    graph = helper.make_graph(
        list(nodes),
        "hostile",
        [helper.make_tensor_value_info(*given) for given in inputs],
        [helper.make_tensor_value_info("score", _FLOAT, None)],
        list(constants),
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid(*d) for d in domains])
    model.ir_version = 8
    return bytes(model.SerializeToString())


def _plus(value: float) -> bytes:
    number = numpy_helper.from_array(np.array(value, np.float32), "value")
    return _graph([_MEAN, helper.make_node("Add", ["plain", "value"], ["score"])], [number])


def _constant() -> bytes:
    zero = numpy_helper.from_array(np.array(0, np.float32), "zero")
    return _graph([_MEAN, helper.make_node("Mul", ["plain", "zero"], ["score"])], [zero])


def _endless() -> bytes:
    """Return a loop of 2^62 turns."""
    body = helper.make_graph(
        [helper.make_node("Identity", [a], [b]) for a, b in (("c", "c2"), ("v", "v2"))],
        "body",
        [
            helper.make_tensor_value_info("i", TensorProto.INT64, []),
            helper.make_tensor_value_info("c", TensorProto.BOOL, []),
            helper.make_tensor_value_info("v", _FLOAT, None),
        ],
        [
            helper.make_tensor_value_info("c2", TensorProto.BOOL, []),
            helper.make_tensor_value_info("v2", _FLOAT, None),
        ],
    )
    turns = numpy_helper.from_array(np.array(1 << 62, np.int64), "turns")
    true = numpy_helper.from_array(np.array(True), "true")
    loop = helper.make_node("Loop", ["turns", "true", "plain"], ["score"], body=body)
    return _graph([_MEAN, loop], [turns, true])


def _hungry(side: int) -> bytes:
    """Return a graph that fills a square of floats and adds its mean."""
    shape = numpy_helper.from_array(np.array([side, side], np.int64), "shape")
    one = numpy_helper.from_array(np.array([1], np.float32), "one")
    return _graph(
        [
            _MEAN,
            helper.make_node("Expand", ["one", "shape"], ["filled"]),
            helper.make_node("ReduceMean", ["filled"], ["level"], keepdims=0),
            helper.make_node("Add", ["plain", "level"], ["score"]),
        ],
        [shape, one],
    )


def _outside(location: str) -> bytes:
    """Return a graph with a weight that lies in another file."""
    weight = TensorProto(name="weight", data_type=_FLOAT, dims=[4])
    weight.data_location = TensorProto.EXTERNAL
    for key, value in (("location", location), ("offset", "0"), ("length", "16")):
        weight.external_data.add(key=key, value=value)
    nodes = [
        _MEAN,
        helper.make_node("ReduceMean", ["weight"], ["level"], keepdims=0),
        helper.make_node("Add", ["plain", "level"], ["score"]),
    ]
    return _graph(nodes, [weight])


def _custom() -> bytes:
    evil = helper.make_node("Evil", ["plain"], ["score"], domain="evil.ops")
    return _graph([_MEAN, evil], domains=(("", 17), ("evil.ops", 1)))


def _two_inputs() -> bytes:
    add = helper.make_node("Add", ["plain", "more"], ["score"])
    return _graph([_MEAN, add], inputs=(_PIXELS, ("more", _FLOAT, [1])))


def _fixed_size() -> bytes:
    return _graph(
        [helper.make_node("ReduceMean", ["pixels"], ["score"], axes=[1, 2, 3], keepdims=0)],
        inputs=(("pixels", _FLOAT, [1, 3, 7, 7]),),
    )


def _flat_input() -> bytes:
    return _graph(
        [helper.make_node("ReduceMean", ["pixels"], ["score"], axes=[1, 2], keepdims=0)],
        inputs=(("pixels", _FLOAT, ["n", "h", "w"]),),
    )


def _pixels_out() -> bytes:
    """Return a graph that says a score a pixel where its card names one a picture."""
    return _graph([helper.make_node("Identity", ["pixels"], ["score"])])


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "NaN": (lambda: _plus(float("nan")), "no number"),
    "infinity": (lambda: _plus(float("inf")), "no number"),
    "out of range": (lambda: _plus(1e9), "out of range"),
    "the same for all": (_constant, "the same score"),
    "endless": (_endless, "did not finish within"),
    "4 TiB": (lambda: _hungry(1 << 20), "failed|memory"),
    "5 GB": (lambda: _hungry(36_000), "failed|memory"),
    "custom operator": (_custom, "cannot be run"),
    "data above": (lambda: _outside("../../../../../../etc/passwd"), "cannot be run"),
    "data at a path": (lambda: _outside("/etc/passwd"), "cannot be run"),
    "data in a link": (lambda: _outside("link.bin"), "cannot be run"),
    "data beside": (lambda: _outside("data.bin"), "cannot be run"),
    "two inputs": (_two_inputs, "the one input"),
    "wrong size": (_fixed_size, "failed"),
    "wrong rank in": (_flat_input, "takes 3 dimensions, not 4"),
    "wrong rank out": (_pixels_out, "does not fit|shape"),
    "no graph": (lambda: b"not a graph", "cannot be run"),
    "pickle": (
        lambda: b"\x80\x04\x95\x1f\0\0\0\0\0\0\0\x8c\x05posix\x8c\x06system\x93",
        "cannot be",
    ),
    "cut": (lambda: _plus(0.0)[:100], "cannot be run"),
    "empty": (lambda: b"", "cannot be run"),
}
"""Graphs by what is wrong with them, and what the refusal says."""


def a_hostile_folder(folder: Path, name: str) -> Path:
    """Write one of the graphs with a card whose hash is right, and files for it to reach for."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "data.bin").write_bytes(np.ones(4, np.float32).tobytes())
    link = folder / "link.bin"
    if not link.is_symlink():
        link.symlink_to("/etc/passwd")
    return a_model_folder(folder, HOSTILE[name][0](), SCORE.format(kind="logit"))


def a_folder_with_a_wrong_hash(folder: Path) -> Path:
    a_hostile_folder(folder, "NaN")
    card = folder / "card.toml"
    right = hashlib.sha256((folder / "view.onnx").read_bytes()).hexdigest()
    card.write_text(card.read_text("utf-8").replace(right, "0" * 64), "utf-8")
    return folder

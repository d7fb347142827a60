"""CLIP's tower cut after an early block with its int8 arithmetic kept: the one graph of *fast*.

The wheel's graph quantises activations as it runs, which on a CPU takes a third of the time of
float arithmetic. Ranges are taken over a whole batch, so a batch would change each picture's
score; here a ``Scan`` runs window after window, and a window's score depends on itself alone.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnx
import onnxruntime as ort
import torch
from numpy.typing import NDArray
from onnx import TensorProto, compose, helper, numpy_helper
from onnx.utils import Extractor
from torch import Tensor, nn

from models.training.clip_tower import MEAN, SIDE, STD, WIDTH
from models.training.export import OPSET, trace
from models.training.readout import Readout
from models.training.token_map import CELLS, OUTPUTS, cut_windows, join_windows

Constants = Mapping[str, NDArray[np.generic]]


class GraphNet(nn.Module):
    """An ONNX graph as a net, on one thread, so that the recipe measures the very file."""

    def __init__(self, model: onnx.ModelProto) -> None:
        super().__init__()
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        self._session = ort.InferenceSession(
            model.SerializeToString(), options, providers=["CPUExecutionProvider"]
        )

    def forward(self, pixels: Tensor) -> tuple[Tensor, ...] | Tensor:
        """Return the graph's outputs, a lone one as it is."""
        found = self._session.run(None, {"pixels": pixels.numpy()})
        outputs = tuple(torch.from_numpy(values) for values in found)
        return outputs if len(outputs) > 1 else outputs[0]


class Int8Tower(nn.Module):
    """Gives class and mean tokens of each tap, [N, len(taps) * 2 * 768], window by window."""

    def __init__(self, graph_file: Path, taps: Sequence[int]) -> None:
        super().__init__()
        nodes, constants = _tower(graph_file, taps, "pixels")
        graph = _graph(
            "tower",
            nodes,
            constants,
            {"pixels": [1, 3, SIDE, SIDE]},
            {"features": [1, len(taps) * 2 * WIDTH]},
        )
        self._net = GraphNet(_model(graph))

    def forward(self, pixels: Tensor) -> Tensor:
        """Return features of windows [N, 3, 224, 224], RGB 0-255."""
        rows = [self._net(window[None]) for window in pixels]
        return torch.cat([row for row in rows if isinstance(row, Tensor)])


def with_heads(
    graph_file: Path, taps: Sequence[int], readout: Readout, cells: nn.Module, map_taps: slice
) -> onnx.ModelProto:
    """Return one graph from pixels [n, 3, h, w] to ``token_map.OUTPUTS``.

    Args:
        taps: blocks, counted from 1, that the heads were fitted on.
        cells: from tokens [M, 196, n * 768] of ``taps[map_taps]`` to maps [M, 14, 14].
    """
    given = ("pixels", "pooled", "tokens")
    width = len(taps) * 2 * WIDTH
    example = (
        _example(),
        torch.zeros(4, width),
        torch.zeros(4, CELLS**2, len(taps[map_taps]) * WIDTH),
    )
    with TemporaryDirectory() as folder:
        before = trace(_Cut(), (_example(),), Path(folder) / "a.onnx", ["pixels"], ["windows"])
        after = trace(
            _Join(readout, cells).eval(), example, Path(folder) / "b.onnx", given, OUTPUTS
        )
    before, after = (compose.add_prefix(m, p) for m, p in ((before, "cut/"), (after, "join/")))
    scan = helper.make_node(
        "Scan",
        ["cut/windows"],
        ["join/pooled", "join/tokens"],
        num_scan_inputs=1,
        body=_body(graph_file, taps, map_taps),
    )
    names = {"cut/pixels": "pixels", "join/pixels": "pixels"}
    names |= {f"join/{name}": name for name in OUTPUTS}
    nodes = [*before.graph.node, scan, *after.graph.node]
    for node in nodes:
        for ports in (node.input, node.output):
            ports[:] = [names.get(port, port) for port in ports]
    features = readout.get_buffer("reduction").shape[1]
    shapes = (["n"], ["n"], ["n", features], ["n", 1, "down", "across"])
    graph = helper.make_graph(
        nodes,
        "tower_with_heads",
        [_port("pixels", ["n", 3, "height", "width"])],
        [_port(name, shape) for name, shape in zip(OUTPUTS, shapes, strict=True)],
        [*before.graph.initializer, *after.graph.initializer],
    )
    return _model(graph)


class _Cut(nn.Module):
    def forward(self, pixels: Tensor) -> Tensor:
        return cut_windows(pixels)


class _Join(nn.Module):
    def __init__(self, readout: Readout, cells: nn.Module) -> None:
        super().__init__()
        self.readout, self.cells = readout, cells

    def forward(self, pixels: Tensor, pooled: Tensor, tokens: Tensor) -> tuple[Tensor, ...]:
        return join_windows(pixels, self.readout(pooled), self.cells(tokens))


def _example() -> Tensor:
    return torch.full((1, 3, SIDE + 32, SIDE + 64), 127.0)


def _body(graph_file: Path, taps: Sequence[int], map_taps: slice) -> onnx.GraphProto:
    """Return the graph of one window [3, 224, 224]: its pooled tokens and its patch tokens."""
    nodes, constants = _tower(graph_file, taps, "h.window")
    ends = [f"tap{n}" for n in taps[map_taps]]
    extra: dict[str, NDArray[np.generic]] = {
        "h.tokens_shape": np.array([CELLS**2, len(ends) * WIDTH], np.int64)
    }
    nodes = [
        helper.make_node("Unsqueeze", ["window", "h.zeros"], ["h.window"]),
        *nodes,
        helper.make_node("Squeeze", ["features", "h.zeros"], ["window_pooled"]),
        helper.make_node("Concat", ends, ["h.tokens"], axis=2),
        helper.make_node("Slice", ["h.tokens", "h.one", "h.last", "h.one"], ["h.patches"]),
        helper.make_node("Reshape", ["h.patches", "h.tokens_shape"], ["window_tokens"]),
    ]
    return _graph(
        "window",
        nodes,
        {**constants, **extra},
        {"window": [3, SIDE, SIDE]},
        {
            "window_pooled": [len(taps) * 2 * WIDTH],
            "window_tokens": [CELLS**2, len(ends) * WIDTH],
        },
    )


def _tower(
    graph_file: Path, taps: Sequence[int], given: str
) -> tuple[list[onnx.NodeProto], dict[str, NDArray[np.generic]]]:
    """Return nodes from ``given``, [1, 3, 224, 224], to ``tap<n>`` and ``features``."""
    model = onnx.load(str(graph_file))
    ends = {_block_end(model.graph, tap): f"tap{tap}" for tap in taps}
    for end in ends:
        model.graph.value_info.append(_port(end, [1, 197, WIDTH]))
    graph = Extractor(model).extract_model(["pixel_values"], list(ends)).graph
    for node in graph.node:
        for ports in (node.input, node.output):
            ports[:] = [ends.get(port, port) for port in ports]
    constants: dict[str, NDArray[np.generic]] = {
        "h.mean": np.array(MEAN, np.float32).reshape(1, 3, 1, 1) * 255,
        "h.std": np.array(STD, np.float32).reshape(1, 3, 1, 1) * 255,
        "h.zero": np.array(0, np.int64),
        "h.zeros": np.array([0], np.int64),
        "h.one": np.array([1], np.int64),
        "h.last": np.array([1 << 30], np.int64),
    }
    constants |= {item.name: numpy_helper.to_array(item) for item in graph.initializer}
    nodes = [
        helper.make_node("Sub", [given, "h.mean"], ["h.shifted"]),
        helper.make_node("Div", ["h.shifted", "h.std"], ["pixel_values"]),
        *graph.node,
    ]
    parts = []
    for end in ends.values():
        nodes += [
            helper.make_node("Gather", [end, "h.zero"], [f"h.{end}.class"], axis=1),
            helper.make_node("Slice", [end, "h.one", "h.last", "h.one"], [f"h.{end}.patches"]),
            helper.make_node(
                "ReduceMean", [f"h.{end}.patches"], [f"h.{end}.mean"], axes=[1], keepdims=0
            ),
        ]
        parts += [f"h.{end}.class", f"h.{end}.mean"]
    return [*nodes, helper.make_node("Concat", parts, ["features"], axis=1)], constants


def _block_end(graph: onnx.GraphProto, tap: int) -> str:
    """Return the name of a block's output: its last sum."""
    prefix = f"/vision_model/encoder/layers.{tap - 1}/"
    return next(
        n.output[0]
        for n in reversed(graph.node)
        if n.name.startswith(prefix) and n.op_type == "Add" and n.name.count("/") == 4
    )


def _graph(
    name: str,
    nodes: Sequence[onnx.NodeProto],
    constants: Constants,
    inputs: Mapping[str, Sequence[int]],
    outputs: Mapping[str, Sequence[int]],
) -> onnx.GraphProto:
    return helper.make_graph(
        list(nodes),
        name,
        [_port(port, shape) for port, shape in inputs.items()],
        [_port(port, shape) for port, shape in outputs.items()],
        [
            numpy_helper.from_array(np.ascontiguousarray(value) if value.ndim else value, key)
            for key, value in constants.items()
        ],
    )


def _port(name: str, shape: Sequence[int | str]) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, list(shape))


def _model(graph: onnx.GraphProto) -> onnx.ModelProto:
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)])
    model.ir_version = 8
    onnx.checker.check_model(model)
    return model

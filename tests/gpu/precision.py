"""What coarser arithmetic would do to scores, told on a CPU: ``python -m tests.gpu.precision``.

TF32 rounds what goes into each multiplication to 10 bits of mantissa, as float16 does, and sums in
float32; so each factor is cast to float16 and back here. float16 throughout is the whole graph
converted, run on the CPU with every result rounded to it.
"""

import sys
from collections.abc import Callable

import numpy as np
import onnx
import onnxruntime as ort
from numpy.typing import NDArray
from onnx import TensorProto, helper
from onnxruntime.transformers.float16 import convert_float_to_float16

from inspector.adapters.samples import draw_photo, draw_synthetic
from inspector.bootstrap.detectors import FULL
from inspector.settings import data_folder

PICTURES, SIDE = 12, 224
OUTPUTS = ["logit", "patch_logits"]


def main() -> None:
    graph = (data_folder("models") / FULL / "tower.onnx").read_bytes()
    pictures = [drawn(n) for n in range(PICTURES)]
    exact = run_all(graph, pictures)
    ways: dict[str, Callable[[bytes], bytes]] = {"TF32": with_rounded_factors, "float16": in_half}
    for name, changed in ways.items():
        coarse = run_all(changed(graph), pictures)
        for output, there, here in zip(OUTPUTS, exact, coarse, strict=True):
            apart = np.abs(here - there)
            sys.stdout.write(
                f"{name:<8} {output:<13} differs by {apart.max():.4f} at most, {apart.mean():.4f} "
                f"on average; its spread is {there.std():.2f}\n"
            )


def drawn(n: int) -> NDArray[np.float32]:
    picture = (draw_photo, draw_synthetic)[n % 2](n, SIDE, SIDE)
    return np.ascontiguousarray(picture.transpose(2, 0, 1)[None], np.float32)


def run_all(graph: bytes, pictures: list[NDArray[np.float32]]) -> list[NDArray[np.float32]]:
    options = ort.SessionOptions()
    options.log_severity_level = 4
    # Beyond this level a cast there and back would be taken away.
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_BASIC
    session = ort.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    runs = [session.run(OUTPUTS, {"pixels": picture}) for picture in pictures]
    return [np.concatenate(values) for values in zip(*runs, strict=True)]


def with_rounded_factors(graph: bytes) -> bytes:
    model = onnx.load_from_string(graph)
    nodes = []
    for number, node in enumerate(model.graph.node):
        if node.op_type in ("MatMul", "Gemm", "Conv"):
            for i in range(2):
                half, back = f"half_{number}_{i}", f"back_{number}_{i}"
                nodes += [
                    helper.make_node("Cast", [node.input[i]], [half], to=TensorProto.FLOAT16),
                    helper.make_node("Cast", [half], [back], to=TensorProto.FLOAT),
                ]
                node.input[i] = back
        nodes.append(node)
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    return bytes(model.SerializeToString())


def in_half(graph: bytes) -> bytes:
    model = convert_float_to_float16(onnx.load_from_string(graph), keep_io_types=True)
    return bytes(model.SerializeToString())


if __name__ == "__main__":
    main()

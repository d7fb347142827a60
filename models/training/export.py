"""From torch to ONNX (opset 17), with proof that both give the same numbers."""

import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

OPSET = 17

_AXES = {
    "pixels": {0: "n", 2: "height", 3: "width"},
    "windows": {0: "m"},
    "pooled": {0: "m"},
    "tokens": {0: "m"},
    "logit": {0: "n"},
    "native_logit": {0: "n"},
    "features": {0: "n"},
    "patch_logits": {0: "n", 2: "down", 3: "across"},
}


def trace(
    net: nn.Module,
    example: tuple[Tensor, ...],
    file: Path,
    inputs: Sequence[str],
    outputs: Sequence[str],
) -> onnx.ModelProto:
    """Write ``net`` to ``file`` and return it; sizes named in ``_AXES`` stay free."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tracer warns of every size it turns into a node
        torch.onnx.export(
            net.eval(),
            example,
            str(file),
            opset_version=OPSET,
            input_names=list(inputs),
            output_names=list(outputs),
            dynamo=False,
            dynamic_axes={name: _AXES[name] for name in (*inputs, *outputs)},
            do_constant_folding=False,  # would turn int8 weights into floats
        )
    model = onnx.load(str(file))
    model.producer_version = ""
    onnx.checker.check_model(model)
    onnx.save(model, str(file))
    return model


def export(net: nn.Module, file: Path, outputs: Sequence[str], *, side: int) -> None:
    """Write ``net`` as one ONNX file with the input ``pixels``, any number and any size."""
    trace(net, (torch.full((1, 3, side + 32, side + 64), 127.0),), file, ["pixels"], outputs)


def disagreement(net: nn.Module, file: Path, pixels: NDArray[np.uint8]) -> float:
    """Return the largest difference between torch and ONNX Runtime on pictures [N, H, W, 3]."""
    batch = pixels.transpose(0, 3, 1, 2).astype(np.float32)
    with torch.inference_mode():
        given = net(torch.from_numpy(batch))
    expected = given if isinstance(given, tuple) else (given,)
    session = ort.InferenceSession(str(file), providers=["CPUExecutionProvider"])
    got = session.run(None, {"pixels": batch})
    return max(float(np.abs(e.numpy() - g).max()) for e, g in zip(expected, got, strict=True))

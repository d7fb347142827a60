"""Checks what workers say: a worker that holds hostile bytes is not to be believed."""

import math
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from inspector.adapters.media.protocol import Band, Reply

_ADAPTER: TypeAdapter[Reply] = TypeAdapter(Annotated[Reply, Field(discriminator="kind")])


class BrokenReply(Exception):  # noqa: N818 - never leaves the pool
    """A worker said something that a sane one would not say."""


def decoded(message: bytes, ring_bytes: int, max_pixels: int) -> Reply:
    """Read a reply.

    Raises:
        BrokenReply: it is malformed, or points outside the shared memory.
    """
    try:
        reply = _ADAPTER.validate_json(message, strict=True)
    except ValidationError as error:
        raise BrokenReply(f"malformed: {error.error_count()} faults") from error
    if isinstance(reply, Band) and not _sane(reply, ring_bytes, max_pixels):
        raise BrokenReply("a band outside the shared memory")
    return reply


def _sane(band: Band, ring_bytes: int, max_pixels: int) -> bool:
    return (
        band.height > 0
        and band.width > 0
        and band.height * band.width <= max_pixels
        and band.rows > 0
        and 0 <= band.top <= band.height - band.rows
        and 0 <= band.at <= ring_bytes - band.rows * band.width * 3
        and math.isfinite(band.pts_s)
    )

"""Credentials and traces: a signed picture against a bare reader, and their share of a scan."""

import os
import struct
import subprocess
import sys
import tempfile
from pathlib import Path
from threading import Event
from time import process_time

import c2pa
import numpy as np
from numpy.typing import NDArray

from inspector.adapters.c2pa.reader import ProvenanceReader
from inspector.adapters.c2pa.signing import TestSigner
from inspector.adapters.c2pa.tiers import OFFLINE
from inspector.adapters.c2pa.trust import TrustStore
from inspector.adapters.media.direct import DirectReader
from inspector.adapters.samples import draw_photo, encode_clip, encode_jpeg, pan
from inspector.bootstrap.spotcheck import found_file
from inspector.bootstrap.worker import EvidenceReaders
from inspector.domain.media import Frame
from inspector.domain.provenance import ManifestStore, Provenance, TrustTier
from inspector.domain.traces import Trace
from inspector.ports import ExaminePlan
from tests.bench.measured import Measured, cpu_ratio

WIDTH, HEIGHT = 4000, 3000
UNSIGNED, DRAWN, SMALL_WIDTH, SMALL_HEIGHT = 1000, 20, 1600, 1200
READS = 20
CLIP_MB = 400
CLIP_LIMIT_MB = CLIP_MB + 64
"""The reader hashes blocks of 256 MB, two of them at a time at most."""


def run() -> list[Measured]:
    with tempfile.TemporaryDirectory() as folder:
        return [_signed(Path(folder)), _share(Path(folder)), _large_clip(Path(folder))]


def _signed(folder: Path) -> Measured:
    plain = folder / "plain.jpg"
    plain.write_bytes(encode_jpeg(draw_photo(1, WIDTH, HEIGHT), quality=90))
    signer = TestSigner.create("Bench")
    signed = signer.sign(plain, folder / "signed.jpg")
    root = folder / "root.pem"
    root.write_text(signer.root_pem)
    TrustStore(folder / "trust").add(root, TrustTier.OFFICIAL)
    reader = ProvenanceReader(folder / "trust")
    anchors = [
        {"trust_uri": "official", "trust_kind": "manifest", "trust_anchors": root.read_text()}
    ]
    context = c2pa.Context.from_dict({**OFFLINE, "trust": {"anchors": anchors}})

    def bare() -> None:
        for _ in range(READS):
            with (
                signed.open("rb") as file,
                c2pa.Reader("image/jpeg", file, context=context) as read,
            ):
                read.json()

    def ours() -> None:
        for _ in range(READS):
            reader.read(signed, "jpeg")

    ours()
    ratio, seconds, _ = cpu_ratio(ours, bare, 15)
    note = f"{seconds / READS * 1e3:.1f} ms of {signed.stat().st_size / 1e6:.1f} MB"
    return Measured("signed JPEG against a bare reader, first tier", ratio, 1.15, False, note=note)


class Timed:
    """The readers of evidence, with the CPU time that they took."""

    def __init__(self) -> None:
        self._readers = EvidenceReaders(None)
        self.seconds = 0.0

    def provenance(self, path: str, media_format: str) -> Provenance:
        started = process_time()
        found = self._readers.provenance(path, media_format)
        self.seconds += process_time() - started
        return found

    def manifests(self, path: str, media_format: str, beside: str | None = None) -> ManifestStore:
        return self._readers.manifests(path, media_format, beside)

    def traces(self, path: str, media_format: str) -> tuple[Trace, ...]:
        started = process_time()
        found = self._readers.traces(path, media_format)
        self.seconds += process_time() - started
        return found

    def pixel_traces(self, pixels: NDArray[np.uint8]) -> tuple[Trace, ...]:
        started = process_time()
        found = self._readers.pixel_traces(pixels)
        self.seconds += process_time() - started
        return found


def _share(folder: Path) -> Measured:
    drawn = draw_photo(2, SMALL_WIDTH + DRAWN, SMALL_HEIGHT)
    pictures = [encode_jpeg(drawn[:, n : n + SMALL_WIDTH], quality=90) for n in range(DRAWN)]
    files = []
    for number in range(UNSIGNED):
        path = folder / f"{number:04d}.jpg"
        path.write_bytes(pictures[number % DRAWN])
        files.append(found_file(str(path)))
    timed = Timed()
    reader = DirectReader(timed)
    reader.examine(files[0], ExaminePlan(), _ignore, Event())
    timed.seconds = 0.0
    started = process_time()
    for file in files:
        reader.examine(file, ExaminePlan(), _ignore, Event())
    whole = process_time() - started
    note = (
        f"{timed.seconds / UNSIGNED * 1e3:.2f} of {whole / UNSIGNED * 1e3:.1f} ms, nothing scored"
    )
    name = f"provenance and traces of {UNSIGNED:,} unsigned JPEGs"
    return Measured(name, 100 * timed.seconds / whole, 10, False, "%", note)


def _large_clip(folder: Path) -> Measured:
    """Read a large signed clip in a process of its own and ask for the most memory it took."""
    frames = pan(draw_photo(1, 200, 120), 10, 160, 96, noise=1.0)
    small = encode_clip(folder / "small.mp4", frames, 10).read_bytes()
    at = small.index(b"mdat") - 4
    (size,) = struct.unpack_from(">I", small, at)
    plain = folder / "plain.mp4"
    with plain.open("wb") as file:  # its content grows; what describes it stands before or after
        file.write(small[:at] + struct.pack(">I", size + CLIP_MB * 1_000_000))
        file.write(small[at + 4 : at + size])
        for _ in range(CLIP_MB):
            file.write(os.urandom(1_000_000))
        file.write(small[at + size :])
    signed = TestSigner.create("Bench").sign(plain, folder / "signed.mp4")
    told = subprocess.run(
        [sys.executable, "-c", _READ_AND_TELL, str(signed)],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    state, seconds, peak = told[0], float(told[1]), int(told[2])
    assert state == "valid", f"the clip is {state}"
    name = f"memory of reading a signed {CLIP_MB}-MB clip"
    return Measured(name, peak / 1000, CLIP_LIMIT_MB, False, "MB", f"{seconds:.2f} s CPU")


# The peak that getrusage tells is the parent's where that was larger before the child began.
_READ_AND_TELL = """
import re, sys, time
from inspector.adapters.c2pa.reader import ProvenanceReader
started = time.process_time()
read = ProvenanceReader(None).read(sys.argv[1], "mp4")
took = time.process_time() - started
with open("/proc/self/status") as status:
    peak = re.search(r"VmHWM:\\s*(\\d+)", status.read())[1]
print(read.state.value, took, peak)
"""


def _ignore(_frame: Frame) -> None:
    pass

"""No connection is ever attempted: a socket listens where every client is told its proxy is."""

import contextlib
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from inspector.adapters.c2pa.signing import ManifestPlan, TestSigner
from inspector.adapters.samples import draw_photo, encode_jpeg

SHARED = Path(__file__).resolve().parents[5] / "shared" / "data" / "c2pa"

READ = """
import sys
from pathlib import Path
from inspector.adapters.c2pa.reader import ProvenanceReader
reader = ProvenanceReader(None)
for path in sys.argv[1:]:
    print(reader.read(path, "jpeg").state.value)
    reader.read_store(path, "jpeg")
"""

READ_WITH_DEFAULTS = """
import sys
import c2pa
for path in sys.argv[1:]:
    try:
        c2pa.Reader(path)
    except c2pa.C2paError as error:
        print(error)
"""


class Recorder:
    """Accepts and counts connections, and answers none."""

    def __init__(self) -> None:
        self.accepted = 0
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self._thread = threading.Thread(target=self._accept)
        self._thread.start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self.accepted += 1
            connection.close()

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join(5)

    def run(self, script: str, *paths: Path) -> str:
        address = f"http://127.0.0.1:{self.port}"
        proxies = dict.fromkeys(
            ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"],
            address,
        )
        environment = {k: v for k, v in os.environ.items() if k.lower() != "no_proxy"} | proxies
        done = subprocess.run(
            [sys.executable, "-c", script, *map(str, paths)],
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        return done.stdout


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    recorder = Recorder()
    yield recorder
    recorder.close()


def remote_files(folder: Path, port: int) -> list[Path]:
    """Return files that ask to be fetched: a signed pointer, and bare XMP in an unsigned file."""
    photo = folder / "photo.jpg"
    photo.write_bytes(encode_jpeg(draw_photo(1, 64, 48)))
    signed = TestSigner.create().sign(
        photo, folder / "s.jpg", ManifestPlan(remote_url="http://credentials.example.org/a.c2pa")
    )
    bare = folder / "bare.jpg"
    xmp = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:dcterms="http://purl.org/dc/terms/" '
        f'dcterms:provenance="http://127.0.0.1:{port}/x.c2pa"/></rdf:RDF></x:xmpmeta>'
    )
    bare.write_bytes(encode_jpeg(draw_photo(1, 64, 48), xmp=xmp))
    return [signed, bare]


def test_that_reading_attempts_no_connection(recorder: Recorder, tmp_path: Path) -> None:
    files = remote_files(tmp_path, recorder.port)
    assert recorder.run(READ, *files).split() == ["remote", "remote"]
    assert recorder.accepted == 0


def test_that_the_recorder_would_have_seen_one(recorder: Recorder, tmp_path: Path) -> None:
    recorder.run(READ_WITH_DEFAULTS, *remote_files(tmp_path, recorder.port))
    assert recorder.accepted > 0


@pytest.mark.shared
def test_that_identities_and_remote_manifests_in_the_wild_attempt_none(
    recorder: Recorder,
) -> None:
    if not SHARED.is_dir():
        pytest.skip("the development data folder is not beside the checkout")
    recorder.run(READ, *(SHARED / name for name in ("cloudscape-ACA-Cr.jpeg", "cloud.jpg")))
    assert recorder.accepted == 0

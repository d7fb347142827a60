"""Fetches the manifest that one file keeps elsewhere, and has it read where strangers' files are.

Only ever on the user's explicit word, given for this one file and the host that was shown.
"""

import json
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from inspector.adapters.c2pa.remote import (
    FetchedManifest,
    Network,
    fetch_manifest,
    is_listed,
    shown_host,
)
from inspector.domain.errors import FetchError
from inspector.domain.provenance import Location, ManifestStore, Provenance, ProvenanceState
from inspector.ports import MediaReader
from inspector.settings import Places

LOG = "network.jsonl"
"""Every fetch, refused and failed ones too: one JSON object a line, in the data folder."""


def remote_address(provenance: Provenance) -> tuple[str, str]:
    """Return the address of a credential that is kept elsewhere, and its host to be shown.

    Raises:
        FetchError: the file names none, or it is no address of the web.
    """
    if provenance.state is not ProvenanceState.REMOTE or provenance.remote_url is None:
        raise FetchError("This file names no credential that is kept elsewhere.")
    return provenance.remote_url, shown_host(provenance.remote_url)


def is_encrypted(url: str) -> bool:
    """Return whether nobody on the way could read or change what comes from an address."""
    return url.lower().startswith("https://")


def read_remote(
    path: str,
    provenance: Provenance,
    reader: MediaReader,
    places: Places,
    *,
    hosts: Sequence[str] = (),
    allow_http: bool = False,
    network: Network | None = None,
) -> ManifestStore:
    """Fetch one file's remote manifest, log that, and read it in a limited worker.

    Args:
        path: the file that names it.
        provenance: the file's own, whose state is ``remote``.
        reader: its workers read what came.
        places: where the log is kept.
        hosts: the only hosts that may be asked; empty for any.
        allow_http: take it over a connection that is not encrypted.
        network: the ways out; None for the real ones.

    Raises:
        FetchError: the address is refused, nothing usable came, or it cannot be logged.
        MediaError: the worker failed.
    """
    url, host = remote_address(provenance)
    try:
        if hosts and not is_listed(url, hosts):
            raise FetchError(
                f"{host} is not among the hosts that the settings allow (network.hosts)."
            )
        fetched = fetch_manifest(url, allow_http=allow_http, network=network)
    except FetchError as error:
        _log(places, path, url, host, error=str(error))
        raise
    _log(places, path, url, host, fetched)
    with tempfile.TemporaryDirectory(prefix="inspector-") as folder:
        kept = Path(folder, "remote.c2pa")
        kept.write_bytes(fetched.content)
        store = reader.manifests(path, str(kept))
    summary = replace(store.summary, location=Location.REMOTE, remote_url=url)
    return replace(store, summary=summary)


def _log(
    places: Places,
    path: str,
    url: str,
    host: str,
    fetched: FetchedManifest | None = None,
    error: str | None = None,
) -> None:
    entry = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "file": path,
        "url": url,
        "host": host,
        "address": fetched.address if fetched else None,
        "bytes": len(fetched.content) if fetched else 0,
        "sha256": fetched.sha256 if fetched else None,
        "error": error,
    }
    try:
        places.data.mkdir(parents=True, exist_ok=True)
        with (places.data / LOG).open("a", encoding="utf-8") as log:
            log.write(json.dumps(entry) + "\n")
    except OSError as failure:
        raise FetchError(
            f"The fetch cannot be logged in {places.data}: {failure.strerror}."
        ) from failure

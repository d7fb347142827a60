"""What other trust lists would change: credentials read twice, under two sets of lists."""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from inspector.adapters.c2pa.trust import TrustStore
from inspector.adapters.media.discover import find_files
from inspector.adapters.media.pool import WorkerPool
from inspector.bootstrap.sessions import open_session
from inspector.bootstrap.worker import worker_entry
from inspector.domain.errors import MediaError, UsageError
from inspector.domain.media import FoundFile
from inspector.domain.provenance import Provenance, ProvenanceState, TrustTier
from inspector.settings import Places, load_settings

SESSION_SUFFIX = ".inspection"

_WITHOUT_CREDENTIAL = frozenset({ProvenanceState.ABSENT, ProvenanceState.UNSUPPORTED})


@dataclass(frozen=True, slots=True)
class OtherLists:
    """How the second set of lists differs from the installed one.

    Attributes:
        added: files to be added to ``tier``.
        removed: ids of installed lists to be left out.
    """

    added: tuple[Path, ...] = ()
    removed: tuple[str, ...] = ()
    tier: TrustTier = TrustTier.USER


@dataclass(frozen=True, slots=True)
class CredentialCompared:
    """One file's credential under the installed lists and under the others."""

    path: str
    before: Provenance
    after: Provenance

    @property
    def differs(self) -> bool:
        """Whether state, tier or what is said of a camera is another."""
        return _standing(self.before) != _standing(self.after)


def compare_trust(
    paths: Sequence[str], other: OtherLists, places: Places
) -> Iterator[CredentialCompared]:
    """Yield every file that carries a credential, read under both sets of lists.

    Args:
        paths: files, folders and sessions; of a session, its files as they are now.
        other: what the second set adds and leaves out.
        places: where the installed lists are; nothing is changed there.

    Raises:
        UsageError: a session is not there, or ``other`` changes nothing.
        TrustError: a list cannot be added or is not installed.
    """
    if not other.added and not other.removed:
        raise UsageError("Name a list to add (--with FILE) or to leave out (--without ID).")
    limits = load_settings(places.settings_file).limits
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="inspector-")))
        changed = _changed_lists(places.trust, scratch / "trust", other)
        before = WorkerPool(1, limits, worker_entry(places.trust))
        stack.callback(before.close)
        after = WorkerPool(1, limits, worker_entry(changed))
        stack.callback(after.close)
        for path in _files(paths):
            try:
                first = before.manifests(path).summary
                if first.state not in _WITHOUT_CREDENTIAL:
                    yield CredentialCompared(path, first, after.manifests(path).summary)
            except MediaError:
                continue  # no media, or gone: nothing that trust could change


def _standing(of: Provenance) -> tuple[ProvenanceState, TrustTier | None, bool]:
    return of.state, of.trust_tier, of.capture_trusted


def _changed_lists(installed: Path, folder: Path, other: OtherLists) -> Path:
    """Return a copy of the lists with the changes made."""
    if installed.is_dir():
        shutil.copytree(installed, folder)
    store = TrustStore(folder)
    for list_id in other.removed:
        store.remove(list_id)
    for file in other.added:
        store.add(file, other.tier)
    return folder


def _files(paths: Sequence[str]) -> Iterator[str]:
    sessions = [path for path in paths if path.endswith(SESSION_SUFFIX)]
    for session in sessions:
        with open_session(Path(session)) as store:
            for item in store.items():
                if item.provenance.state not in _WITHOUT_CREDENTIAL:
                    yield item.path
    others = [path for path in paths if path not in sessions]
    for found in find_files(others, Event()):
        if isinstance(found, FoundFile):
            yield found.path

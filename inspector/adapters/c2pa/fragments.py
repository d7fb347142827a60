"""Streams in pieces: an MP4 that opens one, and the fragments of it that lie beside it.

Whoever signs a stream signs the opening piece with a tree of hashes over the fragments; so the
opening piece alone cannot match, and that is no sign of tampering.
"""

import io
import json
import os
import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import c2pa

from inspector.adapters.c2pa.asset import WatchedFile
from inspector.adapters.c2pa.claims import Codes, Store
from inspector.adapters.c2pa.json_values import as_list, as_mapping, as_text
from inspector.domain.text import plain_line

MAX_FRAGMENTS = 2000
"""Most fragments that are checked; each costs a millisecond and its hash."""

_MAX_ENTRIES = 20_000
_MAX_BOXES = 64
_SUFFIXES = (".m4s", ".mp4", ".m4v", ".m4f", ".cmfv")
_OPENING = re.compile(r"init(ialization)?|header", re.IGNORECASE)
_EDGES = " ._-"
_MATCH = "assertion.bmffHash.match"
_MISMATCH = "assertion.bmffHash.mismatch"


@dataclass(frozen=True, slots=True)
class Pieces:
    """What came of checking the fragments beside an opening piece.

    Attributes:
        matching: fragments that are what was signed.
        unsigned: fragments that carry no mark of the credential, or could not be taken apart.
        differing: name of a fragment that is not what was signed; "" where the opening piece
            itself is not; None where nothing differs.
        left_out: fragments beyond ``MAX_FRAGMENTS``.
    """

    matching: int = 0
    unsigned: int = 0
    differing: str | None = None
    left_out: int = 0

    @property
    def whole(self) -> bool:
        """Whether every fragment that was found matches, and there is one."""
        return self.matching > 0 and not self.unsigned and not self.left_out

    def applied(self, store: Store) -> Store:
        """Return a store whose content hash speaks of all the fragments at once."""
        others = tuple(code for code in store.codes.failure if code != _MISMATCH)
        good = tuple(code for code in store.codes.success if code != _MATCH)
        if self.differing is not None:
            codes = Codes(good, store.codes.informational, (*others, _MISMATCH))
        elif self.whole:
            codes = Codes((*good, _MATCH), store.codes.informational, others)
        else:
            codes = Codes(good, store.codes.informational, others)
        return replace(store, codes=codes)

    def words(self) -> str:
        """Say in a sentence or two what was checked."""
        if self.differing == "":
            return "It opens a stream, and is itself not what was signed."
        if self.differing is not None:
            name = plain_line(os.path.basename(self.differing), 120)
            return f"It opens a stream; the fragment {name} beside it is not what was signed."
        if not self.matching and not self.unsigned:
            return (
                "It opens a stream whose fragments do not lie beside it, so the content was "
                "not checked."
            )
        told = f"It opens a stream; {self.matching:,} of its fragments lie beside it and match."
        if self.unsigned:
            told += f" {self.unsigned:,} more carry no mark of the credential."
        if self.left_out:
            told += f" {self.left_out:,} more were not checked."
        return told


def opens_stream(reader: c2pa.Reader, file: WatchedFile) -> bool:
    """Return whether a clip holds the description of a stream, none of its content, and a
    credential over content that is elsewhere.

    Args:
        reader: has read ``file``.

    Raises:
        C2paError: the reader cannot go on.
        OSError: the file cannot be read.
    """
    return _kind(file) == "opening" and '"initHash"' in str(reader.detailed_json())


def check_fragments(
    reader: c2pa.Reader, file: WatchedFile, media_type: str, paths: Sequence[str]
) -> tuple[Pieces, str]:
    """Check every fragment against the credential of the opening piece.

    Args:
        reader: has read the opening piece, ``file``; it is of no further use if this raises.
        media_type: of the opening piece.
        paths: the fragments, in order.

    Returns:
        What came of it, and the reader's JSON for the last fragment checked.

    Raises:
        C2paError: the reader cannot go on.
        OSError: a fragment cannot be read.
    """
    pieces = Pieces(left_out=max(0, len(paths) - MAX_FRAGMENTS))
    text = str(reader.json())
    for path in paths[:MAX_FRAGMENTS]:
        with WatchedFile(path) as fragment:
            file.seek(0)
            reader.with_fragment(media_type, file, fragment)
            text = str(reader.json())
            if fragment.failure is not None:
                raise fragment.failure
        why = _mismatch(text)
        if why is None:
            pieces = replace(pieces, matching=pieces.matching + 1)
        elif "Fragment not valid" in why:
            return replace(pieces, differing=path), text
        elif "inithash" in why:
            return replace(pieces, differing=""), text
        else:
            pieces = replace(pieces, unsigned=pieces.unsigned + 1)
    return pieces, text


def fragments_beside(path: str) -> tuple[str, ...]:
    """Return the fragments beside an opening piece that are its own, in the order of their names.

    Where several streams lie in one folder, names tell them apart: what is left of
    "init-stream0.mp4" without "init" stands in the names of its fragments.

    Raises:
        OSError: the folder or a piece cannot be read.
    """
    folder, name = os.path.split(path)
    openings, fragments = {name}, []
    for beside in _names(folder or "."):
        kind = _kind_at(os.path.join(folder, beside))
        if kind == "opening":
            openings.add(beside)
        elif kind == "fragment":
            fragments.append(beside)
    own = [fragment for fragment in fragments if _owner(fragment, openings) == name]
    return tuple(os.path.join(folder, fragment) for fragment in sorted(own, key=_natural))


def _names(folder: str) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for count, entry in enumerate(entries):
            if count >= _MAX_ENTRIES:
                return
            if entry.name.lower().endswith(_SUFFIXES):
                yield entry.name


def _kind_at(path: str) -> str:
    try:
        with WatchedFile(path) as file:
            return _kind(file)
    except OSError:  # nothing is said of pieces that are missing
        return ""


def _kind(file: WatchedFile) -> str:
    found = set(_box_names(file))
    if b"moov" in found:
        return "opening" if found.isdisjoint((b"moof", b"mdat")) else ""
    return "fragment" if b"moof" in found else ""


def _owner(fragment: str, openings: set[str]) -> str | None:
    """Return the opening piece whose own part of the name a fragment's name holds; None if
    that is none or several.
    """
    holding = [(len(own), name) for name in openings if (own := _own_part(name)) in fragment]
    longest = max((length for length, _ in holding), default=0)
    best = [name for length, name in holding if length == longest]
    return best[0] if len(best) == 1 else None


def _own_part(name: str) -> str:
    return _OPENING.sub("", os.path.splitext(name)[0], count=1).strip(_EDGES)


def _natural(name: str) -> tuple[int, str]:
    return len(name), name


def _box_names(file: WatchedFile) -> Iterator[bytes]:
    """Yield the names of a file's outermost boxes, as far as they make sense."""
    at = 0
    for _ in range(_MAX_BOXES):
        file.seek(at)
        head = file.read(16) or b""
        if len(head) < 8:
            break
        length, name = struct.unpack_from(">I4s", head)
        if length == 1 and len(head) == 16:
            (length,) = struct.unpack_from(">Q", head, 8)
        yield name
        if length < 8:  # up to the end of the file, or nonsense
            break
        at += length
    file.seek(0, io.SEEK_SET)


def _mismatch(text: str) -> str | None:
    """Return the reader's words on a content hash that does not match; None where it matches."""
    results = as_mapping(as_mapping(json.loads(text)).get("validation_results"))
    for entry in as_list(as_mapping(results.get("activeManifest")).get("failure")):
        status = as_mapping(entry)
        if status.get("code") == _MISMATCH:
            return as_text(status.get("explanation"), 1000) or "?"
    return None

"""Odd names go through scan, session, lists and back byte for byte, and no cell is a formula."""

import csv
import os
import shutil
from pathlib import Path

from inspector.adapters.sqlite import SessionStore
from inspector.domain.verdict import Decision
from tests.torture.app import App, rows_of
from tests.torture.materials import Tree, picture, tiny_detector
from tests.torture.outcome import Checks, Outcome

NAMES: tuple[bytes, ...] = (
    *(b"new\nline.jpg", b"tab\there.jpg", b"cr\rhere.jpg", b"\x1b[31mansi.jpg", b"-rf.jpg"),
    *(b"--help.jpg", b" lead.jpg", b"trail .jpg", b"bad\xff\xfeutf8.jpg", b"\xed\xa0\x80surr.jpg"),
    *("\u202egpj.exe.jpg".encode(), "\U0001f4a5\U0001f469\u200d\U0001f4bb.jpg".encode()),
    *("e\u0301.jpg".encode(), "\u00e9.jpg".encode(), b"a" * 251 + b".jpg", b"%s%n%x.jpg"),
    *(b"q'uote\"s;`id`$(id).jpg", b"=cmd|' !A0.jpg", b"+1+1.jpg", b"@SUM(1,1).jpg", b"'=1.jpg"),
    *(b'=HYPERLINK("x,y").jpg', b"\t=1+1.jpg", b"\r=1.jpg", b"\n=1.jpg", b"CON.jpg", b"aux"),
    *(b"<b>html<img src=x>.jpg", b"A.JPG", b"a.jpg", b"&amp;&mnemonic.jpg", b"..up.jpg"),
    *(b"file:x.jpg", b"http:__x.jpg", b"frame_%04d.jpg", b"a|b.jpg", b"concat:a.jpg", b"...jpg"),
    *(b"subfile,,start,0,end,9,,:x.jpg", b"qrc:x.jpg", b".hidden.jpg", b"._a.jpg", b"~.jpg"),
    *("\ufeffbom.jpg".encode(), "line\u2028sep.jpg".encode(), b"nul\\0.jpg", b"{}.jpg", b"*.jpg"),
    *(b"..\\..\\up.jpg", b"\xff", b"\xc3\x28.jpg", b"[red]rich.jpg", b"drop.txt"),
)
FOLDERS: tuple[bytes, ...] = (b"..  ", b"=2+2", b"bad\xff", b"-", b"new\nline", b"a;b&c", b"[bold]")
RISKY = ("=", "+", "-", "@", "\t", "\r")
FORMATS = ("txt", "csv", "jsonl", "parquet")


def run(scratch: Path, *, quick: bool) -> Outcome:
    """Write each name, in the root and below odd folders, and follow it to the lists and back."""
    checks = Checks("9 odd names", "names")
    media, outside = scratch / "=media", scratch / "outside"
    wanted = _write(media, FOLDERS[:1] if quick else FOLDERS)
    outside.mkdir()
    model = tiny_detector(scratch / "model")
    session, rows_file, lists = scratch / "a.inspection", scratch / "rows", scratch / "lists"
    tree = Tree(media)
    with App(scratch / "app") as app:
        begun = ["scan", media, "--model", model, "--session"]
        first = app.run(*begun, session, "--jsonl", rows_file)
        checks.require(first.code == 0, f"the scan ended with {first.code}: {first.err[-200:]}")
        checks.require("\x1b[31m" not in first.err, "a name's escape codes reached the terminal")
        rows = rows_of(rows_file)
        some = sorted(wanted)[::2]
        decided = app.run("decide", session, "--drop", *map(os.fsdecode, some))
        checks.require(decided.code == 0, f"decide said {decided.err[-200:]}")
        words = [word for name in FORMATS for word in ("--format", name)]
        _lay_traps(lists, outside)
        exported = app.run("export", session, *words, "--out", lists)
        checks.require(exported.code == 0, f"export said {exported.err[-200:]}")
        checks.require(not any(outside.iterdir()), "an export wrote outside its folder")
        held = _stored(session)
        listed = _listed(lists)
        table = _table(lists / "items.csv", checks)
        again = _read_back(app, begun, scratch, lists, checks)
    for path in wanted:
        drop = Decision.DROP if path in some else None
        faults = [] if path in rows else ["is not in the rows"]
        if held.get(path, "missing") is not drop:
            faults.append("is not in the session with its decision")
        if (path in listed["drop"]) is not (drop is not None):
            faults.append("is in the wrong plain list")
        if path not in table:
            faults.append("is not in the table")
        for source, people in again.items():
            if (people.get(path) is Decision.DROP) is not (drop is not None):
                faults.append(f"came back from {source} with {people.get(path)}")
        checks.trial(*(f"{os.path.basename(path)!r} {fault}" for fault in faults))
    for change in tree.changes():
        checks.require(False, change)
    return checks.outcome(
        f"rows, session, {len(FORMATS)} formats and decide --from {' and '.join(again)}; "
        "no formula, nothing outside --out"
    )


def _write(media: Path, folders: tuple[bytes, ...]) -> set[bytes]:
    root = os.fsencode(media)
    written = set()
    for folder in (b".", *folders):
        here = os.path.normpath(os.path.join(root, folder))
        os.makedirs(here, exist_ok=True)  # noqa: PTH103 - bytes
        for name in NAMES:
            path = os.path.join(here, name)
            with open(path, "wb") as file:  # noqa: PTH123 - bytes
                file.write(picture(len(written), 64, 48))
            written.add(os.path.realpath(path))
    return written


def _lay_traps(lists: Path, outside: Path) -> None:
    """Put links that lead out of the folder in the way of the lists."""
    lists.mkdir()
    for name in ("drop.txt", "items.csv", "EXPORT.json"):
        (lists / name).symlink_to(outside / name)


def _stored(session: Path) -> dict[bytes, Decision | None]:
    with SessionStore.open(session) as store:
        return {os.fsencode(item.path): item.person for item in store.items()}


def _listed(lists: Path) -> dict[str, set[bytes]]:
    found = {}
    for name in ("keep", "drop", "review"):
        lines = (lists / f"{name}.txt").read_bytes().split(b"\n")
        broken = lists / f"{name}.nul"
        more = broken.read_bytes().split(b"\0") if broken.exists() else []
        found[name] = {*lines, *more} - {b""}
    return found


def _table(file: Path, checks: Checks) -> set[bytes]:
    """Return the paths of items.csv, read as a spreadsheet would, and look for formulas."""
    paths = set()
    with file.open(encoding="utf-8", newline="") as text:
        for row in csv.DictReader(text):
            for name, cell in row.items():
                checks.require(not cell.startswith(RISKY), f"{name} holds the formula {cell!r}")
            whole = row["path"].removeprefix("'")
            odd = row["path_hex"]
            paths.add(bytes.fromhex(odd) if odd else whole.encode())
    return paths


def _read_back(
    app: App, begun: list[str | Path], scratch: Path, lists: Path, checks: Checks
) -> dict[str, dict[bytes, Decision | None]]:
    """Take the lists over into a fresh session of the same files, one list a session."""
    again = {}
    fresh = scratch / "fresh.inspection"
    scanned = app.run(*begun, fresh)
    checks.require(scanned.code == 0, f"the second scan said {scanned.err[-200:]}")
    for name in ("drop.txt", "items.csv", "items.jsonl"):
        session = scratch / f"{name}.inspection"
        shutil.copyfile(fresh, session)
        taken = app.run("decide", session, "--from", lists / name)
        checks.require(taken.code == 0, f"decide --from {name} said {taken.err[-200:]}")
        broken = lists / "drop.nul"
        if name == "drop.txt" and broken.exists():
            app.run("decide", session, "--from", broken)
        again[name] = _stored(session)
    return again

"""Every command runs over one tree, and the tree stays as it was: bytes, times, attributes."""

from pathlib import Path

from inspector.bootstrap.demo import make_demo
from tests.torture.app import App
from tests.torture.materials import Tree, fill, mark, picture, tiny_detector
from tests.torture.outcome import Checks, Outcome


def commands(media: Path, work: Path, model: Path) -> list[list[str | Path]]:
    """Return an end-to-end use of the command line: look, scan, decide, leave with lists."""
    session, rows = work / "set.inspection", work / "rows.jsonl"
    photo = next(path for path in sorted(media.rglob("*.jpg")) if path.stat().st_size > 1000)
    clip = next(iter(sorted(media.rglob("*.mp4"))))
    formats = [word for name in ("txt", "csv", "jsonl") for word in ("--format", name)]
    lists = work / "lists"
    return [
        ["scan", media, "--session", session, "--model", model, "--jsonl", rows],
        ["scan", media, "--session", session, "--model", model, "--resume"],
        ["scan", media, "--no-detector", "--frames", "all", "--policy", "strict"],
        ["decide", session, "--drop", photo.resolve(), clip.resolve()],
        ["decide", session, "--clear", photo.resolve()],
        ["export", session, *formats, "--out", lists],
        ["export", rows, *formats, "--out", work / "lists of rows"],
        ["decide", session, "--from", lists / "items.jsonl"],
        ["show", photo, "--json", "--heatmap", work / "map.png"],
        ["show", clip, "--frame", "0.5", "--heatmap", work / "frame.png"],
        ["models", "check", model],
        ["models", "list"],
        ["trust", "list"],
    ]


def settings_for(home: Path, model: Path) -> None:
    """Make a detector the one that ``show`` takes, on a CPU."""
    file = home / "config" / "settings.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f'[scan]\nmodel = "{model}"\ndevice = "cpu"\n', encoding="utf-8")


def sample(media: Path) -> Path:
    """Make a tree of every kind of evidence, broken files among them, and mark some files."""
    media.mkdir(parents=True)
    make_demo(media / "demo")
    fill(media / "more", 20)
    (media / "broken.png").write_bytes(picture(1, plugin="PNG")[:500])
    (media / "note.txt").write_text("no media")
    return media


def run(scratch: Path, *, quick: bool) -> Outcome:
    """Use every command that reads source files; compare the tree after each."""
    checks = Checks("5 untouched input", "commands")
    media = sample(scratch / "media")
    marked = sum(mark(path) for path in sorted(media.rglob("*.jpg"))[:5])
    model = tiny_detector(scratch / "model")
    work = scratch / "work"
    work.mkdir()
    settings_for(scratch / "app" / "home", model)
    before = Tree(media)
    with App(scratch / "app") as app:
        for words in commands(media, work, model)[: 6 if quick else None]:
            ended = app.run(*words)
            changed = before.changes()
            fault = [f"{words[0]} ended with {ended.code}: {ended.err[-200:]}"]
            checks.trial(*changed, *(fault if ended.code not in (0, 1) else []))
    return checks.outcome(
        f"{len(before)} files and folders: hashes, sizes, rights, mtimes, ctimes, "
        f"{marked} extended attributes"
    )

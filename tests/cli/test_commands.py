import json
from pathlib import Path

import pytest

from inspector.__main__ import main


def path_of(scanned, rule):
    return next(row["path"] for row in scanned.rows.values() if row["rule"] == rule)


@pytest.fixture
def session(scanned, home, tmp_path):
    """A session of its own to write decisions into."""
    file = tmp_path / "own.inspection"
    arguments = ["scan", str(scanned.media), "--no-detector", "--session", str(file)]
    assert main(arguments) == 1
    return file


def exported(session, out, *more):
    assert (
        main(
            [
                "export",
                str(session),
                "--format",
                "txt",
                "--format",
                "jsonl",
                "--out",
                str(out),
                *more,
            ]
        )
        == 0
    )
    return {p.name: p.read_text("utf-8").splitlines() for p in out.iterdir()}


def test_that_lists_hold_every_decision_once(session, tmp_path, scanned):
    lists = exported(session, tmp_path / "out")
    everything = lists["keep.txt"] + lists["drop.txt"] + lists["review.txt"] + lists["skipped.txt"]
    assert sorted(everything) == sorted(row["path"] for row in scanned.rows.values())
    assert path_of(scanned, "AI_DECLARED_SIGNED") in lists["drop.txt"]
    assert path_of(scanned, "AI_DECLARED_SIGNED") in lists["synthetic.txt"]
    facts = json.loads((tmp_path / "out" / "EXPORT.json").read_text("utf-8"))
    assert facts["counts"]["decisions"]["drop"] == len(lists["drop.txt"])


def test_that_a_decision_beats_the_rule_and_is_told_apart(session, scanned, tmp_path):
    path = path_of(scanned, "AI_DECLARED_SIGNED")
    assert main(["decide", str(session), "--keep", path]) == 0
    lists = exported(session, tmp_path / "out")
    assert path in lists["keep.txt"]
    (row,) = [r for r in map(json.loads, lists["items.jsonl"]) if r["path"] == path]
    assert (row["decision"], row["decided_by"]) == ("keep", "person")
    assert main(["decide", str(session), "--clear", path]) == 0
    assert path in exported(session, tmp_path / "again")["drop.txt"]


def test_that_decisions_survive_a_rescan(session, scanned, home, tmp_path):
    path = path_of(scanned, "AI_DECLARED_SIGNED")
    assert main(["decide", str(session), "--keep", path]) == 0
    arguments = ["scan", str(scanned.media), "--no-detector", "--session", str(session)]
    assert main([*arguments, "--resume"]) == 1
    assert path in exported(session, tmp_path / "out")["keep.txt"]


def test_that_decisions_are_read_back_from_a_list(session, scanned, home, tmp_path):
    path = path_of(scanned, "AI_DECLARED_SIGNED")
    main(["decide", str(session), "--review", path])
    exported(session, tmp_path / "out")
    other = tmp_path / "other.inspection"
    main(["scan", str(scanned.media), "--no-detector", "--session", str(other)])
    assert main(["decide", str(other), "--from", str(tmp_path / "out" / "review.txt")]) == 0
    assert path in exported(other, tmp_path / "more")["review.txt"]


def test_that_a_path_outside_the_session_is_named(session, capsys):
    assert main(["decide", str(session), "--keep", "/not/there.jpg"]) == 3
    assert "/not/there.jpg is not in the session" in capsys.readouterr().err


@pytest.mark.parametrize("flags", [[], ["--keep", "--drop"]])
def test_that_a_decision_needs_exactly_one_word(session, flags, capsys):
    assert main(["decide", str(session), *flags, "/a.jpg"]) == 2


def test_that_lists_are_written_again_from_items(session, scanned, tmp_path):
    exported(session, tmp_path / "out")
    again = exported(tmp_path / "out" / "items.jsonl", tmp_path / "again")
    first = exported(session, tmp_path / "out")
    for name in ("keep.txt", "drop.txt", "review.txt", "items.jsonl"):
        assert sorted(again[name]) == sorted(first[name])


def test_that_only_limits_an_export(session, tmp_path):
    lists = exported(session, tmp_path / "out", "--only", "drop")
    assert lists["drop.txt"]
    assert lists.get("keep.txt", []) == []


def test_that_an_unknown_format_names_the_known_ones(session, tmp_path, capsys):
    assert main(["export", str(session), "--format", "docx", "--out", str(tmp_path / "o")]) == 3
    assert "jsonl" in capsys.readouterr().err


def test_that_show_gives_the_same_row_as_the_scan(scanned, home, capsys):
    row = next(r for r in scanned.rows.values() if r["rule"] == "CAMERA_VERIFIED")
    assert main(["show", row["path"], "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == row


def test_that_show_says_what_is_known_in_words(scanned, home, capsys):
    assert main(["show", path_of(scanned, "CAMERA_VERIFIED")]) == 0
    said = capsys.readouterr().out
    assert "camera verified" in said
    assert "trusted, user trust list" in said


def test_that_show_writes_a_heatmap_of_pictures_and_of_frames(scanned, home, tmp_path):
    clip = next(r["path"] for r in scanned.rows.values() if r["media"] == "video")
    photo = path_of(scanned, "CAMERA_VERIFIED")
    for name, arguments in (("p.png", [photo]), ("c.png", [clip, "--frame", "0.4"])):
        out = tmp_path / name
        assert main(["show", *arguments, "--heatmap", str(out)]) == 0
        assert out.read_bytes().startswith(b"\x89PNG")


def test_that_show_of_a_broken_file_says_why(scanned, home, capsys):
    assert main(["show", path_of(scanned, "UNREADABLE")]) == 1
    assert "Unreadable" in capsys.readouterr().out


def test_that_nothing_is_fetched_for_a_file_that_names_nothing(scanned, home, capsys):
    assert main(["show", path_of(scanned, "CAMERA_VERIFIED"), "--fetch-remote"]) == 3
    told = capsys.readouterr()
    assert "kept elsewhere" in told.err
    assert "Credential" in told.out
    assert not (home / "data" / "network.jsonl").exists()


def test_that_show_of_nothing_is_a_usage_error(home, capsys):
    assert main(["show", "/no/such/file.jpg"]) == 2


def test_that_models_are_listed_described_and_checked(home, capsys):
    assert main(["models", "list"]) == 0
    assert "inspector-fast" in capsys.readouterr().out
    assert main(["models", "info", "inspector-fast"]) == 0
    assert "Drop at" in capsys.readouterr().out
    folder = Path(__file__).resolve().parents[2] / "models" / "inspector-fast"
    assert main(["models", "check", str(folder)]) == 0
    assert "likelihood" in capsys.readouterr().out


def test_that_a_model_with_a_wrong_hash_is_refused(home, tmp_path, capsys):
    source = Path(__file__).resolve().parents[2] / "models" / "inspector-fast"
    for file in source.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    onnx = next(tmp_path.glob("*.onnx"))
    onnx.write_bytes(onnx.read_bytes() + b"x")
    assert main(["models", "check", str(tmp_path)]) == 3
    assert "Refused" in capsys.readouterr().err


def test_that_doctor_tells_the_provider_really_in_use(home, capsys):
    assert main(["doctor", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["Detector"]["provider"].endswith("ExecutionProvider")
    assert float(report["Detector"]["pictures per second"]) > 0
    assert report["Devices"]["this build has"].endswith("CPU")
    for model in ("inspector-fast", "inspector-full"):
        tested = report[f"Self-test of {model}"]
        assert tested["provider"].endswith("ExecutionProvider")
        assert float(tested["tiles per second"]) > 0
        assert float(tested["pictures per second"]) > 0
    assert report["Isolation of workers"]


def test_that_evaluate_prints_figures_with_intervals(scanned, home, tmp_path, capsys):
    real, fake = tmp_path / "real" / "a", tmp_path / "fake" / "b"
    from inspector.adapters.samples import draw_photo, draw_synthetic, encode_jpeg

    for folder, draw in ((real, draw_photo), (fake, draw_synthetic)):
        folder.mkdir(parents=True)
        for seed in range(3):
            (folder / f"{seed}.jpg").write_bytes(encode_jpeg(draw(seed, 256, 256)))
    pair = ["--real", str(real.parent), "--synthetic", str(fake.parent)]
    assert main(["evaluate", *pair, "--json", "--device", "cpu"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["n_real"] == figures["n_synthetic"] == 3
    assert figures["auc"]["low"] <= figures["auc"]["value"] <= figures["auc"]["high"]
    assert [s["source"] for s in figures["sources"]] == ["a", "b"]


def test_that_evaluate_needs_both_labels(home, tmp_path, capsys):
    for name in ("real", "fake"):
        (tmp_path / name).mkdir()
    pair = ["--real", str(tmp_path / "real"), "--synthetic", str(tmp_path / "fake")]
    assert main(["evaluate", *pair]) == 2


def test_that_trust_lists_are_added_listed_and_removed(scanned, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("INSPECTOR_HOME", str(tmp_path))
    root = next(scanned.media.rglob("test-root.pem"))
    assert main(["trust", "list"]) == 0
    assert "No trust list" in capsys.readouterr().err
    assert main(["trust", "add", str(root)]) == 0
    assert "Added 1 trust anchor to" in capsys.readouterr().err
    assert main(["trust", "list"]) == 0
    heading, row = capsys.readouterr().out.splitlines()
    assert heading.split()[:2] == ["id", "tier"]
    assert "user" in row
    identity = row.split()[0]
    assert main(["trust", "remove", identity]) == 0
    capsys.readouterr()
    main(["trust", "list"])
    assert "No trust list" in capsys.readouterr().err


def test_that_what_is_no_certificate_is_refused(home, tmp_path, capsys):
    wrong = tmp_path / "a.pem"
    wrong.write_text("hello")
    assert main(["trust", "add", str(wrong)]) == 3


def test_that_a_session_from_the_future_is_left_alone(session, home, capsys):
    import sqlite3

    with sqlite3.connect(session) as connection:
        connection.execute("PRAGMA user_version = 999")
    connection.close()
    before = session.read_bytes()
    assert (
        main(["export", str(session), "--format", "txt", "--out", str(session.parent / "o")]) == 3
    )
    assert "newer" in capsys.readouterr().err
    assert session.read_bytes() == before


def test_that_help_and_version_work(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.strip()
    assert main(["--help"]) == 0
    assert "scan" in capsys.readouterr().out
    assert main(["scan", "--help"]) == 0
    assert "--resume" in capsys.readouterr().out

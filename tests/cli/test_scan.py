import hashlib
import json
import os
import subprocess
import sys
from collections import Counter

import pytest

from inspector.__main__ import main
from inspector.domain.record import record_of
from tests.fakes import an_item

KEYS = tuple(record_of(an_item(1)))
PROVENANCE_KEYS = tuple(record_of(an_item(1))["provenance"])


def test_that_every_file_gives_a_row_with_every_key_in_order(scanned):
    files = [p for p in scanned.media.rglob("*") if p.is_file()]
    assert sorted(scanned.rows) == sorted(p.name for p in files)
    for row in scanned.rows.values():
        assert tuple(row) == KEYS
        assert tuple(row["provenance"]) == PROVENANCE_KEYS
        assert row["schema"] == "inspector.item/1"


def test_that_rows_carry_what_the_file_really_is(scanned):
    for path in scanned.media.rglob("*"):
        row = scanned.rows.get(path.name)
        if row is None or row["status"] in ("unreadable", "skipped"):
            continue
        assert row["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
        assert row["bytes"] == path.stat().st_size
        assert row["width"] > 0
        assert 0 <= row["likelihood"] <= row["likelihood_max"] <= 1
        assert row["model"]["id"] == "inspector-fast"


def test_that_the_demo_shows_every_kind_of_evidence(scanned):
    rules = Counter(row["rule"] for row in scanned.rows.values())
    expected = [
        "AI_DECLARED_SIGNED",
        "AI_DECLARED_UNSIGNED",
        "CAMERA_VERIFIED",
        "PROVENANCE_BROKEN",
        "TRAINING_NOT_ALLOWED",
        "UNREADABLE",
    ]
    assert [rule for rule in expected if not rules[rule]] == []
    assert scanned.code == 1


def test_that_clips_have_frames_in_order_of_time(scanned):
    clips = [row for row in scanned.rows.values() if row["media"] == "video"]
    assert clips
    for row in clips:
        times = [frame["pts_s"] for frame in row["frames"]]
        assert times == sorted(times)
        assert len(times) == row["frames_scored"] > 1


def test_that_no_source_file_is_changed(scanned, home, tmp_path):
    def facts():
        return {
            p: (p.read_bytes(), p.stat().st_mtime_ns, tuple(os.listxattr(p)))
            for p in scanned.media.rglob("*")
            if p.is_file()
        }

    before = facts()
    assert main(["scan", str(scanned.media), "--no-detector"]) == 1
    assert facts() == before


def test_that_an_existing_session_needs_resume(scanned, home, capsys):
    arguments = ["scan", str(scanned.media), "--session", str(scanned.session)]
    assert main(arguments) == 2
    assert "--resume" in capsys.readouterr().err


def test_that_resume_scores_nothing_twice(scanned, home, tmp_path, capsys):
    rows = tmp_path / "again.jsonl"
    arguments = ["scan", str(scanned.media), "--session", str(scanned.session), "--resume"]
    assert main([*arguments, "--jsonl", str(rows), "--device", "cpu"]) == 1
    again = {row["path"]: row for row in map(json.loads, rows.read_text("utf-8").splitlines())}
    first = {row["path"]: row for row in scanned.rows.values()}
    assert again == first


def test_that_a_missing_path_is_said_and_the_others_go_on(scanned, home, capsys):
    photo = next(p for p in scanned.media.rglob("*.jpg"))
    assert main(["scan", "/no/such/folder", str(photo), "--no-detector", "--jsonl", "-"]) == 1
    captured = capsys.readouterr()
    assert "/no/such/folder" in captured.err
    assert len(captured.out.splitlines()) == 1


def test_that_only_missing_paths_stop_the_scan(home, capsys):
    assert main(["scan", "/no/such/folder", "--no-detector"]) == 3


@pytest.mark.parametrize(
    "wrong",
    [
        ["--frames", "many"],
        ["--frames", "0"],
        ["--policy", "nosuch"],
        ["--model", "nosuch"],
        ["--jobs", "0"],
        ["--resume"],
        ["--engine", "moon"],
        ["--nonsense"],
    ],
)
def test_that_a_wrong_call_is_a_usage_error_in_one_sentence(scanned, home, capsys, wrong):
    assert main(["scan", str(scanned.media), *wrong]) == 2
    error = capsys.readouterr().err.strip()
    assert error.startswith("inspector: ")
    assert "Traceback" not in error


def test_that_stdout_carries_rows_only(scanned):
    command = [sys.executable, "-m", "inspector", "scan", str(scanned.media)]
    command += ["--no-detector", "--jsonl", "-"]
    environment = {**os.environ, "INSPECTOR_HOME": str(scanned.home)}
    done = subprocess.run(command, capture_output=True, env=environment, check=False, timeout=120)
    assert done.returncode == 1
    for line in done.stdout.decode().splitlines():
        assert json.loads(line)["schema"] == "inspector.item/1"
    assert len(done.stdout.splitlines()) == len(scanned.rows)


def test_that_the_report_policy_decides_nothing(scanned, home, capsys):
    assert main(["scan", str(scanned.media), "--no-detector", "--policy", "report", "--jsonl", "-"])
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {row["decision"] for row in rows} == {None}
    assert {row["finding"] for row in rows} > {"ai_declared", "no_evidence"}

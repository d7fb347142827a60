"""A fault of our own leaves one sentence and a report; the next start knows what to go on with."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from inspector.__main__ import main
from inspector.adapters.sqlite import SessionStore
from inspector.bootstrap.crash import CrashWatch, ended_by_signal, file_in_hand, scrubbed
from inspector.bootstrap.recorder import KEPT, FlightRecorder
from inspector.bootstrap.running import RunningMark, left_behind, marked_running
from inspector.domain.errors import StoreError
from inspector.domain.events import DiscoveryDone, FilesFound, ItemJudged, Progress, ScanFinished
from inspector.domain.media import FoundFile
from inspector.settings import Places
from tests.builders import a_file, an_item
from tests.unit.adapters.media.drawing import encoded, photo

REPOSITORY = Path(__file__).parents[3]


@pytest.fixture
def places(tmp_path) -> Places:
    return Places(tmp_path / "home")


@pytest.fixture
def media(tmp_path) -> Path:
    folder = tmp_path / "my photos"
    folder.mkdir()
    for n in range(3):
        (folder / f"holiday {n}.png").write_bytes(encoded(photo(40 + n, 30), "PNG"))
    return folder


def fall(file: FoundFile) -> None:
    raise ZeroDivisionError(f"no good with {file.path}")


def fallen(file: FoundFile) -> BaseException:
    try:
        fall(file)
    except ZeroDivisionError as error:
        return error
    raise AssertionError


def scan_that_breaks(
    media: Path, session: Path, home: Path, act: str
) -> subprocess.CompletedProcess:
    """Run the app with a fault built into the stage that assesses a file."""
    code = (
        "import faulthandler, os, signal, sys\n"
        "from inspector.__main__ import main\n"
        "from inspector.pipeline.assess import Assessor\n"
        "def assess(self, file, cancel):\n"
        f"    {act}\n"
        "Assessor.assess = assess\n"
        "raise SystemExit(main(sys.argv[1:]))\n"
    )
    words = ["scan", str(media), "--no-detector", "--session", str(session)]
    return subprocess.run(
        [sys.executable, "-c", code, *words],
        cwd=REPOSITORY,
        env={**os.environ, "INSPECTOR_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_that_a_report_tells_the_file_the_versions_and_the_traceback(places, capsys):
    file = a_file(3)
    watch = CrashWatch(places, ["scan", "/media"])
    path = watch.take(fallen(file))
    assert path is not None
    assert watch.reports == [path]
    text = path.read_text("utf-8")
    assert f'File in hand: "{file.path}"' in text
    for words in ("onnxruntime", "ZeroDivisionError", "in fall", 'Command: inspector "scan"'):
        assert words in text
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert str(path) in said
    assert "Traceback" not in said


def test_that_the_file_in_hand_is_the_innermost_one_or_unknown():
    assert file_in_hand(fallen(a_file(3)).__traceback__) == a_file(3).path
    assert file_in_hand(None) is None


def test_that_threads_and_hooks_report_and_are_as_before_afterwards(places, capsys):
    before = sys.excepthook, threading.excepthook
    with CrashWatch(places, []).watching() as watch:
        thread = threading.Thread(target=fall, args=(a_file(1),))
        thread.start()
        thread.join()
        error = fallen(a_file(2))
        sys.excepthook(type(error), error, error.__traceback__)
        sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert (sys.excepthook, threading.excepthook) == before
    assert len(watch.reports) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_that_a_folder_that_cannot_be_written_is_said(places, capsys):
    places.data.parent.mkdir(parents=True)
    places.data.write_text("a file in the way")
    assert CrashWatch(places, []).take(fallen(a_file(1))) is None
    assert "could not be written" in capsys.readouterr().err


def test_that_only_the_newest_reports_are_kept(places):
    watch = CrashWatch(places, [])
    for n in range(25):
        watch.take(fallen(a_file(n)))
    assert len(list(watch.folder.glob("*.txt"))) == 20


def test_that_paths_of_the_users_own_are_scrubbed_and_code_is_not(places):
    file = a_file(1, path="/srv/Ann's secret set/holiday one.jpg")
    path = CrashWatch(places, ["scan", "/srv/Ann's secret set"]).take(fallen(file))
    assert path is not None
    text = scrubbed(path.read_text("utf-8"))
    for word in ("secret", "holiday", "Ann", str(Path.home())):
        assert word not in text
    assert ".jpg" in text
    assert "in fall" in text


def test_that_the_command_line_prints_a_report_without_paths(places, capsys):
    path = CrashWatch(places, []).take(fallen(a_file(1, path="/srv/secret/a b.jpg")))
    assert main(["doctor", "--scrub", str(path)]) == 0
    said = capsys.readouterr().out
    assert "secret" not in said
    assert "ZeroDivisionError" in said
    assert main(["doctor", "--scrub", "/no/such/report"]) == 2


def test_that_scrubbed_code_paths_stay_readable():
    line = 'File "/home/ann/app/inspector/pipeline/scan.py", line 7, in _judge'
    assert scrubbed(line) == 'File "inspector/pipeline/scan.py", line 7, in _judge'
    assert scrubbed("open /home/ann/x.png failed, /home/ann/x.png") == (
        "open <path 1>.png failed, <path 1>.png"
    )
    assert scrubbed(r"File in hand: 'C:\Users\Ann B\x.mp4'") == "File in hand: '<path 1>.mp4'"


def test_that_a_broken_scan_stops_with_a_report_and_the_next_start_says_how_to_go_on(
    tmp_path, media, monkeypatch, capsys
):
    home, session = tmp_path / "home", tmp_path / "set.inspection"
    done = scan_that_breaks(media, session, home, "raise ZeroDivisionError('oh')")
    assert done.returncode == 3, done.stderr
    assert "Traceback" not in done.stderr
    (report,) = (home / "data" / "crashes").glob("*.txt")
    assert str(report) in done.stderr
    text = report.read_text("utf-8")
    assert "holiday" in text.partition("Versions:")[0]
    assert "isolation." in text
    assert "found 3 files" in text
    monkeypatch.setenv("INSPECTOR_HOME", str(home))
    words = ["scan", str(media), "--no-detector", "--session", str(session), "--resume"]
    assert main(words) == 0
    said = capsys.readouterr().err
    assert "ended badly" in said
    assert str(session) in said
    assert main(words) == 0
    assert "ended badly" not in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
def test_that_a_fatal_signal_leaves_a_report_that_the_next_start_names(tmp_path, media):
    home, session = tmp_path / "home", tmp_path / "set.inspection"
    done = scan_that_breaks(media, session, home, "os.kill(os.getpid(), signal.SIGSEGV)")
    assert done.returncode == -signal.SIGSEGV
    (report,) = ended_by_signal(Places(home))
    text = report.read_text("utf-8")
    assert "Segmentation fault" in text
    assert "Command: inspector" in text
    assert ended_by_signal(Places(home)) == []
    assert left_behind(Places(home)) == (session,)


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
def test_that_a_kill_leaves_the_session_to_go_on_with_and_no_empty_report(tmp_path, media):
    home, session = tmp_path / "home", tmp_path / "set.inspection"
    done = scan_that_breaks(media, session, home, "os.kill(os.getpid(), signal.SIGKILL)")
    assert done.returncode == -signal.SIGKILL
    assert ended_by_signal(Places(home)) == []
    assert list((home / "data" / "crashes").iterdir()) == []
    assert left_behind(Places(home)) == (session,)
    assert left_behind(Places(home)) == ()


def test_that_a_run_that_ends_well_or_with_a_known_error_leaves_no_mark(places, tmp_path):
    session = tmp_path / "set.inspection"
    SessionStore.create(session).close()
    with marked_running(places, session):
        assert left_behind(places) == ()  # it is still running
    with contextlib.suppress(StoreError), marked_running(places, session):
        raise StoreError("The disk is full.")
    assert left_behind(places) == ()
    assert list((places.data / "running").iterdir()) == []


def test_that_a_fault_of_our_own_leaves_a_mark_and_a_session_that_is_gone_is_not_told(
    places, tmp_path
):
    session, gone = tmp_path / "odd \udcff.inspection", tmp_path / "gone.inspection"
    session.write_bytes(b"")
    for path in (session, gone):
        with contextlib.suppress(ZeroDivisionError), marked_running(places, path):
            fall(a_file(1))
    assert left_behind(places) == (session,)


def test_that_without_a_folder_for_marks_work_goes_on(places, tmp_path):
    places.data.parent.mkdir(parents=True)
    places.data.write_text("a file in the way")
    RunningMark(places, tmp_path / "set.inspection").remove()
    with marked_running(places, tmp_path / "set.inspection"):
        pass
    assert left_behind(places) == ()


def test_that_the_recorder_keeps_the_last_events_in_words():
    recorder = FlightRecorder()
    items = [an_item(n) for n in range(60)]
    events = [
        FilesFound(tuple(item.file for item in items)),
        DiscoveryDone(60),
        *(ItemJudged(item) for item in items),
        Progress(60, 60, True, 1.0, None),
        ScanFinished(60, 60, False),
    ]
    assert list(recorder.follow(iter(events))) == events
    lines = recorder.lines()
    assert len(lines) == KEPT
    assert "judged ok" in lines[0]
    assert lines[-1].endswith("finished after 60 files")


@pytest.mark.skipif(sys.platform == "win32", reason="limits the size of files")
def test_that_a_full_disk_under_the_users_folders_does_not_keep_a_command_from_running(tmp_path):
    code = (
        "import resource, sys\n"
        "from inspector.__main__ import main\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))\n"
        "sys.exit(main(['trust', 'list']))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=REPOSITORY,
        env={**os.environ, "INSPECTOR_HOME": str(tmp_path / "home")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr

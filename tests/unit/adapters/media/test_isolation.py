import json
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux's layers")

LIMIT = """
import json, os, sys
sys.path[:] = {path!r}
{before}
from inspector.adapters.media.isolation import limit_this_process
report = dict(limit_this_process(4 << 30, os.getppid()))
try:
    open({target!r}, "w")
    report["wrote"] = "yes"
except OSError as error:
    report["wrote"] = "no"
print(json.dumps(report))
"""


def limited(tmp_path, before: str = "") -> dict[str, str]:
    code = LIMIT.format(path=sys.path, before=before, target=str(tmp_path / "written"))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    report = json.loads(done.stdout)
    assert isinstance(report, dict)
    return report


def test_that_every_layer_says_whether_it_is_in_force(tmp_path):
    report = limited(tmp_path)
    assert set(report) == {"parent death", "memory", "seccomp", "landlock", "wrote"}
    layers = [report[name] for name in ("parent death", "memory", "seccomp", "landlock")]
    assert all(word == "in force" or word.startswith("missing: ") for word in layers)


def test_that_a_missing_library_is_named_and_the_other_layers_stay(tmp_path):
    report = limited(tmp_path, "sys.modules['pyseccomp'] = None")
    assert report["seccomp"].startswith("missing: ")
    assert report["memory"] == "in force"
    if report["landlock"] == "in force":
        assert report["wrote"] == "no"


def test_that_nothing_is_written_any_more(tmp_path):
    report = limited(tmp_path)
    if "in force" not in (report["seccomp"], report["landlock"]):
        pytest.skip("neither seccomp nor Landlock is there")
    assert report["wrote"] == "no"
    assert list(tmp_path.iterdir()) == []


def test_that_a_worker_whose_parent_is_gone_ends_at_once(tmp_path):
    code = (
        f"import sys; sys.path[:] = {sys.path!r}\n"
        "from inspector.adapters.media.isolation import limit_this_process\n"
        "limit_this_process(4 << 30, 1 << 22)\n"
        "print('alive')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert done.stdout == b""

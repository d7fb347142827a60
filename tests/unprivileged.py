"""``make unprivileged``: tests and short scenarios as a user who may nothing special.

Workers limit themselves without privileges, and root hides where that fails: root reads what is
forbidden, writes anywhere and may mount. Run by root, this becomes ``nobody``; run by anybody
else, it is that run already.
"""

import json
import os
import pwd
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
SHARED = REPOSITORY.parent / "shared"
USER = "nobody"
TESTS = ("tests/hostile", "tests/unit/adapters/media", "tests/unit/adapters/sqlite", "tests/cli")
LAYERS = ("memory", "seccomp", "landlock")


class Impossible(Exception):  # noqa: N818 - a sentence for whoever runs this
    """This machine cannot run anything as another user."""


@dataclass(frozen=True, slots=True)
class Bench:
    """Where and as whom commands run.

    Attributes:
        python: an interpreter that the user can start, with the packages of this one.
        tree: the checkout, or a copy of it that the user can read.
        user: its name; empty for whoever runs this.
        home: its folder for settings, data and temporary files.
        libraries: where a copied interpreter finds its own library, if it was copied.
    """

    python: Path
    tree: Path
    user: str
    home: Path
    libraries: Path | None = None

    def run(self, words: Sequence[str], *, quiet: bool = False) -> subprocess.CompletedProcess[str]:
        environment = {
            "PATH": os.environ.get("PATH", ""),
            "LANG": "C.UTF-8",
            "QT_QPA_PLATFORM": "offscreen",
            "PYTHONDONTWRITEBYTECODE": "1",
            "HOME": str(self.home),
            "TMPDIR": str(self.home / "tmp"),
            "HYPOTHESIS_STORAGE_DIRECTORY": str(self.home / "hypothesis"),
            **_library_path(self.libraries),
        }
        return _run_as(
            self.user, [str(self.python), *words], cwd=self.tree, env=environment, quiet=quiet
        )


def main() -> int:
    wanted = sys.argv[1:] or TESTS
    scratch = Path(tempfile.mkdtemp(prefix="unprivileged-"))
    try:
        bench = _prepared(scratch)
        who = bench.user or pwd.getpwuid(os.getuid()).pw_name
        print(f"as {who}: {', '.join(wanted)}, then the scenarios at small counts", flush=True)  # noqa: T201
        failed = [_limits_missing(bench)]
        pytest = ["-m", "pytest", *wanted, "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
        failed.append(bench.run(pytest).returncode != 0)
        failed.append(bench.run(["-m", "tests.torture", "--quick"]).returncode != 0)
    except Impossible as error:
        print(f"Cannot run without privileges: {error}")  # noqa: T201
        return 1
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return 1 if any(failed) else 0


def _limits_missing(bench: Bench) -> bool:
    """Print what ``doctor`` says of workers; return whether a layer is not in force."""
    told = bench.run(["-m", "inspector", "doctor", "--json"], quiet=True)
    if told.returncode:
        print(f"doctor ended with {told.returncode}: {told.stderr[-300:]}", flush=True)  # noqa: T201
        return True
    isolation = json.loads(told.stdout)["Isolation of workers"]
    print(", ".join(f"{name}: {state}" for name, state in isolation.items()), flush=True)  # noqa: T201
    return sys.platform == "linux" and any(isolation.get(layer) != "in force" for layer in LAYERS)


def _prepared(scratch: Path) -> Bench:
    """Return where to run; as root, with all that the user needs laid where it can read.

    Raises:
        Impossible: there is no such user, or a step towards it failed.
    """
    home = scratch / "home"
    (home / "tmp").mkdir(parents=True)
    if os.geteuid() != 0:
        return Bench(Path(sys.executable), REPOSITORY, "", home)
    try:
        owner = pwd.getpwnam(USER)
    except KeyError as error:
        raise Impossible(f"this system has no user {USER!r}.") from error
    scratch.chmod(0o755)
    for folder in (home, home / "tmp"):
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    tree = _checkout(scratch / "main")
    if SHARED.is_dir():
        (scratch / "shared").symlink_to(_readable(SHARED, scratch / "their shared"))
    python, libraries = _environment(scratch)
    return Bench(python, tree, USER, home, libraries)


def _environment(scratch: Path) -> tuple[Path, Path | None]:
    """Make a virtual environment of the user's own with the packages of this one."""
    inside, libraries = Path(sys.base_prefix), None
    name = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    base = inside / "bin" / name
    if _run_as(USER, [str(base), "-c", ""], quiet=True).returncode:
        base = _interpreter(inside, scratch / "python", name)
        libraries = base.parents[1] / "lib"
    fresh = scratch / "venv"
    made = subprocess.run(
        [str(base), "-m", "venv", "--without-pip", str(fresh)],
        env={**os.environ, **_library_path(libraries)},
        capture_output=True,
        check=False,
    )
    python = fresh / "bin" / "python"
    trial = _run_as(
        USER, [str(python), "-c", "import ssl"], env=_library_path(libraries), quiet=True
    )
    if made.returncode or trial.returncode:
        raise Impossible(f"{USER} cannot start {python}: {trial.stderr[-200:]}")
    packages = Path(sysconfig.get_path("purelib"))
    packages = _readable(packages, scratch / "packages")
    (fresh / "lib" / name / "site-packages" / "packages.pth").write_text(f"{packages}\n")
    return python, libraries


def _library_path(libraries: Path | None) -> dict[str, str]:
    """Return the variable that leads a copied interpreter to the library beside it."""
    return {} if libraries is None else {"LD_LIBRARY_PATH": str(libraries)}


def _interpreter(inside: Path, outside: Path, name: str) -> Path:
    """Copy an interpreter that lies in a folder closed to others, without its packages."""
    shutil.copytree(
        inside,
        outside,
        symlinks=True,
        ignore=shutil.ignore_patterns("site-packages", "__pycache__", "test", "share", "*.a"),
    )
    (outside / "lib" / name / "site-packages").mkdir(exist_ok=True)
    return outside / "bin" / name


def _checkout(copy: Path) -> Path:
    """Copy what git knows or does not ignore; the user changes nothing of the original."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=REPOSITORY,
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        raise Impossible("this is no git checkout.")
    for name in filter(None, os.fsdecode(listed.stdout).split("\0")):
        source = REPOSITORY / name
        if source.is_file():
            target = copy / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)
    subprocess.run(["chmod", "-R", "a+rX", str(copy)], check=True)
    return copy


def _readable(folder: Path, copy: Path) -> Path:
    """Return a folder where the user can read it: itself, or else a copy."""
    if _run_as(USER, ["test", "-r", str(folder), "-a", "-x", str(folder)]).returncode == 0:
        return folder
    shutil.copytree(folder, copy, symlinks=True)
    subprocess.run(["chmod", "-R", "a+rX", str(copy)], check=True)
    return copy


def _run_as(
    user: str,
    words: Sequence[str],
    *,
    cwd: Path | None = None,
    env: dict[str, str] | None = None,
    quiet: bool = False,
) -> subprocess.CompletedProcess[str]:
    other = pwd.getpwnam(user) if user else None
    try:
        return subprocess.run(
            words,
            cwd=cwd or Path("/"),
            env=env,
            user=other.pw_uid if other else None,
            group=other.pw_gid if other else None,
            extra_groups=() if other else None,
            capture_output=quiet,
            text=True,
            check=False,
        )
    except OSError as error:  # e.g. the interpreter lies in a closed folder
        return subprocess.CompletedProcess(list(words), 126, "", str(error))


if __name__ == "__main__":
    sys.exit(main())

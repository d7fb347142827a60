"""Prints each target with pass or fail: ``python -m tests.bench [NAME...]``."""

import subprocess
import sys

NAMES = (
    "walk",
    "decode",
    "provenance",
    "scan",
    "detector",
    "full",
    "store",
    "gallery",
    "desk",
    "viewers",
)


def main() -> int:
    """Run each bench in a process of its own, so that no memory figure leaks into another."""
    if len(sys.argv) == 3 and sys.argv[1] == "--one":
        return run_one(sys.argv[2])
    wanted = sys.argv[1:] or NAMES
    codes = [
        subprocess.run([sys.executable, "-m", "tests.bench", "--one", name], check=False).returncode
        for name in wanted
    ]
    return int(any(codes))


def run_one(name: str) -> int:
    """Run one bench; its exit code says whether every target was met."""
    from importlib import import_module

    results = import_module(f"tests.bench.{name}").run()
    for measured in results:
        sys.stdout.write(measured.line() + "\n")
        sys.stdout.flush()
    return int(not all(measured.passed for measured in results))


if __name__ == "__main__":
    raise SystemExit(main())

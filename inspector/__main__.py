"""The ``inspector`` command: a subcommand, or the desk with paths dropped in."""

import sys
from collections.abc import Sequence

from inspector.bootstrap.model_check import CHECK_FLAG
from inspector.bootstrap.model_check import main as run_model_check
from inspector.bootstrap.worker import WORKER_FLAG
from inspector.bootstrap.worker import main as run_worker
from inspector.cli.main import COMMANDS, run_command
from inspector.domain.errors import InspectorError, UsageError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a subcommand or open the desk; return the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given and given[0] == WORKER_FLAG:
        run_worker(given[1:])
        return 0
    if given and given[0] == CHECK_FLAG:
        run_model_check(given[1:])
        return 0
    if given and (given[0] in COMMANDS or given[0].startswith("-")):
        return run_command(given)
    return _open_desk(given)


def _open_desk(paths: Sequence[str]) -> int:
    # Qt takes a while to load, and the subcommands never need it.
    from inspector.bootstrap.desk import open_desk
    from inspector.gui.app import run_desk

    try:
        services, dropped = open_desk(paths)
    except InspectorError as error:
        sys.stderr.write(f"inspector: {error}\n")
        return 2 if isinstance(error, UsageError) else 3
    return run_desk(dropped, services)


if __name__ == "__main__":
    raise SystemExit(main())

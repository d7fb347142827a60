"""The ``inspector`` command: a subcommand, or the desk with paths dropped in."""

import shlex
import sys
from collections.abc import Sequence

from inspector.bootstrap.crash import CrashWatch, ended_by_signal
from inspector.bootstrap.model_check import CHECK_FLAG
from inspector.bootstrap.model_check import main as run_model_check
from inspector.bootstrap.running import left_behind
from inspector.bootstrap.worker import WORKER_FLAG
from inspector.bootstrap.worker import main as run_worker
from inspector.cli.main import COMMANDS, run_command
from inspector.domain.errors import InspectorError, UsageError
from inspector.domain.media import display_path
from inspector.settings import Places

GOING_ON = frozenset(["scan", "decide", "export", "show"])
"""Commands that first say what a run that ended badly left behind."""

STOPPED = 3


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a subcommand or open the desk; return the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given and given[0] == WORKER_FLAG:
        run_worker(given[1:])
        return 0
    if given and given[0] == CHECK_FLAG:
        run_model_check(given[1:])
        return 0
    places = Places()
    watch = CrashWatch(places, given)
    code = STOPPED
    with watch.watching():
        try:
            code = _run(given, places)
        except Exception as error:  # noqa: BLE001 - the top of the program: a report, no traceback
            watch.take(error)
    return STOPPED if watch.reports else code


def _run(given: Sequence[str], places: Places) -> int:
    if not given or not (given[0] in COMMANDS or given[0].startswith("-")):
        return _open_desk(given)
    if given[0] in GOING_ON:
        _say_of_last_time(places)
    return run_command(given)


def _say_of_last_time(places: Places) -> None:
    for report in ended_by_signal(places):
        sys.stderr.write(f"The last run was ended by a fatal error; what is known is in {report}\n")
    for session in left_behind(places):
        shown = display_path(str(session))
        sys.stderr.write(
            f"The last scan into {shown} ended badly; what it wrote is safe. "
            f"Go on with: inspector scan ... --session {shlex.quote(shown)} --resume\n"
        )


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

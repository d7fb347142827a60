"""Parses the command line and turns errors into one sentence and an exit code."""

import sys
from collections.abc import Sequence
from enum import IntEnum
from typing import Annotated

import typer

import inspector
from inspector.cli import (
    calibrate,
    decide,
    demo,
    doctor,
    evaluate,
    export,
    models,
    scan,
    show,
    teach,
    trust,
)
from inspector.domain.errors import InspectorError, UsageError


class Exit(IntEnum):
    """Exit codes of the contract."""

    DONE = 0
    SOME_UNREADABLE = 1
    USAGE = 2
    STOPPED = 3


INTERRUPTED = 130
"""What Typer returns where a command was ended by Ctrl-C."""

app = typer.Typer(
    name="inspector",
    help="Tell authentic from synthetic media, with evidence.\n\n"
    "Without a command, `inspector [PATH...]` opens the desk with the paths dropped in.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("scan")(scan.scan)
app.command("show")(show.show)
app.command("decide")(decide.decide)
app.command("export")(export.export)
app.command("calibrate")(calibrate.calibrate)
app.command("evaluate")(evaluate.evaluate)
app.command("teach")(teach.teach)
app.command("doctor")(doctor.doctor)
app.command("demo")(demo.demo)
app.add_typer(models.app, name="models")
app.add_typer(trust.app, name="trust")

COMMANDS = frozenset(
    [
        "scan",
        "show",
        "decide",
        "export",
        "evaluate",
        "calibrate",
        "teach",
        "doctor",
        "demo",
        "models",
        "trust",
    ]
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(inspector.__version__)
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_print_version)
    ] = False,
) -> None:
    pass


def run_command(arguments: Sequence[str]) -> int:
    """Run one command; return its exit code."""
    try:
        code = app(list(arguments), standalone_mode=False)
    except UsageError as error:
        return _said(error, Exit.USAGE)
    except InspectorError as error:
        return _said(error, Exit.STOPPED)
    except typer.TyperException as error:
        return _said(error.format_message(), Exit.USAGE)
    except (typer.Abort, KeyboardInterrupt):
        return _said("Stopped.", Exit.STOPPED)
    except BrokenPipeError:
        # The reader of our output went away, as `head` does; there is nobody left to tell.
        sys.stderr.close()
        return Exit.STOPPED
    if code == INTERRUPTED:
        return _said("Stopped.", Exit.STOPPED)
    return int(code) if isinstance(code, int) else Exit.DONE


def _said(sentence: object, code: Exit) -> int:
    typer.echo(f"inspector: {sentence}", err=True)
    return code

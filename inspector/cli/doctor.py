"""``inspector doctor``: versions, devices and limits as they really are."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from inspector.bootstrap.crash import read_report, scrubbed
from inspector.bootstrap.health import examine_installation
from inspector.cli.output import OUT, print_pretty_json


def doctor(
    json: Annotated[bool, typer.Option("--json", help="The same as JSON.")] = False,
    device: Annotated[
        str | None, typer.Option(help="Where the self-test runs: auto, cpu, cuda, dml, ...")
    ] = None,
    scrub: Annotated[
        Path | None,
        typer.Option(metavar="REPORT", help="Print a crash report without paths of yours."),
    ] = None,
) -> int:
    """Say which device each detector really got, how fast it is, and what limits the workers."""
    if scrub is not None:
        sys.stdout.write(scrubbed(read_report(scrub)))
        return 0
    report = examine_installation(device)
    if json:
        print_pretty_json({section: dict(facts) for section, facts in report.items()})
        return 0
    for section, facts in report.items():
        OUT.print(section, style="bold")
        for name, value in facts.items():
            OUT.print(f"  {name:<24} {value}", markup=False)
    return 0

"""``inspector decide``: a person's decisions from the command line."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from inspector.bootstrap.scanning import resolved
from inspector.bootstrap.sessions import decisions_of_list, open_session
from inspector.cli.output import say
from inspector.domain.errors import UsageError
from inspector.domain.media import display_path
from inspector.domain.verdict import Decision, PersonDecision
from inspector.ports import Store


def decide(
    session: Annotated[Path, typer.Argument(metavar="SESSION")],
    paths: Annotated[list[str] | None, typer.Argument(metavar="PATH...")] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Keep the files.")] = False,
    drop: Annotated[bool, typer.Option("--drop", help="Drop the files.")] = False,
    review: Annotated[bool, typer.Option("--review", help="Send them to review.")] = False,
    clear: Annotated[bool, typer.Option("--clear", help="Take decisions back.")] = False,
    from_list: Annotated[
        Path | None,
        typer.Option("--from", metavar="LIST", help="A list Inspector wrote: decisions in it."),
    ] = None,
) -> int:
    """Write decisions; they beat every rule and stay through a re-scan."""
    if keep + drop + review + clear != (0 if from_list else 1):
        raise UsageError("Give one of --keep, --drop, --review, --clear, or --from LIST alone.")
    if bool(from_list) == bool(paths):
        raise UsageError("Give either PATHs or --from LIST.")
    with open_session(session) as store:
        if from_list is not None:
            decisions, strangers = decisions_of_list(store, from_list)
        else:
            decision = _chosen(keep, drop, review)
            decisions, strangers = _decisions_of(store, resolved(paths or ()), decision)
        store.decide(decisions)
    for path in strangers[:20]:
        say(f"{display_path(path)} is not in the session.")
    if len(strangers) > 20:
        say(f"... and {len(strangers) - 20:,} more are not in the session.")
    say(f"{len(decisions):,} decisions written.")
    if strangers:
        return 1 if decisions else 3
    return 0


def _chosen(keep: bool, drop: bool, review: bool) -> Decision | None:
    if keep:
        return Decision.KEEP
    if drop:
        return Decision.DROP
    return Decision.REVIEW if review else None


def _decisions_of(
    store: Store, paths: tuple[str, ...], decision: Decision | None
) -> tuple[list[PersonDecision], list[str]]:
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    decisions, strangers = [], []
    for path in paths:
        item = store.item(path)
        if item is None:
            strangers.append(path)
        else:
            decisions.append(PersonDecision(path, item.sha256, decision, at))
    return decisions, strangers
